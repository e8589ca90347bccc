"""Table Dialect: how the cells of a table are written in its file (standard: `table-dialect.mdx`)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StrictStr

from casetrail.standard.model import DescriptorModel


def _row_numbers(value: Any) -> Any:
    if isinstance(value, list) and any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in value):
        raise ValueError("row numbers are whole numbers from 1 on")
    return value


RowNumbers = Annotated[tuple[StrictInt, ...], BeforeValidator(_row_numbers)]
OneCharacter = Annotated[StrictStr, Field(min_length=1, max_length=1)]


class Dialect(DescriptorModel):
    """A Table Dialect; what is not given has the standard's default ("Properties")."""

    schema_uri: StrictStr | None = Field(default=None, alias="$schema")
    name: StrictStr | None = None
    title: StrictStr | None = None
    description: StrictStr | None = None
    header: StrictBool = True
    header_rows: RowNumbers = (1,)
    header_join: StrictStr = " "
    comment_rows: RowNumbers = ()
    comment_char: Annotated[StrictStr, Field(min_length=1)] | None = None
    delimiter: Annotated[StrictStr, Field(min_length=1)] = ","
    line_terminator: Annotated[StrictStr, Field(min_length=1)] = "\r\n"
    quote_char: OneCharacter = '"'
    double_quote: StrictBool = True
    escape_char: OneCharacter | None = None
    null_sequence: StrictStr | None = None
    skip_initial_space: StrictBool = False
    property: StrictStr | None = None
    item_type: StrictStr | None = None
    item_keys: tuple[StrictStr, ...] | None = None
    sheet_number: StrictInt = 1
    sheet_name: StrictStr | None = None
    table: StrictStr | None = None
    case_sensitive_header: StrictBool = True
    csvddf_version: StrictStr | StrictInt | float | None = Field(default=None, alias="csvddfVersion")


DEFAULT_DIALECT = Dialect()
