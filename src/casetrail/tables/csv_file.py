"""One delimited file that is being read: its bytes, how far they have been read, and who is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Literal

from casetrail.standard.dialect import MAX_RECORD, CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.exact import ExactReader
from casetrail.tables.general import CANONICAL, GeneralReader
from casetrail.tables.structure import Reporter

BLOCK = 8 * 1024 * 1024
"""How many bytes are read, proved and parsed at once."""


@dataclass(slots=True)
class CsvOptions:
    """How one file is to be read.

    `strict_bytes` makes a BOM and CR LF errors, as in a Case Data Package. `block` is the size of a block;
    `how` names the quickest way that may be taken, `records` the slowest of all. Neither changes what is read
    or found.
    """

    form: CsvForm
    schema: TableSchema | None = None
    strict_bytes: bool = False
    block: int = BLOCK
    how: Literal["proof", "runs", "records"] = "proof"


class CsvFile:
    """The state of one file: `rest` was read and not used yet, `row` and `line` are of what comes next."""

    def __init__(self, file: IO[bytes], options: CsvOptions, reporter: Reporter) -> None:
        self.options = options
        self.reporter = reporter
        self.row = 1
        self.line = 1
        self.crlf = False
        self.rest = b""
        self.at_end = False
        self._file = file

    @property
    def cell_form(self) -> CsvForm:
        """The form in which accepted records come from the reader of records."""
        return self.options.form if self.options.form.plain else CANONICAL

    def fill(self, size: int) -> bytes:
        """What is left over and the next bytes of the file, up to the size."""
        parts = [self.rest]
        missing = size - len(self.rest)
        while missing > 0 and not self.at_end:
            part = self._file.read(missing)
            if not part:
                self.at_end = True
                break
            parts.append(part)
            missing -= len(part)
        self.rest = b""
        return b"".join(parts)

    def records_reader(self, labels: tuple[str, ...] | None = None) -> ExactReader | GeneralReader:
        """The reader that tells what is wrong, for a header or for records under the labels of one."""
        form = self.options.form
        columns = None if labels is None else len(labels)
        names = list(labels or ())
        crlf = None if labels is None else self.crlf
        if not form.plain:
            return GeneralReader(form, self.reporter, columns=columns, crlf=crlf, names=names)
        runs = self.options.how != "records"
        return ExactReader(form, self.reporter, columns=columns, crlf=crlf, names=names, runs=runs)

    def record_too_long(self) -> None:
        """Say that a record has no end within the limit; nothing behind can be read."""
        message = f"the record has more than {MAX_RECORD >> 20} MiB, so that the rest of the file is not read"
        hint = "look for a quotation mark that is not closed"
        self.reporter.add("cell-too-long", message, row=self.row, line=self.line, hint=hint)
