"""Every code that a report can hold is known to its check and has a meaning."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import casetrail.checks
import casetrail.package
import casetrail.standard
import casetrail.tables
import casetrail.types
from casetrail.checks.codes import described
from casetrail.checks.engine import CODES as ENGINE
from casetrail.checks.engine import validate
from casetrail.package.package import open_package

CHECKS = (
    "reading",
    "types-and-constraints",
    "primary-key",
    "unique-keys",
    "foreign-keys",
    "bytes-and-hash",
    "hygiene",
)


def test_every_code_of_package_and_checks_has_its_meaning_and_at_most_one_check() -> None:
    checks, meanings = described(dict.fromkeys(CHECKS, True))
    for room in (
        casetrail.standard,
        casetrail.types,
        casetrail.tables,
        casetrail.package,
        casetrail.checks,
    ):
        for found in iter_modules(room.__path__, f"{room.__name__}."):
            codes = getattr(import_module(found.name), "CODES", {})
            assert set(codes) <= set(meanings) | set(ENGINE), found.name
    listed = [code for check in checks for code in check.codes]
    assert len(listed) == len(set(listed))
    assert all(check.codes for check in checks)


def test_a_meaning_is_one_plain_sentence() -> None:
    _, meanings = described(dict.fromkeys(CHECKS, True))
    for code, said in meanings.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)
        assert re.fullmatch(r"[A-Z][^\n]*\.", said), code


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
