"""The work on the blocks of a table in another process, which plans the same validation for itself, once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock

from casetrail.checks.block_work import BlockWork, CheckedBlock
from casetrail.checks.check import Options, PackageCheck
from casetrail.checks.plan import table_plans
from casetrail.checks.unchecked import Unchecked
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.tables.blocks import Block, BlockText


class RemoteWork:
    """The work on the blocks of the table of a number; it can be sent to another process with each block.

    Only the place of the package and its descriptors are sent: a worker opens the files by itself.
    """

    def __init__(self, job: bytes, number: int, here: BlockWork) -> None:
        self._job, self._number = job, number
        self._work: BlockWork | None = here
        self._builders: list[ReportBuilder] | None = None

    def __reduce__(self) -> tuple[Callable[..., RemoteWork], tuple[object, ...]]:
        """Codes of which enough was found already are not described any more."""
        builders = None if self._work is None else self._work.builders()
        return _remote_work, (self._job, self._number, builders)

    def __call__(self, block: Block, builder: ReportBuilder) -> tuple[BlockText, CheckedBlock]:
        """The block, read and looked at; what is wrong with its form goes into the builder."""
        if self._work is not None:
            return self._work(block, builder)
        if self._builders is None:
            return _planned(self._job)[self._number](block, builder)
        builders = [so_far.of_block() for so_far in self._builders]
        result = _planned(self._job)[self._number].look(block, builder, builders)
        # The next block of the same file need not describe what this describes.
        for so_far, of_block in zip(self._builders, builders, strict=True):
            so_far.absorb(of_block)
        return result


def job_of(package: Package, checks: Sequence[PackageCheck], options: Options) -> bytes:
    """All that another process needs to know of a validation. To be asked before the checks are opened.

    Raises:
        CasetrailError: A check holds what cannot be sent.
    """
    try:
        return pickle.dumps((package, list(checks), options._replace(executor=None, progress=None)))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise CasetrailError(f"the checks cannot be sent to another process: {error}") from error


def _remote_work(job: bytes, number: int, builders: list[ReportBuilder] | None) -> RemoteWork:
    work = RemoteWork.__new__(RemoteWork)
    work._job, work._number, work._work, work._builders = job, number, None, builders
    return work


_MOST_PLANS = 4
_plans: dict[bytes, list[BlockWork]] = {}
_lock = Lock()


def _planned(job: bytes) -> list[BlockWork]:
    """The work on each table of a package, planned once in this process."""
    with _lock:
        if job not in _plans:
            while len(_plans) >= _MOST_PLANS:
                del _plans[next(iter(_plans))]
            _plans[job] = _plan(job)
        return _plans[job]


def _plan(job: bytes) -> list[BlockWork]:
    package, checks, options = pickle.loads(job)
    builder = ReportBuilder(options.limit)
    plans = table_plans(package, builder, Unchecked())
    opened = []
    # What cannot be opened was reported where the validation was started, and is left out there too.
    for check in checks:
        with suppress(Exception):
            check.open(package, builder)
            opened.append(check)
    for plan in plans:
        for check in opened:
            with suppress(Exception):
                plan.add(check)
    return [BlockWork(plan.table, plan.parts) for plan in plans]
