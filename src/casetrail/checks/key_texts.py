"""Key texts: the logical values of one or more fields as one comparable text per record.

Keys compare "logical values" (Table Schema, "uniqueKeys"): `1` and `01` are the same integer. What a kernel
knows to be written in the one canonical way stays as it is; every other text goes through the exact parser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.missing import Missing
from casetrail.checks.parsers import exact_parser
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrays import all_true, distinct, text_array
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.proofs import proof_for

_CANONICAL = {
    "integer": r"\A(?:0|-?[1-9][0-9]{0,999})\z",
    "number": r"\A(?:0|-?[1-9][0-9]{0,300}|-?(?:0|[1-9][0-9]{0,300})\.[0-9]{0,300}[1-9])\z",
}
_AS_WRITTEN = frozenset({"date", "time", "yearmonth", "year"})
_LONGEST_PLAIN = 600


class KeyTexts:
    """Reads the key of every record of a batch."""

    def __init__(self, schema: TableSchema, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._columns = [_KeyColumn(schema, schema.field_names.index(name)) for name in names]

    def read(self, batch: TextBatch) -> pa.StringArray:
        """One text per record, null where a part is missing or is no value of its type."""
        parts = [column.read(batch) for column in self._columns]
        if len(parts) == 1:
            return parts[0]
        parts = [_escaped(part) for part in parts]
        return pc.binary_join_element_wise(*parts, text_array(["\0\2"])[0], null_handling="emit_null")


class _KeyColumn:
    def __init__(self, schema: TableSchema, index: int) -> None:
        self._index = index
        self._field = schema.fields[index]
        self._missing = Missing(schema, self._field)
        self._parser: ValueParser[Any] | None
        try:
            self._parser = exact_parser(self._field)
        except FieldProblem:
            self._parser = None

    def read(self, batch: TextBatch) -> pa.StringArray:
        text = self._missing.without(batch.cells.column(self._index))
        canonical = _canonical(self._field, text)
        if canonical is None or self._parser is None:
            return text
        open_ = distinct(text.filter(pc.invert(pc.fill_null(canonical, True))))
        rewritten = [self._rewrite(one) for one in open_]
        if all(new == old for old, new in zip(open_, rewritten, strict=True)):
            return text
        where = pc.index_in(text, value_set=text_array(open_))
        valid = [one is not None for one in rewritten]
        values = text_array(one or "" for one in rewritten)
        nothing = pa.nulls(1, text.type)[0]
        taken = pc.take(values, where)
        bad = text_array(old for old, ok in zip(open_, valid, strict=True) if not ok)
        replaced = pc.if_else(pc.is_valid(where), taken, text)
        return pc.if_else(pc.is_in(text, value_set=bad), nothing, replaced)

    def _rewrite(self, text: str) -> str | None:
        assert self._parser is not None
        try:
            value = self._parser.parse(text)
        except ValueProblem:
            return None
        key = self._parser.key(value)
        return key if isinstance(key, str) else _written(value) or self._parser.write(value)


def _canonical(field: FieldDescriptor, text: pa.StringArray) -> pa.BooleanArray | None:
    """Where the text is the only way to write its value; `None` for everywhere."""
    if field.type in ("string", "any") and field.format != "uuid":
        return None
    plain: pa.BooleanArray | None = None
    if field.type in _CANONICAL and not field.group_char and field.bare_number is not False:
        plain = pc.match_substring_regex(text, _CANONICAL[field.type])
    elif field.type in _AS_WRITTEN and (proof := proof_for(field)) is not None:
        plain = proof(text).where
        if plain is None:
            return None
    if plain is None or (field.decimal_char or ".") != ".":
        return pc.is_null(text)
    return None if all_true(plain) else plain


def _written(value: Any) -> str | None:
    """The plainest text of a value whose type has several ways of writing it."""
    if isinstance(value, Decimal) and value.is_finite():
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
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).isoformat()
    return None


def _escaped(part: pa.StringArray) -> pa.StringArray:
    # The joint is a pair that no part holds, so that ("a", "b c") and ("a b", "c") stay two keys.
    if pc.any(pc.match_substring(part, "\0")).as_py():
        return pc.replace_substring(part, "\0", "\0\1")
    return part
