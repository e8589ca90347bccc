"""The strict reader: what it delivers, what it says, and that its quick and its slow way agree."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import casetrail
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.report import ReportBuilder
from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_CELL
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.tables.blocks import BLOCK, Block, BlockText, Workers, in_order
from casetrail.tables.csv_block import PARSED_AT_ONCE
from casetrail.tables.csv_reader import CsvReader
from casetrail.tables.reporter import CODES, Reporter


def schema(*names: str, **properties: Any) -> TableSchema:
    return TableSchema(fields=tuple(FieldDescriptor(name=name) for name in names), **properties)


AB = schema("a", "b")


@dataclass
class Reading:
    records: list[tuple[int, int, tuple[str | None, ...]]]
    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def cells(self) -> list[tuple[str | None, ...]]:
        return [cells for _, _, cells in self.records]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings if finding.severity is not Severity.NOTE]

    def only(self) -> Finding:
        assert len(self.codes) == 1, self.findings
        return next(finding for finding in self.findings if finding.severity is not Severity.NOTE)


def batches_of(reader: CsvReader, reporter: Reporter, jobs: int = 1) -> Iterator[TextBatch]:
    def work(block: Block, builder: ReportBuilder) -> tuple[BlockText, list[TextBatch]]:
        text = block.read(builder)
        return text, text.batches

    if reader.begin():
        with Workers(jobs) as workers:
            for done in in_order(reader, work, workers, reporter):
                yield from (batch.shifted(done.rows, done.lines) for batch in done.result)


def read(data: bytes, table: TableSchema | None = AB, **options: Any) -> Reading:
    builder = ReportBuilder()
    form = options.pop("form", CsvForm())
    reporter = Reporter("t", "t.csv", builder, strict_bytes=options.pop("strict_bytes", False))
    jobs = options.pop("jobs", 1)
    reader = CsvReader(io.BytesIO(data), form, table, reporter, **options)
    records = []
    for batch in batches_of(reader, reporter, jobs):
        columns = [column.to_pylist() for column in batch.cells.columns]
        for index, cells in enumerate(zip(*columns, strict=True)):
            records.append((batch.row(index), batch.line(index), cells))
    assert {finding.code for finding in builder.findings} <= set(CODES)
    return Reading(records, builder.findings, dict(builder.counts))


# --- what is good -----------------------------------------------------------------------------------------


def test_cells_are_text_and_nothing_is_lost() -> None:
    got = read(b"a,b\n007,NA\n1E5,TRUE\n, x \nnull,\xef\xbb\xbfy\n")
    assert got.cells == [("007", "NA"), ("1E5", "TRUE"), ("", " x "), ("null", "\ufeffy")]
    assert got.findings == ()


def test_a_byte_order_mark_in_the_first_cell_is_kept() -> None:
    assert read(b"a,b\n\xef\xbb\xbfx,y\n").cells == [("\ufeffx", "y")]
    assert read(b"a\n\xef\xbb\xbfx\n", schema("a")).cells == [("\ufeffx",)]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    got = read(b'a,b\n"x, y","say ""yes"""\n"two\nlines",""\nlast,one\n')
    assert got.records == [(2, 2, ("x, y", 'say "yes"')), (3, 3, ("two\nlines", "")), (4, 5, ("last", "one"))]
    assert got.findings == ()


def test_the_final_line_end_may_be_absent() -> None:
    assert read(b"a,b\n1,2").cells == read(b"a,b\n1,2\n").cells == [("1", "2")]
    assert read(b'a,b\n1,"2"').cells == [("1", "2")]


def test_crlf_is_a_line_end_and_no_part_of_a_cell() -> None:
    got = read(b'a,b\r\n1,2\r\n"3\r\n4",5\r\n')
    assert got.cells == [("1", "2"), ("3\r\n4", "5")]
    assert got.findings == ()


def test_lines_after_a_line_break_in_the_header() -> None:
    got = read(b'"a\nx",b\n1,2\n', schema("a\nx", "b"))
    assert got.records == [(2, 3, ("1", "2"))]
    mixed = read(b'"a\nx",b\r\n1,2\r\n', schema("a\nx", "b"))
    assert (mixed.findings, mixed.cells) == ((), [("1", "2")])


def test_delimiter_and_quote_of_the_dialect() -> None:
    got = read(b"a;b\n'1;1';\"2\n", form=CsvForm(b";", b"'"))
    assert got.cells == [("1;1", '"2')]


def test_ten_thousand_columns() -> None:
    names = [f"c{i}" for i in range(10_000)]
    line = ",".join(names).encode() + b"\n"
    got = read(line * 3, schema(*names))
    assert [len(cells) for cells in got.cells] == [10_000, 10_000]
    assert got.findings == ()


# --- what is wrong, each in its place ---------------------------------------------------------------------

BROKEN_RECORDS = [
    (b"1\n", "missing-cell", None),
    (b"1,2,3\n", "extra-cell", 3),
    (b"\n", "blank-line", None),
    (b'1,x"y\n', "quote-in-cell", 2),
    (b'1,"x"y\n', "quote-in-cell", 2),
    (b"1,\x00\n", "nul-byte", 2),
    (b"1,\xe9\n", "not-utf-8", 2),
    (b"1\r,2\n", "lone-cr", 1),
    (b"1,\xed\xa0\x80\n", "not-utf-8", 2),
]


@pytest.mark.parametrize("form", [CsvForm(), CsvForm(comment_rows=frozenset({99}))])
@pytest.mark.parametrize(("record", "code", "column"), BROKEN_RECORDS)
def test_a_broken_record_is_told_and_the_others_are_read(
    record: bytes, code: str, column: int | None, form: CsvForm
) -> None:
    got = read(b'a,b\n"x\nx",1\n' + record + b"y,2\n", form=form)
    found = got.only()
    assert (found.code, found.row, found.line, found.column) == (code, 3, 4, column)
    assert found.severity is Severity.ERROR
    assert got.records == [(2, 2, ("x\nx", "1")), (4, 5, ("y", "2"))]


@pytest.mark.parametrize("form", [CsvForm(), CsvForm(comment_rows=frozenset({99}))])
@pytest.mark.parametrize(
    ("end", "code", "column"),
    [
        (b"\n", "missing-cell", None),
        (b',"y\ny",1\n', "extra-cell", 3),
        (b',"y\n\xff"\n', "not-utf-8", 2),
        (b',"y\n\0"\n', "nul-byte", 2),
        (b',"y\ny"y\n', "quote-in-cell", 2),
        (b",y\r\n", "mixed-line-ends", None),
        (b",y\ry\n", "lone-cr", 2),
        (b',"y\ny', "quote-not-closed", 2),
    ],
)
def test_the_line_is_the_one_on_which_the_record_starts(
    end: bytes, code: str, column: int | None, form: CsvForm
) -> None:
    got = read(b'a,b\n"1\n1",2\n"x\nx"' + end, form=form)
    assert (code, 3, 4, column) in [(f.code, f.row, f.line, f.column) for f in got.findings]


def test_a_line_that_ends_otherwise_is_told_and_read() -> None:
    got = read(b"a,b\n1,2\r\n3,4\n")
    assert got.only().code == "mixed-line-ends"
    assert (got.only().row, got.cells) == (2, [("1", "2"), ("3", "4")])
    assert read(b"a,b\r\n1,2\n3,4\r\n").only().code == "mixed-line-ends"


def test_a_quote_that_is_not_closed_takes_the_rest_and_says_so() -> None:
    got = read(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    found = got.only()
    assert (found.code, found.row, found.line, found.column) == ("quote-not-closed", 3, 3, 2)
    assert "3 lines" in found.message
    assert got.cells == [("1", "2")]


def test_a_quote_that_a_later_quote_closes_wrongly_is_told_where_it_opens() -> None:
    got = read(b'a,b\n1,"x\n2,"y"\n3,z\n')
    found = got.only()
    assert (found.code, found.line) == ("quote-in-cell", 2)
    assert found.hint is not None and "closing" in found.hint
    assert got.records == [(3, 4, ("3", "z"))]


def test_an_empty_line_of_a_single_column_is_not_taken_for_a_value() -> None:
    got = read(b'a\n1\n\n""\n', schema("a"))
    assert got.only().code == "blank-line"
    assert got.records == [(2, 2, ("1",)), (4, 4, ("",))]


def test_a_byte_order_mark_is_a_warning_and_an_error_where_bytes_are_strict() -> None:
    data = b"\xef\xbb\xbfa,b\n1,2\n"
    assert read(data).only().severity is Severity.WARNING
    strict = read(data, strict_bytes=True)
    assert (strict.only().code, strict.only().severity) == ("file-bom", Severity.ERROR)
    assert strict.cells == [("1", "2")]


def test_crlf_is_one_error_where_bytes_are_strict() -> None:
    got = read(b"a,b\r\n1,2\r\n3,4\r\n", strict_bytes=True)
    assert got.only().code == "file-crlf"
    assert got.cells == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        ("a,b\n1,2\n".encode("utf-16"), "file-encoding"),
        (b"a,b\r1,2\r", "file-encoding"),
        (b"\na,b\n1,2\n", "blank-line"),
        (b'a,"b\n1,2\n', "quote-not-closed"),
        (b"a;b\n1;2\n", "wrong-delimiter"),
        (b"a\tb\n1\t2\n", "wrong-delimiter"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_has_one_clear_error(data: bytes, code: str) -> None:
    got = read(data)
    assert code in got.codes
    assert [found.code for found in got.findings if found.severity is Severity.ERROR] == [code]
    assert got.cells == []


def test_without_a_builder_the_first_error_is_raised_with_its_place() -> None:
    reporter = Reporter("t", "t.csv")
    reader = CsvReader(io.BytesIO(b"a,b\n1\n"), CsvForm(), AB, reporter)
    with pytest.raises(CasetrailError, match=r"t\.csv, row 2: the record has 1 cell"):
        list(batches_of(reader, reporter))


# --- limits -----------------------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A gigabyte of one byte, made as it is read."""

    def __init__(self, head: bytes, size: int) -> None:
        self._parts = [head]
        self.left = size

    def read(self, size: int = -1) -> bytes:
        if self._parts:
            return self._parts.pop()
        size = min(size, self.left)
        self.left -= size
        return b"x" * size


@pytest.mark.parametrize("head", [b"a,b\n1,", b'a,b\n1,"'])
def test_a_cell_of_a_gigabyte_is_refused_before_it_is_read(head: bytes) -> None:
    file = Endless(head, 10**9)
    builder = ReportBuilder()
    reporter = Reporter("t", "t.csv", builder)
    reader = CsvReader(file, CsvForm(), AB, reporter)  # type: ignore[arg-type]
    assert list(batches_of(reader, reporter)) == []
    assert [(f.code, f.line) for f in builder.findings] == [("cell-too-long", 2)]
    assert file.left > 800_000_000


def test_a_cell_above_the_limit_is_told_and_the_next_record_read() -> None:
    got = read(b"a,b\n1," + b"x" * (MAX_CELL + 1) + b"\n2,y\n")
    assert (got.only().code, got.only().row, got.only().column) == ("cell-too-long", 2, 2)
    assert got.cells == [("2", "y")]


def test_a_cell_at_the_limit_is_read() -> None:
    assert MAX_CELL > BLOCK
    got = read(b"a,b\n1," + b"x" * MAX_CELL + b"\n2,y\n")
    assert got.findings == ()
    assert [len(b or "") for _, b in got.cells] == [MAX_CELL, 1]


@pytest.mark.parametrize("cell", ["x\r\ny", "x\ry", "x\ny", "x" * (PARSED_AT_ONCE + 1)])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_where_the_parser_cuts_nothing_is_lost(cell: str, ends: bytes) -> None:
    start = b"a,b" + ends
    # The line break of the cell is where the first piece ends.
    filler = b"x" * (PARSED_AT_ONCE - len(ends) - len(b',f1,"x') - 1)
    got = read(start + filler + b",f" + ends + b'1,"' + cell.encode() + b'"' + ends + b"2,z" + ends)
    assert got.codes == []
    assert got.cells == [(filler.decode(), "f"), ("1", cell), ("2", "z")]


def test_too_many_columns_have_a_name() -> None:
    assert read(b"," * 20_000 + b"\n", None).codes == ["too-many-columns"]


def test_a_million_blank_lines_are_counted_not_described() -> None:
    got = read(b"a,b\n" + b"\n" * 1_000_000 + b"1,2\n")
    assert got.counts["blank-line"] == 1_000_000
    assert len(got.findings) == 1000
    assert got.records == [(1_000_002, 1_000_002, ("1", "2"))]


# --- headers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "header", "codes", "cells"),
    [
        ("exact", "a,b", [], [("1", "2")]),
        ("exact", "b,a", ["header-order"], [("2", "1")]),
        ("exact", "a,B", ["header-mismatch"], [("1", "2")]),
        ("exact", "a, b", ["header-mismatch"], [("1", "2")]),
        ("exact", "a,zzz", ["header-mismatch"], [("1", "2")]),
        ("exact", "a,b,c", ["header-extra-column"], [("1", "2")]),
        ("exact", "a", ["header-missing-column"], [("1", None)]),
        ("exact", "a,a", ["header-duplicate-column", "header-missing-column"], []),
        ("exact", "a,", ["header-blank"], [("1", "2")]),
        ("equal", "b,a", [], [("2", "1")]),
        ("equal", "b,a,c", ["header-extra-column"], [("2", "1")]),
        ("equal", "a,c", ["header-extra-column", "header-missing-column"], [("1", None)]),
        ("subset", "c,b,a", [], [("3", "2")]),
        ("subset", "c,b", ["header-missing-column"], [(None, "2")]),
        ("superset", "b", [], [(None, "1")]),
        ("superset", "b,c", ["header-extra-column"], [(None, "1")]),
        ("partial", "c,a", [], [("2", None)]),
        ("partial", "c,d", ["header-mismatch"], []),
    ],
)
def test_fields_match(how: str, header: str, codes: list[str], cells: list[tuple[str | None, ...]]) -> None:
    width = header.count(",") + 1
    record = ",".join("123"[:width]).encode()
    got = read(header.encode() + b"\n" + record + b"\n", schema("a", "b", fields_match=how))
    assert sorted(got.codes) == codes
    assert got.cells == cells


def test_a_misspelt_column_has_the_right_name_as_hint() -> None:
    found = read(b"a,stauts\n1,2\n", schema("a", "status")).only()
    assert (found.row, found.column, found.field, found.value) == (1, 2, "status", "stauts")
    assert found.hint is not None and "'status'" in found.hint


def test_without_a_schema_the_header_names_the_columns() -> None:
    assert read(b"x,y\n1,2\n", None).cells == [("1", "2")]
    assert read(b"x,x\n1,2\n", None).codes == ["header-duplicate-column"]


# --- the ways agree ---------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(b",", b",", b"\n", b"\n", b'"', b'""', b'","', b'"\n"', b"\r\n", b"\r", b"\0"),
        *(b"a", b"bc", b"\xc3\xa9", b"\xe9", b"\xef\xbb\xbf"),
        *(b"1,2\n", b'"x",y\n', b"1,2\n3,4\n", b'"p\nq",r\n', b'1,"x""y"\n'),
    ]
)
BYTES = st.lists(PIECES, max_size=40).map(b"".join)


FORMS = [
    CsvForm(),
    CsvForm(comment_rows=frozenset({10**6})),
    CsvForm(comment=b"#"),
    CsvForm(escape=b"\\"),
    CsvForm(skip_initial_space=True),
    CsvForm(line_terminator=b"\n"),
]
"""Dialects that mean the same for bytes without `#`, `\\` and blanks, and take every way to read them.

A row that is a comment keeps all records before it from being proved.
"""


@settings(max_examples=400, deadline=None)
@given(
    body=BYTES,
    header=st.sampled_from(
        [(b"a,b\n", AB), (b"a,b\r\n", AB), (b"a\n", schema("a")), (b"a\r\n", schema("a"))]
    ),
    block=st.integers(1, 64),
    parsed=st.integers(1, 64),
    form=st.sampled_from(FORMS),
)
@example(body=b'"a"\r', header=(b"a\r\n", schema("a")), block=BLOCK, parsed=64, form=FORMS[1])
@example(body=b'\n""\n', header=(b"a\n", schema("a")), block=7, parsed=64, form=FORMS[1])
@example(body=b'1,"x\n2,3\n4,"5\n', header=(b"a,b\n", AB), block=7, parsed=64, form=FORMS[1])
@example(body=b'1,"x\r\ny",z"q\r', header=(b"a,b\n", AB), block=5, parsed=64, form=FORMS[1])
@example(body=b'1,"x\r\ny"\n2,3\n', header=(b"a,b\n", AB), block=BLOCK, parsed=5, form=FORMS[0])
@example(body=b'1,"x\ry"\n2,3\n', header=(b"a,b\n", AB), block=BLOCK, parsed=5, form=FORMS[0])
def test_every_dialect_and_block_size_reads_the_same(
    body: bytes, header: tuple[bytes, TableSchema], block: int, parsed: int, form: CsvForm
) -> None:
    data, table = header[0] + body, header[1]
    expected = read(data, table)
    with patch("casetrail.tables.csv_block.PARSED_AT_ONCE", parsed):
        in_pieces = read(data, table, form=form)
    for got in (in_pieces, read(data, table, form=form), read(data, table, form=form, block=block)):
        assert got.records == expected.records
        assert got.findings == expected.findings
        assert got.counts == expected.counts


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    ends=st.sampled_from(["\n", "\r\n"]),
    block=st.sampled_from([64, BLOCK]),
    parsed=st.sampled_from([16, 64]),
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[tuple[str, str]], quoting: Any, ends: str, block: int, parsed: int
) -> None:
    if quoting != csv.QUOTE_ALL:
        # The module leaves a CR unquoted where lines end with LF.
        rows = [(first.replace("\r", " "), second.replace("\r", " ")) for first, second in rows]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator=ends)
    writer.writerows([("a", "b"), *rows])
    with patch("casetrail.tables.csv_block.PARSED_AT_ONCE", parsed):
        got = read(text.getvalue().encode(), block=block)
    assert got.cells == rows
    assert got.codes == []


@settings(max_examples=200, deadline=None)
@given(BYTES)
def test_nothing_that_a_strict_csv_parser_refuses_is_accepted_in_silence(body: bytes) -> None:
    got = read(b"a,b\n" + body)
    try:
        rows = list(csv.reader(io.StringIO((b"a,b\n" + body).decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        assert got.codes
    else:
        if not got.codes:
            assert [tuple(row) for row in rows[1:]] == got.cells


def _zstd(data: bytes) -> bytes:
    packed: bytes = pa.compress(data, codec="zstd", asbytes=True)
    return packed


def _parquet(data: bytes) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": data.decode().split()}), file)
    return file.getvalue()


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00,,\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\n"])
def test_a_spreadsheet_that_is_called_csv_is_told_apart(start: bytes) -> None:
    found = read(start + b"a,b\n1,2\n", schema("a", "b")).only()
    assert (found.code, found.message) == (
        "file-encoding",
        "the file is a spreadsheet, or packed; it is not text",
    )


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, _zstd, _parquet])
def test_what_is_packed_and_has_another_name_is_told_apart(pack: Callable[[bytes], bytes]) -> None:
    found = read(pack(b"a,b\n" + b"1,2\n" * 5000), schema("a", "b")).only()
    assert found.code == "file-encoding"
    assert "not text" in found.message
    assert found.hint is not None


@pytest.mark.parametrize("place", ["first", "later"])
def test_the_marks_of_a_merge_are_named(place: str) -> None:
    lines = ["a,b", "1,2", "<<<<<<< HEAD", "3,4", "=======", "3,5", ">>>>>>> other"]
    if place == "first":
        lines = ["<<<<<<< HEAD", *lines]
    got = read("\n".join(lines).encode() + b"\n", schema("a", "b"))
    assert set(got.codes) == {"conflict-marker"}
    assert len(got.codes) == (1 if place == "first" else 3)


def test_the_marks_of_one_conflict_are_one_finding(tmp_path: Path) -> None:
    conflict = ["<<<<<<< HEAD", "3,4", "||||||| base", "3,3", "=======", "3,5", ">>>>>>> other"]
    lines = ["a,b", *conflict, *(f"{number},0" for number in range(9)), *conflict, ">>>>>>> stray"]
    (tmp_path / "t.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    fields = [{"name": "a"}, {"name": "b"}]
    resource = {"name": "t", "path": "t.csv", "type": "table", "schema": {"fields": fields}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    report = casetrail.validate(tmp_path)
    found = [finding for finding in report.findings if finding.code == "conflict-marker"]
    assert [finding.line for finding in found] == [2, 18, 25]
    assert report.counts["conflict-marker"] == 3
    assert found[0].message == (
        "the line is the mark <<<<<<< of git; of the same conflict are ||||||| in line 4, ======= in line 6 "
        "and >>>>>>> in line 8"
    )


def test_one_column_of_text_may_look_like_a_mark() -> None:
    assert read(b"a\n=======\n", schema("a")).codes == []
