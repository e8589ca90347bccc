"""Two whole packages: the change table, applied to OLD under NEW's schemas, gives NEW."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.curate.keyed_table import KeyedTable, keyed_tables
from casetrail.curate.row_changes import ChangeKind
from casetrail.history.bump import Bump
from casetrail.history.change_table import change_lines
from casetrail.history.compare import compare
from casetrail.package.package import open_package

CELL = st.sampled_from(["", "x", "=1", "NA", "007", "é", 'say "so"', "a,b", "two\nlines", "тест"])
Table = tuple[str, tuple[str, ...], bool, list[tuple[str, ...]]]


@st.composite
def tables(draw: st.DrawFn, name: str) -> Table:
    keyed = draw(st.booleans())
    others = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=3))
    columns = tuple(draw(st.permutations(["id", *others])))
    at = columns.index("id")
    key = st.sampled_from(["k1", "k2", "k3", "k4", "k5"])
    record = st.tuples(*(key if index == at else CELL for index in range(len(columns))))
    unique = (lambda row: row[at]) if keyed else None
    return name, columns, keyed, draw(st.lists(record, max_size=5, unique_by=unique))


versions = st.lists(st.sampled_from(["one", "two", "three"]), unique=True, min_size=1).flatmap(
    lambda names: st.tuples(*(tables(name) for name in names))
)


def write(folder: Path, version: tuple[Table, ...]) -> Path:
    folder.mkdir()
    resources = []
    for name, columns, keyed, rows in version:
        schema: dict[str, object] = {"fields": [{"name": column, "type": "string"} for column in columns]}
        if keyed:
            schema["primaryKey"] = ["id"]
        resources.append({"name": name, "path": f"{name}.csv", "schema": schema})
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([columns, *rows])
    (folder / "datapackage.json").write_text(json.dumps({"name": "x", "resources": resources}))
    return folder


@given(versions, versions)
@settings(max_examples=100, deadline=None)
def test_applied_to_the_old_version_the_change_table_gives_the_new(
    tmp_path_factory: pytest.TempPathFactory, before: tuple[Table, ...], after: tuple[Table, ...]
) -> None:
    folder = tmp_path_factory.mktemp("versions")
    old, new = open_package(write(folder / "old", before)), open_package(write(folder / "new", after))
    rows_before, rows_after = keyed_tables(old, "old"), keyed_tables(new, "new")
    keys = {name: table.key for name, table in rows_after.items()}
    for name, table in rows_before.items():
        ids = Counter(row[table.columns.index("id")] for row in table.rows)
        if keys.get(name) and max(ids.values(), default=0) > 1:
            return  # A key of the new version that was none in the old cannot tell its rows apart.
    comparison = compare(old, new)
    lines = list(change_lines(comparison))
    for name, table in rows_after.items():
        earlier = rows_before.get(name, KeyedTable(name, table.columns, table.key, ()))
        if table.key and set(table.key) <= set(earlier.columns):
            rows = {row["id"]: row for row in earlier.records()}
            for line in lines:
                if line.table == name and line.kind == "removed":
                    rows.pop(line.key, None)
                elif line.table == name:
                    rows.setdefault(line.key, {})[line.column] = line.new
            shown = [tuple(row.get(column, "") for column in table.columns) for row in rows.values()]
            assert sorted(shown) == sorted(table.rows)
    removed = any(change.kind is ChangeKind.REMOVED for change in comparison.row_changes)
    assert comparison.bump is Bump.MAJOR or not removed
    assert comparison.same or before != after
