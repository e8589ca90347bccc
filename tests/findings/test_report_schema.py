"""The JSON Schema of the report, a file of the package, holds for every report that the tests know."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from casetrail.case.validation import validate_package
from casetrail.findings.report import Report
from casetrail.findings.report_content import CheckRun, TableSummary
from casetrail.package.package import open_package

TESTS = Path(__file__).parent.parent
SCHEMA = Report.json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXPECTED = sorted((TESTS / "mistakes").glob("*/expected.json"))
FINDING = jsonschema.Draft202012Validator({"$ref": "#/$defs/finding", "$defs": SCHEMA["$defs"]})


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_golden_report_keeps_to_it(report: Report) -> None:
    golden = json.loads((Path(__file__).parent / "golden" / "json.json").read_text(encoding="utf-8"))
    assert golden == json.loads(report.to_json())
    VALIDATOR.validate(golden)


@pytest.mark.parametrize("path", EXPECTED, ids=[path.parent.name for path in EXPECTED])
def test_what_is_said_of_a_mistake_keeps_to_it(path: Path) -> None:
    for finding in json.loads(path.read_text(encoding="utf-8")):
        FINDING.validate(finding)


@pytest.mark.parametrize("name", ["foreign-key", "not-checked", "hygiene-email", "descriptor-no-resources"])
def test_a_whole_report_keeps_to_it(name: str) -> None:
    VALIDATOR.validate(json.loads(validate_package(open_package(TESTS / "mistakes" / name)).to_json()))


def test_it_can_refuse(report: Report) -> None:
    good = json.loads(report.to_json())
    for broken in (
        good | {"valid": None},
        good | {"counts": {"x": 0}},
        good | {"more": 1},
        {key: value for key, value in good.items() if key != "checks"},
        good | {"findings": [good["findings"][0] | {"row": 0}]},
        good | {"findings": [good["findings"][0] | {"severity": "fatal"}]},
    ):
        assert not VALIDATOR.is_valid(broken)


def test_every_key_of_the_report_is_in_it() -> None:
    report = Report("p", None, (TableSummary("t", "t.csv", 1),), (CheckRun("c", True),))
    whole = json.loads(report.to_json())
    assert list(SCHEMA["properties"]) == list(whole) == SCHEMA["required"]
    finding = SCHEMA["$defs"]["finding"]
    assert [name for name in finding["properties"] if name != "part"] == finding["required"]
