"""Cells: the one answer to "is this text a value of this column?", its reason and what to do.

Type, constraints and the lists of codes are asked; whether a key exists, only the whole case can tell.
"""

from __future__ import annotations

from typing import Any

from casetrail.case.profile import FieldSpec
from casetrail.case.standard_codes import check_code
from casetrail.checks.fields import constraints_of
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import field_type


class CellType:
    """What a column takes: its type, its constraints, and the list of codes that it names."""

    def __init__(self, field: FieldSpec) -> None:
        self._code_list = field.code_list
        self._parser = field_type(field)
        # A constraint that cannot be checked is an error of the schema, told with it.
        self._constraints, _ = constraints_of(field, self._parser)

    def read(self, text: str) -> Any:
        """The value of the text; a `ValueProblem` says why the column cannot hold it."""
        value = self._parser.parse(text)
        for constraint in self._constraints:
            if constraint.breaks(text, value):
                fault = constraint.fault(text, value)
                raise ValueProblem(fault.message, fault.hint)
        if self._code_list is not None:
            check_code(self._code_list, text)
        return value

    def problem(self, text: str) -> ValueProblem | None:
        """Why the column cannot hold the text, or `None`."""
        try:
            self.read(text)
        except ValueProblem as problem:
            return problem
        return None

    def accepts(self, text: str) -> bool:
        """Whether the column can hold the text."""
        return self.problem(text) is None
