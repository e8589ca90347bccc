"""The header of a file: its labels, and which field of the schema each of them is.

Standard: `table-schema.mdx`, "fieldsMatch"; `table-dialect.mdx`, "header", "headerRows", "headerJoin".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pyarrow as pa

from casetrail.standard.dialect import CsvForm
from casetrail.standard.near_miss import near_miss
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch, text_column
from casetrail.tables.partition import Partition
from casetrail.tables.record_reader import AcceptedRecords
from casetrail.tables.reporter import Reporter
from casetrail.types.arrow_arrays import whole_numbers

MAX_COMPARED = 20_000
"""How many pairs of a label and a field are compared at most."""
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
        spelling = len(absent) * len(self.labels) <= MAX_COMPARED
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
