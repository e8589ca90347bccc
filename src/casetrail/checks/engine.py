"""The engine: reads every table once, feeds all checks, and says of each check whether it ran."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from casetrail.checks.check import Options, PackageCheck
from casetrail.checks.fixity import NAME as FIXITY
from casetrail.checks.fixity import check_fixity
from casetrail.checks.lanes import Lane, finish_lanes, run_lanes
from casetrail.checks.plan import Work, plan_checks, tables_of, targets_first
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import CheckRun, Report, ReportBuilder, TableSummary
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch

CODES = {"check-not-run": "A check could not run, so what it would have found is not known."}

READING = "reading"


def validate(
    package: Package, *, options: Options | None = None, extra_checks: Sequence[PackageCheck] = ()
) -> Report:
    """Check a whole package: descriptor, form of the files, types, constraints, keys, hygiene and more.

    A check that fails to run is itself an error in the report. `MemoryError` and `KeyboardInterrupt` pass
    through.
    """
    return _Run(package, options or Options(), extra_checks).report()


class _Run:
    def __init__(self, package: Package, options: Options, extra: Sequence[PackageCheck]) -> None:
        self._package, self._options, self._extra = package, options, list(extra)
        self._builder = ReportBuilder(options.limit)
        self._lock = threading.Lock()
        self._ran: dict[str, bool] = {READING: True}

    def report(self) -> Report:
        for finding in self._package.findings:
            self._builder.add(finding)
        works = tables_of(self._package, self._options.limit)
        self._prepare(works)
        for work in targets_first(works):
            self._read(work)
        for work in works:
            for check in work.references if work.read else ():
                self._guard(check.name, work.table.name, check.settle)
        for extra in self._extra:
            self._guard(extra.name, None, lambda extra=extra: extra.finish(self._builder))  # type: ignore[misc]
        for resource in self._package.resources:
            if resource.obstacle is None:
                self._guard(FIXITY, resource.name, lambda one=resource: self._check_fixity(one))  # type: ignore[misc]
        parts = [self._builder, *(part for work in works for part in (work.table.builder, *work.builders))]
        builder = ReportBuilder.merge(parts, self._options.limit)
        checks, meanings = self._described(bool(builder.counts))
        return Report.of(
            builder,
            package=self._package.name,
            version=self._package.version,
            tables=tuple(TableSummary(work.table.name, work.table.path, work.rows) for work in works),
            checks=checks,
            meanings=meanings,
        )

    def _described(self, anything: bool) -> tuple[tuple[CheckRun, ...], dict[str, str]]:
        if not anything:
            return tuple(CheckRun(name, ran) for name, ran in self._ran.items()), {}
        from casetrail.checks.codes import described

        given = [(extra.name, getattr(extra, "codes", {})) for extra in self._extra]
        checks, meanings = described(self._ran, given)
        return checks, {**meanings, **CODES}

    def _prepare(self, works: list[Work]) -> None:
        """Every check is built, and so every broken rule found, before any data is read."""
        hygiene = self._options.hygiene
        hygiene = hygiene if hygiene is not None else self._package.case_profile is not None
        for work in works:
            for name, lane, build in plan_checks(work, works, hygiene):
                self._guard(name, work.table.name, lambda w=work, n=lane, b=build: w.build(n, b))  # type: ignore[misc]
        for extra in list(self._extra):
            if not self._guard(extra.name, None, lambda e=extra: e.open(self._package, self._builder)):  # type: ignore[misc]
                self._extra.remove(extra)
                continue
            for work in works:
                self._guard(
                    extra.name,
                    work.table.name,
                    lambda e=extra, w=work: w.build(0, lambda table: e.on_table(w.resource, table)),  # type: ignore[misc]
                )

    def _read(self, work: Work) -> None:
        if work.resource.obstacle is not None:
            return
        table, batches = work.table, 0
        lanes = [Lane(checks, self._step_on(table.name)) for checks in work.lanes]
        lanes[-1].before = work.indexes.feed

        def seen(batch: TextBatch) -> None:
            nonlocal batches
            batches += 1
            table.places.add(batch)
            work.rows += batch.cells.num_rows
            if self._options.progress is not None:
                self._options.progress(table.name, work.rows)

        try:
            run_lanes(lanes, work.resource.batches(table.builder), seen)
        except CasetrailError as error:
            self._not_run(READING, table.name, str(error))
            return
        if not work.rows and table.builder.severities[Severity.ERROR]:
            # Nothing could be read, and the reader has said why.
            return
        work.read = True
        work.indexes.complete()
        finish_lanes(lanes, side_by_side=batches > 1)
        work.lanes = [lane.checks for lane in lanes]

    def _check_fixity(self, resource: Resource) -> None:
        check_fixity(resource, self._builder, self._package.files.descriptor)

    def _step_on(self, table: str) -> Callable[..., bool]:
        return lambda check, step: self._guard(check.name, table, step)

    def _guard(self, name: str, table: str | None, step: Callable[[], object]) -> bool:
        """Run one step of a check; when it fails, the check has not run, and that is an error."""
        self._ran.setdefault(name, True)
        try:
            step()
        except MemoryError:
            raise
        except Exception as error:
            if self._options.debug and not isinstance(error, CasetrailError):
                raise
            cause = str(error) if isinstance(error, CasetrailError) else f"{type(error).__name__}: {error}"
            self._not_run(name, table, cause)
            return False
        return True

    def _not_run(self, name: str, table: str | None, cause: str) -> None:
        where = f" on '{table}'" if table is not None else ""
        what = (
            f"the table '{table}' could not be read"
            if name == READING
            else f"the check '{name}'{where} could not run"
        )
        path = self._package.files.descriptor
        with self._lock:
            self._ran[name] = False
            self._builder.add(
                Finding("check-not-run", f"{what}: {cause[:500]}", Place(table=table, path=path, value=name))
            )
