"""Tables in Parquet: the types of the columns first, from the footer, then the values as text.

A value is judged as the text that a file of text would have: the checks are those of every table. A column
whose type can hold no value of its field is one finding, and its values are not judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.sentences import counted
from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_CELL
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch, text_column
from casetrail.tables.header import Header, match_header
from casetrail.tables.partition import partition_of
from casetrail.tables.reporter import Reporter
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import ANY, readable_type

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

CODES = {
    "parquet-unreadable": "A file is no Parquet, is cut off, or its footer does not fit its data.",
    "parquet-type": "A column of a Parquet file has a type that can hold no value of its field.",
}

_RECORDS = 65_536
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
}
_CAST = frozenset({"text", "integer", "date"})
"""Kinds whose plain text Arrow writes as the standard has it."""


class ParquetTable:
    """Reads the files of one table one after the other.

    Rows count as in a spreadsheet, as if the names of the columns were row 1; `rows` is the number of records
    of the files that were read. `complete` says whether the last was read to its end.
    """

    def __init__(self, schema: TableSchema | None) -> None:
        self.complete = False
        self.rows = 0
        self._schema = schema

    def batches(self, file: IO[bytes], reporter: Reporter) -> Iterator[TextBatch]:
        """The records of a file; findings go to the reporter.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        from pyarrow.parquet import ParquetFile

        self.complete = False
        source = pa.PythonFile(file, mode="r")
        try:
            parquet = ParquetFile(source)
            _check_rows(parquet)
            partition = partition_of(reporter.path, self._schema)
            schema = self._schema if partition is None else partition.schema
            labels = parquet.schema_arrow.names
            header = match_header(labels, schema, CsvForm(), reporter, row=1, line=None)
            if header is None:
                return
            header = header.within(partition)
            columns = self._columns(parquet, header, reporter)
            row = 2
            for number in range(parquet.num_row_groups):
                part, first = f"row group {number}", row
                for batch in parquet.iter_batches(_RECORDS, row_groups=[number]):
                    texts = [
                        column.texts(values) for column, values in zip(columns, batch.columns, strict=True)
                    ]
                    self._report_unfit(texts, header, row, part, reporter)
                    cells = header.batch(texts, batch.num_rows)
                    yield TextBatch(cells, reporter.path, row, columns=header.columns, part=part)
                    row += batch.num_rows
                    self.rows += batch.num_rows
                _check_equal(parquet.metadata.row_group(number).num_rows, row - first, part)
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

    def _columns(self, parquet: ParquetFile, header: Header, reporter: Reporter) -> list[_Column]:
        fields = (
            {} if self._schema is None else {field.name: field for field in reversed(self._schema.fields)}
        )
        # The label of a column may be another than the name of its field (`fieldsMatch` exact).
        names = dict(zip(header.order, header.names, strict=True))
        columns = []
        for index, stored in enumerate(parquet.schema_arrow):
            name = names.get(index, stored.name)
            column = _Column(stored.type, fields.get(name, ANY), self._schema)
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

    def _report_unfit(
        self, texts: list[pa.StringArray], header: Header, first_row: int, part: str, reporter: Reporter
    ) -> None:
        """Report what no cell of a table may be, and take it out."""
        for index, column in enumerate(texts):
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            too_long = pc.greater(pc.binary_length(column), MAX_CELL) if longest > MAX_CELL else None
            nul = pc.match_substring(column, "\0")
            for code, mask, reason in (
                ("cell-too-long", too_long, f"the cell is longer than the {MAX_CELL:,} bytes that are read"),
                ("nul-byte", nul, "the value contains a NUL"),
            ):
                if mask is None or not pc.any(mask).as_py():
                    continue
                for at in pc.indices_nonzero(mask).to_pylist():
                    reporter.add(
                        code,
                        reason,
                        row=first_row + at,
                        column=index + 1,
                        field=header.labels[index],
                        part=part,
                    )
                texts[index] = column = pc.if_else(mask, pa.scalar(None, pa.string()), column)


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

    def __init__(self, stored: pa.DataType, field: FieldDescriptor, schema: TableSchema | None) -> None:
        if pa.types.is_dictionary(stored):
            stored = stored.value_type
        self.field = field
        self.type = readable_type(field)
        self.kind = kind_of(stored)
        self.fits = self.kind == "text" or self.kind in self.type.native_kinds
        missing = ("",) if schema is None else schema.missing(field)
        self._missing = missing[0] if missing else None

    def texts(self, values: pa.Array) -> pa.StringArray:
        """The values as text, a null as the first text that says so; nulls where the column does not fit."""
        if not self.fits:
            return pa.nulls(len(values), pa.string())
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if self.kind in _CAST and self.type.is_plain(self.field):
            texts = values.cast(pa.string())
        else:
            write = _WRITERS.get(self.kind, _written)
            texts = text_column(
                [None if value is None else write(self.type, value).encode() for value in values.to_pylist()]
            )
        return texts if self._missing is None else pc.fill_null(texts, self._missing)


def _written(of: FieldType[Any], value: Any) -> str:
    """A value of the type of the field in its form; of a field of any type in the plain form."""
    if of.field.type == "any":
        return str(value).lower() if isinstance(value, bool) else str(value)
    return of.write(value)


def _number(of: FieldType[Any], value: float | Decimal | int) -> str:
    # The shortest text that is this float: 0.1, and not all the digits of its binary fraction.
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
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


def _same(of: FieldType[Any], value: str) -> str:
    return value


_WRITERS: dict[str, Callable[[FieldType[Any], Any], str]] = {
    "text": _same,
    "number": _number,
    "integer": _number,
    "list": _json,
    "object": _json,
}
