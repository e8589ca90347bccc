"""How the table of a resource is read: which reader it needs, and what is not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.tables.batch import TextBatch
from casetrail.tables.blocks import (
    BLOCK,
    Block,
    BlockSource,
    BlockText,
    ReadBlock,
    Work,
    Workers,
    available_cores,
    in_order,
)
from casetrail.tables.file_blocks import (
    TableSource,
    compression_of,
    encoding_of,
    stamp_at,
)
from casetrail.tables.header import Header
from casetrail.tables.reporter import Reporter
from casetrail.tables.table_format import DELIMITED, JSON_FORMATS, PARQUET, SPREADSHEETS, format_of
from casetrail.tables.table_reading import LARGER, TableReading

Result = TypeVar("Result")

_RESULTS_AHEAD, _BATCHES_AHEAD = 64, 8


def read_table(
    source: TableSource, builder: ReportBuilder | None, jobs: int | None = None
) -> Iterator[TextBatch]:
    """The records of a table as text batches, read from the start.

    What is wrong with the files goes into the builder, and the records that can be told without guessing come
    all the same.

    Raises:
        CasetrailError: There is no builder, and something is wrong.
    """

    def work(block: Block, builder: ReportBuilder) -> tuple[BlockText, list[TextBatch]]:
        text = block.read(builder)
        return text, text.batches

    with Workers(jobs) as workers:
        for block in read_blocks(source, builder, work, workers, ahead=_BATCHES_AHEAD):
            for batch in block.result:
                yield batch.shifted(block.rows, block.lines)


def read_blocks(
    source: TableSource,
    builder: ReportBuilder | None,
    work: Work[Result],
    workers: Workers,
    size: int = BLOCK,
    ahead: int = _RESULTS_AHEAD,
) -> Iterator[ReadBlock[Result]]:
    """The blocks of a table in their order, each with what became of the work on it.

    What is wrong with the files goes into the builder. A block has about `size` bytes. Packed files are read
    side by side; of each so many results wait (`ahead`) until those of the files before it are there.

    Raises:
        CasetrailError: There is no builder, and something is wrong.
    """
    if source.obstacle is not None:
        if builder is None:
            name = source.descriptor.name
            raise CasetrailError(f"the table '{name}' cannot be read: {source.obstacle}")
        return
    reading, written = (
        TableReading(source, builder, size, ranges=workers.executor is not None),
        format_of(source),
    )
    if not reading.is_possible(written):
        return

    def run(blocks: BlockSource[Any], reporter: Reporter) -> Iterator[ReadBlock[Result]]:
        return in_order(blocks, work, workers, reporter)

    if workers.executor is not None and _has_parts(source, size, written):
        yield from _parts(reading, source, size, written, work, workers)
    elif written == PARQUET or written in SPREADSHEETS:
        yield from reading.whole_files(written, run)
    elif written in JSON_FORMATS:
        yield from reading.json(run, by_line=written != "json")
    elif source.descriptor.has_data:
        yield from reading.inline_text(run)
    else:
        side_by_side = min(workers.jobs, available_cores())
        yield from reading.delimited(run, side_by_side, ahead)


def _has_parts(source: TableSource, size: int, written: str) -> bool:
    """Whether workers elsewhere had better read a file each: of several on disk, none of which is cut."""
    paths = source.descriptor.paths
    stamp = stamp_at(source, paths[0]) if len(paths) > 1 else None
    if stamp is None or written in JSON_FORMATS:
        return False
    packed = compression_of(source, paths[0]) is not None or encoding_of(source) != "utf-8"
    return packed or written not in DELIMITED or stamp[1] <= LARGER * size


class _Part(NamedTuple):
    """What became of a file that a worker read: `complete` says whether to its end."""

    blocks: list[ReadBlock[Any]]
    builder: ReportBuilder
    complete: bool
    rows: int


def _parts(
    reading: TableReading, source: TableSource, size: int, written: str, work: Work[Result], workers: Workers
) -> Iterator[ReadBlock[Result]]:
    """The blocks of the files of a table, each read as a whole by a worker."""
    paths, header, rows = source.descriptor.paths, None, 0
    if written in DELIMITED:
        header = reading.header_of_first()
        # Without a header the first says what is wrong, and the others are not read.
        paths = paths if header is not None else paths[:1]
    given = (
        (path, stamp_at(source, path), header if number else None, reading.reporter.builder_of_block())
        for number, path in enumerate(paths)
    )
    for part in workers.map(partial(_read_part, source, size, written, work), given):
        reading.reporter.absorb(part.builder, 0, 0)
        yield from part.blocks
        if not part.complete:
            return
        rows += part.rows
    if not rows:
        reading.report_no_records(written)


def _read_part(
    source: TableSource,
    size: int,
    written: str,
    work: Work[Any],
    given: tuple[str, tuple[object, int] | None, Header | None, ReportBuilder],
) -> _Part:
    path, stamp, header, builder = given
    if stamp_at(source, path) != stamp:
        raise CasetrailError(f"'{path}' changed while it was read; run the command again")

    def run(blocks: BlockSource[Any], reporter: Reporter) -> Iterator[ReadBlock[Any]]:
        return in_order(blocks, work, Workers(1), reporter)

    reading = TableReading(source, builder, size, ranges=False)
    blocks, complete, rows = reading.part(written, replace(reading.reporter, path=path), run, header)
    return _Part(blocks, builder, complete, rows)
