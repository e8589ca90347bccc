"""`number` (Table Schema, "number"): decimals of XML Schema, exact, with INF, -INF, NaN and an exponent.

"A non-empty finite-length sequence of decimal digits separated by a period … An optional leading sign is
allowed … Leading and trailing zeroes are optional." So `+1`, `01`, `.5` and `5.` are numbers; `1_000`, ` 5`
and digits of other scripts are not. The three special values are read in any case ("case need not be
respected"), as is the E of the exponent. `+INF` and `Infinity` are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_arrays import FALSE, TRUE, all_true
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType, Reader, TextColumn
from casetrail.types.field_type import BOUNDS, FieldType, Unordered
from casetrail.types.kernel import KernelResult, cast_all, cast_where, matches
from casetrail.types.problem import FieldProblem, ValueProblem

_NAN = Unordered("NaN")
_SPECIAL = {"nan": Decimal("NaN"), "inf": Decimal("Infinity"), "-inf": Decimal("-Infinity")}
_LARGEST_EXPONENT = 10_000_000
"""Beyond it a number is refused: no tool that reads it back would keep it."""
_LONGEST_PLAIN = 600
_CANONICAL = "0|-?[1-9][0-9]{0,300}"
_DIGITS = 38
_EXACT = Context(prec=60, traps=[Inexact])


class NumberType(FieldType[Decimal]):
    """Numbers of any kind, without rounding."""

    name = "number"
    noun = "a number"
    constraints = BOUNDS
    properties = frozenset({"decimal_char", "group_char", "bare_number"})
    aliases = ("float", "double", "decimal", "numeric")
    xsd = "number"
    schema_org = "Float"
    json_kinds = frozenset({"a number"})
    native_kinds = frozenset({"integer", "number"})

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        self.decimal_char = "." if field.decimal_char is None else field.decimal_char
        check_marks(self.decimal_char, field.group_char)
        point = re.escape(self.decimal_char)
        digits = grouped_digits(field.group_char)
        decimals = rf"[0-9]+(?:{re.escape(field.group_char)}[0-9]+)*" if field.group_char else "[0-9]+"
        self._form = NumberForm(
            field,
            rf"(?P<sign>[+-]?)(?:(?P<whole>{digits})(?:{point}(?P<part>(?:{decimals})?))?"
            rf"|{point}(?P<only>{decimals}))"
            r"(?:[Ee](?P<exponent>[+-]?[0-9]+))?",
        )

    def parse(self, text: str) -> Decimal:
        """The number, exactly as written."""
        match = self._form.match(text)
        if match is None:
            special = _SPECIAL.get(text.lower()) if len(text) <= 4 else None
            if special is not None:
                return special
            raise _problem(text, self)
        whole, part = match["whole"] or "", match["part"] or match["only"] or ""
        if mark := self.field.group_char:
            whole, part = whole.replace(mark, ""), part.replace(mark, "")
        exponent = match["exponent"] or "0"
        if len(exponent.lstrip("+-0")) > 8 or abs(int(exponent)) > _LARGEST_EXPONENT:
            raise ValueProblem(f"the exponent {exponent[:12]} is too large to be read")
        return (
            Decimal(f"{match['sign']}{whole or '0'}.{part or '0'}E{exponent}")
            if part
            else Decimal(f"{match['sign']}{whole}E{exponent}")
        )

    def write(self, value: Decimal) -> str:
        """The number in plain digits, or with an exponent where those would be long; never grouped."""
        if value.is_nan():
            return "NaN"
        if value.is_infinite():
            return "INF" if value > 0 else "-INF"
        adjusted = value.adjusted() if value else 0
        plain = format(value, "f") if -20 <= adjusted <= 40 else str(value)
        return plain.replace(".", self.decimal_char)

    def key(self, value: Decimal) -> Hashable:
        """The number; NaN equals itself and is neither above nor below anything."""
        return _NAN if value.is_nan() else value

    def key_text(self, value: Decimal) -> str:
        """The plainest digits."""
        return plain_digits(value) if value.is_finite() else self.write(value)

    @property
    def form(self) -> str:
        """What the parser reads, and the three special values."""
        return rf"{self._form.pattern}|(?i:nan|-?inf)"

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Numbers in the plain form; the values are the nearest doubles."""
        values = cast_all(texts, pa.float64())
        # The cast also takes "nan", "inf" and "infinity", and exponents that the parser refuses.
        if values is not None and all_true(pc.is_finite(values)) and not _has_large_exponent(texts, values):
            return KernelResult(None, values)
        plain = matches(texts, r"[+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?")
        return KernelResult.where(plain, cast_where(texts, plain, pa.float64()))

    def canonical(self, texts: pa.StringArray) -> pa.BooleanArray | None:
        """Digits without needless zeros."""
        return canonical_digits(
            self.field, texts, rf"{_CANONICAL}|-?(?:0|[1-9][0-9]{{0,300}})\.[0-9]{{0,300}}[1-9]"
        )

    def column(self) -> ArrowColumn:
        """float64, decimal128 or text."""
        return NumberColumn(self, pa.float64())

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """With a point, without groups, and with nothing around the digits."""
        return is_plain_number(field)

    def from_json(self, raw: Any) -> Decimal:
        """A JSON number (0.1 is a tenth, as written), or a text."""
        if isinstance(raw, bool):
            return super().from_json(raw)
        if isinstance(raw, int | Decimal):
            return Decimal(raw)
        if isinstance(raw, float):
            return Decimal(repr(raw))
        return super().from_json(raw)

    def json_text(self, raw: Any) -> str:
        """The number as it is written, with the decimal character of the field."""
        text = super().json_text(raw)
        return text if isinstance(raw, str) else text.replace(".", self.decimal_char)


def check_marks(decimal_char: str, group_char: str | None) -> None:
    """Refuse marks between digits that could be taken for something else."""
    for name, mark in (("decimalChar", decimal_char), ("groupChar", group_char or None)):
        if mark is not None and (mark == "" or re.search(r"[0-9+\-Ee]", mark)):
            raise FieldProblem(f"{name} '{mark}' could be taken for a part of the number")
    if decimal_char == group_char:
        raise FieldProblem(f"'{decimal_char}' cannot group digits and separate decimals at once")


def grouped_digits(group_char: str | None) -> str:
    """A regular expression for whole digits, grouped or not.

    The standard does not say how long groups are (1,000,000 or 10,00,000 or 100,0000). Two digits at least,
    and three in the last group, keep `1.5` from being read as 15 where `.` groups digits.
    """
    if not group_char:
        return "[0-9]+"
    mark = re.escape(group_char)
    return rf"[0-9]+(?:(?:{mark}[0-9]{{2,}})*{mark}[0-9]{{3,}})?"


class NumberForm:
    """How numbers are written in a field, alone or with something around them (`bareNumber` false): `95%`.

    "The contents of this field may contain leading and/or trailing non-numeric characters (which
    implementors MUST therefore strip)". A sign is a part of the number: where one is apart from the
    digits (`-€95`, `95-`) the text is refused, since dropping it would turn the value around.
    """

    def __init__(self, field: FieldDescriptor, number: str) -> None:
        self._bare = field.bare_number is not False
        around = number if self._bare else rf"(?P<before>[^0-9]*?){number}(?P<after>[^0-9]*)"
        self.pattern = around
        self._compiled = re.compile(around)

    def match(self, text: str) -> re.Match[str] | None:
        """The match of the one number, or `None` where there is none or more than one."""
        match = self._compiled.fullmatch(text)
        if match is None or self._bare:
            return match
        if re.search("[+-]", match["before"]) or match["after"].lstrip().startswith(("-", "+")):
            raise ValueProblem(
                "a space is between the sign and the digits", "write the sign directly before the digits"
            )
        return match


def plain_digits(value: Decimal) -> str:
    """A number without needless zeros; with an exponent where there would be hundreds of them."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if not any(digits):
        return "0"
    bare = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - len(bare)
    bare = bare.lstrip("0")
    minus = "-" if sign else ""
    if abs(exponent) > _LONGEST_PLAIN:
        return f"{minus}{bare}E{exponent}"
    if exponent >= 0:
        return minus + bare + "0" * exponent
    whole, part = bare[:exponent], bare[exponent:].rjust(-exponent, "0")
    return f"{minus}{whole or '0'}.{part}"


def is_plain_number(field: FieldDescriptor) -> bool:
    """Whether the numbers of a field are written as most programs read them."""
    return field.bare_number is not False and not field.group_char and field.decimal_char in (None, ".")


def canonical_digits(
    field: FieldDescriptor, texts: pa.StringArray, pattern: str = _CANONICAL
) -> pa.BooleanArray | None:
    """Where a number is written in the one canonical way; `None` for everywhere."""
    if not is_plain_number(field):
        return pc.is_null(texts)
    canonical = matches(texts, pattern)
    return None if all_true(canonical) else canonical


def _has_large_exponent(texts: pa.StringArray, values: pa.DoubleArray) -> bool:
    """Whether a text may have an exponent that the parser refuses; of one that is not long it makes zero."""
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    if longest < len("1e10000001"):
        return False
    if longest <= _LONGEST_PLAIN:
        texts = texts.filter(pc.fill_null(pc.equal(values, 0.0), FALSE))
    return bool(pc.any(pc.match_substring_regex(texts, "[eE].{8}")).as_py())


class NumberColumn(ArrowColumn):
    """Binary floating point of 64 bits, where every number survives it; else exact decimals; else text."""

    def from_kernel(self, texts: pa.StringArray) -> pa.Array | None:
        """The floats of the kernel, where they are the numbers."""
        values = super().from_kernel(texts)
        return values if values is not None and _floats_are_exact(texts, values) else None

    def build(self, values: list[Decimal]) -> pa.Array:
        """Floats; a column of decimals where one does not survive."""
        floats = [float(value) for value in values]
        survive = all(
            value.is_nan() or Decimal(repr(number)) == value
            for value, number in zip(values, floats, strict=True)
        )
        if survive:
            return pa.array(floats, pa.float64())
        wider = DecimalColumn(self.reader)
        wider.build(values)
        raise NeedsWiderType(wider)


class DecimalColumn(ArrowColumn):
    """Exact decimals of 38 digits, `scale` of them after the point; else text."""

    def __init__(self, reader: Reader, scale: int = 0) -> None:
        super().__init__(reader, pa.decimal128(_DIGITS, scale))
        self._scale = scale

    def from_kernel(self, texts: pa.StringArray) -> pa.Array | None:
        """The cast of plain digits that surely fit."""
        # The cast alone would let digits beyond the 38th overflow without a word.
        fitting = rf"[+-]?[0-9]{{1,{_DIGITS - self._scale}}}(?:\.[0-9]{{0,{self._scale}}})?"
        if self._scale == _DIGITS or not is_plain_number(self.reader.field):
            return None
        return texts.cast(self.type) if all_true(matches(texts, fitting)) else None

    def build(self, values: list[int] | list[Decimal]) -> pa.Array:
        """Decimals; with a greater scale where one needs it."""
        numbers = [_shortest(Decimal(value)) for value in values]
        scale, whole = self._scale, 0
        for number in numbers:
            if number is None or not number.is_finite():
                raise NeedsWiderType(TextColumn(self.reader))
            exponent = number.as_tuple().exponent
            scale = max(scale, -exponent if isinstance(exponent, int) else 0)
            whole = max(whole, number.adjusted() + 1)
        if whole + scale > _DIGITS:
            raise NeedsWiderType(TextColumn(self.reader))
        if scale > self._scale:
            raise NeedsWiderType(DecimalColumn(self.reader, scale))
        return pa.array(numbers, self.type)


def _floats_are_exact(texts: pa.StringArray, values: pa.DoubleArray) -> bool:
    """Whether each float, written in its shortest form, is the number of the text.

    Fifteen digits always survive; longer texts do when they are the shortest form themselves; of what is
    left each is looked at.
    """
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    if longest <= 15 and not pc.any(pc.match_substring(texts, "e", ignore_case=True)).as_py():
        return True
    same = pc.equal(values.cast(pa.string()), texts)
    if all_true(same):
        return True
    others = texts.filter(pc.invert(pc.fill_null(same, TRUE)))
    others = others.filter(pc.invert(matches(others, "[+-]?[0-9.]{1,15}")))
    return all(_survives(text) for text in others.unique().to_pylist())


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


def _problem(text: str, numbers: NumberType) -> ValueProblem:
    if text == "":
        return ValueProblem("it is empty")
    hint = hints.number(text, decimal_char=numbers.decimal_char, group_char=numbers.field.group_char)
    reason = "a number is written with digits, a sign before them"
    reason += f" and '{numbers.decimal_char}' before the decimals"
    return ValueProblem(reason, hint)
