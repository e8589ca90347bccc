"""Tables in Parquet: the types of the columns first, from the footer, then the values as text.

A value is judged as the text that a file of text would have: the checks are those of every table. A column
whose type can hold no value of its field is one finding, and its values are not judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.report import ReportBuilder
from casetrail.findings.sentences import counted
from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_CELL
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch, text_column
from casetrail.tables.blocks import BlockText
from casetrail.tables.header import Header, match_header
from casetrail.tables.partition import partition_of
from casetrail.tables.reporter import Reporter
from casetrail.types.arrow_arrays import TRUE, all_true
from casetrail.types.field_type import FieldType
from casetrail.types.kernel import matches
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import ANY, readable_type

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

CODES = {
    "parquet-unreadable": "A file is no Parquet, is cut off, or its footer does not fit its data.",
    "parquet-type": "A column of a Parquet file has a type that can hold no value of its field.",
}

_MOST_RECORDS = 65_536
"""How many records a block has at most, however few bytes they are."""
_KINDS = {
    "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    "boolean": (pa.types.is_boolean,),
    "integer": (pa.types.is_integer,),
    "number": (pa.types.is_floating, pa.types.is_decimal),
    "date": (pa.types.is_date,),
    "datetime": (pa.types.is_timestamp,),
    "time": (pa.types.is_time,),
    "list": (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list),
    "object": (pa.types.is_struct, pa.types.is_map),
    "duration": (pa.types.is_duration,),
    "null": (pa.types.is_null,),
}
_CAST = frozenset({"integer", "date", "null"})
"""Kinds whose plain text Arrow writes as the standard has it."""
_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_NUMBER = r"0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]+"
_SHORTEST_NUMBER = r"0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]"
_WITHOUT_TEXT = frozenset({"integer", "number", "date", "datetime", "time"})
"""Kinds whose text is never long, and has no NUL."""


class ParquetBlock(NamedTuple):
    """Records of one row group, which are made text, and judged, where the block is worked on."""

    values: pa.RecordBatch
    columns: Sequence[_Column]
    header: Header
    reporter: Reporter
    first_row: int
    part: str
    row: int = 0
    line: int = 0

    def read(self, builder: ReportBuilder) -> BlockText:
        """The records; what no cell of a table may be goes into the builder, and is taken out."""
        reporter = replace(self.reporter, builder=builder)
        texts = [
            column.texts(values) for column, values in zip(self.columns, self.values.columns, strict=True)
        ]
        for index, column in enumerate(self.columns):
            if column.kind not in _WITHOUT_TEXT:
                texts[index] = self._without_unfit(index, texts[index], reporter)
        cells = self.header.batch(texts, self.values.num_rows)
        batch = TextBatch(cells, reporter.path, self.first_row, columns=self.header.columns, part=self.part)
        return BlockText(0, 0, [batch])

    def _without_unfit(self, index: int, column: pa.StringArray, reporter: Reporter) -> pa.StringArray:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        too_long = pc.greater(pc.binary_length(column), MAX_CELL) if longest > MAX_CELL else None
        nul = pc.match_substring(column, "\0") if _has_nul(column) else None
        wrong_bytes = _is_not_utf_8(column) if self.columns[index].kind == "text" else None
        for code, mask, reason in (
            ("not-utf-8", wrong_bytes, "the text is not UTF-8, as every text in Parquet is"),
            ("cell-too-long", too_long, f"the cell is longer than the {MAX_CELL:,} bytes that are read"),
            ("nul-byte", nul, "the value contains a NUL"),
        ):
            if mask is None or not pc.any(mask).as_py():
                continue
            for at in pc.indices_nonzero(mask).to_pylist():
                reporter.add(
                    code,
                    reason,
                    row=self.first_row + at,
                    column=index + 1,
                    field=self.header.labels[index],
                    part=self.part,
                )
            column = pc.if_else(mask, pa.scalar(None, pa.string()), column)
        return column


class ParquetTable:
    """Reads the files of one table one after the other, in blocks of about `size` bytes.

    Rows count as in a spreadsheet, as if the names of the columns were row 1; `rows` is the number of records
    of the files that were read. `complete` says whether the last was read to its end. Of a file that is read
    in pieces only some `row_groups` are read, and what is wrong with it as a whole is said with the first.
    """

    def __init__(self, schema: TableSchema | None, size: int, row_groups: range | None = None) -> None:
        self.complete: bool | None = None
        self.rows = 0
        self._schema = schema
        self._size = size
        self._row_groups = row_groups

    def blocks(self, file: IO[bytes], reporter: Reporter) -> Iterator[ParquetBlock]:
        """The records of a file; findings go to the reporter.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        from pyarrow.parquet import ParquetFile

        self.complete = False
        source = pa.PythonFile(file, mode="r")
        try:
            parquet = ParquetFile(source)
            groups = range(parquet.num_row_groups) if self._row_groups is None else self._row_groups
            of_file = reporter.quiet() if groups.start else reporter
            _check_rows(parquet)
            partition = partition_of(reporter.path, self._schema)
            schema = self._schema if partition is None else partition.schema
            labels = parquet.schema_arrow.names
            header = match_header(labels, schema, CsvForm(), of_file, row=1, line=None)
            if header is None:
                return
            header = header.within(partition)
            columns = self._columns(parquet, header, of_file)
            yield from self._groups(parquet, groups, (columns, header, reporter.quiet()))
        except (pa.ArrowException, OSError) as error:
            reason = str(error).split("\n")[0].rstrip(".")[:200]
            reporter.add(
                "parquet-unreadable",
                f"the file cannot be read as Parquet ({reason})",
                hint="write the file again, or declare the format that it has",
            )
            return
        finally:
            # So that no thread of Arrow lets go of the file last (see `exports.parquet.parquet_file`).
            source.close()
        self.complete = True

    def _groups(
        self, parquet: ParquetFile, groups: range, given: tuple[Sequence[_Column], Header, Reporter]
    ) -> Iterator[ParquetBlock]:
        footer = parquet.metadata
        row = 2 + sum(footer.row_group(number).num_rows for number in range(groups.start))
        for number in groups:
            part, first, group = f"row group {number}", row, footer.row_group(number)
            records = self._size * group.num_rows // max(1, group.total_byte_size)
            records = max(1, min(records, _MOST_RECORDS))
            for batch in parquet.iter_batches(records, row_groups=[number]):
                yield ParquetBlock(batch, *given, row, part)
                row += batch.num_rows
                self.rows += batch.num_rows
            _check_equal(group.num_rows, row - first, part)

    def _columns(self, parquet: ParquetFile, header: Header, reporter: Reporter) -> list[_Column]:
        fields = (
            {} if self._schema is None else {field.name: field for field in reversed(self._schema.fields)}
        )
        # The label of a column may be another than the name of its field (`fieldsMatch` exact).
        names = dict(zip(header.order, header.names, strict=True))
        columns = []
        for index, stored in enumerate(parquet.schema_arrow):
            name = names.get(index, stored.name)
            field = fields.get(name, ANY)
            missing = ("",) if self._schema is None else self._schema.missing(field)
            column = _Column(stored.type, field, missing[0] if missing else None)
            if not column.fits:
                reporter.add(
                    "parquet-type",
                    f"the column is stored as {stored.type}, which holds no value of a field of the type "
                    f"'{column.field.type}'",
                    row=1,
                    column=index + 1,
                    field=name,
                    hint=f"store it as {column.field.type} or as text, or declare the type that it has",
                )
            columns.append(column)
        return columns


def pieces_of(file: IO[bytes], size: int) -> list[range | None]:
    """The row groups of a file in pieces of at least so many bytes, but for the last.

    `None` is all of them, where there are few or where they cannot be told.
    """
    from pyarrow.parquet import read_metadata

    source = pa.PythonFile(file, mode="r")
    try:
        footer = read_metadata(source)
        sizes = [footer.row_group(number).total_byte_size for number in range(footer.num_row_groups)]
    except (pa.ArrowException, OSError):
        # Who reads the file says so.
        return [None]
    finally:
        source.close()
    pieces: list[range | None] = []
    begin = gathered = 0
    for end, own in enumerate(sizes, 1):
        gathered += own
        if gathered >= size or end == len(sizes):
            pieces.append(range(begin, end))
            begin, gathered = end, 0
    return pieces if pieces[1:] else [None]


def _has_nul(texts: pa.StringArray) -> bool:
    """Whether there may be a NUL: bytes are looked through much sooner than texts."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return False
    ends = memoryview(offsets).cast("i")
    begin, end = ends[texts.offset], ends[texts.offset + len(texts)]
    return b"\0" in data.slice(begin, end - begin).to_pybytes()


def _check_rows(parquet: ParquetFile) -> None:
    """That the footer counts as many rows as its row groups have.

    Raises:
        ArrowInvalid: It does not.
    """
    footer = parquet.metadata
    rows = sum(footer.row_group(number).num_rows for number in range(footer.num_row_groups))
    _check_equal(footer.num_rows, rows, "the file")


def _check_equal(stated: int, rows: int, part: str) -> None:
    if stated != rows:
        has = f"the footer says that {part} has {counted(stated, 'row')}"
        raise pa.ArrowInvalid(f"{has}, and there {'is' if rows == 1 else 'are'} {rows:,}")


def kind_of(stored: pa.DataType) -> str:
    """What a column of an Arrow type holds: `text`, a name of a type, or `other`."""
    if pa.types.is_dictionary(stored):
        stored = stored.value_type
    return next((name for name, tests in _KINDS.items() if any(test(stored) for test in tests)), "other")


class _Column:
    """A column of the file: `kind` is what its Arrow type holds, `fits` whether the field can have that."""

    def __init__(self, stored: pa.DataType, field: FieldDescriptor, missing: str | None) -> None:
        self._given = (stored, field, missing)
        self.field = field
        self.type = readable_type(field)
        self.kind = kind_of(stored)
        self.fits = self.kind in ("text", "null") or self.kind in self.type.native_kinds
        self._missing = missing

    def __reduce__(self) -> tuple[Any, ...]:
        """The type of the field is made anew in another process."""
        return _Column, self._given

    def texts(self, values: pa.Array) -> pa.StringArray:
        """The values as text, a null as the first text that says so; nulls where the column does not fit."""
        if not self.fits:
            return pa.nulls(len(values), pa.string())
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if self.kind == "text" or (self.kind in _CAST and self.type.is_plain(self.field)):
            texts = values.cast(pa.string())
        elif not self.type.is_plain(self.field):
            texts = self._write(values)
        elif self.kind == "number":
            texts = self._numbers(values)
        else:
            texts = self._write(values)
        return texts if self._missing is None else pc.fill_null(texts, self._missing)

    def _numbers(self, values: pa.Array) -> pa.StringArray:
        """Numbers as Arrow writes them, where that is without an exponent or needless zeros."""
        if pa.types.is_floating(values.type):
            values = values.cast(pa.float64())
        texts = values.cast(pa.string())
        plain = matches(texts, _NUMBER if self.field.type == "number" else _SHORTEST_NUMBER)
        if all_true(plain):
            return texts
        others = pc.invert(pc.fill_null(plain, TRUE))
        return pc.replace_with_mask(texts, others, self._write(values.filter(others)))

    def _write(self, values: pa.Array) -> pa.StringArray:
        write = _WRITERS.get(self.kind, _written)
        return text_column(
            [
                None
                if value is None
                else (value if isinstance(value, str) else write(self.type, value)).encode()
                for value in _natives(values)
            ]
        )


def _is_not_utf_8(texts: pa.StringArray) -> pa.BooleanArray | None:
    """Where bytes are no text, which nobody looked at before; `None` for nowhere."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        cells = texts.cast(pa.binary()).to_pylist()
        return pa.array([cell is not None and _is_wrong(cell) for cell in cells], pa.bool_())
    return None


def _is_wrong(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return True
    return False


def _natives(values: pa.Array) -> list[Any]:
    """The values in Python; those that Python has not, of nanoseconds or after the year 9999, as texts."""
    if pa.types.is_duration(values.type):
        from casetrail.types.table_schema.duration import Duration

        second = _UNITS[values.type.unit]
        counts = values.cast(pa.int64()).to_pylist()
        return [None if count is None else Duration(0, Decimal(count) / second) for count in counts]
    try:
        natives: list[Any] = values.to_pylist()
    except (ValueError, OverflowError):
        return [_native(value) for value in values]
    return natives


def _native(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return f"{value.type} with a text that is not UTF-8"
    except (ValueError, OverflowError):
        text = str(value.cast(pa.string()))
        return text.strip("<>") if text.startswith("<") else text.replace(" ", "T")


def _written(of: FieldType[Any], value: Any) -> str:
    """A value of the type of the field in its form; of a field of any type in the plain form."""
    if of.field.type == "any":
        return str(value).lower() if isinstance(value, bool) else str(value)
    return of.write(value)


def _number(of: FieldType[Any], value: float | Decimal | int) -> str:
    # The shortest text that is this float: 0.1, and not all the digits of its binary fraction.
    number = Decimal(repr(value).removesuffix(".0")) if isinstance(value, float) else Decimal(value)
    if of.field.type == "number":
        return of.write(number)
    return str(int(number)) if number.is_finite() and number == int(number) else str(number)


def _json(of: FieldType[Any], value: Any) -> str:
    raw = dict(value) if of.field.type in ("object", "geojson") else value
    try:
        return of.json_text(raw)
    except (ValueProblem, TypeError):
        # No value of the field, which the check of its type says.
        return json.dumps(raw, ensure_ascii=False, default=str)


_WRITERS: dict[str, Callable[[FieldType[Any], Any], str]] = {
    "number": _number,
    "integer": _number,
    "list": _json,
    "object": _json,
}
