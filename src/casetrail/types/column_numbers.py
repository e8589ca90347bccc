"""The forms of numbers: 64 bits where every value survives them, exact decimals where not, else text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.column_form import ColumnForm, TextForm, Unfit

_INT64 = range(-(2**63), 2**63)
_DIGITS = 38
_EXACT = Context(prec=60, traps=[Inexact])


class IntegerForm(ColumnForm):
    """Whole numbers of 64 bits."""

    @property
    def type(self) -> pa.DataType:
        """int64."""
        return pa.int64()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By the kernel where it proves all of them, else exactly."""
        if _plain(self.field):
            try:
                values = text.cast(pa.int64())
            except pa.ArrowInvalid:
                pass
            else:
                # The kernel also takes hexadecimal digits, which the standard does not.
                if not pc.any(pc.match_substring(text, "x", ignore_case=True)).as_py():
                    return values
        return self._exactly(text, self._build)

    def _build(self, values: list[int]) -> pa.Array:
        if not all(value in _INT64 for value in values):
            raise Unfit(DecimalForm(self.field))
        return pa.array(values, pa.int64())


@dataclass(frozen=True)
class DecimalForm(ColumnForm):
    """Exact decimals of 38 digits, `scale` of them after the point."""

    scale: int = 0

    @property
    def type(self) -> pa.DataType:
        """decimal128."""
        return pa.decimal128(_DIGITS, self.scale)

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By the kernel where it proves all of them, else exactly."""
        if _plain(self.field) and self.scale < _DIGITS:
            # The kernel alone would let digits beyond the 38th overflow without a word.
            fitting = rf"\A[+-]?(?:[0-9]{{1,{_DIGITS - self.scale}}}(?:\.[0-9]{{0,{self.scale}}})?)\z"
            proved = pc.match_substring_regex(text, fitting)
            if proved.true_count + proved.null_count == len(text):
                return text.cast(self.type)
        return self._exactly(text, self._build)

    def _build(self, values: list[int] | list[Decimal]) -> pa.Array:
        numbers = [_shortest(Decimal(value)) for value in values]
        scale, whole = self.scale, 0
        for number in numbers:
            if number is None or not number.is_finite():
                raise Unfit(TextForm(self.field))
            exponent = number.as_tuple().exponent
            scale = max(scale, -exponent if isinstance(exponent, int) else 0)
            whole = max(whole, number.adjusted() + 1)
        if whole + scale > _DIGITS:
            raise Unfit(TextForm(self.field))
        if scale > self.scale:
            raise Unfit(DecimalForm(self.field, scale))
        return pa.array(numbers, self.type)


class NumberForm(ColumnForm):
    """Binary floating point of 64 bits, where every number survives it."""

    @property
    def type(self) -> pa.DataType:
        """float64."""
        return pa.float64()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """By kernels where they prove that the floats are the numbers, else exactly."""
        if _plain(self.field):
            try:
                values = text.cast(pa.float64())
            except pa.ArrowInvalid:
                pass
            else:
                if _floats_are_exact(text, values):
                    return values
        return self._exactly(text, self._build)

    def _build(self, values: list[Decimal]) -> pa.Array:
        floats = [float(value) for value in values]
        survive = all(
            value.is_nan() or Decimal(repr(number)) == value
            for value, number in zip(values, floats, strict=True)
        )
        if survive:
            return pa.array(floats, pa.float64())
        DecimalForm(self.field)._build(values)
        raise Unfit(DecimalForm(self.field))


def _plain(field: FieldDescriptor) -> bool:
    """Whether numbers stand in the file as kernels read them."""
    return field.bare_number is not False and not field.group_char and field.decimal_char in (None, ".")


def _floats_are_exact(text: pa.StringArray, values: pa.DoubleArray) -> bool:
    """Whether each float, written in its shortest form, is the number that stands in the text.

    Fifteen digits always survive; longer texts do when they are the shortest form themselves; of what is
    left each is looked at. The kernel that read the floats takes no text for a finite one that the standard
    refuses.
    """
    if not pc.all(pc.is_finite(values)).as_py() and values.null_count < len(values):
        return False
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    letters = pc.any(pc.match_substring(text, "e", ignore_case=True)).as_py()
    if longest <= 15 and not letters:
        return True
    same = pc.equal(values.cast(pa.string()), text)
    if same.true_count + same.null_count == len(text):
        return True
    others = text.filter(pc.invert(pc.fill_null(same, True)))
    others = others.filter(pc.invert(pc.match_substring_regex(others, r"\A[+-]?[0-9.]{1,15}\z")))
    return all(_survives(one) for one in others.unique().to_pylist())


def _survives(text: str) -> bool:
    try:
        return Decimal(repr(float(text))) == Decimal(text)
    except InvalidOperation:
        return False


def _shortest(number: Decimal) -> Decimal | None:
    """The number without trailing zeros, or `None` where it has far more digits than a decimal column."""
    try:
        return number.normalize(_EXACT)
    except Inexact:
        return None
