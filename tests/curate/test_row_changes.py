"""Row changes lead from the old rows to the new ones, whatever happened to columns and keys."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.curate.keyed_table import KeyedTable
from casetrail.curate.row_changes import (
    CellChange,
    ChangeKind,
    MergeQuestion,
    RowChange,
    compare_tables,
    merge_rows,
)
from casetrail.findings.error import CasetrailError

COLUMNS = ["id", "part", "a", "b", "c"]
CELL = st.sampled_from(["", "x", "y", "=1", "NA", "é", "e\u0301", "two\nlines"])


@st.composite
def tables(draw: st.DrawFn, key: tuple[str, ...]) -> KeyedTable | None:
    if draw(st.integers(0, 9)) == 0:
        return None
    others = draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1))
    columns = tuple(draw(st.permutations(sorted({*key, *others}))))
    record = st.tuples(*([CELL] * len(columns)))
    unique = (lambda row: tuple(row[columns.index(name)] for name in key)) if key else None
    rows = draw(st.lists(record, max_size=6, unique_by=unique))
    return KeyedTable("table", columns, key, rows)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[KeyedTable | None, KeyedTable | None]:
    keys = st.sampled_from([("id",), ("id", "part"), ()])
    key = draw(keys)
    other = key if draw(st.booleans()) else draw(keys)
    return draw(tables(key)), draw(tables(other))


def applied(old: KeyedTable | None, changes: list[RowChange], new: KeyedTable) -> list[tuple[str, ...]]:
    """The old rows with the changes, under the columns of the new table."""
    old = old or KeyedTable(new.name, new.columns, new.key, ())
    keyed = new.key and set(new.key) <= set(old.columns)
    rows: dict[tuple[str, ...], dict[str, str]] = dict(old.by_key(new.key)) if keyed else {}
    loose = Counter(() if keyed else old.under(new.columns))
    for change in changes:
        cells = {cell.column: cell.new or cell.old for cell in change.cells}
        if not keyed:
            loose[tuple(cells.get(name, "") for name in new.columns)] += (
                -1 if change.kind is ChangeKind.REMOVED else 1
            )
        elif change.kind is ChangeKind.REMOVED:
            del rows[change.key]
        else:
            cells = {cell.column: cell.new for cell in change.cells}
            rows[change.key] = {**rows.get(change.key, {}), **cells}
    kept = [tuple(row.get(name, "") for name in new.columns) for row in rows.values()]
    return [*kept, *loose.elements()]


@given(pairs())
@settings(max_examples=400, deadline=None)
def test_the_changes_applied_to_the_old_rows_give_the_new(
    pair: tuple[KeyedTable | None, KeyedTable | None],
) -> None:
    old, new = pair
    try:
        changes = compare_tables(old, new)
    except CasetrailError:
        # The new key may not be unique in the old rows, when it was another one then.
        assert old is not None
        assert new is not None
        assert old.key != new.key
        return
    if new is None:
        assert len(changes) == (0 if old is None else len(old.rows))
        return
    assert Counter(applied(old, changes, new)) == Counter(new.rows)


@given(tables(("id",)))
@settings(deadline=None)
def test_equal_tables_have_no_changes(table: KeyedTable | None) -> None:
    assert compare_tables(table, table) == []


def test_what_a_change_says() -> None:
    old = KeyedTable(
        "events", ("id", "kind", "old"), ("id",), [("1", "a", "x"), ("2", "b", ""), ("3", "c", "")]
    )
    new = KeyedTable(
        "events", ("id", "kind", "new"), ("id",), [("4", "d", ""), ("2", "B", ""), ("1", "a", "y")]
    )
    assert compare_tables(old, new) == [
        RowChange("events", ("1",), ChangeKind.CHANGED, (CellChange("new", "", "y"),)),
        RowChange("events", ("2",), ChangeKind.CHANGED, (CellChange("kind", "b", "B"),)),
        RowChange(
            "events", ("3",), ChangeKind.REMOVED, (CellChange("id", "3", ""), CellChange("kind", "c", ""))
        ),
        RowChange(
            "events", ("4",), ChangeKind.ADDED, (CellChange("id", "", "4"), CellChange("kind", "", "d"))
        ),
    ]


def test_an_id_that_is_there_twice_is_named() -> None:
    twice = KeyedTable("events", ("id",), ("id",), [("ev-1",), ("ev-1",)], "v1.0.0")
    with pytest.raises(CasetrailError, match=r"ev-1 is twice in the table 'events' of v1\.0\.0"):
        compare_tables(twice, twice)


Rows = dict[tuple[str, ...], dict[str, str]]
ROWS = st.dictionaries(
    st.sampled_from([("1",), ("2",), ("3",)]),
    st.fixed_dictionaries({"a": st.sampled_from(["", "x", "y"]), "b": st.sampled_from(["", "x"])}),
)


def merged(base: Rows, ours: Rows, theirs: Rows, *, takes: bool) -> tuple[Rows, list[MergeQuestion]]:
    questions: list[MergeQuestion] = []

    def answer(question: MergeQuestion) -> bool:
        questions.append(question)
        return takes

    result = merge_rows("t", ("a", "b"), base, ours, theirs, answer)
    return {key: dict(row) for key, row in result.items()}, questions


@given(ROWS, ROWS)
def test_what_one_side_changed_is_merged_without_a_conflict(base: Rows, changed: Rows) -> None:
    assert merged(base, base, changed, takes=True)[0] == changed
    assert not any(question.conflict for question in merged(base, base, changed, takes=True)[1])
    assert merged(base, changed, base, takes=False) == (changed, [])
    assert merged(base, changed, changed, takes=False) == (changed, [])


@given(ROWS, ROWS, ROWS)
def test_without_consent_only_cells_that_we_did_not_change_are_taken(
    base: Rows, ours: Rows, theirs: Rows
) -> None:
    result, questions = merged(base, ours, theirs, takes=False)
    assert result.keys() == ours.keys()
    for key, row in result.items():
        for name, text in row.items():
            was, now = base.get(key, {}).get(name), theirs.get(key, {}).get(name)
            free = key in base and key in theirs and ours[key][name] == was
            assert text == (now if free else ours[key][name])
    cells = {(question.change.key, question.cell.column) for question in questions if question.cell}
    assert cells == {
        (key, name)
        for key in theirs.keys() & ours.keys()
        for name in ("a", "b")
        if theirs[key][name] not in (ours[key][name], base.get(key, {}).get(name, ""))
        and ours[key][name] != base.get(key, {}).get(name)
    }
    rows = {question.change.key for question in questions if question.cell is None}
    added = {key for key in theirs.keys() - ours.keys() if base.get(key) != theirs[key]}
    assert rows == added | (base.keys() & ours.keys()) - theirs.keys()
