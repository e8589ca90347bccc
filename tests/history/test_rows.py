"""Row changes lead from the old rows to the new ones, whatever happened to columns and keys."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.error import CasetrailError
from casetrail.history.rows import CellChange, Kind, RowChange, TableRows, apply_changes, compare_rows

COLUMNS = ["id", "part", "a", "b", "c"]
CELL = st.sampled_from(["", "x", "y", "=1", "NA", "é", "e\u0301", "two\nlines"])


@st.composite
def tables(draw: st.DrawFn, key: tuple[str, ...]) -> TableRows | None:
    if draw(st.integers(0, 9)) == 0:
        return None
    others = draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1))
    columns = tuple(draw(st.permutations(sorted({*key, *others}))))
    record = st.tuples(*([CELL] * len(columns)))
    unique = (lambda row: tuple(row[columns.index(name)] for name in key)) if key else None
    rows = draw(st.lists(record, max_size=6, unique_by=unique))
    return TableRows("table", columns, key, rows)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[TableRows | None, TableRows | None]:
    keys = st.sampled_from([("id",), ("id", "part"), ()])
    key = draw(keys)
    other = key if draw(st.booleans()) else draw(keys)
    return draw(tables(key)), draw(tables(other))


@given(pairs())
@settings(max_examples=400, deadline=None)
def test_the_changes_applied_to_the_old_rows_give_the_new(
    pair: tuple[TableRows | None, TableRows | None],
) -> None:
    old, new = pair
    try:
        changes = compare_rows(old, new)
    except CasetrailError:
        # The new key may not be unique in the old rows, when it was another one then.
        assert old is not None
        assert new is not None
        assert old.key != new.key
        return
    if new is None:
        assert len(changes) == (0 if old is None else len(old.rows))
        return
    assert Counter(apply_changes(old, changes, new)) == Counter(new.rows)


@given(tables(("id",)))
@settings(deadline=None)
def test_equal_tables_have_no_changes(table: TableRows | None) -> None:
    assert compare_rows(table, table) == []


def test_what_a_change_says() -> None:
    old = TableRows(
        "events", ("id", "kind", "old"), ("id",), [("1", "a", "x"), ("2", "b", ""), ("3", "c", "")]
    )
    new = TableRows(
        "events", ("id", "kind", "new"), ("id",), [("4", "d", ""), ("2", "B", ""), ("1", "a", "y")]
    )
    assert compare_rows(old, new) == [
        RowChange("events", ("1",), Kind.CHANGED, (CellChange("new", "", "y"),)),
        RowChange("events", ("2",), Kind.CHANGED, (CellChange("kind", "b", "B"),)),
        RowChange("events", ("3",), Kind.REMOVED, (CellChange("id", "3", ""), CellChange("kind", "c", ""))),
        RowChange("events", ("4",), Kind.ADDED, (CellChange("id", "", "4"), CellChange("kind", "", "d"))),
    ]


def test_an_id_that_stands_twice_is_named() -> None:
    twice = TableRows("events", ("id",), ("id",), [("ev-1",), ("ev-1",)], "v1.0.0")
    with pytest.raises(CasetrailError, match=r"ev-1 stands twice in the table 'events' of v1\.0\.0"):
        compare_rows(twice, twice)
