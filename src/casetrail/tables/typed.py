"""Typed tables: text tables as Arrow columns of their types, with what the schema says of them attached.

Nothing behind a typed table parses text again. Types follow `ArrowColumn`; derived columns follow
`derived`. What a field is, the metadata of its Arrow field say: `type`, `format`, `title`,
`description`, `example`, `unit`, `rdfType`, `constraints`, `categories`, as JSON where they are not plain
text, and `derivedFrom` for a derived column. Metadata of the table is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.error import CasetrailError
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch, TextTable
from casetrail.tables.blocks import Workers
from casetrail.tables.derived import DerivedColumn, columns_after
from casetrail.types.arrow_arrays import text_array, without_missing
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType, NotAValue
from casetrail.types.problem import ValueProblem, quoted
from casetrail.types.registry import field_type

Result = TypeVar("Result")
Converted = TypeVar("Converted")
METADATA_KEYS = (
    *("type", "format", "title", "description", "example", "unit", "rdfType", "constraints", "categories"),
)
"""The properties of a field that its Arrow field carries."""


class TypedTable:
    """One table, typed. The data is read as a stream, never held as a whole except by `read_all`.

    Types are decided by the schema, and widened where values do not fit: a reading that meets such a value
    starts anew with the wider type. Whatever reads the data raises a `CasetrailError` with its place for a
    text that is no value of its field: validate first.
    """

    def __init__(
        self,
        source: TextTable,
        schema: TableSchema,
        *,
        derived: Sequence[DerivedColumn] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        self.source = source
        self.table_schema = schema
        self.metadata = dict(metadata or {})
        self._derived = columns_after(schema, derived)
        self._columns = [field_type(field).column() for field in schema.fields]
        self._missing = [text_array(schema.missing(field)) for field in schema.fields]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.source.name

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema as far as it is known: by the schema alone until the data has been read once."""
        fields: list[pa.Field] = []
        for column in self._columns:
            field = column.reader.field
            fields.append(pa.field(field.name, column.type, metadata=field_metadata(field)))
            fields += [further.arrow_field for further in self._derived.get(field.name, ())]
        return pa.schema(fields, metadata=self.metadata or None)

    def table_schema_json(self) -> str:
        """The Table Schema as JSON text, for formats that can carry it."""
        return json.dumps(self.table_schema.to_json(), ensure_ascii=False, separators=(",", ":"))

    def stream(self, consume: Callable[[pa.Schema, Iterator[pa.RecordBatch]], Result]) -> Result:
        """Hand schema and batches to `consume`, which is called anew when a value needs a wider type."""
        return self.stream_as(_as_it_is, consume)

    def stream_as(
        self,
        convert: Callable[[pa.RecordBatch], Converted],
        consume: Callable[[pa.Schema, Iterator[Converted]], Result],
    ) -> Result:
        """The same with what `convert` makes of each batch, in several threads."""
        while True:
            schema = self.schema
            try:
                return consume(schema, self._batches(schema, convert))
            except _Restart:
                self.settle()

    def settle(self) -> pa.Schema:
        """Read the data until every column has a type that all its values fit; the schema that results."""
        settled = False
        while not settled:
            before = list(self._columns)
            for batch in self.source.batches():
                for index in range(len(self._columns)):
                    self._fit(batch, index)
            settled = before == self._columns
        return self.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The batches of the settled table: the data is read at least twice; `stream` reads it once."""
        yield from self._batches(self.settle(), _as_it_is)

    def read_all(self) -> pa.Table:
        """The whole table in memory."""
        return self.stream(lambda schema, batches: pa.Table.from_batches(batches, schema))

    def _batches(
        self, schema: pa.Schema, convert: Callable[[pa.RecordBatch], Converted]
    ) -> Iterator[Converted]:
        """The batches, typed and converted side by side."""
        with Workers() as workers:
            try:
                yield from workers.map(
                    lambda batch: convert(self._type(schema, batch)), self.source.batches()
                )
            except _Widened as widened:
                self._columns[widened.index] = widened.to
                raise _Restart from None

    def _type(self, schema: pa.Schema, batch: TextBatch) -> pa.RecordBatch:
        columns: list[pa.Array] = []
        texts = [self._text(batch, index) for index in range(len(self._columns))]
        by_name = dict(zip(self.table_schema.field_names, texts, strict=True))
        for index, field in enumerate(self.table_schema.fields):
            try:
                columns.append(self._convert(batch, index, texts[index]))
            except NeedsWiderType as wider:
                raise _Widened(index, wider.to) from None
            columns += [self._derive(batch, column, by_name) for column in self._derived.get(field.name, ())]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _fit(self, batch: TextBatch, index: int) -> None:
        while True:
            try:
                self._convert(batch, index, self._text(batch, index))
            except NeedsWiderType as wider:
                self._columns[index] = wider.to
            else:
                return

    def _text(self, batch: TextBatch, index: int) -> pa.StringArray:
        return without_missing(batch.cells.column(index), self._missing[index])

    def _convert(self, batch: TextBatch, index: int, text: pa.StringArray) -> pa.Array:
        try:
            return self._columns[index].convert(text)
        except NotAValue as error:
            at = pc.index(text, error.text).as_py()
            raise _refusal(batch, at, self.table_schema.fields[index].name, str(error)) from None

    def _derive(
        self, batch: TextBatch, column: DerivedColumn, texts: Mapping[str, pa.StringArray]
    ) -> pa.Array:
        inputs = {name: texts[name] for name in column.inputs}
        try:
            return column.compute(inputs)
        except ValueProblem as problem:
            at = column.first_problem(inputs)
            values = " ".join(quoted(str(inputs[name][at])) for name in column.inputs)
            reason = f"{values} cannot be read: {problem.reason}"
            raise _refusal(batch, at, ", ".join(column.inputs), reason) from None


def _as_it_is(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def _refusal(batch: TextBatch, index: int, field: str, reason: str) -> CasetrailError:
    place = batch.place(index)
    return CasetrailError(
        f"{place.path}, row {place.row}, field '{field}': {reason}; "
        "run `casetrail validate` and mend what it finds",
        exit_code=1,
    )


class _Widened(Exception):
    """A column needs a wider type."""

    def __init__(self, index: int, to: ArrowColumn) -> None:
        super().__init__()
        self.index, self.to = index, to


class _Restart(Exception):
    """A column was widened: what was read so far has the wrong type."""


def field_metadata(field: FieldDescriptor) -> dict[str, str]:
    """What the schema says of a field, as text: plain where it is text, else JSON."""
    stated = {"type": field.type} | field.to_json()
    return {
        name: value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for name, value in ((name, stated[name]) for name in METADATA_KEYS if name in stated)
    }
