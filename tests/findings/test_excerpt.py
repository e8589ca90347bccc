"""Excerpts: where each cell of a record stands."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.excerpt import window
from casetrail.findings.visible import columns
from casetrail.package.excerpt_lookup import first_record
from casetrail.standard.dialect import CsvForm

CELLS = st.lists(st.text(alphabet='ab,;"\n键\u0301 ', max_size=8), min_size=2, max_size=6)


@settings(max_examples=150, deadline=None)
@given(CELLS, st.sampled_from([",", ";", "\t"]))
def test_spans_are_the_cells_that_a_csv_reader_finds(cells: list[str], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerow(cells)
    record = stream.getvalue()[:-1]
    excerpt = first_record(record, CsvForm(delimiter=delimiter.encode()))
    assert len(excerpt.spans) == len(cells)
    for (start, end), cell in zip(excerpt.spans, cells, strict=True):
        part = record[start:end]
        assert (part[1:-1].replace('""', '"') if part.startswith('"') else part) == cell


def test_without_a_quote_character_quotes_are_text() -> None:
    assert first_record('"a,b', CsvForm(quote=b"")).spans == ((0, 2), (3, 4))


def test_an_unclosed_quote_takes_the_rest() -> None:
    assert first_record('a,"b,c').spans == ((0, 1), (2, 6))


def test_a_missing_cell_is_at_the_end() -> None:
    assert first_record("a,b").cell(5) == (3, 3)
    assert first_record("a,b").cell(None) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.integers(1, 12), st.integers(40, 120))
def test_a_window_is_on_one_line_and_within_its_width(text: str, column: int, width: int) -> None:
    shown = window(first_record(text), column, width)
    whole = shown.before + (shown.cell or "") + shown.after
    assert columns(whole) <= width + 4
    assert whole.isprintable() or not any(c in whole for c in "\n\r\t\u202e")
