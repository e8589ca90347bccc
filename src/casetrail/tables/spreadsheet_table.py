"""Tables in spreadsheets: one sheet of an `.xlsx` or `.ods` file ("Spreadsheet" in `table-dialect.mdx`).

The cells of a spreadsheet have kinds of their own. A text is read as a file of text has it; a number, date,
time or truth value becomes the text of its field's type, with no regard to how it is shown: 12 % is 0.12. A
kind that the field does not have is a finding: what was typed is no longer known (a number in a column of
texts may have been 007). An error (`#REF!`), and a formula whose result is not stored, are no values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import IO, Any

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.sentences import counted
from casetrail.standard.dialect import CsvForm, Dialect
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch, cell_name
from casetrail.tables.blocks import BatchBlock
from casetrail.tables.header import Header, match_header
from casetrail.tables.header_reader import is_header, joined_labels
from casetrail.tables.record_reader import AcceptedRecords
from casetrail.tables.reporter import Reporter, excerpt
from casetrail.tables.spreadsheet import Spreadsheet
from casetrail.tables.spreadsheet_form import SheetForm
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import ANY, readable_type

_RECORDS = 10_000
_EXACT = 2**53
_FIRST_SAFE_DAY = dt.date(1900, 3, 1)
_FIRST_DAY = dt.date(1899, 12, 30)


@dataclass(slots=True)
class SheetReporter(Reporter):
    """A reporter about one sheet: a place is a cell of it, such as `Sheet1!C7`."""

    sheet: str = ""

    def add(self, code: str, message: str, **more: Any) -> None:
        """Report one finding; see `Reporter`."""
        more.pop("line", None)
        row, column = more.get("row"), more.get("column")
        part = self.sheet if row is None or column is None else f"{self.sheet}!{cell_name(row, column)}"
        Reporter.add(self, code, message, **{"part": part, **more})


@dataclass
class _Columns:
    """The columns of the sheet: the header, and the type of each cell with the text of a missing value."""

    header: Header
    types: list[tuple[FieldType[Any], str]] = field(default_factory=list)


class SpreadsheetTable:
    """Reads the files of one table one after the other. `rows` are the records that there are.

    Rows and columns are those of the sheet. `complete` says whether the last file was read to its end.
    """

    def __init__(self, dialect: Dialect, schema: TableSchema | None) -> None:
        self.complete: bool | None = None
        self.rows = 0
        self._dialect = dialect
        self._form = CsvForm.of(dialect)
        self._schema = schema

    def blocks(self, file: IO[bytes], reporter: Reporter) -> Iterator[BatchBlock]:
        """The records of a file; findings go to the reporter.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        self.complete = False
        try:
            book = Spreadsheet(file, reporter.path)
            name = self._sheet(book, reporter)
            values = [] if name is None else book.values(name)
        except CasetrailError as error:
            reporter.add("spreadsheet-unreadable", str(error))
            return
        if name is None:
            return
        of_file = (reporter.table, reporter.path, reporter.builder, reporter.encoding, reporter.strict_bytes)
        yield from map(BatchBlock, self._records(values, book.form(name), SheetReporter(*of_file, name)))

    def _sheet(self, book: Spreadsheet, reporter: Reporter) -> str | None:
        """The name of the sheet that the dialect means; `None` and a finding where there is none."""
        names, name = book.names, self._dialect.sheet_name
        number = self._dialect.sheet_number
        hint = f"its sheets are {', '.join(repr(known) for known in names[:20])}"
        if name is not None and name not in names:
            message = f"there is no sheet '{name}'"
            meant = did_you_mean(name, names)
            reporter.add("spreadsheet-sheet", message, value=name, hint=meant or hint)
            return None
        if name is None and not 1 <= number <= len(names):
            message = f"there is no sheet number {number} among {counted(len(names), 'sheet')}"
            reporter.add("spreadsheet-sheet", message, value=str(number), hint=hint)
            return None
        if name is None and book.is_hidden(name := names[number - 1]):
            message = f"sheet number {number}, '{name}', is hidden"
            hint = "say with 'sheetName' which sheet is meant"
            reporter.add("spreadsheet-hidden", message, hint=hint, severity=Severity.WARNING)
        return name

    def _records(
        self, values: list[list[Any]], form: SheetForm, reporter: SheetReporter
    ) -> Iterator[TextBatch]:
        rows = _rows(values, self._form)
        columns = self._header(rows, reporter)
        if columns is None:
            return
        self._report_form(form, reporter)
        accepted = AcceptedRecords(0, 0)
        width = len(columns.types)
        blanks: list[int] = []
        without_value = {row for row, _ in form.errors | form.unvalued}
        for number, row in rows:
            if number not in without_value and not any(value != "" for value in row):
                # Empty rows behind the last record are no records.
                blanks.append(number)
                continue
            self.rows += 1
            for blank in blanks:
                reporter.add("blank-line", "the row is empty", row=blank, hint="delete the row")
            blanks.clear()
            extra = next((at for at in range(width, len(row)) if row[at] != ""), None)
            if extra is not None:
                message = f"the cell is in column {extra + 1}, which has no name in the header"
                value = _plain(row[extra])
                reporter.add("extra-cell", message, row=number, column=extra + 1, value=value)
                continue
            cells = self._cells(row, number, columns, form, reporter)
            if cells is None:
                continue
            accepted.cells.append(cells)
            accepted.rows.append(number)
            accepted.lines.append(number)
            if len(accepted.rows) >= _RECORDS:
                yield self._batch(columns, accepted, reporter)
                accepted = AcceptedRecords(0, 0)
        if accepted.rows:
            yield self._batch(columns, accepted, reporter)
        self.complete = True

    def _batch(self, columns: _Columns, accepted: AcceptedRecords, reporter: SheetReporter) -> TextBatch:
        batch = columns.header.text_batch(accepted, reporter.path)
        return replace(batch, part=f"{reporter.sheet}!")

    def _header(self, rows: Iterator[tuple[int, list[Any]]], reporter: SheetReporter) -> _Columns | None:
        """Read the rows of the header; `None` where it cannot be told which column is which."""
        fields = () if self._schema is None else self._schema.field_names
        numbers = self._form.header_rows
        header: Header | None
        if numbers is None:
            header = Header.of(fields) if fields else None
            if header is None:
                message = "there is no header, and no schema that names the columns"
                reporter.add("file-empty", message, hint="give the table a schema, or a header")
                return None
        else:
            cells: list[tuple[str, ...]] = []
            first = 1
            for number, row in rows:
                if not numbers or number in numbers:
                    first = number if not cells else first
                    cells.append(_labels(row))
                if cells and (not numbers or number >= max(numbers)):
                    break
            if not cells or not any(cells):
                empty = not any(any(row) for _, row in rows)
                part = "sheet" if empty else "row of the header"
                message = f"the {part} is empty; at least a header must be in it"
                hint = None if empty else "delete what is above it, or say with headerRows which row it is"
                reporter.add("file-empty", message, hint=hint)
                return None
            labels = joined_labels([row or ("",) for row in cells], self._form, fields)
            if not is_header(labels, fields, reporter, first, None):
                return None
            header = match_header(labels, self._schema, self._form, reporter, row=first, line=None)
            if header is None:
                return None
        return _Columns(header, self._types(header))

    def _types(self, header: Header) -> list[tuple[FieldType[Any], str]]:
        schema = self._schema
        known = {} if schema is None else {field.name: field for field in reversed(schema.fields)}
        names = {at: name for at, name in zip(header.order, header.names, strict=True) if at is not None}
        types = []
        for index, label in enumerate(header.labels):
            of = known.get(names.get(index, label), ANY)
            missing = ("",) if schema is None else schema.missing(of)
            types.append((readable_type(of), missing[0] if missing else ""))
        return types

    def _report_form(self, form: SheetForm, reporter: SheetReporter) -> None:
        """What the values do not show."""
        valued = len(form.formulas - form.unvalued - form.errors)
        if valued:
            message = f"the stored results of {counted(valued, 'formula')} are read"
            reporter.add("spreadsheet-formula", message, severity=Severity.NOTE)
        if form.hidden_rows:
            rows = counted(len(form.hidden_rows), "hidden row")
            verb = "counts" if len(form.hidden_rows) == 1 else "count"
            message = f"{rows} of the sheet {verb} like the others"
            reporter.add("spreadsheet-hidden", message, severity=Severity.NOTE)
        for first, last in form.merged:
            span = f"{cell_name(*first)}:{cell_name(*last)}"
            reporter.add(
                "spreadsheet-merged",
                f"the cells {span} are merged, and only the first of them has a value",
                row=first[0],
                column=first[1],
                hint="unmerge them, and write the value into each cell that it is about",
                severity=Severity.WARNING,
            )

    def _cells(
        self, row: list[Any], number: int, columns: _Columns, form: SheetForm, reporter: SheetReporter
    ) -> list[bytes | None] | None:
        """The cells of a record as texts; `None` and findings where one is no value of its field."""
        cells: list[bytes | None] = []
        good = True
        for index, (of, missing) in enumerate(columns.types):
            value = row[index] if index < len(row) else ""
            at = number, index + 1
            problem: tuple[str, str, str] | None = None
            if at in form.errors:
                reason = "the cell holds an error, such as #REF!"
                problem = "spreadsheet-error-value", reason, "mend the formula, or write the value"
            elif at in form.unvalued:
                reason = "the formula in the cell has no stored result"
                hint = "open the file in a spreadsheet program and save it, or write the value"
                problem = "spreadsheet-no-value", reason, hint
            elif value == "":
                cells.append(missing.encode())
                continue
            else:
                try:
                    data = _text(of, value, form).encode()
                except ValueProblem as error:
                    problem = "spreadsheet-kind", error.reason, error.hint or ""
                else:
                    if b"\0" not in data:
                        cells.append(data)
                        continue
                    problem = "nul-byte", "the value contains a NUL", "remove it"
            good = False
            code, reason, hint = problem
            reporter.add(
                code,
                reason,
                row=number,
                column=index + 1,
                field=columns.header.labels[index],
                value=excerpt(_plain(value).encode()),
                hint=hint,
            )
        return cells if good else None


def _rows(values: list[list[Any]], form: CsvForm) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet from its first on, with their numbers, and without comments."""
    comment = form.comment.decode()
    for number, row in enumerate(values, 1):
        if number in form.comment_rows:
            continue
        if comment and row and isinstance(row[0], str) and row[0].startswith(comment):
            continue
        yield number, row


def _labels(row: list[Any]) -> tuple[str, ...]:
    """The cells of a row of the header as texts, without the empty ones at its end."""
    labels = [_plain(value) for value in row]
    while labels and not labels[-1]:
        labels.pop()
    return tuple(labels)


def _plain(value: object) -> str:
    """The text of a value in its plainest form, for a label or an excerpt."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _kind(value: object) -> tuple[str, str]:
    """The kind of a value, as `native_kinds` of a type names it, and in words."""
    if isinstance(value, bool):
        return "boolean", "the truth value"
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < _EXACT
        return "integer" if whole else "number", "the number"
    if isinstance(value, dt.datetime):
        return "datetime", "the date and time"
    if isinstance(value, dt.date):
        return "date", "the date"
    return ("time", "the time") if isinstance(value, dt.time) else ("duration", "the duration")


def _text(of: FieldType[Any], value: Any, form: SheetForm) -> str:
    """The text of a cell as a field of the type has it.

    Raises:
        ValueProblem: The type has no such kind of values.
    """
    if isinstance(value, str):
        return value
    name = of.field.type
    if isinstance(value, dt.time) and name == "duration":
        # Below a day, and always in `.ods`, a spreadsheet has one kind for both.
        value = dt.datetime.combine(dt.datetime.min, value) - dt.datetime.min
    if isinstance(value, dt.timedelta):
        from casetrail.types.table_schema.duration import Duration

        value = Duration.of(value)
    kind, words = _kind(value)
    if kind == "date" and name == "datetime":
        # A date and time at midnight comes as the date.
        kind, value = "datetime", dt.datetime.combine(value, dt.time())
    if form.has_serial_dates and isinstance(value, dt.date) and _FIRST_DAY <= _day(value) < _FIRST_SAFE_DAY:
        raise ValueProblem(
            f"programs take {words} {_plain(value)}, before March 1900, for different days",
            "write it as text",
        )
    if kind == "integer" and name == "boolean":
        return _plain(value)
    if kind not in of.native_kinds:
        hint = f"write it as {of.noun}"
        if name == "string":
            hint = "format the column as text and type the cell again"
        raise ValueProblem(
            f"the cell holds {words} {_plain(value)}, which a field of the type '{name}' does not have", hint
        )
    if name == "any":
        return _plain(value)
    if kind in ("integer", "number"):
        number = Decimal(int(value)) if kind == "integer" else Decimal(repr(value))
        if name == "number":
            return of.write(number)
        return str(int(number)) if number.is_finite() and number == int(number) else str(number)
    return of.write(value)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
