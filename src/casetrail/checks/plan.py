"""The plan: which checks each table gets, and in which order the tables are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from casetrail.checks.check import Table, TableCheck
from casetrail.checks.fields import Fields
from casetrail.checks.foreign_keys import ForeignKeyCheck
from casetrail.checks.keys import KeyIndexes, PrimaryKey, UniqueKeys
from casetrail.checks.lanes import LANES
from casetrail.checks.places import Places
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.package.usable_schema import referring, usable
from casetrail.standard.schema import TableSchema

_NO_FIELDS = TableSchema(fields=())

Build = Callable[[Table], Iterable[TableCheck]]


@dataclass
class Work:
    """One table and what is to be done with it: its checks by lane."""

    resource: Resource
    table: Table
    indexes: KeyIndexes
    lanes: list[list[TableCheck]] = field(default_factory=lambda: [[] for _ in range(LANES)])
    builders: list[ReportBuilder] = field(default_factory=list)
    rows: int = 0
    read: bool = False

    def build(self, lane: int, build: Build) -> None:
        """Put checks on a lane; they write a builder of their own."""
        builder = ReportBuilder(self.table.builder.limit)
        self.builders.append(builder)
        self.lanes[lane].extend(build(replace(self.table, builder=builder)))

    @property
    def references(self) -> Iterator[ForeignKeyCheck]:
        """The checks of its foreign keys."""
        return (check for lane in self.lanes for check in lane if isinstance(check, ForeignKeyCheck))


def tables_of(package: Package, limit: int) -> list[Work]:
    """The tables of a package with the parts of their schemas that make sense; no check is on them yet."""
    schemas = {resource.name: resource.schema for resource in package.resources}
    good = {name: usable(schema) for name, schema in schemas.items() if schema is not None}
    works: list[Work] = []
    for resource in package.tables:
        schema = good[resource.name] if resource.schema is not None else _NO_FIELDS
        schema = referring(schema, good)
        key_columns = tuple(schema.field_names.index(name) for name in schema.primary_key)
        where = resource.schema_path or package.files.descriptor
        table = Table(resource.name, resource.path, schema, ReportBuilder(limit), Places(key_columns), where)
        works.append(Work(resource, table, KeyIndexes(table)))
    return works


def plan_checks(work: Work, works: Sequence[Work], hygiene: bool) -> Iterator[tuple[str, int, Build]]:
    """The checks of one table: the name of each, its lane and how it is built.

    What looks at one column is spread over the lanes; all that needs the keys is on the last.
    """
    schema, indexes = work.table.schema, work.indexes
    if not schema.fields:
        return
    for lane in range(LANES):
        columns = range(lane, len(schema.fields), LANES)
        yield Fields.name, lane, lambda table, columns=columns: [Fields(table, columns)]  # type: ignore[misc]
    if schema.primary_key:
        yield PrimaryKey.name, LANES - 1, lambda table: [PrimaryKey(table, indexes)]
    if schema.unique_keys or any(one.constraints.unique for one in schema.fields):
        yield UniqueKeys.name, LANES - 1, lambda table: [UniqueKeys(table, indexes)]
    by_name = {other.table.name: other for other in reversed(works)}
    for key in schema.foreign_keys:
        target = by_name.get(key.reference.resource or work.table.name)
        if target is not None:
            index, other = target.indexes.index(key.reference.fields), target.table
            yield (
                ForeignKeyCheck.name,
                LANES - 1,
                lambda table, key=key, index=index, other=other: [ForeignKeyCheck(table, key, index, other)],  # type: ignore[misc]
            )
    if hygiene:
        from casetrail.checks.hygiene import Hygiene

        yield Hygiene.name, 0, lambda table: [Hygiene(table)]


def targets_first(works: Sequence[Work]) -> list[Work]:
    """Tables that others refer to come first, so that references can be looked up as they are read."""
    by_name = {work.table.name: work for work in reversed(works)}
    ordered: list[Work] = []
    entered: set[int] = set()
    for start in works:
        pending = [(start, False)]
        while pending:
            work, left = pending.pop()
            if left:
                ordered.append(work)
            elif id(work) not in entered:
                entered.add(id(work))
                pending.append((work, True))
                names = [key.reference.resource for key in work.table.schema.foreign_keys]
                pending += [(by_name[name], False) for name in reversed(names) if name in by_name]
    return ordered
