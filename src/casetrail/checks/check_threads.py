"""Threads that check the batches of a table side by side while the next ones are read.

Arrow's kernels work outside Python's lock, so two threads keep two cores busy. A check belongs to one thread
and is fed every batch in order.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType

from casetrail.checks.check import TableCheck
from casetrail.tables.batch import TextBatch

_WAITING = 3
"""How many batches may wait for a thread; more would only hold memory."""

NamedCheck = tuple[str, TableCheck]
"""A check of one table and the name of the check that it is a part of."""

Guard = Callable[[str, Callable[[], object]], bool]
"""Runs one step of the check of that name and returns whether it went well."""


class CheckThreads:
    """Feeds the checks of one table, a thread for each group of them; a table of one batch needs no threads.

    To be used in a `with` statement, which waits for the threads. A check that fails is taken out of its
    group.
    """

    def __init__(self, groups: Sequence[list[NamedCheck]], guard: Guard) -> None:
        self._threads = [_CheckThread(group, guard) for group in groups]
        self._first: TextBatch | None = None
        self._started = False

    def __enter__(self) -> CheckThreads:
        return self

    def feed(self, batch: TextBatch) -> None:
        """Give every check the next batch."""
        if not self._started and self._first is None:
            self._first = batch
            return
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
                thread.put(self._first)
            self._first = None
        for thread in self._threads:
            thread.put(batch)

    def finish(self) -> None:
        """The table has ended: let every check report what only the whole of it shows."""
        for thread in self._threads:
            if self._started:
                thread.put(_END)
                continue
            if self._first is not None:
                thread.run_step(self._first)
            thread.run_step(_END)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._started:
            for thread in self._threads:
                thread.batches.put(None)
            for thread in self._threads:
                thread.join()
        if error is None:
            for thread in self._threads:
                thread.raise_error()


class _End:
    """What is put behind the last batch of a table that was read to its end."""


_END = _End()


class _CheckThread(threading.Thread):
    def __init__(self, checks: list[NamedCheck], guard: Guard) -> None:
        super().__init__(name="casetrail-checks", daemon=True)
        self._checks, self._guard = checks, guard
        self.batches: queue.Queue[TextBatch | _End | None] = queue.Queue(_WAITING)
        self._error: BaseException | None = None

    def put(self, step: TextBatch | _End | None) -> None:
        self.batches.put(step)
        self.raise_error()

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def run_step(self, step: TextBatch | _End) -> None:
        for name, check in list(self._checks):
            run = check.finish if isinstance(step, _End) else partial(check.feed, step)
            if not self._guard(name, run):
                self._checks.remove((name, check))

    def run(self) -> None:
        while (step := self.batches.get()) is not None:
            if self._error is None:
                try:
                    self.run_step(step)
                except BaseException as error:
                    self._error = error
            # A batch is not to be held while waiting for the next one.
            del step
