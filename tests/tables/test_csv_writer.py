"""Canonical CSV is read back by an independent reader as the very cells that were written."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.standard.dialect import CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.csv_writer import CANONICAL, canonical_csv, composed, csv_bytes, text_table

CELL = st.text(
    st.one_of(st.sampled_from(list(",;\"'\r\n\t\x00 \ufeff=é\u0301")), st.characters(codec="utf-8")),
    max_size=8,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    width = draw(st.integers(1, 4))
    record = st.lists(CELL, min_size=width, max_size=width)
    return draw(record), draw(st.lists(record, max_size=6))


@given(tables(), st.sampled_from([CANONICAL, CsvForm(b";"), CsvForm(b"\t", b"'")]))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(table: tuple[list[str], list[list[str]]], form: CsvForm) -> None:
    names, rows = table
    data = csv_bytes(names, rows, form)
    assert data.endswith(b"\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    stream = io.StringIO(data.decode(), newline="")
    delimiter, quote = form.delimiter.decode(), form.quote.decode()
    read = list(csv.reader(stream, delimiter=delimiter, quotechar=quote, strict=True))
    assert read == [names, *rows]


def test_only_what_needs_quotation_marks_has_them() -> None:
    rows = [["a b", "it's", "a,b", 'say "no"', "two\nlines", " x "], ["", "", "", "", "", "=1+1"]]
    assert csv_bytes(["a", "b", "c", "d", "e", "f"], rows).decode() == (
        'a,b,c,d,e,f\na b,it\'s,"a,b","say ""no""","two\nlines", x \n,,,,,=1+1\n'
    )


def test_a_lone_empty_cell_is_no_blank_line() -> None:
    assert csv_bytes(["a"], [[""], ["x"]]) == b'a\n""\nx\n'


def test_a_first_cell_is_not_taken_for_a_byte_order_mark() -> None:
    assert csv_bytes(["\ufeffx", "y"], []) == '"\ufeffx",y\n'.encode()


@given(st.text())
@settings(deadline=None)
def test_composing_twice_changes_nothing_more(text: str) -> None:
    assert composed(composed(text)) == composed(text)


def test_runs_that_are_made_side_by_side_stay_in_the_order_of_the_key() -> None:
    numbers = [number * 73_699 % 150_001 for number in range(150_001)]
    rows = [[str(number), f'{number}, "x"' if number % 3 else ""] for number in numbers]
    schema = TableSchema.of(
        {"fields": [{"name": "id", "type": "integer"}, {"name": "text"}], "primaryKey": ["id"]}
    )
    data = b"".join(canonical_csv(text_table(["id", "text"], rows), schema))
    stream = io.StringIO(data.decode(), newline="")
    assert list(csv.reader(stream, strict=True)) == [
        ["id", "text"],
        *sorted(rows, key=lambda row: int(row[0])),
    ]
    # Without a key the rows stay where they are.
    data = b"".join(canonical_csv(text_table(["id", "text"], rows), None))
    assert list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))[1:] == rows
