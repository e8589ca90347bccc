"""Proofs: Arrow kernels that accept whole columns of one type (Table Schema, "Field Types").

A proof may accept only what the standard accepts; it need not accept everything. What it leaves open goes to
the exact parser in `casetrail.types`. A property test holds each proof to its parser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrays import all_true, text_array


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof says of a column of texts, null where the value is missing.

    `where` is true where the text is surely a value of the type, `None` when all are. `typed` holds
    the proved values in a type that can be compared, null elsewhere, or is `None` where there is none.
    """

    where: pa.BooleanArray | None = None
    typed: pa.Array | None = None


Proof = Callable[[pa.StringArray], Proved]

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NOT_YEAR_0 = r"(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
_MONTH = rf"{_NOT_YEAR_0}-(?:0[1-9]|1[0-2])"
_DAY_TO_28 = rf"{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])"
_HEX = "[0-9a-fA-F]"
_NUMBER = r"[+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?"
_NO_LARGE_EXPONENT = 9
"""A text of so few characters has no exponent that the exact parser refuses."""
_URI = (
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?"
)
_LABEL = r"[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}"
_EMAIL = (
    rf"[A-Za-z0-9]{{1,20}}(?:[._-][A-Za-z0-9]{{1,20}}){{0,2}}@{_LABEL}(?:\.{_LABEL}){{0,2}}\.[A-Za-z]{{2,20}}"
)


def proof_for(field: FieldDescriptor) -> Proof | None:
    """The proof for a field, or `None` where every value has to be parsed."""
    if field.is_edtf:
        return _prove_date
    maker = _MAKERS.get(field.type)
    return maker(field) if maker else None


def _prove_everything(text: pa.StringArray) -> Proved:
    return Proved()


def _matching(pattern: str) -> Proof:
    whole = rf"\A(?:{pattern})\z"

    def prove(text: pa.StringArray) -> Proved:
        return _proved(pc.match_substring_regex(text, whole))

    return prove


def _proved(where: pa.BooleanArray, typed: pa.Array | None = None) -> Proved:
    return Proved(None if all_true(where) else pc.fill_null(where, False), typed)


def _only(text: pa.StringArray, where: pa.BooleanArray) -> pa.StringArray:
    return text if all_true(where) else pc.if_else(where, text, pa.nulls(1, text.type)[0])


def _string(field: FieldDescriptor) -> Proof | None:
    patterns = {"uuid": f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}", "uri": _URI, "email": _EMAIL}
    if field.format == "default":
        return _prove_everything
    return _matching(patterns[field.format]) if field.format in patterns else None


def _prove_integer(text: pa.StringArray) -> Proved:
    # Eighteen digits always fit 64 bits; the cast alone would also take hexadecimal numbers.
    plain = pc.ascii_is_decimal(text)
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    if longest > 18 or not all_true(plain):
        plain = pc.match_substring_regex(text, r"\A-?[0-9]{1,18}\z")
    return _proved(plain, pc.cast(_only(text, plain), pa.int64()))


def _prove_number(text: pa.StringArray) -> Proved:
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    if longest <= _NO_LARGE_EXPONENT:
        try:
            values = pc.cast(text, pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            # The cast also takes "nan", "inf" and "infinity"; all else that it takes is a decimal number.
            if all_true(pc.is_finite(values)):
                return Proved(None, values)
    plain = pc.match_substring_regex(text, rf"\A{_NUMBER}\z")
    return _proved(plain, pc.cast(_only(text, plain), pa.float64()))


def _plain_number(proof: Proof) -> Callable[[FieldDescriptor], Proof | None]:
    def make(field: FieldDescriptor) -> Proof | None:
        rewritten = field.group_char or field.bare_number is False or field.decimal_char not in (None, ".")
        return None if rewritten else proof

    return make


def _prove_date(text: pa.StringArray) -> Proved:
    try:
        days = pc.cast(text, pa.date32())
    except pa.ArrowInvalid:
        # The cast knows the calendar but stops at the first text it cannot read.
        plain = pc.match_substring_regex(text, rf"\A{_DAY_TO_28}\z")
        return _proved(plain, pc.cast(_only(text, plain), pa.date32()))
    earliest = pc.min(text).as_py()
    if earliest is not None and earliest < "0001":
        return Proved(pc.fill_null(pc.match_substring_regex(text, rf"\A{_NOT_YEAR_0}"), False), None)
    return Proved(None, days)


def _prove_datetime(text: pa.StringArray) -> Proved:
    plain = pc.match_substring_regex(text, rf"\A{_DAY_TO_28}T{_CLOCK}\z")
    return _proved(plain, pc.cast(_only(text, plain), pa.timestamp("s")))


def _prove_time(text: pa.StringArray) -> Proved:
    plain = pc.match_substring_regex(text, rf"\A{_CLOCK}\z")
    return _proved(plain)


def _prove_year(text: pa.StringArray) -> Proved:
    plain = pc.match_substring_regex(text, rf"\A{_NOT_YEAR_0}\z")
    return _proved(plain, pc.cast(_only(text, plain), pa.int64()))


def _default_only(proof: Proof) -> Callable[[FieldDescriptor], Proof | None]:
    return lambda field: proof if field.format == "default" else None


def _boolean(field: FieldDescriptor) -> Proof:
    true = field.true_values or ("true", "True", "TRUE", "1")
    false = field.false_values or ("false", "False", "FALSE", "0")
    known = text_array([*true, *false])

    def prove(text: pa.StringArray) -> Proved:
        return _proved(_among(text, known))

    return prove


def _among(text: pa.StringArray, known: pa.StringArray) -> pa.BooleanArray:
    # is_in says false of null; null has to stay null here, for it is not judged.
    return pc.or_kleene(pc.is_in(text, value_set=known), pc.is_null(text))


def _list(field: FieldDescriptor) -> Proof | None:
    return _prove_everything if field.item_type in (None, "string") else None


_MAKERS: dict[str, Callable[[FieldDescriptor], Proof | None]] = {
    "string": _string,
    "any": lambda field: _prove_everything,
    "integer": _plain_number(_prove_integer),
    "number": _plain_number(_prove_number),
    "boolean": _boolean,
    "date": _default_only(_prove_date),
    "datetime": _default_only(_prove_datetime),
    "time": _default_only(_prove_time),
    "year": lambda field: _prove_year,
    "yearmonth": lambda field: _matching(_MONTH),
    "duration": lambda field: _matching(r"P(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?[0-9]{1,9}D"),
    "geopoint": _default_only(
        _matching(r"-?(?:[0-9]|[1-9][0-9])(?:\.[0-9]{1,15})?, ?-?[1-8]?[0-9](?:\.[0-9]{1,15})?")
    ),
    "list": _list,
}
