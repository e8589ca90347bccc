"""Blocks: a file in pieces that are read by themselves, side by side, and put together in their order.

Where a block ends is a guess: behind a line end with an even number of quotation marks before it. The block
before it proves the guess: a block that begins where a record begins, and whose last record ends where it
ends, is followed by one that begins where a record begins. Where the guess is wrong (a quotation mark in the
wrong place), what was read behind it is dropped and read again from where the record before really ends. So
the size of the blocks, and how many are read at once, change nothing that is read.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.tables.batch import TextBatch
from casetrail.tables.reporter import Reporter

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ThreadPoolExecutor

BLOCK = 4 * 1024 * 1024
"""How many bytes are read, proved and parsed at once."""


@dataclass(slots=True)
class BlockText:
    """What a block holds: its records as batches, and how far they go.

    `consumed` is the number of bytes, and the next row and line are those of what follows. Rows and lines
    count from those that the block was told. `proved` says whether all was proved well formed at once.
    """

    next_row: int
    next_line: int
    batches: list[TextBatch] = field(default_factory=list)
    consumed: int = 0
    proved: bool = True


class Block(Protocol):
    """A piece of a table that is read by itself."""

    @property
    def row(self) -> int:
        """The row that its first record is told to be."""

    @property
    def line(self) -> int:
        """The line on which its first record is told to start."""

    def read(self, builder: ReportBuilder) -> BlockText:
        """Its records; what is wrong with their form goes into the builder. Safe in any thread."""


Piece = TypeVar("Piece", bound=Block)
Result = TypeVar("Result")
Given = TypeVar("Given")
_NOTHING: Any = object()


class BlockSource(Protocol[Piece]):
    """What gives the blocks of one file, or of one table in JSON."""

    @property
    def position(self) -> tuple[int, int]:
        """The row and the line with which the next block in order begins."""

    def cut(self, waiting: int) -> Piece | None:
        """The next block, while so many wait for their turn; `None` where it depends on what they hold, and
        at the end."""

    def is_last(self, block: Piece) -> bool:
        """Whether nothing follows the block."""

    def settle(self, block: Piece, text: BlockText, behind: list[Piece]) -> bool:
        """The next block in order was read; whether the blocks cut `behind` it are right."""


class BatchBlock(NamedTuple):
    """A batch that was read already, and knows its rows and lines."""

    batch: TextBatch
    row: int = 0
    line: int = 0

    def read(self, builder: ReportBuilder) -> BlockText:
        """The batch."""
        return BlockText(0, 0, [self.batch])


class BlockSequence(Generic[Piece]):
    """Blocks that are got one after the other, and know their rows and lines."""

    position = (0, 0)

    def __init__(self, blocks: Iterator[Piece]) -> None:
        self._blocks = blocks
        self._next = next(blocks, None)

    def cut(self, waiting: int) -> Piece | None:
        """The next block."""
        block, self._next = self._next, next(self._blocks, None)
        return block

    def is_last(self, block: Piece) -> bool:
        """Whether nothing follows the block."""
        return self._next is None

    def settle(self, block: Piece, text: BlockText, behind: list[Piece]) -> bool:
        """Nothing was guessed."""
        return True


class Workers:
    """Does work on so many threads, or has an executor do it.

    With one job, or where nothing is to do meanwhile, it is done by the caller. To be used in a `with`
    statement.
    """

    def __init__(self, jobs: int | None = None, executor: Executor | None = None) -> None:
        if jobs is not None and jobs < 1:
            raise ValueError(f"jobs is {jobs}, and at least 1 is needed")
        self.executor = executor
        self.jobs = jobs or getattr(executor, "_max_workers", None) or available_cores()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = Lock()

    def submit(
        self, work: Callable[..., Result], *given: object, alone: bool = False
    ) -> Callable[[], Result]:
        """Have something done; the result is there when it is called for."""
        if alone or (self.executor is None and self.jobs == 1):
            return lambda: work(*given)
        if self.executor is not None:
            return partial(result_of, _submitted(self.executor, work, *given))
        with self._lock:
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor

                self._pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="casetrail")
        return self._pool.submit(work, *given).result

    def map(self, work: Callable[[Given], Result], items: Iterable[Given]) -> Iterator[Result]:
        """Do work on items side by side; the results come in their order, and what is raised at its place."""
        waiting: deque[Callable[[], Result]] = deque()
        pending = iter(items)
        item = next(pending, _NOTHING)
        while item is not _NOTHING:
            following = next(pending, _NOTHING)
            alone = self.executor is None and following is _NOTHING and not waiting
            waiting.append(self.submit(work, item, alone=alone))
            item = following
            if len(waiting) >= self.ahead:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    @property
    def ahead(self) -> int:
        """How many pieces of work may wait for their turn: they bound the memory that is used."""
        if self.executor is not None:
            return 2 * self.jobs
        return self.jobs + 1 if self.jobs > 1 else 1

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def result_of(future: Future[Result]) -> Result:
    """What an executor gives.

    Raises:
        CasetrailError: Its workers are lost.
    """
    with _explaining_losses():
        return future.result()


def _submitted(executor: Executor, work: Callable[..., Result], *given: object) -> Future[Result]:
    with _explaining_losses():
        return executor.submit(work, *given)


@contextmanager
def _explaining_losses() -> Iterator[None]:
    """Make one sentence of it where the workers of an executor are lost."""
    from concurrent.futures import BrokenExecutor, CancelledError

    try:
        yield
    except Exception as error:
        lost = isinstance(error, BrokenExecutor | CancelledError)
        if not lost and type(error).__module__.partition(".")[0] != "distributed":
            raise
        cause = (str(error)[:300] or type(error).__name__).rstrip(".")
        remedy = "start others and run it again"
        if type(error).__name__ == "BrokenProcessPool":
            remedy += '; a script that starts processes does so below `if __name__ == "__main__":`'
        raise CasetrailError(f"the workers of the executor were lost ({cause}); {remedy}") from error


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReadBlock(NamedTuple, Generic[Result]):
    """What became of the work on a block, and how many rows and lines further down it begins than it knew."""

    result: Result
    rows: int
    lines: int


Work = Callable[[Block, ReportBuilder], tuple[BlockText, Result]]
"""Reads a block, with a builder for what is wrong with its form, and does something with what it holds."""


def in_order(
    source: BlockSource[Piece], work: Work[Result], workers: Workers, reporter: Reporter
) -> Iterator[ReadBlock[Result]]:
    """Work on the blocks of a file side by side; the results come in the order of the file.

    Raises:
        CasetrailError: The reporter has no builder, and something is wrong.
    """
    waiting: deque[tuple[Piece, Callable[[], _Done[Result]]]] = deque()
    while True:
        while len(waiting) < workers.ahead and (block := source.cut(len(waiting))) is not None:
            alone = not waiting and source.is_last(block)
            given = (work, block, reporter.builder_of_block())
            waiting.append((block, workers.submit(_run, *given, alone=alone)))
        if not waiting:
            return
        block, finish = waiting.popleft()
        text, result, builder = finish()
        row, line = source.position
        rows, lines = row - block.row, line - block.line
        reporter.absorb(builder, rows, lines)
        if not source.settle(block, text, [behind for behind, _ in waiting]):
            waiting.clear()
        yield ReadBlock(result, rows, lines)
        del block, finish, text, result


_Done = tuple[BlockText, Result, ReportBuilder]


def _run(work: Work[Result], block: Block, builder: ReportBuilder) -> _Done[Result]:
    """The work on one block, and its builder, which may be one in another process."""
    return *work(block, builder), builder
