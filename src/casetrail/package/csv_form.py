"""The form of a delimited file: delimiter, quotation mark and what else a dialect says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.package.dialect import Dialect

BOM = b"\xef\xbb\xbf"
MAX_CELL = 16 * 1024 * 1024
"""How many bytes one cell may have."""
MAX_RECORD = 64 * 1024 * 1024
"""How many bytes one record may have; a longer one is mostly a quotation mark that nobody closed."""
MAX_COLUMNS = 20_000
"""How many columns a table may have."""


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How the cells of one file are told apart: as RFC 4180 has it, with any one-byte delimiter and quote."""

    delimiter: bytes = b","
    quote: bytes = b'"'
    header: bool = True

    @classmethod
    def of(cls, dialect: Dialect) -> CsvForm:
        """The form that a dialect describes, as far as `unsupported` finds nothing."""
        return cls(dialect.delimiter.encode(), dialect.quote_char.encode(), dialect.header)


def unsupported(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Properties of a dialect that are not read yet, each with its value: none is passed over in silence."""
    if len(dialect.delimiter) != 1 or not dialect.delimiter.isascii() or dialect.delimiter in "\r\n\0":
        yield "delimiter", repr(dialect.delimiter)
    if not dialect.quote_char.isascii() or dialect.quote_char in ("\r", "\n", "\0", dialect.delimiter):
        yield "quoteChar", repr(dialect.quote_char)
    if dialect.line_terminator not in ("\n", "\r\n"):
        yield "lineTerminator", repr(dialect.line_terminator)
    if not dialect.header:
        yield "header", "false"
    if dialect.header_rows != (1,):
        yield "headerRows", str(list(dialect.header_rows))
    if dialect.comment_rows:
        yield "commentRows", str(list(dialect.comment_rows))
    if dialect.comment_char is not None:
        yield "commentChar", repr(dialect.comment_char)
    if not dialect.double_quote:
        yield "doubleQuote", "false"
    if dialect.escape_char is not None:
        yield "escapeChar", repr(dialect.escape_char)
    if dialect.skip_initial_space:
        yield "skipInitialSpace", "true"
    if not dialect.case_sensitive_header:
        yield "caseSensitiveHeader", "false"
