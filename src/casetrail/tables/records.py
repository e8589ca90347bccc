"""Records: what a reader of records accepts, and how it tells what it does not accept."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from casetrail.standard.dialect import MAX_CELL
from casetrail.tables.sources import undecodable
from casetrail.tables.structure import Reporter, excerpt


@dataclass(slots=True)
class Records:
    """What was accepted of a block: runs of records with their line ends, and all their rows and lines."""

    consumed: int = 0
    kept: list[bytes] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    next_row: int = 0
    next_line: int = 0
    judged: int = 0

    def close(self, text: bytes | None, lines: int) -> None:
        """Go on behind a record that takes so many lines; without a text it is left out."""
        if text is not None:
            self.kept.append(text + b"\n")
            self.rows.append(self.next_row)
            self.lines.append(self.next_line)
        self.judged += 1
        self.next_row += 1
        self.next_line += lines


class RecordJudge:
    """Tells what is wrong with records of one file; places are those of the record that comes next.

    `crlf` says how lines have to end; where it is not given, as the first one does.
    """

    def __init__(
        self, reporter: Reporter, *, columns: int | None, crlf: bool | None, names: list[str]
    ) -> None:
        self.crlf = crlf
        self._reporter = reporter
        self._columns = columns
        self._names = names

    def line_end(self, crlf: bool, found: Records) -> None:
        """Hold the end of a line against that of the first."""
        if self.crlf is None:
            self.crlf = crlf
        if crlf == self.crlf or not self._room("mixed-line-ends"):
            return
        names = ("CR LF", "LF") if crlf else ("LF", "CR LF")
        message = f"the line ends with {names[0]}, the first line of the file with {names[1]}"
        hint = "save the file with one kind of line end"
        self._reporter.add("mixed-line-ends", message, row=found.next_row, line=found.next_line, hint=hint)

    def blank_lines(self, number: int, found: Records) -> None:
        """Count a run of blank lines, and describe as many as there is room for."""
        for offset in range(number):
            if not self._reporter.has_room("blank-line"):
                self._reporter.count("blank-line", number - offset)
                break
            row, line = found.next_row + offset, found.next_line + offset
            hint = 'write "" for an empty value' if self._columns == 1 else "delete the line"
            self._reporter.add("blank-line", "the line is empty", row=row, line=line, hint=hint)
        found.next_row += number
        found.next_line += number

    def count_fits(self, cells: int, text: bytes, extra: bytes, found: Records) -> bool:
        """Whether the record has as many cells as the header; `extra` is what stands behind them."""
        wanted = self._columns
        if wanted is None or cells == wanted:
            return True
        few = cells < wanted
        if not self._room("missing-cell" if few else "extra-cell"):
            return False
        held = "1 cell" if cells == 1 else f"{cells} cells"
        message = f"the record has {held}, the header has {wanted}"
        few_hint = "write a delimiter for each empty cell"
        self._reporter.add(
            "missing-cell" if few else "extra-cell",
            message,
            row=found.next_row,
            line=found.next_line,
            column=None if few else wanted + 1,
            value=excerpt(text if few else extra),
            hint=few_hint if few else "put a text that contains the delimiter in quotes",
        )
        return False

    def lengths_fit(self, cells: list[bytes], found: Records) -> bool:
        """Whether no cell is longer than the limit."""
        for index, cell in enumerate(cells, 1):
            if len(cell) > MAX_CELL:
                message = f"the cell has {len(cell):,} bytes, and no more than {MAX_CELL:,} are read"
                self.tell("cell-too-long", message, index, cell, found)
                return False
        return True

    def nul(self, cell: int, value: bytes, found: Records, lines: int = 0) -> None:
        """A NUL byte, some lines below the start of the record."""
        hint = "remove it; the file may be damaged, or saved as UTF-16"
        self.tell("nul-byte", "the record contains a NUL byte", cell, value, found, lines, hint)

    def lone_cr(self, cell: int, value: bytes, found: Records, lines: int = 0) -> None:
        """A carriage return outside quotes."""
        message = "a carriage return (CR) stands alone in the record; a line ends with LF or CR LF"
        self.tell("lone-cr", message, cell, value, found, lines, "remove it, or put the cell in quotes")

    def not_text(self, wrong: bytes, cell: int, value: bytes, found: Records, lines: int = 0) -> None:
        """Bytes that are no character; `wrong` starts with the first of them."""
        encoding, byte = self._reporter.encoding, wrong[0]
        hint = "save the file as UTF-8; it was probably saved in another encoding such as Windows-1252"
        if encoding != "UTF-8":
            byte = undecodable(wrong) or byte
            hint = "look whether the file is in the encoding that the descriptor says"
        self.tell("not-utf-8", f"the byte 0x{byte:02X} is not {encoding}", cell, value, found, lines, hint)

    def misplaced_quote(
        self, mark: str, cell: int, value: bytes, found: Records, lines: int, *, within: int | None
    ) -> None:
        """A quote inside a cell; `within` says how many lines above it the cell was opened, if by a quote."""
        hint = f"put the whole cell in {mark} and write each {mark} within as {mark}{mark}"
        if within is None:
            message = f"a quotation mark ({mark}) stands in a cell that does not begin with one"
        else:
            message = f"text follows the quotation mark ({mark}) that closes the cell"
        if within:
            message += f"; the cell was opened {within} line(s) above"
            hint = f"probably a closing {mark} is missing in the line where the cell begins"
        self.tell("quote-in-cell", message, cell, value, found, lines, hint)

    def not_closed(
        self, mark: str, cell: int, value: bytes, found: Records, lines: int, swallowed: int
    ) -> None:
        """A quote that is open at the end of the file, with so many line breaks behind it."""
        message = f"the quotation mark ({mark}) that opens the cell is not closed"
        if swallowed > 1:
            message += f", so that the {swallowed} lines to the end of the file could not be read"
        self.tell("quote-not-closed", message, cell, value, found, lines, f"close the cell with {mark}")

    def tell(
        self,
        code: str,
        message: str,
        cell: int,
        value: bytes,
        found: Records,
        lines: int = 0,
        hint: str | None = None,
    ) -> None:
        """Report something about a cell that starts some lines below the start of the record."""
        if not self._room(code):
            return
        self._reporter.add(
            code,
            message,
            row=found.next_row,
            line=found.next_line + lines,
            column=cell,
            field=self._names[cell - 1] if cell <= len(self._names) else None,
            value=excerpt(value),
            hint=hint,
        )

    def _room(self, code: str) -> bool:
        """Whether a finding will be kept; one that will not is counted here."""
        if self._reporter.has_room(code):
            return True
        self._reporter.count(code)
        return False
