"""Dates: what must come first, in three values, and the chains that must end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import pyarrow.compute as pc

from casetrail.case.profile import DateOrder, TableSpec
from casetrail.case.rules.base import CaseRules, CollectedColumns, joined
from casetrail.checks.conditions import Condition
from casetrail.checks.rule_descriptor import condition_of
from casetrail.findings.finding import Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.model import DescriptorLocation
from casetrail.types.arrow_arrays import are_text
from casetrail.types.edtf import EdtfDate, Order, compare, parse_edtf
from casetrail.types.problem import ValueProblem

REPLACEABLE = ("postponed", "adjourned")
"""The states of an event that another may replace."""


class DatePath(NamedTuple):
    """A date at the end of references: for each step the table, its key and the column to read."""

    steps: tuple[tuple[str, str], ...]

    @property
    def first(self) -> str:
        """The column of the row itself with which the path begins."""
        return self.steps[0][1]


def date_path(text: str, spec: TableSpec, specs: Mapping[str, TableSpec]) -> DatePath | None:
    """The path that `replaces.date` describes; `None` where a column or its table is not there.

    Raises:
        ValueError: A name is no reference, or the last no date.
    """
    *references, last = text.split(".")
    steps: list[tuple[str, str]] = []
    for name in references:
        if name not in spec.columns:
            raise ValueError(f"the table '{spec.name}' has no column '{name}'")
        steps.append((spec.name, name))
        target = spec.references.get(name)
        if target is None or target not in specs:
            return None
        spec = specs[target]
    if last not in spec.columns or not spec.columns[last].is_edtf:
        raise ValueError(f"'{last}' is no column of dates of the table '{spec.name}'")
    return DatePath((*steps, (spec.name, last)))


class DateRules(CaseRules):
    """What must come first does; where dates are partial a doubt is a warning."""

    name = "dates"

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self._known: dict[tuple[str, str], dict[str, str]] = {}
        super().__init__(specs)

    @property
    def codes(self) -> Mapping[str, str]:
        """The orders of dates that the tables state, and the chains."""
        orders = {order.name: order.description for spec in self.specs.values() for order in spec.date_orders}
        return {
            **orders,
            "replaced-not-postponed": "An event replaces one that is not postponed. "
            "Set the `status` of the earlier event to postponed, or empty `replaces`.",
            "postponed-not-replaced": "A postponed event is replaced by none.",
            "reference-cycle": "A chain of references comes back to its beginning. "
            "Empty the reference in the row with which the chain should begin.",
        }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Every column on a path, the keys of the tables reached, and the references to a table itself."""
        needs: list[dict[str, tuple[str, ...]]] = [{"events": ("event_id", "status", "replaces")}]
        for name, _, earlier, later, when in self._orders:
            for path in (earlier, later):
                needs += [{table: (self.specs[table].key, column)} for table, column in path.steps]
            needs.append({name: (self.specs[name].key, *(when.columns if when else ()))})
        needs += [{name: (self.specs[name].key, column)} for name, column in self._chains()]
        return joined(*needs)

    @cached_property
    def _orders(self) -> list[tuple[str, DateOrder, DatePath, DatePath, Condition | None]]:
        orders = []
        for name, spec in self.specs.items():
            for order in spec.date_orders:
                try:
                    earlier = date_path(order.earlier, spec, self.specs)
                    later = date_path(order.later, spec, self.specs)
                    when = condition_of(order.when, spec, DescriptorLocation("")) if order.when else None
                except ValueError:
                    # The profile check reports it.
                    continue
                if earlier is not None and later is not None:
                    orders.append((name, order, earlier, later, when))
        return orders

    def _chains(self) -> Iterator[tuple[str, str]]:
        for name, spec in self.specs.items():
            yield from ((name, column) for column, target in spec.references.items() if target == name)

    def run(self, builder: ReportBuilder) -> None:
        """Compare the pairs of dates, then follow the chains."""
        for name, order, earlier, later, when in self._orders:
            with self.one_rule():
                self._order(self.table(name), order, earlier, later, when, builder)
        with self.one_rule():
            self._replacements(builder)
        for name, column in self._chains():
            with self.one_rule():
                _cycles(self.table(name), self.specs[name].key, column, builder)

    def _order(
        self,
        rows: CollectedColumns,
        order: DateOrder,
        earlier: DatePath,
        later: DatePath,
        when: Condition | None,
        builder: ReportBuilder,
    ) -> None:
        for index in rows.filled(earlier.first, later.first):
            if when is not None and not when.holds(
                {name: rows.cell(index, name) or None for name in when.columns}
            ):
                continue
            first, first_of = self._follow(rows, index, earlier)
            second, second_of = self._follow(rows, index, later)
            if first is None or second is None:
                continue
            verdict = compare(first, second)
            certain = verdict is Order.VIOLATED
            if verdict is Order.KEPT or (order.certain_only and not certain):
                continue
            clause = order.description[0].lower() + order.description[1:].removesuffix(".")
            table, column = earlier.steps[-1]
            builder.add(
                rows.finding(
                    order.name,
                    f"{clause}: {second.text}{f' of {second_of}' if second_of else ''} "
                    f"{'is' if certain else 'may be'} before {first.text}"
                    f"{f' of {first_of}' if first_of else ''}",
                    index,
                    field=later.first,
                    hint=order.hint,
                    severity=Severity.ERROR if certain else Severity.WARNING,
                    related=Place(table=table, field=column, key=first_of, value=first.text)
                    if first_of
                    else None,
                )
            )

    def _follow(
        self, rows: CollectedColumns, index: int, path: DatePath
    ) -> tuple[EdtfDate | None, str | None]:
        """The date at the end of a path, and the id of its row where it is another."""
        value, row_id = rows.cell(index, path.first), None
        for table, column in path.steps[1:]:
            row_id = value
            value = self._pairs(table, column).get(row_id, "")
        return _date(value), row_id

    def _pairs(self, table: str, column: str) -> dict[str, str]:
        if (table, column) not in self._known:
            self._known[table, column] = self.table(table).pairs(self.specs[table].key, column)
        return self._known[table, column]

    def _replacements(self, builder: ReportBuilder) -> None:
        events = self.table("events")
        replacing = list(events.filled("replaces"))
        statuses = events.pairs("event_id", "status") if replacing else {}
        for index in replacing:
            replaced = events.cell(index, "replaces")
            if statuses.get(replaced, REPLACEABLE[0]) not in REPLACEABLE:
                builder.add(
                    events.finding(
                        "replaced-not-postponed",
                        f"{replaced} is replaced, but its status is {statuses[replaced]}, not postponed",
                        index,
                        field="replaces",
                        hint=f"set `status` of {replaced} to postponed, or empty `replaces`",
                        related=Place(table="events", field="status", key=replaced, value=statuses[replaced]),
                    )
                )
        postponed = are_text(events.column("status"), REPLACEABLE[0])
        answered = pc.is_in(events.column("event_id"), value_set=events.column("replaces"))
        for index in events.where(pc.and_(postponed, pc.invert(answered))):
            builder.add(
                events.finding(
                    "postponed-not-replaced",
                    f"{events.cell(index, 'event_id')} is postponed, but no event replaces it",
                    index,
                    field="status",
                    hint="add the new date as an event with `replaces`; where none was set, leave it so",
                    severity=Severity.WARNING,
                )
            )


def _date(text: str) -> EdtfDate | None:
    """The date; `None` where there is none or it is not EDTF, which the type check says."""
    try:
        return parse_edtf(text) if text else None
    except ValueProblem:
        return None


def _cycles(rows: CollectedColumns, key: str, reference: str, builder: ReportBuilder) -> None:
    pointing = list(rows.filled(reference))
    steps = {rows.cell(index, key): rows.cell(index, reference) for index in pointing}
    finished: set[str] = set()
    for index in pointing:
        chain: dict[str, None] = {}
        at = rows.cell(index, key)
        while at in steps and at not in chain and at not in finished:
            chain[at] = None
            at = steps[at]
        # A row that points at itself breaks a rule of its own.
        if at in chain and steps[at] != at:
            circle = list(chain)[list(chain).index(at) :]
            builder.add(
                rows.finding(
                    "reference-cycle",
                    f"`{reference}` goes in a circle: {' → '.join([*circle, at])}",
                    index,
                    field=reference,
                    hint=f"empty `{reference}` in the row that does not come after the others",
                )
            )
        finished.update(chain)
