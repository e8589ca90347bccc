"""Every code that a report can hold is stated once, by the check that reports it, with its meaning."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import casetrail
from casetrail.case.validation import case_checks
from casetrail.checks.check import Options, PackageCheck
from casetrail.checks.engine import CODES, READING_CODES, validate
from casetrail.checks.plan import checks_of
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.findings.catalogue import catalogue
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package, open_package
from catalogue import WITHOUT_EXAMPLE, command_codes

MISTAKES = Path(__file__).parent.parent / "mistakes"


def case_package() -> Package:
    """The invented case with its schemas, and with a story, so that it has every check."""
    folder = Path(tempfile.mkdtemp()) / "case"
    shutil.copytree(MISTAKES / "_case", folder)
    write_schemas(open_package(folder))
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    story = json.loads((MISTAKES / "story-disagrees" / "patch.json").read_text(encoding="utf-8"))
    (folder / "datapackage.json").write_text(
        json.dumps(descriptor | story["datapackage.json"]), encoding="utf-8"
    )
    return open_package(folder)


CASE = case_package()
CHECKS = [*checks_of(CASE, Options(hygiene=True)), *case_checks(CASE)]
for check in CHECKS:
    check.open(CASE, ReportBuilder())
STATED = [CODES, READING_CODES, *(check.codes for check in CHECKS)]
SOURCE = Path(casetrail.__file__).parent


def subclasses(kind: type[PackageCheck]) -> Iterator[type[PackageCheck]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def test_a_code_is_stated_once_and_every_check_states_some() -> None:
    codes = [code for stated in STATED for code in stated]
    assert sorted(codes) == sorted(set(codes))
    assert all(STATED)


def test_every_check_of_the_source_is_made() -> None:
    for module in pkgutil.walk_packages(casetrail.__path__, "casetrail."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    named = {kind for kind in subclasses(PackageCheck) if kind.__module__.startswith("casetrail.")}
    assert {kind for kind in named if hasattr(kind, "name")} == {type(check) for check in CHECKS}


@pytest.mark.parametrize("stated", [*STATED, command_codes()])
def test_a_meaning_is_one_plain_sentence(stated: dict[str, str]) -> None:
    for code, meaning in stated.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)
        assert re.fullmatch(r"[A-Z][^\n]*\.", meaning), code


def test_every_code_has_a_folder_of_mistakes_and_every_folder_a_code() -> None:
    folders = {path.name for path in MISTAKES.iterdir() if path.is_dir() and path.name[0] not in "_."}
    # No file that a person writes keeps a check from running; see the tests of the engine.
    assert {code for stated in STATED for code in stated} - set(WITHOUT_EXAMPLE) == folders


def literal_codes(tree: ast.Module, positions: dict[str, set[int]]) -> Iterator[str]:
    """The texts that a module gives for a parameter `code`, or for a variable of that name."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            values += [node.args[at] for at in positions.get(name, ()) if at < len(node.args)]
            values += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        elif isinstance(node, ast.Assign) and any(getattr(to, "id", "") == "code" for to in node.targets):
            values.append(node.value)
        for value in values:
            for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", str(part.value)):
                    yield str(part.value)


def test_every_code_that_the_source_reports_is_explained() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]
    positions: dict[str, set[int]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
        elif isinstance(node, ast.ClassDef):
            names = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign)]  # type: ignore[union-attr]
        else:
            continue
        if "code" in names:
            positions.setdefault(node.name, set()).add(names.index("code"))
    reported = {code for tree in trees for code in literal_codes(tree, positions)}
    assert reported >= {"workbook-formula", "merge-conflict", "version-first", "foreign-key", "file-empty"}
    assert reported - set(catalogue()) == set()


def test_the_report_says_which_check_a_finding_belongs_to(tmp_path: Path) -> None:
    fields = [{"name": "id"}, {"name": "n", "type": "integer"}]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": "id"}}
    (tmp_path / "datapackage.json").write_text(
        json.dumps({"name": "p", "resources": [resource]}), encoding="utf-8"
    )
    (tmp_path / "t.csv").write_text("id,n\na,x\na,1\n", encoding="utf-8")
    report = validate(open_package(tmp_path))
    check_of = {code: check.name for check in report.checks for code in check.codes}
    assert {code: check_of[code] for code in report.counts} == {
        "type-integer": "types-and-constraints",
        "primary-key-duplicate": "primary-key",
    }
    assert set(report.meanings) == set(report.counts)
