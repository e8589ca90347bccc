"""Column forms: how the texts of one field become an Arrow column, and the wider form where they do not fit.

| type | form | where values do not fit |
|---|---|---|
| string | string; with categories or enum a dictionary of all terms, in their order | |
| integer | int64 | decimal128(38, 0), then text |
| number | float64 | decimal128(38, s) with the largest scale s that occurs, then text |
| boolean | bool | |
| date | date32 | |
| time | time64[us] | |
| datetime | timestamp[us, UTC] when all have a zone | timestamp[us] when none has one, then text |
| year | int32 | text (years with a time zone) |
| list | list of its items' type | text |
| any, yearmonth, duration, geopoint, geojson, object, array | text, as in the file | |

A column has one form, which every value fits without loss: a number fits float64 when the shortest text of
the float is the same number (0.1 does, 0.1000000000000000055 does not). "Text" is the text of the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_text import text_array
from casetrail.types.column_form import ColumnForm, NotAValue, TextForm, Unfit
from casetrail.types.column_numbers import IntegerForm, NumberForm
from casetrail.types.problem import ValueProblem
from casetrail.types.year import Year

_INT32 = range(-(2**31), 2**31)


def form_of(field: FieldDescriptor) -> ColumnForm:
    """The form that a field begins with, from its schema alone."""
    terms = terms_of(field)
    if terms:
        return TermsForm(field)
    return _FORMS.get(field.type, TextForm)(field)


def terms_of(field: FieldDescriptor) -> tuple[str, ...]:
    """All terms of a string field with `categories` or `enum`, in their order; of another field none."""
    if field.type != "string":
        return ()
    terms = field.constraints.enum or ()
    if field.categories is not None:
        terms = tuple(category.value for category in field.categories)
    return tuple(dict.fromkeys(terms)) if all(isinstance(term, str) for term in terms) else ()


class JsonForm(TextForm):
    """JSON text, known to be JSON: exports may write it as it is."""

    def convert(self, text: pa.StringArray) -> pa.Array:
        """The texts themselves, each read once."""
        self._exactly(text, lambda values: pa.nulls(len(values), pa.int8()))
        return text


class TermsForm(ColumnForm):
    """Terms of a vocabulary as a dictionary of all of them, used or not, in the order of the schema."""

    @property
    def type(self) -> pa.DataType:
        """Dictionary of string."""
        many = len(terms_of(self.field))
        index = pa.int8() if many < 2**7 else pa.int16() if many < 2**15 else pa.int32()
        return pa.dictionary(index, pa.string(), ordered=self.field.categories_ordered is True)

    def convert(self, text: pa.StringArray) -> pa.Array:
        """The place of each text among the terms."""
        terms = text_array(terms_of(self.field))
        places = pc.index_in(text, value_set=terms)
        if places.null_count > text.null_count:
            strangers = text.filter(pc.and_(pc.is_null(places), pc.is_valid(text)))
            problem = ValueProblem("the vocabulary of the field does not have it")
            raise NotAValue(strangers[0].as_py(), "a term", problem)
        return pa.DictionaryArray.from_arrays(
            places.cast(self.type.index_type), terms, ordered=self.type.ordered
        )


class BooleanForm(ColumnForm):
    """True and false."""

    @property
    def type(self) -> pa.DataType:
        """bool."""
        return pa.bool_()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By their few distinct texts."""
        return self._exactly(text, lambda values: pa.array(values, pa.bool_()))


class DateForm(ColumnForm):
    """Days."""

    @property
    def type(self) -> pa.DataType:
        """date32."""
        return pa.date32()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By the kernel, which knows the calendar, else exactly."""
        if self.field.format == "default":
            days = full_dates(text)
            if days is not None:
                return days
        return self._exactly(text, lambda values: pa.array(values, pa.date32()))


class TimeForm(ColumnForm):
    """Times of day."""

    @property
    def type(self) -> pa.DataType:
        """time64, microseconds."""
        return pa.time64("us")

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By their distinct texts, 86,400 at most."""
        return self._exactly(text, lambda values: pa.array(values, pa.time64("us")))


@dataclass(frozen=True)
class DatetimeForm(ColumnForm):
    """Moments: in UTC when all have a zone, local times when none has one."""

    zoned: bool = True

    @property
    def type(self) -> pa.DataType:
        """timestamp, microseconds."""
        return pa.timestamp("us", "UTC" if self.zoned else None)

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By the kernel where the form is proved, else exactly."""
        if self.field.format == "default":
            proved = pc.match_substring_regex(text, _ZONED if self.zoned else _LOCAL)
            if proved.true_count + proved.null_count == len(text):
                try:
                    return text.cast(self.type)
                except pa.ArrowInvalid:
                    pass
        return self._exactly(text, self._build)

    def _build(self, values: list[dt.datetime]) -> pa.Array:
        zoned = sum(value.utcoffset() is not None for value in values)
        if self.zoned and zoned < len(values):
            raise Unfit(TextForm(self.field) if zoned else DatetimeForm(self.field, zoned=False))
        if not self.zoned and zoned:
            raise Unfit(TextForm(self.field))
        return pa.array([_microseconds(value) for value in values], pa.int64()).cast(self.type)


class YearForm(ColumnForm):
    """Calendar years as numbers."""

    @property
    def type(self) -> pa.DataType:
        """int32."""
        return pa.int32()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By their few distinct texts."""
        return self._exactly(text, self._build)

    def _build(self, values: list[int]) -> pa.Array:
        if any(isinstance(value, Year) or value not in _INT32 for value in values):
            raise Unfit(TextForm(self.field))
        return pa.array(values, pa.int32())


class ListForm(ColumnForm):
    """Lists of values of one type; what does not fit the items' first form keeps the column as text."""

    @property
    def type(self) -> pa.DataType:
        """List of the items' type."""
        return pa.list_(self._items().type)

    def convert(self, text: pa.StringArray) -> pa.Array:
        """The items of all lists typed as one column, and cut into lists again."""
        lists = pc.split_pattern(text, self.field.delimiter or ",")
        try:
            items = self._items().convert(lists.flatten())
        except Unfit:
            raise Unfit(TextForm(self.field)) from None
        mask = pc.is_null(lists) if lists.null_count else None
        return pa.ListArray.from_arrays(lists.offsets, items, mask=mask)

    def _items(self) -> ColumnForm:
        item_type = {None: "string", "datetme": "datetime"}.get(self.field.item_type, self.field.item_type)
        return form_of(FieldDescriptor(name=self.field.name, type=item_type))


def full_dates(text: pa.StringArray) -> pa.Date32Array | None:
    """The days of texts that are all full dates `yyyy-mm-dd`, else `None`."""
    try:
        days = text.cast(pa.date32())
    except pa.ArrowInvalid:
        return None
    earliest = pc.min(text).as_py()
    return None if earliest is not None and earliest < "0001" else days


_LOCAL = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?\z"
_ZONED = _LOCAL[:-2] + r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)\z"
_EPOCH = dt.datetime(1970, 1, 1)
_FORMS: dict[str, Callable[[FieldDescriptor], ColumnForm]] = {
    "integer": IntegerForm,
    "number": NumberForm,
    "boolean": BooleanForm,
    "date": DateForm,
    "time": TimeForm,
    "datetime": DatetimeForm,
    "year": YearForm,
    "list": ListForm,
    "object": JsonForm,
    "array": JsonForm,
    "geojson": JsonForm,
}


def _microseconds(value: dt.datetime) -> int:
    offset = value.utcoffset()
    local = value.replace(tzinfo=None) - _EPOCH
    return (local - offset if offset is not None else local) // dt.timedelta(microseconds=1)
