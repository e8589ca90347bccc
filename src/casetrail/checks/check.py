"""What a check is.

A check is a `PackageCheck` with a name and its finding codes. For each table it may give `TableCheck`s, which
are fed every batch of the table once and report what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from casetrail.checks.table import Sensitive, Table
from casetrail.findings.report import DEFAULT_LIMIT, ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch

THREADS = 2
"""On how many threads the checks of a table run."""
KEY_THREAD = THREADS - 1
"""The thread on which the keys of a table are read, and all that needs them runs."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a validation runs.

    `limit` bounds the findings of one code that are kept in full. `hygiene` is on, off, or `None`: on in a
    Case Data Package only. `progress` is called now and then with a table's name and the rows read so far.
    `debug` lets the error of a check pass instead of reporting it.
    """

    limit: int = DEFAULT_LIMIT
    hygiene: bool | None = None
    progress: Callable[[str, int], None] | None = None
    debug: bool = False


class TableCheck:
    """The part of a check that looks at one table. An error raised by it becomes `check-not-run`."""

    thread: int = 0
    """On which thread it runs; what needs the keys of the table is on the `KEY_THREAD`."""

    def feed(self, batch: TextBatch) -> None:
        """Look at the next records."""

    def finish(self) -> None:
        """The table was read to its end: report what only the whole of it shows."""

    def settle(self) -> None:
        """All tables were read that can be: report what needs them."""


ROOT, CELL, UNCHECKED, REFERENCE = range(4)
"""Ranks of findings: what others may follow from (descriptor, schemas, form of the files), what is about the
cells of one table, what was not checked because of either, what is about several tables.
"""


class PackageCheck:
    """One kind of check. A new one is added to the list in `plan.checks_of`, or given by a room above."""

    name: ClassVar[str]
    """What the report calls it."""

    rank: ClassVar[int] = CELL
    """Its findings come behind those of checks of a lower rank, from which they may follow."""

    @property
    def codes(self) -> Mapping[str, str]:
        """Its finding codes, each with one sentence on what it means."""
        return {}

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Prepare, before any data is read; a broken rule is raised or reported here."""

    def sensitive(self, resource: Resource, table: Table) -> Sensitive | None:
        """What says of a cell of a table that no finding may show it; `None` where all may be shown."""
        return None

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """What looks at a table, in parts; those that run on different threads need a `table.part()` each."""
        return ()

    def on_resource(self, resource: Resource, builder: ReportBuilder) -> None:
        """Look at the files of a resource, table or not; called after all tables were read."""

    def finish(self, builder: ReportBuilder) -> None:
        """Report what all tables together show; called once, when every table has been read."""
