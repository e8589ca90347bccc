"""Types and constraints of the fields of one table: proved with kernels, explained one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.constraint import BrokenConstraint, Constraint
from casetrail.checks.json_schema import JsonSchemaConstraint
from casetrail.checks.missing import Missing
from casetrail.checks.patterns import PatternClock, PatternConstraint
from casetrail.checks.table import Table, WrongCells
from casetrail.checks.value_constraints import BoundConstraint, EnumConstraint, LengthConstraint
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import TRUE, all_true, distinct, text_array, with_nulls
from casetrail.types.field_type import FieldType
from casetrail.types.kernel import KernelResult
from casetrail.types.problem import FieldProblem, ValueProblem, quoted
from casetrail.types.registry import field_type

_CACHE = 50_000
"""How many distinct values of a field are remembered with their verdict."""

_MOST_WRONG = 50
"""How many distinct wrong values of a field are looked for before the others are proved."""
_FIRST, _MANY = 20, 2000
"""Of so many texts the first are looked at before all are."""
_FEW = 8
"""One text in so many is few."""
_LONG = 1000
"""Characters beyond which a value is not remembered."""
_UNREAD = object()

_CONSTRAINTS: tuple[type[Constraint], ...] = (
    EnumConstraint,
    BoundConstraint,
    LengthConstraint,
    PatternConstraint,
    JsonSchemaConstraint,
)


_FORMS = {
    "array": "like [1, 2]",
    "boolean": "as true or false",
    "date": "like 2025-03-01, or in the format of the field",
    "datetime": "like 2025-03-01T15:00:00Z, or in the format of the field",
    "duration": "like P1Y6M, or PT90M for ninety minutes",
    "geojson": 'like {"type": "Point", "coordinates": [76.9, 43.2]}',
    "geopoint": "as longitude and latitude with a comma, like 76.9, 43.2",
    "integer": "in digits alone, like 12",
    "list": "as values with the delimiter of the field between them",
    "number": "in digits with a point for decimals, like 3.5",
    "object": 'like {"room": 4}',
    "string": "in the format that the field names, such as email, uri or uuid",
    "time": "like 15:00:00, or in the format of the field",
    "year": "with four digits, like 2025",
    "yearmonth": "like 2025-03",
}
"""How a value of each type is written; any text is of the type `any`."""


class Fields(PackageCheck):
    """Judges every cell by the type and the constraints of its field."""

    name = "types-and-constraints"
    codes: ClassVar = {
        **{
            f"type-{name}": f"A value is not of the type '{name}'. Write it {form}."
            for name, form in _FORMS.items()
        },
        "type-edtf": "A value is not a date in the Extended Date/Time Format. "
        "Write it like 2025-11-13, or, where less is known, 2025-11 or [2025-11-13..2025-11-14].",
        "constraint-required": "A value is missing where the field needs one.",
        "schema-field-unusable": "No value of a field can be read: its format or properties cannot be used. "
        "Mend the format or property that the message names.",
        "schema-constraint-value": "A value within a constraint is not one of the field's type. "
        "Write the constraint in the type of the field.",
        **{code: meaning for kind in _CONSTRAINTS for code, meaning in kind.codes.items()},
    }

    def __init__(self) -> None:
        self._clock = PatternClock()

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """Its columns."""
        yield _FieldsOfTable(table, self._clock)


class _FieldsOfTable(TableCheck):
    def __init__(self, table: Table, clock: PatternClock) -> None:
        self._fields: list[_Field] = []
        for index, field in enumerate(table.schema.fields):
            try:
                self._fields.append(_Field(table, index, field, clock))
            except FieldProblem as problem:
                message = f"the values of '{field.name}' cannot be read as declared: {problem.reason}"
                table.report_field("schema-field-unusable", message, index, problem.hint)

    def look(self, batch: TextBatch, table: Table) -> None:
        """Look at every column; what is wrong with several is reported record by record."""
        table.report_cells(
            batch,
            [
                cells
                for field in self._fields
                if not table.lacks(batch, field.index)
                for cells in field.look(batch, table)
            ],
        )


class _Field:
    def __init__(self, table: Table, index: int, field: FieldDescriptor, clock: PatternClock) -> None:
        self.index, self._field = index, field
        self._missing = Missing(table.schema, field)
        # References to a key that is no value lead nowhere, and its finding says why.
        self._is_key = field.name in table.schema.primary_key or field.constraints.unique
        # A missing part of the primary key is told by the check of that key.
        self._required = field.constraints.required and field.name not in table.schema.primary_key
        self._type = field_type(field)
        self._constraints, broken = constraints_of(field, self._type, clock)
        for problem in broken:
            self._report_broken(table, problem)
        self._code = f"type-{self._type.name}"
        self._values: dict[str, Any] = {}
        self._wrong_texts: dict[str, None] = {}
        self._broken: dict[tuple[str, str], bool] = {}
        self._said: dict[tuple[str, str], tuple[str, str | None]] = {}

    def look(self, batch: TextBatch, table: Table) -> Iterator[WrongCells]:
        """The values that are wrong."""
        for code, mask, describe in self._wrong(batch, table):
            if self._is_key:
                table.reading.invalid_keys += int(mask.true_count)
            yield WrongCells(code, self.index, mask, partial(self._describe, code, describe))

    def _wrong(
        self, batch: TextBatch, table: Table
    ) -> Iterator[tuple[str, pa.BooleanArray, Callable[[str], tuple[str, str | None]]]]:
        """The values that are wrong: codes, masks, and what says why."""
        column = batch.cells.column(self.index)
        missing = self._missing.mask(column)
        if missing is None:
            text = column
        else:
            text = self._missing.without(column)
            if self._required:
                message = f"there is no value, but '{self._field.name}' needs one"
                yield "constraint-required", missing, lambda text: (message, "fill the cell")
        wrong = self._known_wrong(text)
        if wrong is not None:
            text = with_nulls(text, wrong)
        proved, refused = self._prove(text)
        if proved.accepted is not None:
            uncertain = len(text) - text.null_count - int(proved.accepted.true_count)
            # A few texts are parsed sooner than the whole column is looked at once more.
            many = uncertain * _FEW > len(text)
            more = _wrong_where(
                text,
                proved.accepted,
                self._type.refused(text) if many and refused is None else refused,
                self._is_wrong,
            )
            wrong = more if wrong is None else wrong if more is None else pc.or_(wrong, more)
        if wrong is not None:
            yield self._code, wrong, self._describe_problem
        for constraint in list(self._constraints):
            try:
                held = constraint.proved(text, proved.values)
            except BrokenConstraint as problem:
                self._report_broken(table, problem)
                self._constraints = [other for other in self._constraints if other is not constraint]
                continue
            breaks = None if held is None else self._breaking(text, constraint, proved.values, held, wrong)
            if breaks is not None:
                yield constraint.code, breaks, partial(self._describe_fault, constraint)

    def _known_wrong(self, text: pa.StringArray) -> pa.BooleanArray | None:
        """Where the text was found wrong before, if anywhere: the same mistake is mostly made many times.

        Without those texts the others are mostly proved at once.
        """
        known = list(self._wrong_texts)
        mask = pc.is_in(text, value_set=text_array(known)) if known else None
        return mask if mask is not None and mask.true_count else None

    def _is_wrong(self, text: str) -> bool:
        wrong = isinstance(self._value(text), ValueProblem)
        if wrong and len(self._wrong_texts) < _MOST_WRONG and len(text) <= _LONG:
            self._wrong_texts[text] = None
        return wrong

    def _prove(self, text: pa.StringArray) -> tuple[KernelResult, pa.BooleanArray | None]:
        """What the kernel says of the texts, and which are surely no values, if it was looked for.

        Where the first texts are wrong the others mostly are: it is proved first, and mostly that is enough.
        """
        refused = None
        first = self._type.prove(text[:_FIRST]).accepted if len(text) > _MANY else None
        if first is not None and not first.true_count:
            refused = self._type.refused(text)
            if refused is not None and int(refused.true_count) == len(text) - text.null_count:
                return KernelResult.nothing(text), refused
        return self._type.prove(text), refused

    def _describe(
        self, code: str, describe: Callable[[str], tuple[str, str | None]], index: int, text: str
    ) -> tuple[str, str | None]:
        said = self._said.get((code, text))
        if said is None:
            said = describe(text)
            _remember(self._said, text, (code, text), said)
        return said

    def _report_broken(self, table: Table, problem: BrokenConstraint) -> None:
        message = f"the constraint '{problem.constraint}' of '{self._field.name}': {problem.message}"
        table.report_field(problem.code, message, self.index, severity=problem.severity)

    def _describe_problem(self, text: str) -> tuple[str, str | None]:
        problem = self._value(text)
        return f"{quoted(text)} is not {self._type.noun}: {problem.reason}", problem.hint

    def _breaking(
        self,
        text: pa.StringArray,
        constraint: Constraint,
        typed: pa.Array | None,
        held: pa.BooleanArray,
        wrong: pa.BooleanArray | None,
    ) -> pa.BooleanArray | None:
        """Where the value breaks the constraint."""
        # What is no value of the type has its finding already and cannot be compared.
        settled = pc.fill_null(held if wrong is None else pc.or_kleene(held, wrong), TRUE)
        broken = pc.invert(settled) if constraint.decides else constraint.broken(text, typed)
        if broken is not None and wrong is not None:
            broken = pc.and_(broken, pc.invert(wrong))
        return _wrong_where(text, settled, broken, lambda cell: self._breaks(constraint, cell))

    def _describe_fault(self, constraint: Constraint, text: str) -> tuple[str, str | None]:
        fault = constraint.fault(text, self._value(text))
        return fault.message, fault.hint

    def _value(self, text: str) -> Any:
        """The parsed value, or the problem that parsing raises."""
        value = self._values.get(text, _UNREAD)
        if value is _UNREAD:
            try:
                value = self._type.parse(text)
            except ValueProblem as problem:
                # Made anew: what was raised keeps all the frames that it passed, in a circle.
                value = ValueProblem(problem.reason, problem.hint)
            _remember(self._values, text, text, value)
        return value

    def _breaks(self, constraint: Constraint, text: str) -> bool:
        key = (constraint.code, text)
        breaks = self._broken.get(key)
        if breaks is None:
            breaks = constraint.breaks(text, self._value(text))
            _remember(self._broken, text, key, breaks)
        return breaks


def _remember(known: dict[Any, Any], text: str, key: Any, value: Any) -> None:
    """Remember what is known of a text, unless it is long: those are few, and their values large."""
    if len(text) <= _LONG:
        if len(known) >= _CACHE:
            known.clear()
        known[key] = value


def constraints_of(
    field: FieldDescriptor, parser: FieldType[Any], clock: PatternClock | None = None
) -> tuple[list[Constraint], list[BrokenConstraint]]:
    """The constraints of a field that can be checked, and those that are stated in a way that cannot.

    Patterns that may hang go by the clock, one of their own where none is given.

    `required` and `unique` are not among them: they are not about one value.
    """
    good: list[Constraint] = []
    broken: list[BrokenConstraint] = []
    for make in _makers(field, parser, clock):
        try:
            good.append(make())
        except BrokenConstraint as problem:
            broken.append(problem)
    return good, broken


def _makers(
    field: FieldDescriptor, parser: FieldType[Any], clock: PatternClock | None
) -> Iterator[Callable[[], Constraint]]:
    stated = field.constraints
    if stated.enum is not None:
        yield partial(EnumConstraint, "enum", field, stated.enum, parser)
    if field.categories is not None and "categories" in parser.properties:
        values = tuple(category.value for category in field.categories)
        # Where a vocabulary is written as both, one finding is enough.
        if values != stated.enum:
            yield partial(EnumConstraint, "categories", field, values, parser)
    if stated.pattern is not None:
        yield partial(PatternConstraint, field, stated.pattern, clock)
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


def _wrong_where(
    text: pa.StringArray,
    right: pa.BooleanArray,
    wrong: pa.BooleanArray | None,
    is_wrong: Callable[[str], bool],
) -> pa.BooleanArray | None:
    """Where a text is wrong, if any is: what is proved neither right nor wrong is asked, each text once.

    Null, a missing value, is right.
    """
    settled = right if wrong is None else pc.or_kleene(right, wrong)
    if wrong is not None and not wrong.true_count:
        wrong = None
    if all_true(settled):
        return wrong
    uncertain = pc.invert(pc.fill_null(settled, TRUE))
    texts = text.filter(uncertain)
    bad = [cell for cell in distinct(texts) if is_wrong(cell)]
    if not bad:
        return wrong
    also = pc.replace_with_mask(uncertain, uncertain, pc.is_in(texts, value_set=text_array(bad)))
    return also if wrong is None else pc.or_(wrong, also)
