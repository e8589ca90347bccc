"""The header of a file: its labels, and which field of the schema each of them is.

Standard: `table-schema.mdx`, "fieldsMatch"; `table-dialect.mdx`, "header", "headerRows", "headerJoin".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pyarrow as pa

from casetrail.standard.conflict_marker import KEEP_ONE, is_conflict_marker
from casetrail.standard.dialect import BOM, CsvForm
from casetrail.standard.limits import MAX_COLUMNS, MAX_RECORD
from casetrail.standard.near_miss import near_miss
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch, text_column
from casetrail.tables.file_blocks import FileBlocks
from casetrail.tables.kinds_of_file import kind_of_file
from casetrail.tables.partition import Partition, partition_of
from casetrail.tables.record_reader import AcceptedRecords, RecordReader
from casetrail.tables.reporter import Reporter
from casetrail.types.arrow_arrays import whole_numbers

_HEADER_BLOCK = 64 * 1024
_MOST_COMPARED = 20_000
_OTHER_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", ":": "colons"}


@dataclass(frozen=True, slots=True)
class Header:
    """The `labels` of the columns of a file, and the `names` of the columns of its text batches.

    `order` says from which cell of a record, counted from 0, each name is taken; `None` where the file does
    not have the field. With `in_columns` false the cells have no columns in the file, as in a JSON object.
    `constants` are the cells that all records have alike, by name.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    order: tuple[int | None, ...]
    in_columns: bool = True
    constants: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, labels: Sequence[str], *, in_columns: bool = True) -> Header:
        """A header whose labels are the names, in their order."""
        return cls(tuple(labels), tuple(labels), tuple(range(len(labels))), in_columns)

    def text_batch(
        self, accepted: AcceptedRecords, path: str, cells: pa.RecordBatch | None = None
    ) -> TextBatch:
        """Accepted records as a batch, with their `cells` where they have been parsed already."""
        rows, lines = accepted.rows, accepted.lines
        if cells is None:
            columns = [text_column(column) for column in zip(*accepted.cells, strict=True)]
            cells = self.batch(columns, len(rows))
        return TextBatch(
            cells,
            path,
            rows[0],
            None if rows == lines else whole_numbers(lines),
            None if rows[-1] - rows[0] + 1 == len(rows) else whole_numbers(rows),
            self.columns,
        )

    @property
    def columns(self) -> tuple[int | None, ...] | None:
        """The column of the file of each name, from 1; `None` where names and columns are in one order."""
        if not self.in_columns:
            return (None,) * len(self.names)
        if self.order == tuple(range(len(self.order))):
            return None
        return tuple(None if index is None else index + 1 for index in self.order)

    def batch(self, columns: Sequence[pa.Array], length: int) -> pa.RecordBatch:
        """So many records with the columns of the file, in the order and under the names that are wanted."""
        arrays = [
            pa.repeat(pa.scalar(self.constants.get(name), pa.string()), length) if at is None else columns[at]
            for name, at in zip(self.names, self.order, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, names=list(self.names))

    def within(self, partition: Partition | None) -> Header:
        """The header with the columns that the path of the file gives."""
        if partition is None:
            return self
        places = dict(zip(self.names, self.order, strict=True))
        order = tuple(places.get(name) for name in partition.names)
        return replace(self, names=partition.names, order=order, constants=partition.values)


def match_header(
    labels: Sequence[str],
    schema: TableSchema | None,
    form: CsvForm,
    reporter: Reporter,
    *,
    row: int = 1,
    line: int | None = 1,
) -> Header | None:
    """Hold the labels of the header against the schema and report every difference, at its row and line.

    `None` where it cannot be told which column belongs to which field; the records are not read then. A
    missing, extra or misnamed column or another order is an error, but hinders reading only where it leaves a
    doubt.
    """
    header = _Labels(labels, schema.field_names if schema else (), reporter, row, line)
    if schema is None:
        header.check_labels()
        return Header.of(labels)
    if header.has_other_delimiter(form):
        return None
    header.check_labels()
    how = schema.fields_match
    if how == "exact":
        return header.exact()
    header.differences(missing=how in ("equal", "subset"), extra=how in ("equal", "superset"))
    if how == "partial" and not any(name in header.places for name in header.fields):
        header.report("header-mismatch", "no column has the name of a field of the schema")
    return header.by_name()


class _Labels:
    """The labels of a header and the fields that they should be."""

    def __init__(
        self, labels: Sequence[str], fields: tuple[str, ...], reporter: Reporter, row: int, line: int | None
    ) -> None:
        self.labels = labels
        self.fields = fields
        self.times = Counter(fields)
        self.places: dict[str, list[int]] = {}
        for index, label in enumerate(labels):
            self.places.setdefault(label, []).append(index)
        self.report = partial(reporter.add, row=row, line=line)

    def has_other_delimiter(self, form: CsvForm) -> bool:
        """Whether the header is the expected one, but cut at another character."""
        if len(self.fields) < 2 or len(self.labels) > 1:
            return False
        own = form.delimiter.decode()
        for other, name in _OTHER_DELIMITERS.items():
            parts = [part.strip('" ') for part in self.labels[0].split(other)] if self.labels else []
            if other != own and len(parts) > 1 and set(parts) & set(self.fields):
                wanted = _OTHER_DELIMITERS.get(own, f"'{own}'")
                written = "\\t" if other == "\t" else other
                self.report(
                    "wrong-delimiter",
                    f"the cells are separated by {name}, but {wanted} are expected",
                    value=self.labels[0][:200],
                    hint=f'save the file with {wanted}, or declare "dialect": {{"delimiter": "{written}"}}',
                )
                return True
        return False

    def check_labels(self) -> None:
        """Report labels that are mistakes whatever the schema says."""
        for label, places in self.places.items():
            if not label.strip():
                for index in places:
                    self.report(
                        "header-blank", f"column {index + 1} has no name", column=index + 1, value=label
                    )
            elif len(places) > self.times[label] and len(places) > 1:
                columns = " and ".join(str(index + 1) for index in places)
                message = f"the columns {columns} have the same name '{label}'"
                self.report(
                    "header-duplicate-column", message, column=places[1] + 1, field=label, value=label
                )

    def exact(self) -> Header | None:
        """Columns by their order; one with another name in the place of a field is read all the same."""
        labels, fields = tuple(self.labels), self.fields
        if labels == fields:
            return Header(labels, fields, tuple(range(len(fields))))
        known = all(label in self.times for label in labels)
        if known and sorted(labels) == sorted(fields):
            self._order()
        else:
            self.differences(missing=True, extra=True, in_place=len(labels) == len(fields))
        in_place = len(labels) == len(fields) and all(
            label == field or label not in self.times for label, field in zip(labels, fields, strict=True)
        )
        if in_place:
            return Header(labels, fields, tuple(range(len(fields))))
        return self.by_name()

    def by_name(self) -> Header | None:
        """Columns by their names, where each name is there once; a field may have no column."""
        doubtful = len(set(self.fields)) < len(self.fields)
        if doubtful or not self.places or any(len(self.places.get(name, ())) > 1 for name in self.fields):
            return None
        order = tuple(self.places[name][0] if name in self.places else None for name in self.fields)
        return Header(tuple(self.labels), self.fields, order) if any(at is not None for at in order) else None

    def differences(self, *, missing: bool, extra: bool, in_place: bool = False) -> None:
        """Fields without a column and columns without a field; the two are paired where one is meant."""
        absent = dict.fromkeys(field for field in self.fields if field not in self.places)
        spelling = len(absent) * len(self.labels) <= _MOST_COMPARED
        if in_place:
            blank = {self.fields[index] for index, label in enumerate(self.labels) if not label.strip()}
            absent = dict.fromkeys(field for field in absent if field not in blank)
        strange = [
            (i, label) for i, label in enumerate(self.labels) if label not in self.times and label.strip()
        ]
        for index, label in strange:
            meant = near_miss(label.strip(" \ufeff"), absent) if spelling else None
            if meant is None and in_place and self.fields[index] in absent:
                meant = self.fields[index]
            if meant is not None:
                del absent[meant]
                message = f"column {index + 1} is called '{label}', the schema calls it '{meant}'"
                hint = f"rename the column to '{meant}'"
                if label.strip() == meant:
                    hint = "remove the spaces around the name"
                self.report("header-mismatch", message, column=index + 1, field=meant, value=label, hint=hint)
            elif extra:
                message = f"column {index + 1}, '{label}', is no field of the schema"
                hint = "remove the column, or describe it in the schema"
                self.report("header-extra-column", message, column=index + 1, value=label, hint=hint)
        if missing:
            for field in absent:
                message = f"the field '{field}' of the schema has no column"
                self.report("header-missing-column", message, field=field, hint=f"add the column '{field}'")

    def _order(self) -> None:
        index = next(i for i, label in enumerate(self.labels) if label != self.fields[i])
        message = (
            f"the columns are in another order than the fields of the schema: column {index + 1} is "
            f"'{self.labels[index]}', expected is '{self.fields[index]}'"
        )
        hint = "put the columns into the order of the schema"
        self.report(
            "header-order",
            message,
            column=index + 1,
            field=self.fields[index],
            value=self.labels[index],
            hint=hint,
        )


class HeaderReader:
    """Reads the header of one delimited file; the blocks begin with its first record afterwards.

    `crlf` says how lines end, by the first of them.
    """

    def __init__(
        self, blocks: FileBlocks, form: CsvForm, schema: TableSchema | None, reporter: Reporter
    ) -> None:
        self._partition = partition_of(reporter.path, schema)
        schema = schema if self._partition is None else self._partition.schema
        self.crlf = False
        self._blocks = blocks
        self._form = form
        self._fields = () if schema is None else schema.field_names
        self._schema = schema
        self._reporter = reporter

    def read(self, header: Header | None = None) -> Header | None:
        """The header, or `None` where the records cannot be read.

        A file that continues another is given the header of that one, and may repeat it.
        """
        if not self._begins_as_text():
            return None
        if self._form.header_rows is None:
            rows = self._rows(self._reporter.quiet())
            if header is None and self._schema is not None:
                header = Header.of(self._fields)
            elif header is None and rows is not None:
                header = Header.of([f"field{number}" for number in range(1, len(rows.cells[0]) + 1)])
        elif header is not None:
            rows = self._rows(self._reporter.quiet())
            if rows is not None and joined_labels(rows.cells, self._form, self._fields) == header.labels:
                rows = self._rows(self._reporter)
                self._use(rows)
        else:
            if self._blocks.data.startswith((b"\n", b"\r\n")):
                message = "the first line is empty; the header must be there"
                self._reporter.add("blank-line", message, row=1, line=1, hint="delete the line")
                return None
            rows = self._rows(self._reporter)
            self._use(rows)
            header = None if rows is None else self._match(rows)
        if rows is not None and rows.end.crlf:
            self.crlf = True
            if self._reporter.strict_bytes:
                message = "the lines end with CR LF; those of a Case Data Package end with LF"
                self._reporter.add(
                    "file-crlf", message, row=1, line=1, hint="save the file with LF line ends"
                )
        return None if header is None else header.within(self._partition)

    def _begins_as_text(self) -> bool:
        """Whether there is text, in an encoding that is read and with lines; passes over a BOM."""
        report, block = self._reporter.add, self._blocks.fill(_HEADER_BLOCK)
        kind = kind_of_file(block)
        if kind is not None:
            report("file-encoding", f"the file is {kind.words}", hint=kind.hint)
            return False
        if is_conflict_marker(block.partition(b"\n")[0]):
            report("conflict-marker", "the first line is a mark of git", row=1, line=1, hint=KEEP_ONE)
            return False
        if block.startswith(BOM):
            self._blocks.use(len(BOM), 1, 1)
            self._reporter.byte_order_mark('save it as UTF-8 without BOM; Excel\'s "CSV UTF-8" writes one')
        if not self._blocks.data and self._form.header_rows is not None:
            message = "the file is empty; at least a header must be in it"
            report("file-empty", message, hint="add the header")
            return False
        if b"\r" in block and b"\n" not in block and self._form.own_line_ends:
            message = "the lines end with CR alone, as on very old Macintosh systems"
            report("file-encoding", message, line=1, hint="save the file with LF line ends")
            return False
        return True

    def _rows(self, reporter: Reporter) -> _HeaderRows | None:
        """The rows of the header, or the first record where there is none; `None` if one is not in order."""
        blocks, numbers, rows = self._blocks, self._form.header_rows or (), _HeaderRows()
        end = AcceptedRecords(blocks.row, blocks.line)
        while True:
            reader = RecordReader(self._form, crlf=end.crlf)
            end = reader.read(
                blocks.data,
                end.next_row,
                end.next_line,
                reporter,
                last=blocks.at_end,
                start=end.consumed,
                only_first=True,
            )
            if end.judged:
                if not end.rows:
                    return None
                if not numbers or end.rows[0] in numbers:
                    rows.add(end)
                if rows.cells and (not numbers or end.rows[0] >= max(numbers)):
                    return rows
            elif blocks.at_end:
                reporter.add("file-empty", "there is no header in the file", hint="add the header")
                return None
            elif len(blocks.data) - end.consumed > MAX_RECORD:
                reporter.endless_record(end.next_row, end.next_line)
                return None
            else:
                blocks.fill(2 * len(blocks.data))

    def _use(self, rows: _HeaderRows | None) -> None:
        if rows is not None:
            self._blocks.use(rows.end.consumed, rows.end.next_row, rows.end.next_line)

    def _match(self, rows: _HeaderRows) -> Header | None:
        labels = joined_labels(rows.cells, self._form, self._fields)
        if len(labels) > MAX_COLUMNS:
            message = f"the header has {len(labels):,} columns, and no more than {MAX_COLUMNS:,} are read"
            self._reporter.add("too-many-columns", message, row=rows.row, line=rows.line)
            return None
        return match_header(labels, self._schema, self._form, self._reporter, row=rows.row, line=rows.line)


def joined_labels(rows: Sequence[tuple[str, ...]], form: CsvForm, fields: Sequence[str]) -> tuple[str, ...]:
    """The rows of a header joined to labels, spelt as the schema does where case does not matter.

    A row that is shorter than the widest speaks with its last cell for all columns behind, as a title above
    them does; an empty cell adds nothing.
    """
    labels = rows[0]
    if len(rows) > 1:
        width = range(max(map(len, rows)))
        columns = [[row[min(index, len(row) - 1)] for row in rows] for index in width]
        labels = tuple(form.header_join.join(filter(None, column)) for column in columns)
    if form.case_sensitive:
        return labels
    known = {field.casefold(): field for field in reversed(fields)}
    return tuple(label if label in fields else known.get(label.casefold(), label) for label in labels)


class _HeaderRows:
    """The cells of the rows of a header, where the first of them is, and what was read with the last."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, ...]] = []
        self.row = self.line = 1
        self.end = AcceptedRecords(1, 1)

    def add(self, record: AcceptedRecords) -> None:
        """Add a row; a header must be UTF-8 to be accepted."""
        if not self.cells:
            self.row, self.line = record.rows[0], record.lines[0]
        self.cells.append(tuple((cell or b"").decode() for cell in record.cells[0]))
        self.end = record
