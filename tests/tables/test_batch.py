"""Places: row, line and column are those of the file, whatever the schema calls for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.findings.visible import MAX_VALUE
from casetrail.package.package import open_package
from casetrail.tables.batch import TextBatch


def batch(folder: Path, text: str, schema: dict[str, Any], name: str = "t.csv") -> TextBatch:
    (folder / name).write_text(text, encoding="utf-8")
    table = {"name": "t", "path": name, "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    (only,) = open_package(folder).resource("t").batches(ReportBuilder())
    return only


@pytest.mark.parametrize(
    ("match", "text", "columns"),
    [
        ("exact", "a,b\n1,2\n", (1, 2)),
        ("exact", "b,a\n2,1\n", (2, 1)),
        ("equal", "b,a\n2,1\n", (2, 1)),
        ("subset", "c,b,a\n-,2,1\n", (3, 2)),
        ("superset", "b\n2\n", (None, 1)),
        ("partial", "c,a\n-,1\n", (2, None)),
    ],
)
def test_a_column_is_the_one_of_the_file(
    tmp_path: Path, match: str, text: str, columns: tuple[int | None, ...]
) -> None:
    got = batch(tmp_path, text, {"fields": [{"name": "a"}, {"name": "b"}], "fieldsMatch": match})
    for column, (name, value) in enumerate((("a", "1"), ("b", "2"))):
        there = columns[column] is not None
        assert got.place(0, column) == Place(
            "t.csv", row=2, line=2, column=columns[column], field=name, value=value if there else None
        )


def test_a_place_names_the_record_by_its_key(tmp_path: Path) -> None:
    got = batch(tmp_path, 'a,b\n"x\ny",1\nlong,2\n', {"fields": [{"name": "a"}, {"name": "b"}]})
    assert got.place(1, 1, table="t", key=[0]) == Place(
        "t.csv", row=3, line=4, column=2, field="b", value="2", key="long", table="t"
    )
    assert got.place(0, key=[0, 1]) == Place("t.csv", row=2, line=2, key="x\ny, 1")


def test_a_cell_that_is_not_there_is_no_text(tmp_path: Path) -> None:
    fields = [{"name": "a"}, {"name": "b"}]
    got = batch(tmp_path, "b\n2\n", {"fields": fields, "fieldsMatch": "superset"})
    place = got.place(0, 0, key=[0])
    assert (place.key, place.value, place.column) == (None, None, None)


def test_what_a_place_quotes_is_cut(tmp_path: Path) -> None:
    got = batch(tmp_path, f"a,b\n{'x' * 500},2\n", {"fields": [{"name": "a"}, {"name": "b"}]})
    place = got.place(0, 0, key=[0])
    assert place.value == place.key == "x" * (MAX_VALUE - 1) + "…"


def test_the_properties_of_an_object_have_no_column(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    place = batch(tmp_path, '[{"b": "2", "a": "1"}]', schema, "t.json").place(0, 1)
    assert (place.field, place.value, place.column) == ("b", "2", None)
    place = batch(tmp_path, '[["a", "b"], ["1", "2"]]', schema, "t.json").place(0, 1)
    assert (place.field, place.value, place.column) == ("b", "2", 2)


def test_some_columns_keep_their_places(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}, {"name": "b"}], "fieldsMatch": "equal"}
    got = batch(tmp_path, "b,a\n2,1\n", schema).select([1])
    assert got.place(0, 0) == Place("t.csv", row=2, line=2, column=1, field="b", value="2")
