"""Table Schema, version 2; version 1 is read as well (Data Package standard, `table-schema.mdx`)."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictStr

from casetrail.standard.model import DescriptorModel, WholeNumber

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The `rdfType` that makes a string field a column of EDTF dates."""

FieldsMatch = Literal["exact", "equal", "subset", "superset", "partial"]


def _listed(value: Any) -> Any:
    """Version 1 wrote a single name as a string where version 2 has an array."""
    return [value] if isinstance(value, str) else value


def _first_of_one(value: Any) -> Any:
    """`fieldsMatch` is a string in the standard's text and an array of one in its JSON Schema: read both."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _without_fmt(value: Any) -> Any:
    return value.removeprefix("fmt:") if isinstance(value, str) else value


def _alike(value: Any) -> Any:
    """`missingValues` and `categories` are either plain values or objects, all of them."""
    if isinstance(value, list) and len({isinstance(entry, dict) for entry in value}) > 1:
        raise ValueError("some entries are objects and others are not; write all of them alike")
    return value


def _missing_value(value: Any) -> Any:
    return {"value": value} if isinstance(value, str) else value


def _category(value: Any) -> Any:
    return {"value": value} if isinstance(value, str | int) and not isinstance(value, bool) else value


def _text_or_whole_number(value: Any) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise ValueError("the value of a category is a string or a whole number")


Length = Annotated[WholeNumber, Field(ge=0)]
Names = Annotated[tuple[StrictStr, ...], BeforeValidator(_listed), Field(min_length=1)]


class MissingValue(DescriptorModel):
    """One text that means "no value", with the reason as its label ("missingValues")."""

    value: StrictStr
    label: StrictStr | None = None


class Category(DescriptorModel):
    """One value that a categorical field may have ("categories")."""

    value: Annotated[str | int, BeforeValidator(_text_or_whole_number)]
    label: StrictStr | None = None
    description: StrictStr | None = None


MissingValues = Annotated[
    tuple[Annotated[MissingValue, BeforeValidator(_missing_value)], ...], BeforeValidator(_alike)
]
Categories = Annotated[tuple[Annotated[Category, BeforeValidator(_category)], ...], BeforeValidator(_alike)]


class Constraints(DescriptorModel):
    """What the values of a field must satisfy ("Field Constraints").

    Bounds and `enum` are as JSON has them: of the field's logical type or as its text.
    """

    required: StrictBool = False
    unique: StrictBool = False
    min_length: Length | None = None
    max_length: Length | None = None
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    json_schema: dict[str, Any] | None = None
    pattern: StrictStr | None = None
    enum: Annotated[tuple[Any, ...], Field(min_length=1)] | None = None


NO_CONSTRAINTS = Constraints()


class FieldDescriptor(DescriptorModel):
    """One field of a table ("Field").

    `type` is `any` where the descriptor gives none; `format` has lost the prefix `fmt:` of version 0.
    The properties from `decimal_char` on belong to some types only and are `None` where not given.
    """

    name: StrictStr
    type: StrictStr = "any"
    format: Annotated[StrictStr, BeforeValidator(_without_fmt)] = "default"
    title: StrictStr | None = None
    description: StrictStr | None = None
    example: Any = None
    constraints: Constraints = NO_CONSTRAINTS
    categories: Categories | None = None
    categories_ordered: StrictBool | None = None
    missing_values: MissingValues | None = None
    rdf_type: StrictStr | None = None
    decimal_char: StrictStr | None = None
    group_char: StrictStr | None = None
    bare_number: StrictBool | None = None
    true_values: tuple[StrictStr, ...] | None = None
    false_values: tuple[StrictStr, ...] | None = None
    delimiter: StrictStr | None = None
    item_type: StrictStr | None = None

    @property
    def is_edtf(self) -> bool:
        """Whether the field holds EDTF dates."""
        return self.type == "string" and self.rdf_type == EDTF

    @property
    def terms(self) -> tuple[Category, ...]:
        """The vocabulary of the field in its order: its `categories`, else the values of its `enum`."""
        return self.categories or tuple(
            Category(value=term if isinstance(term, str) else json.dumps(term))
            for term in self.constraints.enum or ()
        )


class Reference(DescriptorModel):
    """The other end of a foreign key; an empty `resource` is the table itself ("foreignKeys")."""

    resource: StrictStr = ""
    fields: Names


class ForeignKey(DescriptorModel):
    """Fields whose values are in the fields of a table, in the same order ("foreignKeys")."""

    fields: Names
    reference: Reference


class TableSchema(DescriptorModel):
    """The schema of one table ("Descriptor").

    An absent `missingValues` is `[""]`. In Python it is built with the snake_case names.
    """

    indivisible: ClassVar[frozenset[str]] = frozenset({"fields"})

    schema_uri: StrictStr | None = Field(default=None, alias="$schema")
    name: StrictStr | None = None
    title: StrictStr | None = None
    description: StrictStr | None = None
    fields: tuple[FieldDescriptor, ...]
    fields_match: Annotated[FieldsMatch, BeforeValidator(_first_of_one)] = "exact"
    missing_values: MissingValues = (MissingValue(value=""),)
    primary_key: Names = ()
    unique_keys: Annotated[tuple[Names, ...], Field(min_length=1)] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the schema."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> FieldDescriptor | None:
        """The (first) field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    def missing(self, field: FieldDescriptor) -> tuple[str, ...]:
        """The texts that mean "no value" in the field: its own, else the schema's ("missingValues")."""
        own = self.missing_values if field.missing_values is None else field.missing_values
        return tuple(entry.value for entry in own)

    def required(self, field: FieldDescriptor) -> bool:
        """Whether the field must have a value: by its constraint, or as a part of the primary key."""
        return field.constraints.required or field.name in self.primary_key
