"""Findings about the structure of a table file: what the strict reader says, and how it counts it."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder

CODES = {
    "file-empty": "The file of a table is empty, it has not even a header.",
    "file-bom": "The file starts with a byte order mark.",
    "file-crlf": "The lines end with CR LF, but those of a Case Data Package end with LF.",
    "file-encoding": "The file is in another encoding than is declared, or its lines end with CR alone.",
    "file-too-large": "A file that has to be read as a whole is larger than the limit.",
    "not-utf-8": "A byte is no character in UTF-8, or in the encoding that is declared.",
    "nul-byte": "A record contains a NUL byte.",
    "lone-cr": "A carriage return stands alone, outside quotes.",
    "mixed-line-ends": "A line ends otherwise than the first one.",
    "blank-line": "A line is empty.",
    "missing-cell": "A record has fewer cells than the header.",
    "extra-cell": "A record has more cells than the header.",
    "quote-not-closed": "A quotation mark opens a cell and is not closed.",
    "quote-in-cell": "A quotation mark stands in the middle of a cell.",
    "cell-too-long": "A cell or record is longer than the limit.",
    "too-many-columns": "The header has more columns than the limit.",
    "wrong-delimiter": "The cells are separated by another character than the dialect says.",
    "header-mismatch": "A column has another name than the field of the schema in its place.",
    "header-missing-column": "A field of the schema has no column.",
    "header-extra-column": "A column is no field of the schema.",
    "header-duplicate-column": "Two columns have the same name.",
    "header-blank": "A column has no name.",
    "header-order": "The columns are those of the schema in another order.",
    "no-records": "The table has a header and no record.",
    "unsupported": "A table is in an encoding, a compression or a format that is not read.",
}

_SHOWN = 120
_LONGEST = 500


@dataclass(slots=True)
class Reporter:
    """Makes findings about one file, which is said to be in `encoding`.

    Without a builder the first error is raised instead.
    """

    table: str
    path: str
    builder: ReportBuilder | None = None
    encoding: str = "UTF-8"

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
    ) -> None:
        """Report one finding; what is quoted in it of the file is cut to a length that can be read."""
        message = message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
        hint = hint if hint is None or len(hint) <= _LONGEST else hint[: _LONGEST - 1] + "…"
        value = value if value is None or len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
        field = field if field is None or len(field) <= _LONGEST else None
        if self.builder is None:
            if severity is Severity.ERROR:
                place = self.path if line is None else f"{self.path}, line {line}"
                raise CasetrailError(f"{place}: {message}" + (f"; {hint}" if hint else ""))
            return
        self.builder.add(
            Finding(
                code,
                message,
                Place(
                    table=self.table,
                    path=self.path,
                    row=row,
                    line=line,
                    column=column,
                    field=field,
                    value=value,
                ),
                severity=severity,
                hint=hint,
            )
        )

    def quiet(self) -> Reporter:
        """A reporter about the same file that tells nobody."""
        return Reporter(self.table, self.path, ReportBuilder(limit=0), self.encoding)

    def has_room(self, code: str) -> bool:
        """Whether the next finding of this code will be kept, so that describing it is worth the while."""
        return self.builder is None or self.builder.remaining(code) > 0

    def count(self, code: str, number: int = 1) -> None:
        """Count findings of this code without describing them."""
        if self.builder is not None:
            self.builder.count(code, number)


def excerpt(data: bytes) -> str:
    """The beginning of some bytes as text that can be shown; what is not UTF-8 as `\\xhh`."""
    text = data[: 4 * _SHOWN].decode("utf-8", "backslashreplace")
    return text if len(text) <= _SHOWN and len(data) <= 4 * _SHOWN else text[: _SHOWN - 1] + "…"
