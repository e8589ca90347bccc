"""Makes the catalogue of finding codes: of checks and commands, which state them, with the mistakes.

The mistakes that `validate` finds are the folders of `tests/mistakes`; those of other commands are made by
`command_mistakes.py`.
"""

from __future__ import annotations

import ast
import json
import pkgutil
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import casetrail.curate
import casetrail.history
import casetrail.workbook
from casetrail.case.validation import case_checks
from casetrail.checks.check import Options
from casetrail.checks.engine import CODES, READING, READING_CODES
from casetrail.checks.plan import checks_of
from casetrail.checks.rows import RowRules
from casetrail.findings.report import ReportBuilder
from casetrail.findings.visible import clipped, visible
from casetrail.package.package import open_package
from command_mistakes import MISTAKES as COMMAND_MISTAKES
from command_mistakes import shown

MISTAKES = Path(__file__).parent / "mistakes"
_LINES, _WIDTH = 12, 96
WITHOUT_EXAMPLE = {"check-not-run": "error"}
"""The codes that no file of a package can cause, with how much they weigh."""


def catalogue_text(folder: Path, sound: Path) -> str:
    """What `catalogue.json` has to hold; the case in the folder has all checks, `sound` no mistake."""
    return json.dumps(_entries(folder, sound), ensure_ascii=False, indent=1) + "\n"


def _entries(folder: Path, sound: Path) -> dict[str, dict[str, str]]:
    package = open_package(folder)
    checks = [*checks_of(package, Options(hygiene=True)), *case_checks(package)]
    rules = {}
    for check in checks:
        check.open(package, ReportBuilder())
    for resource in package.tables:
        stated = json.loads((folder / f"schemas/{resource.name}.json").read_text(encoding="utf-8"))
        rules |= {rule["name"]: rule for rule in (*stated.get("rules", ()), *stated.get("dateOrders", ()))}
    groups = {"package": CODES, READING: READING_CODES} | {check.name: check.codes for check in checks}
    entries = {}
    for check_name, codes in groups.items():
        for code, stated in codes.items():
            example, finding = _example(code)
            hint = rules.get(code, {}).get("hint")
            severity = finding["severity"] if finding else WITHOUT_EXAMPLE[code]
            said = "\n".join(_said(finding)) if finding else ""
            hint = hint or stated.partition(". ")[2] or (finding["hint"] if finding else None)
            if code in rules:
                # A rule is stated as what has to hold, and a finding is what does not.
                stated = f"A row breaks this rule: {stated}"
            entries[code] = _entry(check_name, severity, stated, hint or "", example, said)
    for code, stated in command_codes().items():
        with tempfile.TemporaryDirectory() as name:
            mistake = shown(code, Path(shutil.copytree(sound, Path(name) / "case")))
        mend = stated.partition(". ")[2]
        entries[code] = _entry(mistake.command, mistake.severity, stated, mend, mistake.example, mistake.said)
    assert any(isinstance(check, RowRules) for check in checks)
    return dict(sorted(entries.items()))


def command_codes() -> dict[str, str]:
    """The codes that other commands than `validate` report, as the modules state them that report them."""
    codes: dict[str, str] = {}
    for room in (casetrail.curate, casetrail.history, casetrail.workbook):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            stated = getattr(import_module(module.name), "CODES", {})
            assert not set(stated) & set(codes), f"{module.name} states a code that another module states"
            codes |= stated
    assert set(codes) == set(COMMAND_MISTAKES)
    return codes


def _entry(check: str, severity: str, stated: str, mend: str, example: str, said: str) -> dict[str, str]:
    meaning = stated.partition(". ")[0].removesuffix(".") + "."
    return {
        "check": check,
        "severity": severity,
        "meaning": meaning,
        "mend": _sentence(mend),
        "example": example,
        "said": said,
    }


def _sentence(words: str) -> str:
    first = words[:1] if words.startswith(("casetrail", "`")) else words[:1].upper()
    return first + words[1:].removesuffix(".") + ("." if words else "")


def _said(finding: dict[str, Any]) -> Iterator[str]:
    line = f":{finding['line']}" if finding["line"] else ""
    yield f"{finding['path']}{line}: {finding['message']}" if finding["path"] else finding["message"]
    if finding["hint"]:
        yield f"→ {finding['hint']}"


def _example(code: str) -> tuple[str, dict[str, Any] | None]:
    folder = MISTAKES / code
    if not folder.exists():
        return "", None
    findings = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    finding = next(finding for finding in findings if finding["code"] == code)
    parts = []
    if (folder / "make.py").exists():
        parts.append(ast.get_docstring(ast.parse((folder / "make.py").read_text(encoding="utf-8"))) or "")
    if (folder / "patch.json").exists():
        parts += _patch(json.loads((folder / "patch.json").read_text(encoding="utf-8")))
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            path.is_file()
            and name not in ("make.py", "patch.json", "expected.json")
            and "__pycache__" not in name
        ):
            parts.append(f"{name}\n{_file(path)}")
    return "\n\n".join(parts), finding


def _patch(changes: dict[str, Any]) -> Iterator[str]:
    """A sound case, but for these cells or properties."""
    for name, change in changes.items():
        lines = []
        for key, value in change.items():
            if name.endswith(".json"):
                lines.append(
                    f"  {key}: {'(taken away)' if value is None else json.dumps(value, ensure_ascii=False)}"
                )
            elif value is None:
                lines.append(f"  {key}: (the row is taken away)")
            else:
                cells = [
                    f"{column} = {visible(cell) if cell else '(empty)'}" for column, cell in value.items()
                ]
                lines.append(f"  {key}: {', '.join(cells)}")
        yield "\n".join([name if name.endswith(".json") else f"data/{name}.csv", *lines])


def _file(path: Path) -> str:
    data = path.read_bytes()
    text = data.decode("utf-8", "backslashreplace")
    if path.suffix == ".json":
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        # Written shorter only where nothing is lost: a property that is there twice is.
        if document is not None and json.dumps(document) == json.dumps(
            json.loads(text, object_pairs_hook=_once)
        ):
            if isinstance(document, dict):
                document.pop("$schema", None)
            text = _compact(document)
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    shown = [
        clipped(visible(line), _WIDTH) if len(line) > _WIDTH else _spaces(line)
        for line in lines[: _LINES * 3]
    ]
    return "\n".join(f"  {line}" for line in [*shown, *(["…"] if len(lines) > _LINES * 3 else [])])


def _spaces(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[:indent] + visible(line[indent:])


def _once(pairs: list[tuple[str, Any]]) -> Any:
    keys = [key for key, _ in pairs]
    return dict(pairs) if len(keys) == len(set(keys)) else ["a property is there twice"]


def _compact(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON in which what fits into a line is on one; `before` is what is on the line already."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + before <= _WIDTH - 8 or not isinstance(value, dict | list) or not value:
        return line
    inner, pad = indent + 2, " " * (indent + 2)
    pairs = value.items() if isinstance(value, dict) else (("", item) for item in value)
    items = []
    for key, item in pairs:
        start = f"{pad}{json.dumps(key)}: " if isinstance(value, dict) else pad
        items.append(start + _compact(item, inner, len(start)))
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n" + ",\n".join(items) + f"\n{' ' * indent}{last}"
