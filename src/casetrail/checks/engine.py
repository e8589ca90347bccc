"""The engine: reads every table once, feeds all checks, and says of each check whether it ran."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casetrail.checks.check import Options, PackageCheck, SharedLedger, Table, TableCheck
from casetrail.checks.fields import Fields
from casetrail.checks.fixity import NAME as FIXITY
from casetrail.checks.fixity import check_fixity
from casetrail.checks.foreign_keys import ForeignKeyCheck
from casetrail.checks.keys import KeyIndexes, PrimaryKey, UniqueKeys
from casetrail.checks.places import Places
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.report import CheckRun, Report, TableSummary
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.package.schema import TableSchema
from casetrail.package.text import TextBatch
from casetrail.package.usable_schema import referring, usable

CODES = {"check-not-run": "A check could not run, so what it would have found is not known."}

READING = "reading"
_QUEUED = 4
"""How many batches may wait for the checks; more would only hold memory."""
_NO_FIELDS = TableSchema(fields=())


def validate(
    package: Package, *, options: Options | None = None, extra_checks: Sequence[PackageCheck] = ()
) -> Report:
    """Check a whole package: descriptor, form of the files, types, constraints, keys, hygiene and more.

    A check that fails to run is itself an error in the report. `MemoryError` and `KeyboardInterrupt` pass
    through.
    """
    return _Run(package, options or Options(), extra_checks).report()


@dataclass
class _Work:
    """One table and what is to be done with it."""

    resource: Resource
    table: Table
    indexes: KeyIndexes
    checks: list[TableCheck] = field(default_factory=list)
    rows: int = 0
    read: bool = False


class _Run:
    def __init__(self, package: Package, options: Options, extra: Sequence[PackageCheck]) -> None:
        self._package, self._options, self._extra = package, options, list(extra)
        self._ledger = SharedLedger(options.limit)
        self._ran: dict[str, bool] = {}
        self._descriptor = package.files.descriptor

    def report(self) -> Report:
        for finding in self._package.findings:
            self._ledger.add(finding)
        works = self._prepare()
        for work in _targets_first(works):
            self._read(work)
        for work in works:
            for check in work.checks:
                if isinstance(check, ForeignKeyCheck) and work.read:
                    self._guard(check.name, work.table.name, check.settle)
        for extra in self._extra:
            self._guard(extra.name, None, lambda extra=extra: extra.finish(self._ledger))  # type: ignore[misc]
        for resource in self._package.resources:
            if resource.obstacle is None:
                self._guard(
                    FIXITY,
                    resource.name,
                    lambda resource=resource: check_fixity(resource, self._ledger, self._descriptor),  # type: ignore[misc]
                )
        tables = tuple(TableSummary(work.table.name, work.table.path, work.rows) for work in works)
        checks, meanings = self._described()
        name, version = self._package.name, self._package.version
        return Report.of(
            self._ledger, package=name, version=version, tables=tables, checks=checks, meanings=meanings
        )

    def _described(self) -> tuple[tuple[CheckRun, ...], dict[str, str]]:
        if not self._ledger.counts:
            return tuple(CheckRun(name, ran) for name, ran in self._ran.items()), {}
        from casetrail.checks.codes import described

        given = [(extra.name, getattr(extra, "codes", {})) for extra in self._extra]
        checks, meanings = described(self._ran, given)
        return checks, {**meanings, **CODES}

    def _prepare(self) -> list[_Work]:
        """Every check is built, and so every broken rule found, before any data is read."""
        schemas = {resource.name: resource.schema for resource in self._package.resources}
        good = {name: usable(schema) for name, schema in schemas.items() if schema is not None}
        works: list[_Work] = []
        for resource in self._package.tables:
            schema = good.get(resource.name, _NO_FIELDS) if resource.schema is not None else _NO_FIELDS
            schema = referring(schema, good)
            key_columns = tuple(schema.field_names.index(name) for name in schema.primary_key)
            where = resource.schema_path or self._descriptor
            table = Table(resource.name, resource.path, schema, self._ledger, Places(key_columns), where)
            works.append(_Work(resource, table, KeyIndexes(table)))
        by_name = {work.table.name: work for work in reversed(works)}
        self._ran[READING] = True
        for work in works:
            if work.table.schema.fields:
                self._build(work, by_name)
        for extra in self._extra:
            if self._guard(extra.name, None, lambda extra=extra: extra.open(self._package, self._ledger)):  # type: ignore[misc]
                for work in works:
                    self._add(work, extra.name, lambda e=extra, w=work: e.on_table(w.resource, w.table))  # type: ignore[misc]
            else:
                self._extra.remove(extra)
        return works

    def _build(self, work: _Work, by_name: dict[str, _Work]) -> None:
        table, indexes = work.table, work.indexes
        self._add(work, Fields.name, lambda: [Fields(table)])
        if table.schema.primary_key:
            self._add(work, PrimaryKey.name, lambda: [PrimaryKey(table, indexes)])
        if table.schema.unique_keys or any(one.constraints.unique for one in table.schema.fields):
            self._add(work, UniqueKeys.name, lambda: [UniqueKeys(table, indexes)])
        for key in table.schema.foreign_keys:
            target = by_name.get(key.reference.resource or table.name)
            if target is None:
                continue
            index = target.indexes.index(key.reference.fields)
            other = target.table
            self._add(
                work,
                ForeignKeyCheck.name,
                lambda key=key, index=index, other=other: [ForeignKeyCheck(table, key, index, other)],  # type: ignore[misc]
            )
        hygiene = self._options.hygiene
        if hygiene if hygiene is not None else self._package.case_profile is not None:
            from casetrail.checks.hygiene import Hygiene

            self._add(work, Hygiene.name, lambda: [Hygiene(table)])

    def _add(self, work: _Work, name: str, build: Callable[[], Iterable[TableCheck]]) -> None:
        self._guard(name, work.table.name, lambda: work.checks.extend(build()))

    def _read(self, work: _Work) -> None:
        if work.resource.obstacle is not None:
            return
        checks = list(work.checks)
        reading = _ReadingLedger(self._ledger)
        try:
            for batch in _ahead(work.resource.batches(reading)):
                work.table.places.add(batch)
                work.indexes.feed(batch)
                work.rows += batch.cells.num_rows
                for check in list(checks):
                    if not self._guard(check.name, work.table.name, lambda c=check, b=batch: c.feed(b)):  # type: ignore[misc]
                        checks.remove(check)
                if self._options.progress is not None:
                    self._options.progress(work.table.name, work.rows)
        except CasetrailError as error:
            self._not_run(READING, work.table.name, str(error))
            return
        if not work.rows and reading.errors:
            return
        work.read = True
        work.indexes.complete()
        for check in list(checks):
            if not self._guard(check.name, work.table.name, check.finish):
                checks.remove(check)
        work.checks = checks

    def _guard(self, name: str, table: str | None, step: Callable[[], object]) -> bool:
        """Run one step of a check; when it fails, the check has not run, and that is an error."""
        self._ran.setdefault(name, True)
        try:
            step()
        except MemoryError:
            raise
        except Exception as error:
            if self._options.debug:
                raise
            cause = str(error) if isinstance(error, CasetrailError) else f"{type(error).__name__}: {error}"
            self._not_run(name, table, cause)
            return False
        return True

    def _not_run(self, name: str, table: str | None, cause: str) -> None:
        self._ran[name] = False
        what = "the table" if name == READING else f"the check '{name}'"
        where = f" '{table}'" if name == READING else f" on '{table}'" if table else ""
        verb = "could not be read" if name == READING else "could not run"
        self._ledger.add(
            Finding(
                "check-not-run",
                f"{what}{where} {verb}: {cause[:500]}",
                table=table,
                path=self._descriptor,
                value=name,
            )
        )


def _targets_first(works: list[_Work]) -> list[_Work]:
    """Tables that others refer to come first, so that references can be looked up as they are read."""
    by_name = {work.table.name: work for work in reversed(works)}
    ordered: list[_Work] = []
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


class _ReadingLedger(SharedLedger):
    """Passes findings on, and counts the errors of one table's reading."""

    def __init__(self, ledger: SharedLedger) -> None:
        super().__init__(ledger.limit)
        self._ledger = ledger
        self.errors = 0

    def room(self, code: str) -> int:
        """How many more findings of this code are kept."""
        return self._ledger.room(code)

    def add(self, finding: Finding) -> None:
        """Pass a finding on."""
        self.errors += finding.severity is Severity.ERROR
        self._ledger.add(finding)

    def count_only(self, code: str, number: int, severity: Severity = Severity.ERROR) -> None:
        """Pass a count on."""
        self.errors += number if severity is Severity.ERROR else 0
        self._ledger.count_only(code, number, severity)


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _ahead(batches: Iterator[TextBatch]) -> Iterator[TextBatch]:
    """The batches, read by a thread of its own a little ahead of the one that checks them."""
    waiting: queue.Queue[TextBatch | _Failed | None] = queue.Queue(_QUEUED)
    stopped = threading.Event()

    def put(item: TextBatch | _Failed | None) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def read() -> None:
        try:
            for batch in batches:
                put(batch)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:
            put(_Failed(error))

    thread = threading.Thread(target=read, name="casetrail-reader", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        stopped.set()
        thread.join()
