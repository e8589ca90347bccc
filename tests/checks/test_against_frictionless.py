"""On packages made at random casetrail and `frictionless` find the same, save where they are known to differ.

Values, files and schemas are drawn from what `docs/reference/differences.md` does not list.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetrail.checks.engine import validate
from casetrail.package.package import open_package

VALUES: dict[str, list[str]] = {
    "string": ["", "a", "b", "ab", "abc", "Ж", "x y", "1", "NA", "a,b", 'say "a"', "a@b.example"],
    "integer": ["", "0", "7", "-7", "12", "007", "+3", "99999999999999999999", "x", "1.0", "1e3", "NA"],
    "number": ["", "0", "1.5", "-2", "1e3", "NaN", "-INF", "0.1", "x", "1,5", "--1", "NA"],
    "boolean": ["", "true", "false", "1", "0", "True", "yes", "x", "T"],
    "date": ["", "2024-02-29", "2025-02-29", "1999-12-31", "2025-13-01", "20250101", "x"],
    "datetime": ["", "2024-02-29T10:00:00", "2025-02-29T10:00:00", "2024-02-29T10:61:00", "2024-02-29", "x"],
    "time": ["", "10:00:00", "23:59:59", "25:00:00", "10:00", "x"],
    "year": ["", "2024", "1999", "20", "x"],
    "yearmonth": ["", "2024-02", "1999-12", "2024-13", "x"],
    "geopoint": ["", "1,2", "90.5, 45", "190,45", "x"],
    "object": ["", "{}", '{"a": 1}', "[]", "x"],
    "array": ["", "[]", "[1, 2, 3]", "{}", "x"],
    "any": ["", "x", "1"],
}
ORDERED = ("integer", "number", "date", "year", "yearmonth", "time", "datetime")
BOUNDS = {
    "integer": [0, 7, "5"],
    "number": [0, 1.5, "2"],
    "date": ["2024-02-29", "2000-01-01"],
    "year": [2000, 2024],
    "yearmonth": ["2024-02"],
    "time": ["12:00:00"],
    "datetime": ["2024-02-29T10:00:00"],
}
LISTED = {
    "string": [["a", "b"], ["NA", "x y"]],
    "integer": [[0, 7], [12]],
    "number": [[1.5, 0]],
    "boolean": [[True]],
    "date": [["2024-02-29"]],
    "year": [[2024]],
}


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(VALUES)))
    constraints: dict[str, Any] = {}
    if draw(st.booleans()):
        constraints["required"] = draw(st.booleans())
    if kind not in ("array", "object", "geopoint") and draw(st.integers(0, 4)) == 0:
        constraints["unique"] = True
    if kind in LISTED and draw(st.integers(0, 2)) == 0:
        constraints["enum"] = draw(st.sampled_from(LISTED[kind]))
    if kind in ORDERED and draw(st.integers(0, 2)) == 0:
        names = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
        constraints[draw(st.sampled_from(names))] = draw(st.sampled_from(BOUNDS[kind]))
    if kind in ("string", "array", "object") and draw(st.integers(0, 2)) == 0:
        constraints[draw(st.sampled_from(["minLength", "maxLength"]))] = draw(st.integers(0, 3))
    if kind == "string" and draw(st.integers(0, 2)) == 0:
        constraints["pattern"] = draw(st.sampled_from(["[a-z]+", "[^ ]*", "[0-9]|[ab]+"][:2]))
    return {"name": name, "type": kind, "constraints": constraints}


def values_of(column: dict[str, Any]) -> list[str]:
    # Two cells NaN are one text, so not unique, to us; two numbers that differ to the other.
    unique = column["constraints"].get("unique", False)
    return [value for value in VALUES[column["type"]] if not (unique and value == "NaN")]


@st.composite
def packages(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, str]]:
    columns = [draw(fields(f"c{number}")) for number in range(draw(st.integers(1, 4)))]
    key = {"name": "id", "type": "string"}
    schema: dict[str, Any] = {"fields": [key, *columns]}
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from([["", "NA"], ["NA", ""], [""]]))
    keyed = draw(st.booleans())
    if keyed:
        schema["primaryKey"] = ["id"]
    refers = draw(st.booleans())
    if refers:
        schema["fields"].append({"name": "other", "type": "string"})
        schema["foreignKeys"] = [{"fields": ["other"], "reference": {"resource": "o", "fields": ["k"]}}]
    ids = st.sampled_from(["1", "2", "3", "4", ""]) if draw(st.booleans()) else st.uuids().map(str)
    rows = [
        [draw(ids), *(draw(st.sampled_from(values_of(column))) for column in columns)]
        + ([draw(st.sampled_from(["k1", "k2", "k9", ""]))] if refers else [])
        for _ in range(draw(st.integers(1, 6)))
    ]
    # A record of nothing but empty cells is told apart from a blank line by one of the two only.
    rows = [row if any(row) else ["9", *row[1:]] for row in rows]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field["name"] for field in schema["fields"]])
    writer.writerows(rows)
    # Properties of one's own are nothing to either.
    if draw(st.booleans()):
        schema["fields"][0]["unit"] = schema["x:note"] = "kg"
    common = {"type": "table", "encoding": "utf-8", "dialect": {"delimiter": ",", "skipInitialSpace": False}}
    other = {"fields": [{"name": "k", "type": "string"}], "primaryKey": ["k"]}
    resources: list[dict[str, Any]] = [
        {"name": "t", "path": "t.csv", "schema": schema, **common},
        {"name": "o", "path": "o.csv", "schema": other, **common},
    ]
    if draw(st.booleans()):
        resources[0]["scheme"] = "file"
        resources[1]["title"], resources[1]["titles"] = "Others", {"ru": "Другие"}
    if draw(st.booleans()):
        # The same table inline.
        del resources[1]["path"], resources[1]["encoding"], resources[1]["dialect"]
        resources[1]["data"] = draw(st.sampled_from([[["k"], ["k1"], ["k2"]], [{"k": "k1"}, {"k": "k2"}]]))
    return resources, {"t.csv": out.getvalue(), "o.csv": "k\nk1\nk2\n"}


KINDS = {
    "type-error": "type",
    "constraint-error": "constraint",
    "unique-error": "unique",
    "primary-key": "primary key",
    "foreign-key": "foreign key",
}


def ours(folder: Path) -> set[tuple[str, int | None, str | None]]:
    found = set()
    for one in validate(open_package(folder)).findings:
        kind = one.code.partition("-")[0]
        if one.code == "constraint-unique":
            kind = "unique"
        if one.code.startswith(("primary-key", "foreign-key")):
            found.add((kind + " key", one.row, None))
        else:
            found.add((kind, one.row, one.field))
    return found


def theirs(folder: Path) -> set[tuple[str, int | None, str | None]]:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert not report.errors, report.errors
    return {
        (
            KINDS.get(error.type, error.type),
            getattr(error, "row_number", None),
            None if error.type in ("primary-key", "foreign-key") else getattr(error, "field_name", None),
        )
        for task in report.tasks
        for error in task.errors
    }


@pytest.mark.parametrize("same", [("t", "t"), ("o", "o")])
def test_both_refuse_two_resources_of_one_name(same: tuple[str, str], write: Callable[..., Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        resources = [{"name": name, "path": "t.csv", "type": "table"} for name in same]
        write(Path(folder), resources, {"t.csv": "id\n1\n"})
        assert not validate(open_package(Path(folder))).valid
        with pytest.raises(frictionless.FrictionlessException):
            frictionless.Package(str(Path(folder) / "datapackage.json"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(package=packages())
def test_both_find_the_same(
    package: tuple[list[dict[str, Any]], dict[str, str]], write: Callable[..., Path]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), *package)
        assert ours(Path(folder)) == theirs(Path(folder))
