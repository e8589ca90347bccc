"""Table Dialect: how the cells of a table are written in its file (standard: `table-dialect.mdx`).

`Dialect` is the descriptor; `CsvForm` is what it means for the bytes of a delimited file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from casetrail.standard.model import DescriptorModel
from casetrail.standard.property import (
    anything,
    array_of,
    converter,
    filled_string,
    property_of,
    string,
    true_or_false,
    whole_number,
)

BOM = b"\xef\xbb\xbf"

_LINE_ENDS = (b"\n", b"\r\n")


def _row_numbers(value: Any) -> Any:
    if isinstance(value, list) and any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in value):
        raise ValueError("row numbers are whole numbers from 1 on")
    return value


def _one_character(value: str) -> str:
    if len(value) != 1:
        raise ValueError(f"this is {value!r}, but exactly one character is needed")
    return value


_CSV_CONTROL = (
    "delimiter",
    "lineTerminator",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "nullSequence",
    "skipInitialSpace",
)


_ROW_NUMBERS = (converter(_row_numbers), array_of(whole_number))


class Dialect(DescriptorModel):
    """A Table Dialect; what is not given has the standard's default ("Properties")."""

    schema_uri: str | None = property_of(string, default=None, json="$schema")
    name: str | None = property_of(string, default=None)
    title: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)
    header: bool = property_of(true_or_false, default=True)
    header_rows: tuple[int, ...] = property_of(*_ROW_NUMBERS, default=(1,))
    header_join: str = property_of(string, default=" ")
    comment_rows: tuple[int, ...] = property_of(*_ROW_NUMBERS, default=())
    comment_char: str | None = property_of(filled_string, default=None)
    delimiter: str = property_of(filled_string, default=",")
    line_terminator: str = property_of(filled_string, default="\r\n")
    quote_char: str = property_of(string, converter(_one_character), default='"')
    double_quote: bool = property_of(true_or_false, default=True)
    escape_char: str | None = property_of(string, converter(_one_character), default=None)
    null_sequence: str | None = property_of(string, default=None)
    skip_initial_space: bool = property_of(true_or_false, default=False)
    property: str | None = property_of(string, default=None)
    item_type: str | None = property_of(string, default=None)
    item_keys: tuple[str, ...] | None = property_of(array_of(string), default=None)
    sheet_number: int = property_of(whole_number, default=1)
    sheet_name: str | None = property_of(string, default=None)
    table: str | None = property_of(string, default=None)
    case_sensitive_header: bool = property_of(true_or_false, default=True)
    csvddf_version: Any = property_of(anything, default=None)

    @classmethod
    def flat(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """The object without the nesting of the `frictionless` library: `{"csv": {"delimiter": ";"}}`."""
        csv, json = raw.get("csv"), raw.get("json")
        outer = dict(raw)
        if isinstance(csv, dict):
            outer = {**{name: csv[name] for name in _CSV_CONTROL if name in csv}, **outer}
        if isinstance(json, dict):
            inner = {"property": json.get("property"), "itemKeys": json.get("keys")}
            outer = {**{name: part for name, part in inner.items() if part is not None}, **outer}
        for name in ("excel", "ods"):
            sheet = raw[name].get("sheet") if isinstance(raw.get(name), dict) else None
            if sheet is not None:
                outer = {"sheetName" if isinstance(sheet, str) else "sheetNumber": sheet, **outer}
        return outer


DEFAULT_DIALECT = Dialect()


class CsvForm(NamedTuple):
    """How the cells of one file are told apart, in bytes of UTF-8.

    An empty `quote` or `escape` is none. `header_rows` is empty where the header is the first row that is no
    comment, and `None` where there is no header.
    """

    delimiter: bytes = b","
    quote: bytes = b'"'
    double_quote: bool = True
    escape: bytes = b""
    line_terminator: bytes = b"\r\n"
    skip_initial_space: bool = False
    comment: bytes = b""
    comment_rows: frozenset[int] = frozenset()
    header_rows: tuple[int, ...] | None = ()
    header_join: str = " "
    case_sensitive: bool = True

    @classmethod
    def of(cls, dialect: Dialect) -> CsvForm:
        """The form that a dialect describes. `escapeChar` alone excludes quotes, as the standard has it."""
        stated = dialect.stated
        escape = (dialect.escape_char or "").encode()
        header_rows = dialect.header_rows if "header_rows" in stated else ()
        return cls(
            delimiter=dialect.delimiter.encode(),
            quote=b"" if escape and "quote_char" not in stated else dialect.quote_char.encode(),
            double_quote=dialect.double_quote,
            escape=escape,
            line_terminator=dialect.line_terminator.encode(),
            skip_initial_space=dialect.skip_initial_space,
            comment=(dialect.comment_char or "").encode(),
            comment_rows=frozenset(dialect.comment_rows),
            header_rows=header_rows if dialect.header else None,
            header_join=dialect.header_join,
            case_sensitive=dialect.case_sensitive_header,
        )

    @property
    def plain(self) -> bool:
        """Whether records are written as RFC 4180 has it, with any one-byte delimiter and quote."""
        return (
            len(self.delimiter) == 1
            and len(self.quote) == 1
            and self.double_quote
            and not self.escape
            and self.line_terminator in _LINE_ENDS
            and not self.skip_initial_space
            and not self.comment
            and not self.comment_rows
        )

    @property
    def own_line_ends(self) -> bool:
        """Whether lines end with LF or CR LF, and not with something that the dialect names."""
        return self.line_terminator in _LINE_ENDS


def contradictions(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Properties of a dialect that cannot hold together, as (property, reason)."""
    marks = {
        "delimiter": dialect.delimiter,
        "quoteChar": dialect.quote_char,
        "escapeChar": dialect.escape_char,
        "lineTerminator": dialect.line_terminator,
    }
    seen: dict[str, str] = {}
    for name, mark in marks.items():
        if mark is None:
            continue
        if mark in seen:
            yield name, f"is the same as {seen[mark]}"
        seen[mark] = name
        if name != "lineTerminator" and any(character in mark for character in "\r\n\0"):
            yield name, "contains a line end or NUL"
