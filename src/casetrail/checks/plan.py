"""The plan: which checks are made, what of them looks at each table, and in which order tables are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from casetrail.checks.block_work import CheckPart
from casetrail.checks.check import Options, PackageCheck, TableCheck
from casetrail.checks.fields import Fields
from casetrail.checks.fixity import Fixity
from casetrail.checks.foreign_keys import ForeignKeys
from casetrail.checks.key_index import TableKeys, TableKeysOfBlock
from casetrail.checks.keys import PrimaryKeys, UniqueKeys
from casetrail.checks.rows import RowRules
from casetrail.checks.table import OnProgress, Table
from casetrail.checks.unchecked import Unchecked
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch

_NO_FIELDS = TableSchema(fields=())


def checks_of(package: Package, options: Options) -> list[PackageCheck]:
    """The checks that are made of any package, in the order in which the report lists them."""
    checks: list[PackageCheck] = [
        Fields(),
        RowRules(),
        PrimaryKeys(),
        UniqueKeys(),
        ForeignKeys(),
        Fixity(),
    ]
    if options.hygiene if options.hygiene is not None else package.case_profile is not None:
        from casetrail.checks.hygiene import Hygiene

        checks.append(Hygiene())
    return checks


class _Keys(TableCheck):
    """Reads the keys of a table, for the checks that ask for them; what goes wrong they report."""

    def __init__(self, keys: TableKeys) -> None:
        self._keys = keys

    def look(self, batch: TextBatch, table: Table) -> TableKeysOfBlock:
        return self._keys.look(batch)

    def take(self, given: TableKeysOfBlock, rows: int, lines: int) -> None:
        self._keys.take(given, rows, lines)

    def finish(self) -> None:
        self._keys.finish()


@dataclass
class TablePlan:
    """One table, and the parts of checks that look at it."""

    resource: Resource
    table: Table
    parts: list[CheckPart] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts.append(CheckPart("keys", _Keys(self.table.keys), self.table.builder.part()))

    def add(self, check: PackageCheck) -> None:
        """Add what a check gives for this table."""
        if (sensitive := check.sensitive(self.resource, self.table)) is not None:
            self.table.sensitive.append(sensitive)
        table = self.table.part()
        self.parts += [
            CheckPart(check.name, part, table.builder) for part in check.on_table(self.resource, table)
        ]


def table_plans(
    package: Package, builder: ReportBuilder, unchecked: Unchecked, on_progress: OnProgress | None = None
) -> list[TablePlan]:
    """The tables of a package, without checks as yet."""
    tables: dict[str, Table] = {}
    plans: list[TablePlan] = []
    for resource in package.tables:
        schema = resource.schema or _NO_FIELDS
        table = Table(
            resource.name,
            resource.path,
            schema,
            builder.part(),
            TableKeys(schema),
            resource.schema_path or package.files.descriptor,
            tables,
            unchecked=unchecked,
            on_progress=on_progress,
        )
        # Of two tables of one name the first counts.
        tables.setdefault(resource.name, table)
        plans.append(TablePlan(resource, table))
    return plans


def targets_first(plans: Sequence[TablePlan]) -> Iterable[TablePlan]:
    """Tables that others refer to come first, so that references can be looked up as they are read."""
    by_name = {plan.table.name: plan for plan in reversed(plans)}
    ordered: list[TablePlan] = []
    entered: set[int] = set()
    for start in plans:
        pending = [(start, False)]
        while pending:
            plan, remaining = pending.pop()
            if remaining:
                ordered.append(plan)
            elif id(plan) not in entered:
                entered.add(id(plan))
                pending.append((plan, True))
                names = [key.reference.resource for key in plan.table.schema.foreign_keys]
                pending += [(by_name[name], False) for name in reversed(names) if name in by_name]
    return ordered
