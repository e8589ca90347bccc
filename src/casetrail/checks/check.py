"""What a check is.

A check is a `PackageCheck` with a name and its finding codes. For each table it may give `TableCheck`s, which
look at every batch of the table once and report what they find.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from casetrail.checks.table import OnProgress, Sensitive, Table
from casetrail.findings.excerpt import Source
from casetrail.findings.finding import Finding
from casetrail.findings.report import DEFAULT_LIMIT, ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch
from casetrail.tables.blocks import BLOCK

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Options(NamedTuple):
    """How a validation runs.

    `limit` bounds the findings of one code that are kept in full. `hygiene` is on, off, or `None`: on in a
    Case Data Package only. `progress` is called now and then with how far the validation of a table is.
    `debug` lets the error of a check pass instead of reporting it. `jobs` is how many blocks of a table are
    worked on at once, `None` as many as there are cores; `block` how many bytes one has; an `executor` works
    on them in other processes or on other machines. None of these changes the report.
    """

    limit: int = DEFAULT_LIMIT
    hygiene: bool | None = None
    progress: OnProgress | None = None
    debug: bool = False
    jobs: int | None = None
    executor: Executor | None = None
    block: int = BLOCK


class TableCheck:
    """The part of a check that looks at one table. An error raised by it becomes `check-not-run`."""

    def look(self, batch: TextBatch, table: Table) -> Any | None:
        """Look at some records, side by side with others of the table, and report what is wrong to `table`.

        Rows and lines are those within the block. What is needed of the records when the whole table has
        been read is given back; of that a value behind a `Handle` need not leave the process.
        """
        return None

    def take(self, given: Any, rows: int, lines: int) -> None:
        """Take what `look` gave, in the order of the table.

        The records are so many rows and lines further down than they know.
        """

    def finish(self) -> None:
        """The table was read to its end: report what only the whole of it shows."""

    def settle(self) -> None:
        """All tables were read that can be: report what needs them."""


class Redaction(Protocol):
    """Takes out of findings and records what must not be spread."""

    def redact(self, finding: Finding, meaning: str) -> Finding:
        """The finding without it; `meaning` says of its code what it means."""

    def source(self, source: Source) -> Source:
        """The records, without those that may not be shown."""


ROOT, CELL, UNCHECKED, REFERENCE, SUMMARY = range(5)
"""Ranks of findings: what others may follow from (descriptor, schemas, form of the files), what is about the
cells of one table, what was not checked because of either, what is about several tables,
what sums up all of them.
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

    def redaction(self) -> Redaction | None:
        """What takes out of the report what no finding may show; asked for when all tables were read."""
        return None

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """What looks at a table, in parts."""
        return ()

    def on_resource(self, resource: Resource, builder: ReportBuilder) -> None:
        """Look at the files of a resource, table or not; called after all tables were read."""

    def finish(self, builder: ReportBuilder) -> None:
        """Report what all tables together show; called once, when every table has been read."""
