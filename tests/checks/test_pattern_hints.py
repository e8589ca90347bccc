"""What a spreadsheet probably did to a code that does not have the form its pattern asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casetrail.checks.engine import validate
from casetrail.package.package import open_package


@pytest.mark.parametrize(
    ("pattern", "code", "hint"),
    [
        ("[0-9]{5}", "123", "if a spreadsheet took the leading zeros away, it was 00123"),
        ("[0-9]{5}", "123456", None),
        ("[0-9]+-[0-9]+", "4-Mar", "a spreadsheet probably turned it into a date"),
        ("[0-9]+-[0-9]+", "04.03.2025", "a spreadsheet probably turned it into a date"),
        ("[0-9]{12}", "1.23457E+11", "a spreadsheet probably shortened a long number"),
        ("[a-z]+", "’a", "replace the curly quotes"),
    ],
)
def test_hint(tmp_path: Path, pattern: str, code: str, hint: str | None) -> None:
    field = {"name": "code", "type": "string", "constraints": {"pattern": pattern}}
    resource = {"name": "codes", "path": "codes.csv", "schema": {"fields": [field, {"name": "x"}]}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    (tmp_path / "codes.csv").write_text(f"code,x\n{code},1\n", encoding="utf-8")
    (finding,) = validate(open_package(tmp_path)).findings
    assert finding.code == "constraint-pattern"
    assert (finding.hint or "").startswith(hint) if hint else finding.hint is None
