"""Keys: none missing, none twice, and every duplicate told with the place where the key stood first."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.checks.key_index import KeyIndex
from casetrail.checks.key_texts import KeyTexts
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import text_array

STRING = TableSchema.of({"fields": [{"name": "k", "type": "string"}]})


def _mostly(keys: st.SearchStrategy[str], others: list[str]) -> st.SearchStrategy[list[str]]:
    """Keys that are numbered in one way but for some."""
    return st.lists(st.one_of(keys, keys, keys, st.sampled_from(others)), max_size=60)


KEYS = st.one_of(
    st.lists(st.integers(0, 400).map("ev-{:05}".format), max_size=60),
    st.lists(st.integers(0, 40).map(str), max_size=30),
    st.lists(st.sampled_from(["a", "b", "", "ab", "é", "ev-1", "ev-01"]), max_size=12),
    _mostly(st.integers(0, 400).map("ev-{:05}".format), ["EV_1", "EV_2", "ev-1", "ev-000001", "ev-", ""]),
    _mostly(
        st.integers(1000, 1400).map("ev-{}".format), ["ev-12345", "ev-00", "ev-0", "EV_1", "ev-" + 20 * "9"]
    ),
    _mostly(st.integers(0, 120).map(str), ["007", "07", "x", "+1", "-1", ""]),
    st.integers(1, 60).map(lambda size: [f"ev-{number:04}" for number in range(size)]),
    st.integers(1, 60).map(lambda size: [f"{(number * 37) % 61:03}" for number in range(size)]),
)


def batches_of(columns: dict[str, list[str]], size: int) -> list[TextBatch]:
    length = len(next(iter(columns.values())))
    return [
        TextBatch(
            pa.RecordBatch.from_arrays(
                [text_array(column[start : start + size]) for column in columns.values()], names=list(columns)
            ),
            "t.csv",
            start + 2,
        )
        for start in range(0, length, size)
    ]


@settings(max_examples=300, deadline=None)
@given(keys=KEYS, size=st.integers(1, 20))
def test_the_index_finds_what_a_dictionary_finds(keys: list[str], size: int) -> None:
    index = KeyIndex(KeyTexts(STRING, ["k"]))
    for batch in batches_of({"k": keys}, size):
        index.take(index.look(batch))
    first: dict[str, int] = {}
    expected = []
    for position, key in enumerate(keys):
        if key and first.setdefault(key, position) != position:
            expected.append((position, first[key], key))
    number, found = index.duplicates(99)
    assert number == len(expected)
    assert [(one.position, one.first, one.key) for one in found] == expected


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "a, b", "ab", "b", "\x01", ""]),
            st.sampled_from(["c", "b, c", "bc", "", "\x01"]),
        ),
        max_size=12,
    )
)
def test_two_composite_keys_are_equal_only_part_by_part(rows: list[tuple[str, str]]) -> None:
    schema = TableSchema.of({"fields": [{"name": "a"}, {"name": "b"}]})
    index = KeyIndex(KeyTexts(schema, ["a", "b"]))
    for batch in batches_of({"a": [row[0] for row in rows], "b": [row[1] for row in rows]}, 5):
        index.take(index.look(batch))
    whole = [row for row in rows if all(row)]
    assert index.duplicates(9).number == len(whole) - len(set(whole))


def test_equal_values_are_equal_keys_however_they_are_written(one_table: Any) -> None:
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "x", "type": "number", "constraints": {"unique": True}},
    ]
    report = one_table(fields, "id,x\n1,1.50\n01,2\n2,1.5\n+2,20e-1\n3,-0\n4,0\n", {"primaryKey": ["id"]})
    assert report.counts == {"constraint-unique": 3, "primary-key-duplicate": 2}
    first = next(one for one in report.findings if one.code == "primary-key-duplicate")
    assert (first.row, first.value, first.related.row if first.related else None) == (3, "01", 2)
    assert "the key '1' is already" in first.message


def test_an_instant_is_one_key_in_every_time_zone(one_table: Any) -> None:
    fields = [{"name": "at", "type": "datetime"}]
    text = "at\n2025-03-01T15:00:00+05:00\n2025-03-01T10:00:00Z\n2025-03-01T10:00:00\n"
    report = one_table(fields, text, {"uniqueKeys": [["at"]]})
    assert report.counts == {"unique-key": 1}


def test_a_missing_part_breaks_the_primary_key_and_leaves_unique_keys_alone(one_table: Any) -> None:
    fields = [{"name": "a"}, {"name": "b"}]
    text = "a,b\nx,\nx,\n,y\nx,y\nx,y\n"
    report = one_table(fields, text, {"primaryKey": ["a", "b"], "uniqueKeys": [["a", "b"]]})
    assert report.counts == {"primary-key-duplicate": 1, "primary-key-missing": 3, "unique-key": 1}
    assert [one.field for one in report.findings if one.code == "primary-key-missing"] == ["b", "b", "a"]


def test_a_value_that_is_none_of_its_type_is_told_once(one_table: Any) -> None:
    report = one_table([{"name": "id", "type": "integer"}], "id\nx\nx\n", {"primaryKey": ["id"]})
    assert report.counts == {"type-integer": 2}


def test_duplicates_are_counted_exactly_and_listed_up_to_the_limit(one_table: Any) -> None:
    text = "id\n" + "a\n" * 50_001
    report = one_table([{"name": "id"}], text, {"primaryKey": ["id"]}, limit=3)
    assert report.counts == {"primary-key-duplicate": 50_000}
    assert [one.row for one in report.findings] == [3, 4, 5]


FOREIGN = [
    {"name": "id"},
    {"name": "of"},
]


def people_and_hearings(target: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    key = {"fields": ["of"], "reference": {"resource": "people", "fields": ["id"]}}
    hearings = {"fields": FOREIGN, "primaryKey": ["id"], "foreignKeys": [key]}
    people = {"fields": [{"name": "id"}], "primaryKey": ["id"], **(target or {})}
    return [
        {"name": "hearings", "type": "table", "path": "hearings.csv", "schema": hearings},
        {"name": "people", "type": "table", "path": "people.csv", "schema": people},
    ]


def test_a_reference_to_nothing_is_found_and_an_empty_one_is_none(validated: Any) -> None:
    files = {"hearings.csv": "id,of\nh1,p1\nh2,p9\nh3,\n", "people.csv": "id\np1\np2\n"}
    report = validated(people_and_hearings(), files)
    (found,) = report.findings
    assert (found.code, found.row, found.field, found.key, found.value) == (
        "foreign-key",
        3,
        "of",
        "h2",
        "p9",
    )


def test_a_table_may_refer_to_itself_and_two_to_each_other(validated: Any) -> None:
    def resource(name: str, other: str) -> dict[str, Any]:
        keys = [
            {"fields": ["of"], "reference": {"fields": ["id"]}},
            {"fields": ["to"], "reference": {"resource": other, "fields": ["id"]}},
        ]
        fields = [{"name": "id"}, {"name": "of"}, {"name": "to"}]
        schema = {"fields": fields, "primaryKey": ["id"], "foreignKeys": keys}
        return {"name": name, "type": "table", "path": f"{name}.csv", "schema": schema}

    files = {"a.csv": "id,of,to\n1,2,x\n2,9,y\n", "b.csv": "id,of,to\nx,,1\nz,x,7\n"}
    report = validated([resource("a", "b"), resource("b", "a")], files)
    assert [(one.table, one.row, one.field) for one in report.findings] == [
        ("a", 3, "of"),
        ("a", 3, "to"),
        ("b", 3, "to"),
    ]


def test_a_composite_reference_is_looked_up_as_a_whole(validated: Any) -> None:
    key = {"fields": ["day", "n"], "reference": {"resource": "slots", "fields": ["day", "number"]}}
    days = [{"name": "day", "type": "date"}, {"name": "n", "type": "integer"}]
    slots = [{"name": "day", "type": "date"}, {"name": "number", "type": "integer"}]
    resources = [
        {
            "name": "used",
            "type": "table",
            "path": "used.csv",
            "schema": {"fields": days, "foreignKeys": [key]},
        },
        {
            "name": "slots",
            "type": "table",
            "path": "slots.csv",
            "schema": {"fields": slots, "uniqueKeys": [["day", "number"]]},
        },
    ]
    files = {
        "used.csv": "day,n\n2025-03-01,01\n2025-03-01,2\n2025-03-02,\n",
        "slots.csv": "day,number\n2025-03-01,1\n2025-03-02,2\n",
    }
    report = validated(resources, files)
    (found,) = report.findings
    assert (found.code, found.row, found.column, found.value) == ("foreign-key", 3, 1, "2025-03-01")
    assert found.message == "there is no day, number '2025-03-01, 2' in 'slots'"


def test_references_to_a_table_that_cannot_be_read_are_not_called_wrong(validated: Any) -> None:
    report = validated(people_and_hearings(), {"hearings.csv": "id,of\nh1,p1\n"})
    assert report.counts == {"not-checked": 1, "path-missing": 1}
    assert all(check.ran for check in report.checks)


@pytest.mark.parametrize("rows", [1, 70_000, 700_000])
def test_references_are_looked_up_in_tables_of_every_size(validated: Any, rows: int) -> None:
    people = "id\n" + "".join(f"p{number}\n" for number in range(rows))
    hearings = "id,of\n" + "".join(f"h{number},p{number * 7 % (rows + 1)}\n" for number in range(rows + 1))
    report = validated(people_and_hearings(), {"hearings.csv": hearings, "people.csv": people})
    assert report.counts == {"foreign-key": 1}
    assert report.findings[0].value == f"p{rows}"
