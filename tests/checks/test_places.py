"""Every finding names the cell of the file that is wrong, in whatever order the columns of the file are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main

FIELDS = [
    {"name": "id"},
    {"name": "n", "type": "integer"},
    {"name": "b", "constraints": {"required": True}},
]
FILES = {
    "exact": "id,n,b\nr1,1,x\nr2,zz,\n",
    "equal": "b,id,n\nx,r1,1\n,r2,zz\n",
    "subset": "extra,n,b,id\n-,1,x,r1\n-,zz,,r2\n",
    "superset": "n\n1\nzz\n",
    "partial": "extra,n\n-,1\n-,zz\n",
}
Said = Callable[[str], str]


@pytest.fixture
def said(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """What the command says of a table, in each format."""

    def package(text: str, schema: dict[str, Any]) -> Said:
        resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
        write(tmp_path, [resource], {"t.csv": text})

        def validate(format_name: str) -> str:
            capsys.readouterr()
            main(["validate", str(tmp_path), "--format", format_name])
            return capsys.readouterr().out

        return validate

    return package


def found(report: str, code: str) -> dict[str, Any]:
    (finding,) = [one for one in json.loads(report)["findings"] if one["code"] == code]
    return dict(finding)


@pytest.mark.parametrize("match", FILES)
def test_the_offending_cell_of_the_file_is_marked(said: Callable[..., Said], match: str) -> None:
    validate = said(FILES[match], {"fields": FIELDS, "fieldsMatch": match})
    finding = found(validate("json"), "type-integer")
    line = FILES[match].splitlines()[2]
    column = line.split(",").index("zz") + 1
    assert (finding["line"], finding["column"], finding["field"]) == (3, column, "n")
    assert (finding["value"], finding["row"]) == ("zz", 3)
    start = line.index("zz") + 1
    assert f"t.csv,line=3,col={start},endColumn={start + 1}," in validate("github")
    results = json.loads(validate("sarif"))["runs"][0]["results"]
    (result,) = [one for one in results if one["ruleId"] == "type-integer"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": start, "endLine": 3, "endColumn": start + 2}
    lines = validate("text").splitlines()
    mark = next(number for number, text in enumerate(lines) if text.strip(" │^") == "" and "^^" in text)
    assert lines[mark - 1][lines[mark].index("^") :].startswith("zz")


def test_columns_in_another_order_than_the_schema_are_an_error_and_the_right_cell_is_marked(
    said: Callable[..., Said],
) -> None:
    report = said("n,id,b\nzz,r1,x\n", {"fields": FIELDS})("json")
    assert found(report, "header-order")["row"] == 1
    finding = found(report, "type-integer")
    assert (finding["column"], finding["field"], finding["value"]) == (1, "n", "zz")


@pytest.mark.parametrize("match", ["superset", "partial"])
def test_a_cell_that_the_file_does_not_have_has_no_column_and_no_value(
    said: Callable[..., Said], match: str
) -> None:
    schema = {
        "fields": FIELDS,
        "fieldsMatch": match,
        "primaryKey": ["id"],
        "uniqueKeys": [["n"], ["id", "n"]],
        "foreignKeys": [{"fields": ["b"], "reference": {"fields": ["id"]}}],
    }
    validate = said(FILES[match].replace("zz", "1"), schema)
    report = json.loads(validate("json"))
    assert report["counts"] == {"constraint-required": 2, "primary-key-missing": 2, "unique-key": 1}
    for finding in report["findings"]:
        if finding["field"] in ("id", "b"):
            assert (finding["column"], finding["value"]) == (None, None)
        assert "None" not in (finding["key"], finding["value"])
    assert "None" not in validate("text")


def test_keys_and_references_mark_the_cell_of_the_file(said: Callable[..., Said]) -> None:
    schema = {
        "fields": [{"name": "id"}, {"name": "up"}, {"name": "code"}],
        "fieldsMatch": "equal",
        "primaryKey": ["id"],
        "uniqueKeys": [["code"]],
        "foreignKeys": [{"fields": ["up"], "reference": {"fields": ["id"]}}],
    }
    report = said("up,code,id\n,c,r1\nr1,d,r1\nr9,c,r2\n,e,\n", schema)("json")
    places = {
        code: tuple(found(report, code)[name] for name in ("row", "column", "field", "key", "value"))
        for code in ("primary-key-duplicate", "primary-key-missing", "unique-key", "foreign-key")
    }
    assert places == {
        "primary-key-duplicate": (3, 3, "id", "r1", "r1"),
        "primary-key-missing": (5, 3, "id", None, ""),
        "unique-key": (4, 2, "code", "r2", "c"),
        "foreign-key": (4, 1, "up", "r2", "r9"),
    }
    assert found(report, "unique-key")["related"]["key"] == "r1"


def test_in_a_table_of_several_files_the_file_is_named(tmp_path: Path, validated: Any) -> None:
    schema = {"fields": [{"name": "id"}, {"name": "n", "type": "integer"}], "primaryKey": ["id"]}
    resource = {"name": "t", "type": "table", "path": ["a.csv", "b.csv"], "schema": schema}
    report = validated([resource], {"a.csv": "id,n\nr1,1\n", "b.csv": "id,n\nr1,zz\n"})
    assert {
        one.code: (one.path, one.row, one.related.path if one.related else None) for one in report.findings
    } == {
        "primary-key-duplicate": ("b.csv", 2, "a.csv"),
        "type-integer": ("b.csv", 2, None),
    }
