"""How the table of a resource is read: which reader it needs, and what is not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    SourceProblem,
    Stamp,
    TableSource,
    is_plain,
    stamp_at,
)
from casetrail.tables.header import Header
from casetrail.tables.reporter import Reporter
from casetrail.tables.table_format import DELIMITED, JSON_FORMATS, PARQUET, SPREADSHEETS, format_of
from casetrail.tables.table_reading import LARGER, OnGap, Run, TableReading, block_size

Result = TypeVar("Result")

_RESULTS_AHEAD, _BATCHES_AHEAD = 64, 8
_CONNECTIONS = 5
"""How many files at addresses are in work side by side, with the one whose turn it is."""


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
    on_gap: OnGap = lambda path: None,
) -> Iterator[ReadBlock[Result]]:
    """The blocks of a table in their order, each with what became of the work on it.

    What is wrong with the files goes into the builder. A block has about `size` bytes. Packed files are read
    side by side; of each so many results wait (`ahead`) until those of the files before it are there.
    `on_gap` is told each file of which not all records are known.

    Raises:
        CasetrailError: There is no builder, and something is wrong.
    """
    if source.obstacle is not None:
        if builder is None:
            name = source.descriptor.name
            raise CasetrailError(f"the table '{name}' cannot be read: {source.obstacle}")
        return
    reading, written = (
        TableReading(source, builder, size, ranges=workers.executor is not None, on_gap=on_gap),
        format_of(source),
    )
    if not reading.is_possible(written):
        return

    def run(blocks: BlockSource[Any], reporter: Reporter) -> Iterator[ReadBlock[Result]]:
        return in_order(blocks, work, workers, reporter)

    if workers.executor is not None and _has_parts(source, size, written):
        if written in JSON_FORMATS:
            yield from _json_elsewhere(reading, source, size, written, work, workers)
        else:
            yield from _parts(reading, source, size, written, work, workers)
    elif written == PARQUET or written in SPREADSHEETS:
        yield from reading.whole_files(written, run)
    elif written in JSON_FORMATS:
        yield from reading.json(run, by_line=written != "json")
    elif source.descriptor.has_data:
        yield from reading.inline_text(run)
    else:
        side_by_side = min(workers.jobs, available_cores())
        if source.is_remote and workers.jobs > 1:
            side_by_side = max(side_by_side, _CONNECTIONS)
        yield from reading.delimited(run, side_by_side, ahead)


def _has_parts(source: TableSource, size: int, written: str) -> bool:
    """Whether workers elsewhere read whole parts of the table: files that they can read by themselves and
    that cannot be cut into ranges of bytes, or are small and several."""
    paths = source.descriptor.paths
    stamp = stamp_at(source, paths[0]) if paths else None
    if stamp is None:
        return False
    if written not in DELIMITED or not is_plain(source, paths[0]) or not stamp.in_parts:
        return True
    return len(paths) > 1 and stamp.size <= LARGER * size


class _Part(NamedTuple):
    """What a worker reads by itself: a file as it was when it had the `stamp`, or some `row_groups` of it."""

    path: str
    stamp: Stamp | None
    row_groups: range | None
    header: Header | None
    builder: ReportBuilder


class _ReadPart(NamedTuple):
    """What became of a part of the file: `complete` says whether it was read to its end.

    It is `None` where the file could not be opened.
    """

    path: str
    blocks: list[ReadBlock[Any]]
    builder: ReportBuilder
    complete: bool | None
    rows: int


def _parts(
    reading: TableReading, source: TableSource, size: int, written: str, work: Work[Result], workers: Workers
) -> Iterator[ReadBlock[Result]]:
    """The blocks of the files of a table, each read as a whole by a worker."""
    paths, header, rows = source.descriptor.paths, None, 0
    if written in DELIMITED:
        header = reading.header_of_first() if len(paths) > 1 else None
        # Without a header the first says what is wrong, and the others are not read.
        paths = paths if header is not None else paths[:1]
    parts = (
        _Part(path, stamp, row_groups, header if number else None, reading.reporter.builder_of_block())
        for number, path in enumerate(paths)
        for stamp in [stamp_at(source, path)]
        for row_groups in _pieces(source, path, stamp, size, written)
    )
    broken = None
    for part in workers.map(partial(_read_part, source, size, written, work), parts):
        if part.path == broken:
            continue
        reading.reporter.absorb(part.builder, 0, 0)
        yield from part.blocks
        rows += part.rows
        if not reading.goes_on(part.path, part.complete, known=header is not None or rows > 0):
            return
        broken = broken if part.complete else part.path
    if not rows:
        reading.report_no_records(written)


def _json_elsewhere(
    reading: TableReading, source: TableSource, size: int, written: str, work: Work[Result], workers: Workers
) -> Iterator[ReadBlock[Result]]:
    """The blocks of a table in JSON, whose files a worker reads: what is in one says how others are read."""
    stamps = {path: stamp_at(source, path) for path in source.descriptor.paths}
    given = (source, size, written, work, stamps, reading.reporter.builder_of_block())
    blocks, builder, gaps = workers.submit(_read_json, *given)()
    reading.reporter.absorb(builder, 0, 0)
    yield from blocks
    for path in gaps:
        reading.goes_on(path, complete=False, known=False)


def _read_json(
    source: TableSource,
    size: int,
    written: str,
    work: Work[Any],
    stamps: Mapping[str, Stamp | None],
    builder: ReportBuilder,
) -> tuple[list[ReadBlock[Any]], ReportBuilder, list[str]]:
    gaps: list[str] = []
    reading = TableReading(source, builder, size, ranges=False, on_gap=gaps.append, stamps=stamps)
    return list(reading.json(_one_by_one(work), by_line=written != "json")), builder, gaps


def _one_by_one(work: Work[Result]) -> Run[Result]:
    """Works on the blocks of a file in this process, one after the other."""

    def run(blocks: BlockSource[Any], reporter: Reporter) -> Iterator[ReadBlock[Result]]:
        return in_order(blocks, work, Workers(1), reporter)

    return run


def _pieces(
    source: TableSource, path: str, stamp: Stamp | None, size: int, written: str
) -> list[range | None]:
    """The row groups of a file in Parquet that are read together; `None` is the whole file."""
    if written != PARQUET or stamp is None or not stamp.in_parts or stamp.size <= size:
        return [None]
    from casetrail.tables.parquet_table import pieces_of

    try:
        with source.open(path) as file:
            return pieces_of(file, block_size(stamp.size, size))
    except (OSError, CasetrailError, SourceProblem):
        # Who reads the file says so.
        return [None]


def _read_part(source: TableSource, size: int, written: str, work: Work[Any], part: _Part) -> _ReadPart:
    stamps = {part.path: part.stamp}
    reading = TableReading(source, part.builder, size, ranges=False, on_gap=lambda path: None, stamps=stamps)
    reporter = replace(reading.reporter, path=part.path)
    blocks, complete, rows = reading.part(written, reporter, _one_by_one(work), part.header, part.row_groups)
    return _ReadPart(part.path, blocks, part.builder, complete, rows)
