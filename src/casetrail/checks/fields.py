"""Types and constraints of the fields of one table: proved with kernels, explained one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import THREADS, PackageCheck, TableCheck
from casetrail.checks.constraint import BrokenConstraint, Constraint
from casetrail.checks.json_schema import JsonSchemaConstraint
from casetrail.checks.missing import Missing
from casetrail.checks.patterns import PatternConstraint
from casetrail.checks.table import Table
from casetrail.checks.value_constraints import BoundConstraint, EnumConstraint, LengthConstraint
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import TRUE, all_true, distinct, text_array
from casetrail.types.field_type import FieldType
from casetrail.types.problem import FieldProblem, ValueProblem, quoted
from casetrail.types.registry import field_type, type_names

_CACHE = 50_000
"""How many distinct values of a field are remembered with their verdict."""

_CONSTRAINTS: tuple[type[Constraint], ...] = (
    EnumConstraint,
    BoundConstraint,
    LengthConstraint,
    PatternConstraint,
    JsonSchemaConstraint,
)


class Fields(PackageCheck):
    """Judges every cell by the type and the constraints of its field."""

    name = "types-and-constraints"
    codes: ClassVar = {
        **{f"type-{name}": f"A value is not of the type '{name}'." for name in type_names() if name != "any"},
        "type-edtf": "A value is not a date in the Extended Date/Time Format.",
        "constraint-required": "A value is missing where the field needs one.",
        "schema-field-unusable": "No value of a field can be read: its format or properties cannot be used.",
        "schema-constraint-value": "A value within a constraint is not one of the field's type.",
        **{code: meaning for kind in _CONSTRAINTS for code, meaning in kind.codes.items()},
    }

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """Its columns, spread over the threads."""
        for thread in range(THREADS):
            yield _FieldsOfTable(table.part(), thread)


class _FieldsOfTable(TableCheck):
    def __init__(self, table: Table, thread: int) -> None:
        self.thread = thread
        self._fields: list[_Field] = []
        for index in range(thread, len(table.schema.fields), THREADS):
            field = table.schema.fields[index]
            try:
                self._fields.append(_Field(table, index, field))
            except FieldProblem as problem:
                message = f"the values of '{field.name}' cannot be read as declared: {problem.reason}"
                table.report_field("schema-field-unusable", message, index, problem.hint)

    def feed(self, batch: TextBatch) -> None:
        for field in self._fields:
            field.feed(batch)


class _Field:
    def __init__(self, table: Table, index: int, field: FieldDescriptor) -> None:
        self._table, self._index, self._field = table, index, field
        self._missing = Missing(table.schema, field)
        # References to a key that is no value lead nowhere, and its finding says why.
        self._is_key = field.name in table.schema.primary_key or field.constraints.unique
        # A missing part of the primary key is told by the check of that key.
        self._required = field.constraints.required and field.name not in table.schema.primary_key
        self._type = field_type(field)
        self._constraints, broken = constraints_of(field, self._type)
        for problem in broken:
            self._report_broken(problem)
        self._code = f"type-{self._type.name}"
        self._values: dict[str, Any] = {}
        self._broken: dict[tuple[str, str], bool] = {}
        self._said: dict[tuple[str, str], tuple[str, str | None]] = {}

    def feed(self, batch: TextBatch) -> None:
        if self._table.lacks(batch, self._index):
            return
        column = batch.cells.column(self._index)
        missing = self._missing.mask(column)
        if missing is None:
            text = column
        else:
            text = self._missing.without(column)
            if self._required:
                self._report_missing(batch, missing)
        proved = self._type.prove(text)
        wrong: pa.BooleanArray | None = None
        if proved.accepted is not None:
            wrong = self._check_types(batch, text, proved.accepted)
        for constraint in list(self._constraints):
            try:
                held = constraint.proved(text, proved.values)
            except BrokenConstraint as problem:
                self._report_broken(problem)
                self._constraints.remove(constraint)
                continue
            if held is not None:
                self._check_constraint(batch, text, constraint, held, wrong)

    def _report_broken(self, problem: BrokenConstraint) -> None:
        message = f"the constraint '{problem.constraint}' of '{self._field.name}': {problem.message}"
        self._table.report_field(problem.code, message, self._index, severity=problem.severity)

    def _report_missing(self, batch: TextBatch, missing: pa.BooleanArray) -> None:
        message = f"there is no value, but '{self._field.name}' needs one"
        self._report_all(batch, "constraint-required", missing, lambda text: (message, "fill the cell"))

    def _check_types(
        self, batch: TextBatch, text: pa.StringArray, proved: pa.BooleanArray
    ) -> pa.BooleanArray | None:
        bad = [one for one in _open(text, proved) if isinstance(self._value(one), ValueProblem)]
        if not bad:
            return None
        wrong = pc.is_in(text, value_set=text_array(bad))

        def describe(one: str) -> tuple[str, str | None]:
            problem = self._value(one)
            return f"{quoted(one)} is not {self._type.noun}: {problem.reason}", problem.hint

        self._report_all(batch, self._code, wrong, describe)
        return wrong

    def _check_constraint(
        self,
        batch: TextBatch,
        text: pa.StringArray,
        constraint: Constraint,
        held: pa.BooleanArray,
        wrong: pa.BooleanArray | None,
    ) -> None:
        # What is no value of the type has its finding already and cannot be compared.
        settled = held if wrong is None else pc.or_kleene(held, wrong)
        if constraint.decides:
            breaks = pc.invert(pc.fill_null(settled, TRUE))
        else:
            bad = [one for one in _open(text, settled) if self._breaks(constraint, one)]
            if not bad:
                return
            breaks = pc.is_in(text, value_set=text_array(bad))

        def describe(one: str) -> tuple[str, str | None]:
            fault = constraint.fault(one, self._value(one))
            return fault.message, fault.hint

        self._report_all(batch, constraint.code, breaks, describe)

    def _value(self, text: str) -> Any:
        """The parsed value, or the problem that parsing raises."""
        if text not in self._values:
            if len(self._values) >= _CACHE:
                self._values.clear()
            try:
                self._values[text] = self._type.parse(text)
            except ValueProblem as problem:
                self._values[text] = problem
        return self._values[text]

    def _breaks(self, constraint: Constraint, text: str) -> bool:
        key = (constraint.code, text)
        if key not in self._broken:
            if len(self._broken) >= _CACHE:
                self._broken.clear()
            self._broken[key] = constraint.breaks(text, self._value(text))
        return self._broken[key]

    def _report_all(
        self,
        batch: TextBatch,
        code: str,
        wrong: pa.BooleanArray,
        describe: Callable[[str], tuple[str, str | None]],
    ) -> None:
        def report(index: int) -> None:
            place = self._table.place(batch, index, self._index)
            text = batch.text(index, self._index) or ""
            if (code, text) not in self._said:
                if len(self._said) >= _CACHE:
                    self._said.clear()
                self._said[code, text] = describe(text)
            message, hint = self._said[code, text]
            self._table.report(code, message, place, hint=hint)

        self._table.report_all(code, wrong, report)
        if self._is_key:
            self._table.reading.invalid_keys += int(wrong.true_count)


def constraints_of(
    field: FieldDescriptor, parser: FieldType[Any]
) -> tuple[list[Constraint], list[BrokenConstraint]]:
    """The constraints of a field that can be checked, and those that are stated in a way that cannot.

    `required` and `unique` are not among them: they are not about one value.
    """
    good: list[Constraint] = []
    broken: list[BrokenConstraint] = []
    for make in _makers(field, parser):
        try:
            good.append(make())
        except BrokenConstraint as problem:
            broken.append(problem)
    return good, broken


def _makers(field: FieldDescriptor, parser: FieldType[Any]) -> Iterator[Callable[[], Constraint]]:
    stated = field.constraints
    if stated.enum is not None:
        yield partial(EnumConstraint, "enum", field, stated.enum, parser)
    if field.categories is not None and "categories" in parser.properties:
        values = tuple(category.value for category in field.categories)
        # Where a vocabulary is written as both, one finding is enough.
        if values != stated.enum:
            yield partial(EnumConstraint, "categories", field, values, parser)
    if stated.pattern is not None:
        yield partial(PatternConstraint, field, stated.pattern)
    for name, length in (("minLength", stated.min_length), ("maxLength", stated.max_length)):
        if length is not None:
            yield partial(LengthConstraint, name, field, length)
    for name, bound in (
        ("minimum", stated.minimum),
        ("maximum", stated.maximum),
        ("exclusiveMinimum", stated.exclusive_minimum),
        ("exclusiveMaximum", stated.exclusive_maximum),
    ):
        if bound is not None:
            yield partial(BoundConstraint, name, field, bound, parser)
    if stated.json_schema is not None:
        yield partial(JsonSchemaConstraint, field, stated.json_schema)


def _open(text: pa.StringArray, settled: pa.BooleanArray) -> list[str]:
    """The distinct texts that are not settled; null, a missing value, always is."""
    if all_true(settled):
        return []
    return distinct(text.filter(pc.invert(pc.fill_null(settled, TRUE))))
