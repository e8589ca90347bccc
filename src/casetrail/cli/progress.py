"""A line that says, on a terminal only, how far a long command has come."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from casetrail.findings.sentences import counted

_PATIENCE = 1.0
_STEP = 0.1


class Progress:
    """Rewrites one line of standard error once the work has taken more than a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = self._last = time.monotonic()
        self._shown = 0

    @classmethod
    def for_terminal(cls) -> Progress | None:
        """A progress line where somebody can see it, else `None`."""
        return cls(sys.stderr) if sys.stderr.isatty() else None

    def __call__(self, table: str, rows: int) -> None:
        """So many rows of the table have been read."""
        now = time.monotonic()
        if now - self._started < _PATIENCE or now - self._last < _STEP:
            return
        self._last = now
        line = f"checking {table}: {counted(rows, 'row')}, {now - self._started:.0f} s"
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0
