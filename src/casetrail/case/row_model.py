"""Row models: a Pydantic model for each table, made from its document.

A row is read from its texts. Dates are `EdtfDate` with their bounds, terms and references text, numbers
numbers; an empty cell is `None`. The rules of the table are validators of the model. Checks judge columns by
kernels, models judge rows; a test holds the two to one verdict, and a release is asked both.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from casetrail.case.cell import CellType
from casetrail.case.profile import FieldSpec, TableSpec, tables_of
from casetrail.case.standard_codes import check_code
from casetrail.checks.conditions import RowCells
from casetrail.checks.patterns import CompiledPattern
from casetrail.checks.row_rules import RowRule
from casetrail.checks.xml_schema_regex import PatternProblem
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.types.problem import FieldProblem

_REMEMBERED = 20_000
"""Of how many texts of a column that takes time to read the value is remembered."""


class CaseRow(BaseModel):
    """A row of a table, frozen; `row[name]` gives a cell by the name of its column."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, protected_namespaces=()
    )

    MISSING: ClassVar[frozenset[str]] = frozenset({""})
    RULES: ClassVar[tuple[RowRule, ...]] = ()
    ATTRIBUTES: ClassVar[Mapping[str, str]] = {}
    EMPTY: ClassVar[RowCells] = {}

    @classmethod
    def from_text(cls, cells: Mapping[str, str]) -> Self:
        """Read a row from its texts by column.

        Raises:
            ValidationError: Of a cell its `loc` is the column, of a rule its `type` is the name of the rule.
        """
        missing = cls.MISSING
        return cls.model_validate_strings(
            {name: text for name, text in cells.items() if text not in missing}, by_alias=True, by_name=False
        )

    def __getitem__(self, column: str) -> Any:
        return getattr(self, self.ATTRIBUTES[column])

    @model_validator(mode="wrap")
    @classmethod
    def _keeps_rules(cls, cells: Any, read: Any, info: ValidationInfo) -> Self:
        row: Self = read(cells)
        if cls.RULES:
            texts = {**cls.EMPTY, **cells}
            broken = [rule for rule in cls.RULES if not rule.holds(texts)]
            if broken:
                raise ValidationError.from_exception_data(
                    cls.__name__,
                    [
                        InitErrorDetails(type=PydanticCustomError(rule.name, rule.description), input=cells)
                        for rule in broken
                    ],
                )
        return row


def row_model(table: TableSpec) -> type[CaseRow]:
    """The model of the rows of a table.

    A column whose name Python or pydantic needs itself is an attribute with `_` behind; `row["schema"]`
    reads it all the same.
    """
    attributes = {field.name: _attribute(field.name) for field in table.fields}
    columns: dict[str, Any] = {
        attributes[field.name]: (_annotation(field, table), Field(**_default(field, table), alias=field.name))
        for field in table.fields
    }
    model = create_model(_class_name(table.name), __base__=CaseRow, __doc__=table.description, **columns)
    model.MISSING = frozenset(value.value for value in table.missing_values)
    model.RULES = table.row_rules
    model.ATTRIBUTES = attributes
    model.EMPTY = dict.fromkeys(attributes)
    return model


def _default(field: FieldSpec, table: TableSpec) -> dict[str, Any]:
    return {"description": field.description} | ({} if table.required(field) else {"default": None})


def _annotation(field: FieldSpec, table: TableSpec) -> Any:
    value = _value(field)
    return value if table.required(field) else value | None


def _value(field: FieldSpec) -> Any:
    """The type of the values of a column. A plain text is judged by pydantic's own means, which are fast."""
    if field.type != "string" or field.format != "default" or field.is_edtf:
        return _read_by_type(field)
    limits = field.constraints
    if field.vocabulary:
        allowed = [term for term in field.vocabulary if limits.enum is None or term in limits.enum]
        return Literal[tuple(allowed)]
    if limits.enum is not None:
        return _read_by_type(field)
    try:
        pattern = None if limits.pattern is None else CompiledPattern(limits.pattern).expression
    except PatternProblem:
        # Another engine has to run it, or the check of the table says that none does.
        return _read_by_type(field)
    value: Any = Annotated[
        str,
        StringConstraints(
            min_length=limits.min_length,
            max_length=limits.max_length,
            pattern=pattern,
        ),
    ]
    return (
        value if field.code_list is None else Annotated[value, AfterValidator(_code_reader(field.code_list))]
    )


def _read_by_type(field: FieldSpec) -> Any:
    try:
        cell = CellType(field)
    except FieldProblem:
        return Any
    read = lru_cache(_REMEMBERED)(cell.read)
    return Annotated[Any, PlainValidator(read)]


def _code_reader(code_list: str) -> Any:
    @lru_cache(_REMEMBERED)
    def read(text: str) -> str:
        check_code(code_list, text)
        return text

    return read


def _attribute(column: str) -> str:
    plain = column.isidentifier() and not column.startswith("_") and not keyword.iskeyword(column)
    if plain and not hasattr(CaseRow, column):
        return column
    letters = "".join(letter if letter.isalnum() else "_" for letter in column).lstrip("_")
    return f"{letters}_" if letters[:1].isalpha() else f"column_{letters}_"


def _class_name(table: str) -> str:
    return "".join(part.capitalize() for part in table.replace("-", "_").split("_")) + "Row"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """How many rows were judged and how many refused, and the first refusals in words."""

    rows: int
    refused: int
    first: tuple[str, ...]


MAX_REFUSALS = 5
"""How many refusals are put in words."""


def row_verdict(package: Package) -> RowVerdict:
    """Judge every row of every table of a case by the model of its table."""
    rows, refused = 0, 0
    first: list[str] = []
    for name, spec in tables_of(package).items():
        model = row_model(spec)
        for batch in package.resource(name).batches(ReportBuilder(limit=0)):
            for index, cells in enumerate(batch.cells.to_pylist()):
                rows += 1
                try:
                    model.from_text(cells)
                except ValidationError as error:
                    refused += 1
                    if len(first) < MAX_REFUSALS:
                        first += [f"{name}, row {batch.row(index)}: {words}" for words in _words(error)]
    return RowVerdict(rows, refused, tuple(first[:MAX_REFUSALS]))


def _words(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_input=False):
        yield ": ".join([*map(str, problem["loc"]), problem["msg"]])
