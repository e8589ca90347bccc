"""The header of a file against the fields of its schema (standard: `table-schema.mdx`, "fieldsMatch")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from casetrail.standard.dialect import CsvForm
from casetrail.standard.near_miss import near_miss
from casetrail.standard.schema import TableSchema
from casetrail.tables.structure import Reporter

_MOST_COMPARED = 20_000
_OTHER_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", ":": "colons"}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column of the file belongs to which name; `None` for a field that the file does not have."""

    names: tuple[str, ...]
    order: tuple[int | None, ...]

    @property
    def in_file(self) -> tuple[int | None, ...] | None:
        """The column of the file of each name, from 1; `None` where names and columns are in one order."""
        if self.order == tuple(range(len(self.order))):
            return None
        return tuple(None if index is None else index + 1 for index in self.order)


def match_header(
    labels: Sequence[str], schema: TableSchema | None, form: CsvForm, reporter: Reporter, *, line: int = 1
) -> ColumnMap | None:
    """Hold the labels of the header against the schema and report every difference.

    `None` where it cannot be told which column belongs to which field; the records are not read then. An
    extra or misnamed column or another order is an error, but hinders reading only where it leaves a doubt.
    """
    header = _Header(labels, schema.field_names if schema else (), reporter, line)
    if schema is None:
        header.check_labels()
        return ColumnMap(tuple(labels), tuple(range(len(labels))))
    if header.wrong_delimiter(form):
        return None
    header.check_labels()
    how = schema.fields_match
    if how == "exact":
        return header.exact()
    header.differences(missing=how in ("equal", "subset"), extra=how in ("equal", "superset"))
    found = [name for name in header.fields if name in header.places]
    if how == "partial" and not found:
        header.report("header-mismatch", "no column has the name of a field of the schema")
    if not found or len(set(header.fields)) < len(header.fields):
        return None
    if len(found) < len(header.fields) and how in ("equal", "subset"):
        return None
    if any(len(header.places[name]) > 1 for name in found):
        return None
    order = [header.places[name][0] if name in header.places else None for name in header.fields]
    return ColumnMap(header.fields, tuple(order))


def joined_labels(rows: Sequence[tuple[str, ...]], join: str) -> tuple[str, ...]:
    """The labels of a header of several rows (`table-dialect.mdx`, "headerRows", "headerJoin").

    A row that is shorter than the widest speaks with its last cell for all columns behind, as a title above
    them does; an empty cell adds nothing.
    """
    if len(rows) == 1:
        return rows[0]
    width = max(len(row) for row in rows)
    parts = [[row[min(index, len(row) - 1)] for row in rows] for index in range(width)]
    return tuple(join.join(part for part in column if part) for column in parts)


def as_spelt(labels: Sequence[str], fields: Sequence[str]) -> tuple[str, ...]:
    """The labels as the schema spells them, where version 1 said that case does not matter."""
    spelt = {field.casefold(): field for field in reversed(fields)}
    known = frozenset(fields)
    return tuple(label if label in known else spelt.get(label.casefold(), label) for label in labels)


class _Header:
    def __init__(self, labels: Sequence[str], fields: tuple[str, ...], reporter: Reporter, line: int) -> None:
        self.labels = labels
        self.fields = fields
        self.times = Counter(fields)
        self.places: dict[str, list[int]] = {}
        for index, label in enumerate(labels):
            self.places.setdefault(label, []).append(index)
        self._reporter = reporter
        self._line = line

    def report(
        self,
        code: str,
        message: str,
        *,
        column: int | None = None,
        field: str | None = None,
        value: str | None = None,
        hint: str | None = None,
    ) -> None:
        self._reporter.add(
            code, message, row=1, line=self._line, column=column, field=field, value=value, hint=hint
        )

    def wrong_delimiter(self, form: CsvForm) -> bool:
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
        """Labels that are wrong whatever the schema says."""
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

    def exact(self) -> ColumnMap | None:
        """Columns by their order; what is called otherwise but stands in its place is read all the same."""
        labels, fields = tuple(self.labels), self.fields
        if labels == fields:
            return ColumnMap(fields, tuple(range(len(fields))))
        known = all(label in self.times for label in labels)
        if known and sorted(labels) == sorted(fields):
            self._order()
        else:
            self.differences(missing=True, extra=True, in_place=len(labels) == len(fields))
        in_place = len(labels) == len(fields) and all(
            label == field or label not in self.times for label, field in zip(labels, fields, strict=True)
        )
        if in_place:
            return ColumnMap(fields, tuple(range(len(fields))))
        if all(len(self.places.get(field, ())) == 1 for field in fields) and len(set(fields)) == len(fields):
            return ColumnMap(fields, tuple(self.places[field][0] for field in fields))
        return None

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
            f"the columns stand in another order than the fields of the schema: column {index + 1} is "
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
