"""Table Schema, version 2; version 1 is read as well (Data Package standard, `table-schema.mdx`)."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from casetrail.standard.model import DescriptorModel
from casetrail.standard.property import (
    anything,
    array_of,
    choice_of,
    converter,
    json_object,
    listed,
    property_of,
    string,
    true_or_false,
    whole_number,
)

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The `rdfType` that makes a string field a column of EDTF dates."""

FieldsMatch = Literal["exact", "equal", "subset", "superset", "partial"]


def _first_of_one(value: Any) -> Any:
    """`fieldsMatch` is a string in the standard's text and an array of one in its JSON Schema: read both."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _without_fmt(value: str) -> str:
    return value.removeprefix("fmt:")


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


def _not_negative(number: int) -> int:
    if number < 0:
        raise ValueError(f"this is {number}, but a length is 0 or more")
    return number


_NAMES = (listed, array_of(string, least=1))
"""Names of fields. Version 1 wrote a single one as a string where version 2 has an array."""


class MissingValue(DescriptorModel):
    """One text that means "no value", with the reason as its label ("missingValues")."""

    value: str = property_of(string)
    label: str | None = property_of(string, default=None)


class Category(DescriptorModel):
    """One value that a categorical field may have ("categories")."""

    value: str | int = property_of(converter(_text_or_whole_number))
    label: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)


_MISSING_VALUES = (converter(_alike), array_of(converter(_missing_value), MissingValue.read))
_CATEGORIES = (converter(_alike), array_of(converter(_category), Category.read))


class Constraints(DescriptorModel):
    """What the values of a field must satisfy ("Field Constraints").

    Bounds and `enum` are as JSON has them: of the field's logical type or as its text.
    """

    required: bool = property_of(true_or_false, default=False)
    unique: bool = property_of(true_or_false, default=False)
    min_length: int | None = property_of(whole_number, converter(_not_negative), default=None)
    max_length: int | None = property_of(whole_number, converter(_not_negative), default=None)
    minimum: Any = property_of(anything, default=None)
    maximum: Any = property_of(anything, default=None)
    exclusive_minimum: Any = property_of(anything, default=None)
    exclusive_maximum: Any = property_of(anything, default=None)
    json_schema: dict[str, Any] | None = property_of(json_object, default=None)
    pattern: str | None = property_of(string, default=None)
    enum: tuple[Any, ...] | None = property_of(array_of(anything, least=1), default=None)


NO_CONSTRAINTS = Constraints()


class FieldDescriptor(DescriptorModel):
    """One field of a table ("Field").

    `type` is `any` where the descriptor gives none; `format` has lost the prefix `fmt:` of version 0.
    The properties from `decimal_char` on belong to some types only and are `None` where not given.
    """

    name: str = property_of(string)
    type: str = property_of(string, default="any")
    format: str = property_of(string, converter(_without_fmt), default="default")
    title: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)
    example: Any = property_of(anything, default=None)
    constraints: Constraints = property_of(Constraints.read, default=NO_CONSTRAINTS)
    categories: tuple[Category, ...] | None = property_of(*_CATEGORIES, default=None)
    categories_ordered: bool | None = property_of(true_or_false, default=None)
    missing_values: tuple[MissingValue, ...] | None = property_of(*_MISSING_VALUES, default=None)
    rdf_type: str | None = property_of(string, default=None)
    decimal_char: str | None = property_of(string, default=None)
    group_char: str | None = property_of(string, default=None)
    bare_number: bool | None = property_of(true_or_false, default=None)
    true_values: tuple[str, ...] | None = property_of(array_of(string), default=None)
    false_values: tuple[str, ...] | None = property_of(array_of(string), default=None)
    delimiter: str | None = property_of(string, default=None)
    item_type: str | None = property_of(string, default=None)

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

    resource: str = property_of(string, default="")
    fields: tuple[str, ...] = property_of(*_NAMES)


class ForeignKey(DescriptorModel):
    """Fields whose values are in the fields of a table, in the same order ("foreignKeys")."""

    fields: tuple[str, ...] = property_of(*_NAMES)
    reference: Reference = property_of(Reference.read)


class TableSchema(DescriptorModel):
    """The schema of one table ("Descriptor").

    An absent `missingValues` is `[""]`. In Python it is built with the snake_case names.
    """

    schema_uri: str | None = property_of(string, default=None, json="$schema")
    name: str | None = property_of(string, default=None)
    title: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)
    fields: tuple[FieldDescriptor, ...] = property_of(array_of(FieldDescriptor.read, divisible=False))
    fields_match: FieldsMatch = property_of(
        converter(_first_of_one), choice_of(*get_args(FieldsMatch)), default="exact"
    )
    missing_values: tuple[MissingValue, ...] = property_of(
        *_MISSING_VALUES, default=(MissingValue(value=""),)
    )
    primary_key: tuple[str, ...] = property_of(*_NAMES, default=())
    unique_keys: tuple[tuple[str, ...], ...] = property_of(array_of(*_NAMES, least=1), default=())
    foreign_keys: tuple[ForeignKey, ...] = property_of(array_of(ForeignKey.read), default=())

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
