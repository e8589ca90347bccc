"""What is done with one block of a table: it is read, and every check looks at it, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from casetrail.checks.check import TableCheck
from casetrail.checks.table import Table
from casetrail.findings.report import ReportBuilder
from casetrail.tables.batch import TextBatch
from casetrail.tables.blocks import Block, BlockText


@dataclass
class CheckPart:
    """The part of the check of a name that looks at one table, and a builder for what it finds."""

    name: str
    check: TableCheck
    builder: ReportBuilder
    failed: bool = False


@dataclass(slots=True)
class PartOfBlock:
    """What one part of a check found in a block, and what it gives of it; or why it could not look at it."""

    builder: ReportBuilder
    invalid_keys: int = 0
    given: list[Any] = field(default_factory=list)
    error: Exception | None = None


class CheckedBlock(NamedTuple):
    """How many records a block has, and what each part found in it, in the order of the parts."""

    records: int
    parts: list[PartOfBlock]


class BlockWork:
    """Reads the blocks of one table and has the parts of all checks look at them; safe in several threads."""

    def __init__(self, table: Table, parts: Sequence[CheckPart]) -> None:
        self._table, self._parts = table, parts

    def __call__(self, block: Block, builder: ReportBuilder) -> tuple[BlockText, CheckedBlock]:
        """The block, read and looked at; what is wrong with its form goes into the builder."""
        return self.look(block, builder, self.builders())

    def builders(self) -> list[ReportBuilder]:
        """A builder for what each part finds in a block."""
        return [part.builder.of_block() for part in self._parts]

    def look(
        self, block: Block, builder: ReportBuilder, builders: Sequence[ReportBuilder]
    ) -> tuple[BlockText, CheckedBlock]:
        """The same with builders for the parts that come from elsewhere."""
        text = block.read(builder)
        batches, text.batches = text.batches, []
        parts = [self._look(part, batches, own) for part, own in zip(self._parts, builders, strict=True)]
        return text, CheckedBlock(sum(batch.cells.num_rows for batch in batches), parts)

    def _look(self, part: CheckPart, batches: Sequence[TextBatch], builder: ReportBuilder) -> PartOfBlock:
        result = PartOfBlock(builder)
        table = self._table.of_block(result.builder)
        try:
            for batch in batches:
                given = part.check.look(batch, table)
                if given is not None:
                    result.given.append(given)
        except Exception as error:
            result.error = error
        result.invalid_keys = table.reading.invalid_keys
        return result
