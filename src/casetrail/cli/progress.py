"""A line that says, on a terminal only, how far a long command has come."""

from __future__ import annotations

import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

from casetrail.findings.sentences import counted

if TYPE_CHECKING:
    from casetrail.checks.table import TableProgress

_PATIENCE = 1.0
_STEP = 0.2


class Progress:
    """Rewrites one line of standard error once the work has taken more than a second.

    It does so by itself, so that the seconds go on where nothing is heard for a while. To be used in a `with`
    statement, after which the line is gone.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = time.monotonic()
        self._shown = ""
        self._step: TableProgress | None = None
        self._ended = Event()
        self._thread = Thread(target=self._run, name="casetrail-progress", daemon=True)

    @classmethod
    def for_terminal(cls) -> Progress | None:
        """A progress line where somebody can see it, else `None`."""
        return cls(sys.stderr) if sys.stderr.isatty() else None

    def __call__(self, step: TableProgress) -> None:
        """So far it is."""
        self._step = step

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._show("")

    def _run(self) -> None:
        wait = _PATIENCE
        while not self._ended.wait(wait):
            wait = _STEP
            self._show(self._line())

    def _line(self) -> str:
        step, seconds = self._step, f"{time.monotonic() - self._started:.0f} s"
        if step is None:
            return f"opening the package: {seconds}"
        if not step.parts:
            return f"checking {step.table}: {counted(step.rows, 'row')}, {seconds}"
        parts = f"part {min(step.compared + 1, step.parts)} of {step.parts}, " if step.parts > 1 else ""
        return f"comparing keys of {step.table}: {parts}{seconds}"

    def _show(self, line: str) -> None:
        """Put a line in the place of the one that is shown."""
        if line != self._shown:
            self._stream.write("\r" + line.ljust(len(self._shown)) + ("" if line else "\r"))
            self._stream.flush()
            self._shown = line
