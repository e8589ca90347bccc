"""The engine: reads every table once, feeds all checks, and says of each check whether it ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from casetrail.checks import unchecked
from casetrail.checks.block_work import BlockWork, CheckedBlock, CheckPart, PartOfBlock
from casetrail.checks.check import ROOT, UNCHECKED, Options, PackageCheck, Redaction
from casetrail.checks.plan import TablePlan, checks_of, table_plans, targets_first
from casetrail.checks.unchecked import NotChecked, Reading, Unchecked
from casetrail.findings.error import CasetrailError
from casetrail.findings.excerpt import Source
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.report_content import CheckRun, TableSummary
from casetrail.package import package as descriptor
from casetrail.package.excerpt_lookup import Excerpts
from casetrail.package.package import Package
from casetrail.tables import json_table, parquet_table, reporter
from casetrail.tables.blocks import ReadBlock, Work, Workers
from casetrail.tables.conflicts import join_conflicts
from casetrail.tables.file_formats import read_blocks

CODES = {
    "check-not-run": "A check could not run, so what it would have found is not known. "
    "Mend what its message names and validate again; where it is a mistake in casetrail, report it.",
    **descriptor.CODES,
}
"""The codes that belong to no check."""

READING = "reading"
READING_CODES = {**reporter.CODES, **json_table.CODES, **parquet_table.CODES, **unchecked.CODES}

_NOT_JUDGED = frozenset({"unsupported", "pattern-not-run"})
"""What says that a part of a check did not run, though nothing is known to be wrong."""
_HARMLESS = ("header-", "file-", "mixed-line-ends", "blank-line", "no-records")
"""How the codes begin of what is wrong with a file and loses no record of it."""

_SWALLOWED = 1_000_000
"""How many records at most are said to be lost by a quotation mark in the wrong place, or with a file."""


def validate(
    package: Package, *, options: Options | None = None, extra_checks: Sequence[PackageCheck] = ()
) -> Report:
    """Check a whole package: descriptor, form of the files, types, constraints, keys, hygiene and more.

    A check that fails to run is itself an error in the report. `MemoryError` and `KeyboardInterrupt` pass
    through.
    """
    return _Run(package, options or Options(), extra_checks).report()


def _take(part: CheckPart, result: PartOfBlock, block: ReadBlock[CheckedBlock], reading: Reading) -> None:
    if result.error is not None:
        raise result.error
    part.builder.absorb(result.builder, block.rows, block.lines)
    reading.invalid_keys += result.invalid_keys
    for given in result.given:
        part.check.take(given, block.rows, block.lines)


class _Run:
    def __init__(self, package: Package, options: Options, extra: Sequence[PackageCheck]) -> None:
        self._package, self._options = package, options
        self._checks = [*checks_of(package, options), *extra]
        self._builder = ReportBuilder(options.limit)
        self._unchecked = Unchecked()
        self._failed: set[str] = set()
        self._workers = Workers(options.jobs, options.executor)

    def report(self) -> Report:
        for finding in self._package.findings:
            self._builder.add(finding)
        job = None
        if self._options.executor is not None:
            from casetrail.checks.remote_work import job_of

            job = job_of(self._package, self._checks, self._options)
        plans = table_plans(self._package, self._builder, self._unchecked, self._options.progress)
        opened = self._open(plans)
        with self._workers:
            for plan in targets_first(plans):
                self._read(plan, self._work(plans, plan, job))
        for plan in plans:
            for part in plan.parts if plan.table.reading.finished else ():
                if not part.failed:
                    self._guard(part.name, part.check.settle, plan.table.name)
        for check in opened:
            self._guard(check.name, partial(check.finish, self._builder))
            for resource in self._package.resources:
                if resource.obstacle is None:
                    look = partial(check.on_resource, resource, self._builder)
                    self._guard(check.name, look, resource.name)
        self._report_unchecked(plans)
        builder = self._builder.merged()
        names = {READING: READING_CODES} | {check.name: check.codes for check in self._checks}
        for name, codes in names.items():
            if any(builder.counts[code] for code in _NOT_JUDGED & codes.keys()):
                self._failed.add(name)
        meanings = CODES | {code: text for codes in names.values() for code, text in codes.items()}
        source: Source = Excerpts(self._package)
        for check in self._checks:
            redaction = check.redaction()
            if redaction is not None:
                builder = builder.with_each(partial(_redacted, redaction, meanings))
                source = redaction.source(source)
        return Report.of(
            builder,
            package=self._package.name,
            version=self._package.version,
            tables=tuple(
                TableSummary(plan.table.name, plan.table.path, plan.table.reading.rows) for plan in plans
            ),
            checks=tuple(
                CheckRun(name, name not in self._failed, tuple(sorted(codes)))
                for name, codes in names.items()
            ),
            source=source,
            meanings=meanings,
            ranks=self._ranks(),
        )

    def _open(self, plans: list[TablePlan]) -> list[PackageCheck]:
        """Build every check, and so find every broken rule, before any data is read."""
        opened = []
        for check in self._checks:
            if self._guard(check.name, partial(check.open, self._package, self._builder)):
                opened.append(check)
        for plan in plans:
            for check in opened:
                self._guard(check.name, partial(plan.add, check), plan.table.name)
        return opened

    def _work(self, plans: list[TablePlan], plan: TablePlan, job: bytes | None) -> Work[CheckedBlock]:
        work = BlockWork(plan.table, plan.parts)
        if job is None:
            return work
        from casetrail.checks.remote_work import RemoteWork

        return RemoteWork(job, next(number for number, other in enumerate(plans) if other is plan), work)

    def _read(self, plan: TablePlan, work: Work[CheckedBlock]) -> None:
        if plan.resource.obstacle is not None:
            return
        table, reading = plan.table, plan.table.reading
        gaps: list[str] = []
        table.report_progress()
        try:
            size = self._options.block
            blocks = read_blocks(plan.resource, table.builder, work, self._workers, size, on_gap=gaps.append)
            for block in blocks:
                reading.rows += block.result.records
                if block.result.records:
                    table.report_progress()
                self._take(plan, block)
                del block
            # Where nothing could be read, the reader has said why.
            reading.finished = bool(reading.rows or not table.builder.severities[Severity.ERROR])
            counts = table.builder.counts.items()
            reading.lost = sum(
                _SWALLOWED if code.startswith("quote-") else number
                for code, number in counts
                if not code.startswith(_HARMLESS)
            )
            reading.lost += _SWALLOWED * len(gaps)
            table.builder.join("conflict-marker", join_conflicts)
            if table.builder.counts["unsupported"]:
                reading.finished = False
            for part in plan.parts if reading.finished else ():
                part.failed = part.failed or not self._guard(part.name, part.check.finish, table.name)
        except CasetrailError as error:
            reading.finished = False
            self._not_run(READING, f"the table '{table.name}' could not be read: {error}", table.name)

    def _take(self, plan: TablePlan, block: ReadBlock[CheckedBlock]) -> None:
        """Put together what the parts of the checks found in the next block."""
        for part, result in zip(plan.parts, block.result.parts, strict=True):
            if not part.failed:
                take = partial(_take, part, result, block, plan.table.reading)
                part.failed = not self._guard(part.name, take, plan.table.name)

    def _ranks(self) -> dict[str, int]:
        ranks = {code: check.rank for check in self._checks for code in check.codes}
        # A check of cells looks at the schemas too, and cells may be wrong because a schema is.
        roots = dict.fromkeys((code for code in ranks if code.startswith("schema-")), ROOT)
        return ranks | roots | {"not-checked": UNCHECKED, "check-not-run": UNCHECKED}

    def _report_unchecked(self, plans: list[TablePlan]) -> None:
        """Say what was not checked: a note where the cause is an error already, otherwise an error."""
        tables = {plan.table.name: plan.table for plan in reversed(plans)}
        for finding in self._unchecked.findings(
            {name: table.path for name, table in tables.items()},
            self._package.files.descriptor,
            {name: table.reading for name, table in tables.items()},
            Severity.NOTE if self._builder.has_errors() else Severity.ERROR,
        ):
            self._builder.add(finding)

    def _guard(self, name: str, step: Callable[[], object], table: str | None = None) -> bool:
        """Run one step of a check; when it fails, the check has not run, and that is an error."""
        try:
            step()
        except MemoryError:
            raise
        except NotChecked as skipped:
            self._unchecked.add(skipped.table, skipped.what, skipped.number)
            return False
        except Exception as error:
            if self._options.debug and not isinstance(error, CasetrailError):
                raise
            where = f" on '{table}'" if table is not None else ""
            cause = str(error) if isinstance(error, CasetrailError) else f"{type(error).__name__}: {error}"
            self._not_run(name, f"the check '{name}'{where} could not run: {cause[:500]}", table)
            return False
        return True

    def _not_run(self, name: str, message: str, table: str | None) -> None:
        place = Place(table=table, path=self._package.files.descriptor, value=name)
        self._failed.add(name)
        self._builder.add(Finding("check-not-run", message, place))


def _redacted(redaction: Redaction, meanings: Mapping[str, str], finding: Finding) -> Finding:
    meaning = meanings.get(finding.code, "It cannot be shown what is wrong here.")
    return redaction.redact(finding, meaning[0].lower() + meaning[1:].removesuffix("."))
