"""Tables in JSON: an array of records, or one record a line (standard: `data-resource.mdx`, "Tabular")."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from casetrail.findings.sentences import counted
from casetrail.standard.dialect import CsvForm, Dialect
from casetrail.standard.json_reader import JsonError, JsonReader, json_kind, skip_space
from casetrail.standard.limits import MAX_CELL, MAX_COLUMNS
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.tables.header import Header, match_header
from casetrail.tables.record_reader import AcceptedRecords
from casetrail.tables.reporter import Reporter, excerpt
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import ANY, readable_type

CODES = {
    "json-syntax": "The data of a table are not JSON, or have no array of records where one must be. "
    "Mend the JSON at the place that the message names.",
    "json-record": "An item of a JSON table is not a record: neither an object nor an array of cells. "
    "Write each record as an object, or as an array of cells.",
    "json-value": "A JSON value is of a kind that its field does not have. "
    "Write it in the form of the field's type.",
    "json-duplicate-name": "An object in a JSON table has the same property twice. Remove one of the two.",
}

_RECORDS = 10_000

_Report = Callable[..., None]
"""Reports a finding about one record."""


class _Shape(NamedTuple):
    """What the first record says of all: whether they are objects (`keyed`), and which columns there are.

    `known` are the labels of the columns, `types` their types and the text that says in each that a value is
    missing.
    """

    keyed: bool
    header: Header
    known: frozenset[str]
    types: tuple[tuple[FieldType[Any], bytes | None], ...]


class JsonTable:
    """Reads the texts of one table one after the other; `complete` says whether the last came to its end.

    Rows count as in a spreadsheet: the header, or the names of the properties, are row 1. Lines are those of
    the text. A property that an object does not have is no value, as `null` is.
    """

    def __init__(self, dialect: Dialect, schema: TableSchema | None, *, by_line: bool) -> None:
        self.complete = False
        self._dialect = dialect
        self._schema = schema
        self._by_line = by_line
        self._reader = JsonReader()
        self._shape: _Shape | None = None
        self._properties: set[str] = set()

    def batches(
        self, text: str, reporter: Reporter, start: int = 0, *, inside: bool = False
    ) -> Iterator[TextBatch]:
        """The records of the JSON value at a place of a text; findings go to the reporter.

        `inside` says that the value is a part of a larger text, so that more may follow it.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        self.complete = False
        shape, accepted = self._shape, AcceptedRecords(0, 1)

        def report(code: str, message: str, **more: Any) -> None:
            reporter.add(code, message, row=accepted.next_row, line=accepted.next_line, **more)

        try:
            values = self._lines(text, start) if self._by_line else self._items(text, start, inside)
            for accepted.next_line, value in values:
                if shape is None:
                    shape = self._shape = self._first(value, reporter, accepted.next_line)
                    if shape is None:
                        return
                if accepted.next_row == 0:
                    accepted.next_row = 2 if shape.keyed or self._dialect.header else 1
                    if not shape.keyed and self._dialect.header and value == list(shape.header.labels):
                        continue
                cells = self._record(value, shape, report)
                if cells is not None:
                    accepted.cells.append(cells)
                    accepted.rows.append(accepted.next_row)
                    accepted.lines.append(accepted.next_line)
                accepted.next_row += 1
                if len(accepted.rows) >= _RECORDS:
                    yield shape.header.text_batch(accepted, reporter.path)
                    accepted = AcceptedRecords(accepted.next_row, 1)
        except JsonError as error:
            line = text.count("\n", 0, error.offset) + 1
            message = f"this is not JSON as a table needs it: {error.reason}"
            reporter.add("json-syntax", message, line=line)
        else:
            self.complete = True
        if accepted.rows and shape is not None:
            yield shape.header.text_batch(accepted, reporter.path)

    def finish(self, reporter: Reporter) -> None:
        """After the last text: a field that no object has is a missing column, where the schema wants all."""
        if not self.complete or self._shape is None or not self._shape.keyed or self._schema is None:
            return
        if self._schema.fields_match in ("superset", "partial"):
            return
        for name in self._shape.header.labels:
            if name not in self._properties:
                message = f"no record has a property '{name}', which is a field of the schema"
                reporter.add("header-missing-column", message, row=1, field=name)

    def _items(self, text: str, start: int, inside: bool) -> Iterator[tuple[int, Any]]:
        """The items of the array, each with its line."""
        position = skip_space(text, start)
        if self._dialect.property is not None:
            inner, behind = self._reader.member(text, position, self._dialect.property)
            if inner is None:
                raise JsonError(f"there is no property '{self._dialect.property}'", position)
            items = self._reader.items(text, inner)
        else:
            behind = -1
            items = self._reader.items(text, position)
        line, counted = 1, 0
        while True:
            try:
                offset, value = next(items)
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

    def _first(self, value: Any, reporter: Reporter, line: int) -> _Shape | None:
        """Learn from the first item which columns there are; `None` where that cannot be told."""
        dialect, schema, keyed = self._dialect, self._schema, isinstance(value, dict)
        problem: tuple[str, str] | None = None
        if not isinstance(value, dict | list):
            problem = "json-record", f"this is {json_kind(value)}, but a record is needed"
        elif dialect.item_type not in (None, "object" if keyed else "array"):
            reason = (
                f"the dialect says that records are of the type '{dialect.item_type}', and this one is not"
            )
            problem = "json-record", reason
        elif len(value) > MAX_COLUMNS:
            reason = f"the record has {len(value):,} columns, and no more than {MAX_COLUMNS:,} are read"
            problem = "too-many-columns", reason
        elif dialect.header and not keyed and not all(isinstance(cell, str) for cell in value):
            problem = "json-record", "the first array is the header, and each of its items has to be a name"
        if problem is not None:
            reporter.add(*problem, row=1, line=line)
            return None
        header: Header | None
        if keyed:
            names = dialect.item_keys or tuple(value)
            header = Header.of(names if schema is None else schema.field_names, in_columns=False)
        elif dialect.header:
            header = match_header(tuple(value), schema, CsvForm(), reporter, line=line)
        else:
            numbered = [f"field{number}" for number in range(1, len(value) + 1)]
            header = Header.of(schema.field_names if schema else numbered)
        if header is None:
            return None
        fields = {} if schema is None else {field.name: field for field in reversed(schema.fields)}
        types = []
        for label in header.labels:
            field = fields.get(label, ANY)
            missing = schema.missing(field) if schema is not None else ("",)
            types.append((readable_type(field), missing[0].encode() if missing else None))
        return _Shape(keyed, header, frozenset(header.labels), tuple(types))

    def _record(self, value: Any, shape: _Shape, report: _Report) -> list[bytes | None] | None:
        """The cells of a record, or `None` and a report where it is wrong."""
        labels = shape.header.labels
        if isinstance(value, dict):
            self._properties.update(value)
        if self._reader.duplicates:
            name = self._reader.duplicates[0][:100]
            message = f"the property '{name}' is in one object twice, and only the last would count"
            report("json-duplicate-name", message, value=name)
            return None
        if isinstance(value, dict) and shape.keyed:
            if not self._names_fit(value, shape, report):
                return None
            values = [value.get(name) for name in labels]
        elif isinstance(value, list) and not shape.keyed:
            values = value
            if len(values) != len(labels):
                code = "missing-cell" if len(values) < len(labels) else "extra-cell"
                report(code, f"the record has {counted(len(values), 'cell')}, and {len(labels)} are needed")
                return None
        else:
            needed = "an object" if shape.keyed else "an array of cells"
            report("json-record", f"this is {json_kind(value)}, but {needed} is needed")
            return None
        cells: list[bytes | None] = []
        good = True
        for raw, (of, missing) in zip(values, shape.types, strict=True):
            try:
                if raw is None:
                    cells.append(missing)
                    continue
                data = (raw if isinstance(raw, str) else of.json_text(raw)).encode()
                cells.append(data)
                if b"\0" not in data and len(data) <= MAX_CELL:
                    continue
                problem = "nul-byte", "the value contains a NUL"
                if len(data) > MAX_CELL:
                    reason = f"the cell has {len(data):,} bytes, and no more than {MAX_CELL:,} are read"
                    problem = "cell-too-long", reason
            except ValueProblem as error:
                kind = f"which a field of the type '{of.field.type}' does not have"
                problem = "json-value", f"the value is {error.reason}, {kind}"
                data = json.dumps(raw, ensure_ascii=False).encode()
                cells.append(None)
            good = False
            column = None if shape.keyed else len(cells)
            report(*problem, column=column, field=labels[len(cells) - 1], value=excerpt(data))
        return cells if good else None

    def _names_fit(self, value: dict[str, Any], shape: _Shape, report: _Report) -> bool:
        """Whether the object has no property that is no column."""
        how = "exact" if self._schema is None else self._schema.fields_match
        if value.keys() <= shape.known or how in ("subset", "partial") or self._dialect.item_keys is not None:
            return True
        for name in (name for name in value if name not in shape.known):
            message = f"the record has a property '{name[:100]}', which is no field of the table"
            report("extra-cell", message, value=name, hint=did_you_mean(name, shape.header.labels))
        return False


def inline_data(text: str, name: str) -> int:
    """Where the inline data of a resource start in the text of its descriptor."""
    reader = JsonReader()
    start, _ = reader.member(text, skip_space(text, 0), "resources")
    for offset, resource in reader.items(text, start) if start is not None else ():
        if isinstance(resource, dict) and resource.get("name") == name:
            place, _ = reader.member(text, offset, "data")
            if place is not None:
                return place
    raise JsonError(f"the descriptor has no data for '{name}'", 0)
