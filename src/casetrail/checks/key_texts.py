"""Key texts: the logical values of one or more fields as one comparable text per record.

Keys compare "logical values" (Table Schema, "uniqueKeys"): `1` and `01` are the same integer. What a kernel
knows to be written in the one canonical way stays as it is; every other text goes through the exact parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.missing import Missing
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import TRUE, distinct, text_array, without_missing
from casetrail.types.field_type import FieldType
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.registry import field_type

JOINT = "\0"
"""What is between the parts of a composite key; no cell holds it (`nul-byte`)."""


class KeyTexts:
    """Reads the key of every record of a batch."""

    def __init__(self, schema: TableSchema, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.columns = tuple(schema.field_names.index(name) for name in names)
        self._columns = [_KeyColumn(schema, column) for column in self.columns]

    def read(self, batch: TextBatch) -> pa.StringArray:
        """One text per record, null where a part is missing or is no value of its type."""
        parts = [column.read(batch) for column in self._columns]
        if len(parts) == 1:
            return parts[0]
        return pc.binary_join_element_wise(*parts, text_array([JOINT])[0], null_handling="emit_null")


class _KeyColumn:
    def __init__(self, schema: TableSchema, index: int) -> None:
        self._index = index
        field = schema.fields[index]
        self._missing = Missing(schema, field)
        self._type: FieldType[Any] | None
        try:
            self._type = field_type(field)
        except FieldProblem:
            self._type = None

    def read(self, batch: TextBatch) -> pa.StringArray:
        text = self._missing.without(batch.cells.column(self._index))
        canonical = None if self._type is None else self._type.canonical(text)
        if canonical is None:
            return text
        doubtful = distinct(text.filter(pc.invert(pc.fill_null(canonical, TRUE))))
        keys = {written: self._key(written) for written in doubtful}
        invalid = [written for written, key in keys.items() if key is None]
        changed = {written: key for written, key in keys.items() if key not in (None, written)}
        if invalid:
            text = without_missing(text, text_array(invalid))
        if not changed:
            return text
        where = pc.index_in(text, value_set=text_array(changed))
        return pc.if_else(pc.is_valid(where), pc.take(text_array(changed.values()), where), text)

    def _key(self, text: str) -> str | None:
        assert self._type is not None
        try:
            return self._type.key_text(self._type.parse(text))
        except ValueProblem:
            return None
