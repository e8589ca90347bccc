"""The order of the house: a module imports from its own room or from rooms below, and never in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PACKAGE = "casetrail"
SOURCE = Path(__file__).parent.parent / "src" / PACKAGE
FLOORS = [
    "cli",
    "loading",
    "release",
    "site",
    "history",
    "workbook",
    "curate",
    "describe",
    "exports",
    "case",
    "checks",
    "package",
    "tables",
    "types",
    "standard",
    "languages",
    "findings",
]
"""From the roof to the ground."""

DOOR = {"loading", "case", "checks", "package", "findings"}
"""The rooms into which the package itself opens, for `open`, `validate` and the one exception."""

LONGEST = 400
"""Lines of a module."""

NAMELESS = {"utils", "util", "helpers", "misc", "common"}

PATHS = sorted(SOURCE.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PATHS}


def test_the_documentation_lists_the_rooms_in_this_order() -> None:
    page = SOURCE.parent.parent / "docs" / "explanation" / "architecture.md"
    assert re.findall(r"(?m)^\| `(\w+)` \|", page.read_text(encoding="utf-8")) == FLOORS


def imports_of(source: str, module: str, *, for_types: bool) -> Iterator[str]:
    """Every module of the package that the source imports, wherever the import stands in it.

    Those that are for type checking only (`if TYPE_CHECKING:`) count where `for_types` is true.
    """
    stack: list[ast.AST] = [ast.parse(source)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and not for_types and "TYPE_CHECKING" in ast.unparse(node.test):
            stack += node.orelse
            continue
        stack += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == PACKAGE)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *filter(None, [node.module])])
            if base.split(".")[0] == PACKAGE:
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    yield inner if inner in MODULES else base
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            # The name may be put together when the program runs; the room at its start is what counts.
            named = re.match(rf"f?['\"]({PACKAGE}(?:\.\w+)?)", ast.unparse(node.args[0]))
            if named:
                yield named[1]


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def climbs(module: str, imported: str) -> bool:
    """Whether an import goes up. The package itself is open to all, and opens its own doors only."""
    here, there = room(module), room(imported)
    if there is None:
        return False
    if here is None:
        return there not in DOOR
    return FLOORS.index(there) < FLOORS.index(here)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = low[module] = len(number)
        open_.append(module)
        for other in sorted(graph.get(module, ())):
            if other not in number:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in open_:
                low[module] = min(low[module], number[other])
        if low[module] == number[module]:
            at = open_.index(module)
            members = sorted(open_[at:])
            del open_[at:]
            if len(members) > 1 or module in graph.get(module, ()):
                found.append(members)

    for module in sorted(graph):
        if module not in number:
            visit(module)
    return found


def undocumented(source: str) -> list[str]:
    """The public modules, classes, functions and methods of a source that have no docstring."""
    tree = ast.parse(source)
    missing = [] if ast.get_docstring(tree) else ["the module"]

    def look(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.If | ast.Try):
                look(node.body + node.orelse, prefix)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_"):
                continue
            overload = any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
            if not ast.get_docstring(node) and not overload:
                missing.append(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{prefix}{node.name}.")

    look(tree.body, "")
    return missing


ERRORS = {"CasetrailError", "NotMade", "NotChecked", "SourceProblem"}


def silent_about_errors(source: str) -> list[str]:
    """The public functions and methods that raise an error of ours by themselves and do not say so."""
    silent: list[str] = []

    def look(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                look(node.body, f"{prefix}{node.name}.")
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            said = ast.get_docstring(node) or ""
            if "Raise" not in said and not any(name in said for name in ERRORS) and raises(node.body):
                silent.append(prefix + node.name)

    def raises(body: Sequence[ast.AST]) -> bool:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
                continue
            if isinstance(node, ast.Raise) and re.match(
                rf"({'|'.join(ERRORS)})\b", ast.unparse(node.exc or node)
            ):
                return True
            if raises(list(ast.iter_child_nodes(node))):
                return True
        return False

    look(ast.parse(source).body, "")
    return silent


def test_every_room_is_on_a_floor() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(FLOORS)
    loose = {path.name for path in SOURCE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert not loose, "modules belong into rooms"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    source = MODULES[module].read_text(encoding="utf-8")
    if module == f"{PACKAGE}.__main__":
        return
    up = sorted({other for other in imports_of(source, module, for_types=True) if climbs(module, other)})
    assert not up, f"{module} imports from rooms above it: {', '.join(up)}"


def test_nothing_imports_in_a_circle() -> None:
    graph = {
        module: set(imports_of(path.read_text(encoding="utf-8"), module, for_types=True))
        for module, path in MODULES.items()
    }
    assert circles(graph) == []


@pytest.mark.parametrize("module", MODULES)
def test_a_public_function_says_what_it_raises(module: str) -> None:
    # What a command raises is what it prints.
    if room(module) != "cli":
        assert silent_about_errors(MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_and_says_what_it_is_for(module: str) -> None:
    source = MODULES[module].read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST
    assert module.split(".")[-1] not in NAMELESS
    if source.strip():
        assert undocumented(source) == []


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import casetrail.cli.main
from casetrail.findings import html, renderings
def f():
    if True:
        from casetrail.findings.report import Report
from . import csv_reader
from ..tables.batch import TextBatch
if TYPE_CHECKING:
    from casetrail.findings.finding import Finding
import json
importlib.import_module(f"casetrail.site.{name}")
"""
    known = {"casetrail.cli.main", "casetrail.findings.html", "casetrail.findings.renderings"}
    known |= {
        "casetrail.findings.report",
        "casetrail.tables.csv_reader",
        "casetrail.tables.batch",
        "casetrail.site",
    }
    found = set(imports_of(source, "casetrail.tables.csv_reader", for_types=False))
    assert found == known
    assert set(imports_of(source, "casetrail.tables.csv_reader", for_types=True)) == known | {
        "casetrail.findings.finding"
    }
    assert [module for module in sorted(found) if climbs("casetrail.tables.csv_reader", module)] == [
        "casetrail.cli.main",
        "casetrail.site",
    ]


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}, "e": {"a"}}) == [["b", "c"], ["d"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_missing_docstrings_are_found() -> None:
    source = "class A:\n    def f(self): ...\n    def _g(self): ...\ndef h():\n    'Said.'\n"
    assert undocumented(source) == ["the module", "A", "A.f"]


def test_silence_about_errors_is_found() -> None:
    source = """
def f():
    'Read.'
    if True:
        raise CasetrailError("x") from None
def g():
    'Read; a `CasetrailError` where there is nothing.'
    raise CasetrailError("x")
class A:
    def h(self):
        'Read.'
        def inner():
            raise NotMade("x")
    def i(self):
        'Read.'
        raise NotMade("x")
"""
    assert silent_about_errors(source) == ["f", "A.i"]
