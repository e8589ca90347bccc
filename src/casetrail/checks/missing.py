"""Missing values: the texts of a field that mean "no value" (Table Schema, "missingValues")."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import text_array, whole_numbers, with_nulls


def lacks_column(batch: TextBatch, schema: TableSchema, column: int) -> bool:
    """Whether the file lacks the column of a field that it must have.

    Its header has a finding then, and the records have none of their own.
    """
    columns = batch.columns
    if columns is None or columns[column] is not None or schema.fields_match in ("superset", "partial"):
        return False
    # The objects of a table in JSON have no columns at all, and the path of a file may give a column.
    return any(columns) and batch.cells.column(column).null_count > 0


_NO_LENGTH = whole_numbers([0])[0].cast(pa.int32())


class Missing:
    """Tells in which cells of a field there is no value."""

    def __init__(self, schema: TableSchema, field: FieldDescriptor) -> None:
        self.texts = frozenset(schema.missing(field))
        self._only_empty = self.texts == {""}
        self._array = None if self._only_empty else text_array(sorted(self.texts))

    def mask(self, texts: pa.StringArray) -> pa.BooleanArray | None:
        """True where the value is missing, or `None` where none is."""
        if texts.null_count:
            # The file has no such column (`fieldsMatch`), or records of JSON have no such property.
            absent = pc.is_null(texts)
            if not self.texts or texts.null_count == len(texts):
                return absent
            return pc.or_(absent, pc.is_in(texts, value_set=text_array(sorted(self.texts))))
        if not self.texts or not len(texts):
            return None
        if self._only_empty:
            lengths = pc.binary_length(texts)
            if pc.min(lengths).as_py() > 0:
                return None
            return pc.equal(lengths, _NO_LENGTH)
        mask = pc.is_in(texts, value_set=self._array)
        return mask if mask.true_count else None

    def without(self, texts: pa.StringArray) -> pa.StringArray:
        """The texts with null where the value is missing."""
        mask = self.mask(texts)
        return texts if mask is None else with_nulls(texts, mask)
