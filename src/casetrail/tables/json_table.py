"""Tables in JSON: an array of records, or one record a line (standard: `data-resource.mdx`, "Tabular")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casetrail.standard.dialect import MAX_CELL, MAX_COLUMNS, CsvForm, Dialect
from casetrail.standard.json_reader import JsonError, JsonReader, json_kind, skip_space
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.tables.cells import CellParser
from casetrail.tables.header import ColumnMap, match_header
from casetrail.tables.places import whole_numbers
from casetrail.tables.structure import Reporter, excerpt
from casetrail.types.field_type import FieldType
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.registry import field_type

CODES = {
    "json-syntax": "The data of a table are not JSON, or have no array of records where one must be.",
    "json-record": "An item of a JSON table is not a record: neither an object nor an array of cells.",
    "json-value": "A JSON value is of a kind that its field does not have.",
    "json-duplicate-name": "An object in a JSON table has the same property twice.",
}

_NULL = "\\N"
_BATCH = 10_000
_ANY = FieldDescriptor(name="any")


@dataclass(slots=True)
class _Batch:
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)


class JsonTable:
    """Reads one JSON text as a table; has the face of `CsvReader`.

    Rows count as in a spreadsheet: the header, or the names of the properties, are row 1. Lines are those of
    the text. A property that an object does not have is no value, as `null` is.
    """

    _reporter: Reporter

    def __init__(self, dialect: Dialect, schema: TableSchema | None, *, by_line: bool) -> None:
        self.records = 0
        self.rows_met = 0
        self.complete = False
        self._dialect = dialect
        self._schema = schema
        self._by_line = by_line
        self._columns: ColumnMap | None = None
        self._labels: tuple[str, ...] = ()
        self._seen: set[str] = set()
        self._known: frozenset[str] = frozenset()
        self._types: list[tuple[FieldType[Any], str | None]] = []
        self._keyed: bool | None = None
        self._reader = JsonReader()

    def batches(
        self, text: str, reporter: Reporter, start: int = 0, *, inside: bool = False
    ) -> Iterator[TextBatch]:
        """The records of the JSON value at a place of a text; findings go to the reporter.

        `inside` says that the value is a part of a larger text, so that more may follow it.
        """
        found = self._lines(text, start) if self._by_line else self._items(text, start, inside)
        batch = _Batch()
        row = 0
        self._reporter = reporter
        self.complete = False
        try:
            for line, value in found:
                if self._columns is None:
                    if not self._start(value, line):
                        return
                    self._describe()
                if row == 0:
                    row = 2 if self._keyed or self._dialect.header else 1
                    if not self._keyed and self._dialect.header and value == list(self._labels):
                        continue
                self.rows_met += 1
                record = self._record(value, row, line)
                if record is not None:
                    batch.rows.append(row)
                    batch.lines.append(line)
                    batch.records.append(record)
                row += 1
                if len(batch.rows) >= _BATCH:
                    yield self._text_batch(batch)
                    batch = _Batch()
        except JsonError as error:
            line = text.count("\n", 0, error.offset) + 1
            message = f"this is not JSON as a table needs it: {error.reason}"
            self._reporter.add("json-syntax", message, line=line)
        else:
            self.complete = True
        if batch.rows:
            yield self._text_batch(batch)

    def _items(self, text: str, start: int, inside: bool) -> Iterator[tuple[int, Any]]:
        """The items of the array, each with its line."""
        position = skip_space(text, start)
        if self._dialect.property is not None:
            inner, behind = self._reader.member(text, position, self._dialect.property)
            if inner is None:
                raise JsonError(f"there is no property '{self._dialect.property}'", position)
            found = self._reader.items(text, inner)
        else:
            behind = -1
            found = self._reader.items(text, position)
        line, counted = 1, 0
        while True:
            try:
                offset, value = next(found)
            except StopIteration as stop:
                behind = stop.value if behind < 0 else behind
                break
            line += text.count("\n", counted, offset)
            counted = offset
            yield line, value
        if not inside and behind != len(text):
            raise JsonError("something follows the end of the data", behind)

    def _lines(self, text: str, start: int) -> Iterator[tuple[int, Any]]:
        """One value for each line of JSON lines; the end of the text may be a line end."""
        position, number = start, 1
        while position < len(text):
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            line = text[position:end]
            begin = skip_space(line, 0)
            if begin == len(line):
                raise JsonError("the line is empty", position)
            try:
                value, behind = self._reader.value(line, begin)
            except JsonError as error:
                raise JsonError(error.reason, position + error.offset) from None
            if behind < len(line):
                raise JsonError("something follows the record in its line", position + behind)
            yield number, value
            position, number = end + 1, number + 1

    def _start(self, value: Any, line: int) -> bool:
        """Learn from the first item which columns there are; false where that cannot be told."""
        self._keyed = isinstance(value, dict)
        if not isinstance(value, dict | list):
            self._tell_kind(value, 1, line)
            return False
        wanted = self._dialect.item_type
        if wanted is not None and wanted != ("object" if self._keyed else "array"):
            message = f"the dialect says that records are of the type '{wanted}', and this one is not"
            self._reporter.add("json-record", message, row=1, line=line)
            return False
        if len(value) > MAX_COLUMNS:
            message = f"the record has {len(value):,} columns, and no more than {MAX_COLUMNS:,} are read"
            self._reporter.add("too-many-columns", message, row=1, line=line)
            return False
        if self._keyed:
            names = self._dialect.item_keys or tuple(value)
            self._labels = names if self._schema is None else self._schema.field_names
            self._columns = ColumnMap(self._labels, tuple(range(len(self._labels))))
            return True
        if self._dialect.header:
            if not all(isinstance(cell, str) for cell in value):
                message = "the first array is the header, and each of its items has to be a name"
                self._reporter.add("json-record", message, row=1, line=line)
                return False
            self._labels = tuple(value)
            self._columns = match_header(self._labels, self._schema, CsvForm(), self._reporter, line=line)
            return self._columns is not None
        number = range(1, len(value) + 1)
        self._labels = self._schema.field_names if self._schema else tuple(f"field{n}" for n in number)
        self._columns = ColumnMap(self._labels, tuple(range(len(self._labels))))
        return True

    def _describe(self) -> None:
        """Look up the field of every column, once."""
        schema = self._schema
        fields = {} if schema is None else {field.name: field for field in reversed(schema.fields)}
        self._known = frozenset(self._labels)
        for label in self._labels:
            field = fields.get(label, _ANY)
            missing = schema.missing(field) if schema is not None else ("",)
            self._types.append((_type_of(field), missing[0] if missing else None))

    def _record(self, value: Any, row: int, line: int) -> bytes | None:
        """The record as a line of text for the parser of cells, or `None` where it is wrong."""
        if isinstance(value, dict):
            self._seen.update(value)
        if self._reader.duplicates:
            name = self._reader.duplicates[0][:100]
            message = f"the property '{name}' stands twice in one object, and only the last would count"
            self._reporter.add("json-duplicate-name", message, row=row, line=line, value=name)
            return None
        if self._keyed and isinstance(value, dict):
            if not self._names_fit(value, row, line):
                return None
            cells = [value.get(name) for name in self._labels]
        elif not self._keyed and isinstance(value, list):
            cells = value
            if len(cells) != len(self._labels):
                code = "missing-cell" if len(cells) < len(self._labels) else "extra-cell"
                message = f"the record has {len(cells)} cells, and {len(self._labels)} are needed"
                self._reporter.add(code, message, row=row, line=line)
                return None
        else:
            self._tell_kind(value, row, line)
            return None
        return self._line(cells, row, line)

    def _line(self, cells: list[Any], row: int, line: int) -> bytes | None:
        texts: list[bytes] = []
        good = True
        for index, (value, (of, missing)) in enumerate(zip(cells, self._types, strict=True)):
            try:
                text = missing if value is None else of.json_text(value)
            except ValueProblem as problem:
                kind = f"which a field of the type '{of.field.type}' does not have"
                message = f"the value is {problem.reason}, {kind}"
                good = self._tell("json-value", message, index, row, line, repr(value).encode())
                continue
            if text is None:
                texts.append(_NULL.encode())
                continue
            data = text.encode()
            if b"\0" in data:
                good = self._tell("nul-byte", "the value contains a NUL", index, row, line, data)
            elif len(data) > MAX_CELL:
                message = f"the cell has {len(data):,} bytes, and no more than {MAX_CELL:,} are read"
                good = self._tell("cell-too-long", message, index, row, line, data)
            else:
                texts.append(b'"' + data.replace(b'"', b'""') + b'"')
        return b",".join(texts) if good else None

    def _names_fit(self, value: dict[str, Any], row: int, line: int) -> bool:
        """Whether the object has no property that is no column."""
        how = "exact" if self._schema is None else self._schema.fields_match
        if how in ("subset", "partial") or self._dialect.item_keys is not None:
            return True
        good = True
        for name in value:
            if name in self._known:
                continue
            message = f"the record has a property '{name[:100]}', which is no field of the table"
            hint = did_you_mean(name, self._labels)
            self._reporter.add("extra-cell", message, row=row, line=line, value=name[:200], hint=hint)
            good = False
        return good

    def finish(self, reporter: Reporter) -> None:
        """After the last text: a field that no object has is a missing column, where the schema wants all."""
        if (
            not self.complete
            or not self._keyed
            or self._schema is None
            or self._schema.fields_match in ("superset", "partial")
        ):
            return
        for name in self._labels:
            if name not in self._seen:
                message = f"no record has a property '{name}', which is a field of the schema"
                reporter.add("header-missing-column", message, row=1, field=name)

    def _tell_kind(self, value: Any, row: int, line: int) -> None:
        wanted = "a record" if self._keyed is None else "an object" if self._keyed else "an array of cells"
        self._reporter.add(
            "json-record", f"this is {json_kind(value)}, but {wanted} is needed", row=row, line=line
        )

    def _tell(self, code: str, message: str, index: int, row: int, line: int, value: bytes) -> bool:
        name = self._labels[index]
        shown = excerpt(value)
        self._reporter.add(code, message, row=row, line=line, column=index + 1, field=name, value=shown)
        return False

    def _text_batch(self, batch: _Batch) -> TextBatch:
        assert self._columns is not None
        columns = self._columns
        parser = CellParser(CsvForm(), len(self._labels), columns.names, columns.order, null_mark=_NULL)
        cells = parser.parse(b"\n".join(batch.records) + b"\n", quoted=True)
        self.records += cells.num_rows
        rows, lines = batch.rows, batch.lines
        whole = rows[-1] - rows[0] + 1 == len(rows)
        return TextBatch(
            cells,
            self._reporter.path,
            rows[0],
            None if rows == lines else whole_numbers(lines),
            None if whole else whole_numbers(rows),
            (None,) * len(columns.names) if self._keyed else columns.in_file,
        )


def inline_data(text: str, name: str) -> int:
    """Where the inline data of a resource start in the text of its descriptor."""
    reader = JsonReader()
    start, _ = reader.member(text, skip_space(text, 0), "resources")
    for offset, resource in reader.items(text, start) if start is not None else ():
        if isinstance(resource, dict) and resource.get("name") == name:
            found, _ = reader.member(text, offset, "data")
            if found is not None:
                return found
    raise JsonError(f"the descriptor has no data for '{name}'", 0)


def _type_of(field: FieldDescriptor) -> FieldType[Any]:
    """The type of a field; where no value of it can be read, which is another finding, that of any value."""
    try:
        return field_type(field)
    except FieldProblem:
        return field_type(_ANY)
