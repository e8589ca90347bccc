"""Findings about how the file of a table is built: their codes, and the reporter that makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.findings.visible import MAX_MESSAGE, MAX_VALUE, cut
from casetrail.standard.limits import MAX_RECORD

CODES = {
    "file-empty": "The file of a table is empty, it has not even a header.",
    "file-bom": "The file starts with a byte order mark.",
    "file-crlf": "The lines end with CR LF, but those of a Case Data Package end with LF.",
    "file-encoding": "The file is in another encoding than is declared, or its lines end with CR alone.",
    "file-too-large": "A file that has to be read as a whole is larger than the limit.",
    "not-utf-8": "A byte is no character in UTF-8, or in the encoding that is declared.",
    "nul-byte": "A record contains a NUL byte.",
    "lone-cr": "A carriage return is alone, outside quotes.",
    "mixed-line-ends": "A line ends otherwise than the first one.",
    "blank-line": "A line is empty.",
    "conflict-marker": "A line is a conflict marker of git: two versions of the file were not put together. "
    "Keep the rows that are right, and delete the lines of git.",
    "missing-cell": "A record has fewer cells than the header.",
    "extra-cell": "A record has more cells than the header.",
    "quote-not-closed": "A quotation mark opens a cell and is not closed.",
    "quote-in-cell": "A quotation mark is in the middle of a cell.",
    "cell-too-long": "A cell or record is longer than the limit. "
    "Shorten it, or look for a quotation mark that is not closed.",
    "too-many-columns": "The header has more columns than the limit. Divide the table.",
    "wrong-delimiter": "The cells are separated by another character than the dialect says. "
    "Save the file with the declared delimiter, or declare the one that it has in `dialect`.",
    "header-mismatch": "A column has another name than the field of the schema in its place. "
    "Rename the column, or the field in the schema.",
    "header-missing-column": "A field of the schema has no column. "
    "Add the column, or remove the field from the schema.",
    "header-extra-column": "A column is no field of the schema.",
    "header-duplicate-column": "Two columns have the same name. Rename one of them.",
    "header-blank": "A column has no name. Give the column a name, or remove it.",
    "header-order": "The columns are those of the schema in another order.",
    "no-records": "The table has a header and no record. Add rows, or leave it so where there are none.",
    "spreadsheet-unreadable": "A file is no spreadsheet, is damaged or protected by a password, or holds "
    "what is not read, such as macros. Save it as .xlsx or .ods, without a password.",
    "spreadsheet-sheet": "A spreadsheet has no such sheet. Name one of its sheets in `sheetName`.",
    "spreadsheet-error-value": "A cell of a spreadsheet holds an error such as #REF!. "
    "Mend its formula, or write the value.",
    "spreadsheet-no-value": "A formula of a spreadsheet has no stored result. "
    "Open the file in a spreadsheet program and save it, or write the value.",
    "spreadsheet-formula": "Cells of a spreadsheet hold formulas, of which the stored results are read. "
    "Write the values, if the results must not change.",
    "spreadsheet-kind": "A cell of a spreadsheet holds a number, date, time or truth value that its field "
    "does not have, so that what was typed is not known. Give the cells the format of the field; type again.",
    "spreadsheet-merged": "Cells of a spreadsheet are merged, and only the first of them has a value. "
    "Unmerge them, and write the value into each.",
    "spreadsheet-hidden": "A sheet or rows of a spreadsheet are hidden, and read all the same. "
    "Show them, or name the sheet with `sheetName`.",
    "unsupported": "A table is in an encoding, a compression or a format that is not read. "
    "Save it as UTF-8 CSV without compression.",
}


@dataclass(slots=True)
class Reporter:
    """Makes findings about one file, which is said to be in `encoding`.

    Without a builder the first error is raised instead. `strict_bytes` makes a byte order mark and CR LF
    errors, as in a Case Data Package.
    """

    table: str
    path: str
    builder: ReportBuilder | None = None
    encoding: str = "UTF-8"
    strict_bytes: bool = False

    def add(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
        part: str | None = None,
    ) -> None:
        """Report one finding; the name of a field is left out where it is longer than a message.

        Raises:
            CasetrailError: There is no builder, and the finding is an error.
        """
        if field is not None and len(field) > MAX_MESSAGE:
            field = None
        place = Place(self.path, row, line, column, field, None, value, self.table, part)
        finding = Finding(code, message, place, severity=severity, hint=hint)
        if self.builder is not None:
            self.builder.add(finding)
        else:
            _refuse(finding)

    def builder_of_block(self) -> ReportBuilder:
        """A builder for what is wrong within one block."""
        return ReportBuilder(1) if self.builder is None else self.builder.of_block()

    def absorb(self, block: ReportBuilder, rows: int, lines: int) -> None:
        """Take in what is wrong within the next block, which begins so many rows and lines further down.

        Raises:
            CasetrailError: There is no builder, and something is an error.
        """
        if self.builder is not None:
            self.builder.absorb(block, rows, lines)
            return
        for finding in block.findings:
            _refuse(finding.shifted(rows, lines))

    def byte_order_mark(self, hint: str) -> None:
        """Report the mark with which the file starts."""
        severity = Severity.ERROR if self.strict_bytes else Severity.WARNING
        message = "the file starts with a byte order mark (BOM)"
        self.add("file-bom", message, row=1, line=1, hint=hint, severity=severity)

    def endless_record(self, row: int, line: int) -> None:
        """Report a record that has no end within the limit; nothing behind it can be read."""
        message = f"the record has more than {MAX_RECORD >> 20} MiB, so that the rest of the file is not read"
        hint = "look for a quotation mark that is not closed"
        self.add("cell-too-long", message, row=row, line=line, hint=hint)

    def quiet(self) -> Reporter:
        """A reporter about the same file whose findings nobody gets to see."""
        return replace(self, builder=ReportBuilder(limit=0))

    def remaining(self, code: str) -> int:
        """How many more findings of this code will be kept, so that describing them is worth the while."""
        return 1 if self.builder is None else self.builder.remaining(code)

    def count(self, code: str, number: int = 1) -> None:
        """Count findings of this code without describing them."""
        if self.builder is not None:
            self.builder.count(code, number)


def _refuse(finding: Finding) -> None:
    """Raise an error instead of collecting it; what is none is passed over."""
    if finding.severity is Severity.ERROR:
        hint = f"; {finding.hint}" if finding.hint else ""
        raise CasetrailError(f"{where(finding)}: {finding.message}{hint}", exit_code=1)


def where(finding: Finding) -> str:
    """The place of a finding about a file, for a sentence: `t.csv, row 3, column 'n'`, `t.xlsx, Data!C7`."""
    place = finding.place
    words = [str(place.path), *([place.part] if place.part else [])]
    if "!" in (place.part or ""):
        return ", ".join(words)
    if place.row is not None:
        words.append(f"row {place.row}")
    if place.line not in (None, place.row):
        words.append(f"line {place.line}")
    if place.field is not None:
        words.append(f"column '{place.field}'")
    return ", ".join(words)


def excerpt(data: bytes) -> str:
    """The beginning of some bytes as text that can be shown; what is not UTF-8 as `\\xhh`."""
    return cut(data[: 4 * MAX_VALUE + 1].decode("utf-8", "backslashreplace"), MAX_VALUE)
