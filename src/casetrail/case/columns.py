"""Named column types of the Case Data Package, and the one way in which a column is stated.

A column is stated once, in the model of its table: an annotated type from here (what may stand in the
cell) and `column(...)` (what it means). Table Schema, Arrow schema, SQL, codebook and workbook are
derived from the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from casetrail.standard.schema import EDTF
from casetrail.types.edtf import parse_edtf


@dataclass(frozen=True, slots=True)
class TableType:
    """What Table Schema calls the type of a field: `type`, `format`, `rdfType` and constraints."""

    type: str
    format: str | None = None
    rdf_type: str | None = None
    pattern: str | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class References:
    """The cell holds a key of this table: a foreign key."""

    table: str


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What `column` states beside the type; pydantic keeps it in the field's metadata."""

    example: str
    unit: str | None
    source: str | None
    free_text: bool


SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


def key_pattern(prefix: str) -> str:
    """The pattern of the ids of a table: its prefix, then lower-case ASCII words joined by hyphens."""
    return rf"{prefix}-{SLUG}"


def column(
    meaning: str,
    *,
    example: str,
    required: bool = False,
    unit: str | None = None,
    source: str | None = None,
    free_text: bool = False,
) -> Any:
    """State a column: what it means, an example as it stands in a cell, and whether the cell may be empty.

    `unit` is the unit of a number; `source` names the standard from which the column or its coding is taken;
    `free_text` marks prose, in which hygiene looks for personal identifiers.
    """
    facts: dict[str, Any] = {"facts": ColumnFacts(example, unit, source, free_text)}
    if required:
        return Field(description=meaning, json_schema_extra=facts)
    return Field(default=None, description=meaning, json_schema_extra=facts)


def _edtf(text: str) -> str:
    parse_edtf(text)
    return text


Text = Annotated[str, StringConstraints(min_length=1), TableType("string")]
"""Words in the language of the table, on one line or several."""

Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$"), TableType("string", pattern=SLUG)]
"""A lower-case ASCII name such as a table's or a column's."""

ColumnName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$"),
    TableType("string", pattern=r"[a-z][a-z0-9_]*"),
]
"""The name of a table or of a column."""

AnyKey = Annotated[
    str,
    StringConstraints(pattern=rf"^[a-z]{{2}}-{SLUG}$"),
    TableType("string", pattern=rf"[a-z]{{2}}-{SLUG}"),
]
"""A key of some table of the case; which one, its prefix tells."""

Edtf = Annotated[str, AfterValidator(_edtf), TableType("string", rdf_type=EDTF)]
"""A date in EDTF: level 0, `?`, `~`, `%`, an interval for what lasted, a set for one day within bounds."""

ClockTime = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    TableType("time", format="%H:%M"),
]
"""A time of day as hours and minutes, `15:00`."""

ZoneName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_-]+)*$"),
    TableType("string", pattern=r"[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_-]+)*"),
]
"""The name of a time zone in the IANA database, `Asia/Almaty`."""

Count = Annotated[int, Field(strict=True, ge=0), TableType("integer", minimum=0)]
"""A whole number that is not negative."""

People = Annotated[int, Field(strict=True, ge=1), TableType("integer", minimum=1)]
"""A number of persons."""

CountryCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}$"), TableType("string", pattern=r"[A-Z]{2}")
]
"""A country as two capital letters, ISO 3166-1 alpha-2."""

CurrencyCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{3}$"), TableType("string", pattern=r"[A-Z]{3}")
]
"""A currency as three capital letters, ISO 4217."""

_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"
LanguageTag = Annotated[
    str, StringConstraints(pattern=rf"^{_LANGUAGE}$"), TableType("string", pattern=_LANGUAGE)
]
"""A language, with its script or country where needed, as BCP 47 writes it: `kk`, `zh-Hant`."""

ScriptCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][a-z]{3}$"),
    TableType("string", pattern=r"[A-Z][a-z]{3}"),
]
"""A script as four letters, ISO 15924: `Cyrl`, `Latn`, `Hans`."""

Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s]+$"),
    TableType("string", format="uri", pattern=r"https?://[^\s]+"),
]
"""An address on the web, http or https."""

Version = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$"),
    TableType("string", pattern=r"[0-9]+\.[0-9]+\.[0-9]+"),
]
"""A version of the dataset: three numbers joined by points."""
