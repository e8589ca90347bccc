"""Lanes: threads that check the batches of a table side by side while the next ones are read.

Arrow's kernels work outside Python's lock, so two lanes keep two cores busy. A check belongs to one lane and
sees every batch in order.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from casetrail.checks.check import TableCheck
from casetrail.tables.batch import TextBatch

LANES = 2
_WAITING = 3
"""How many batches may wait for a lane; more would only hold memory."""

Step = Callable[[TableCheck, Callable[[], object]], bool]
"""Runs one step of a check and says whether it went well."""


class Lane:
    """Some checks of one table; one that fails is left out from then on."""

    def __init__(self, checks: Sequence[TableCheck], step: Step) -> None:
        self.checks = list(checks)
        self._step = step
        self.before: Callable[[TextBatch], object] | None = None
        """Called with each batch before the checks."""
        self._batches: queue.Queue[TextBatch | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def feed(self, batch: TextBatch) -> None:
        """Check one batch, here and now."""
        if self.before is not None:
            self.before(batch)
        for check in list(self.checks):
            if not self._step(check, lambda check=check: check.feed(batch)):  # type: ignore[misc]
                self.checks.remove(check)

    def finish(self) -> None:
        """The table has ended."""
        for check in list(self.checks):
            if not self._step(check, check.finish):
                self.checks.remove(check)

    def start(self) -> None:
        """Check from now on in a thread."""
        self._thread = threading.Thread(target=self._run, name="casetrail-checks", daemon=True)
        self._thread.start()

    def put(self, batch: TextBatch | None) -> None:
        """Hand over the next batch, or `None` after the last."""
        self._batches.put(batch)
        if self._error is not None:
            raise self._error

    def join(self) -> None:
        """Wait until everything handed over is checked."""
        assert self._thread is not None
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            if self._error is None:
                try:
                    self.feed(batch)
                except BaseException as error:
                    self._error = error
            # Not to be held while waiting for the next one.
            del batch


def run_lanes(
    lanes: Sequence[Lane], batches: Iterator[TextBatch], seen: Callable[[TextBatch], object]
) -> None:
    """Feed every batch to every lane, `seen` before them; a table of one batch needs no threads."""
    first, second = next(batches, None), next(batches, None)
    if first is None:
        return
    if second is None:
        seen(first)
        for lane in lanes:
            lane.feed(first)
        return
    for lane in lanes:
        lane.start()
    try:
        for batch in _chain(first, second, batches):
            seen(batch)
            for lane in lanes:
                lane.put(batch)
    finally:
        for lane in lanes:
            lane._batches.put(None)
        for lane in lanes:
            lane.join()


def finish_lanes(lanes: Sequence[Lane], side_by_side: bool) -> None:
    """Let every check say what only the whole table tells."""
    if not side_by_side:
        for lane in lanes:
            lane.finish()
        return
    errors: list[BaseException] = []

    def finish(lane: Lane) -> None:
        try:
            lane.finish()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=finish, args=(lane,), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _chain(first: TextBatch, second: TextBatch, rest: Iterator[TextBatch]) -> Iterator[TextBatch]:
    yield first
    yield second
    yield from rest
