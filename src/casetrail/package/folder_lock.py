"""Folder locks: one process at a time changes a folder; the system lets go when the process ends."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from casetrail.findings.error import CasetrailError

_PAUSE = 0.05
_held: set[Path] = set()


@contextlib.contextmanager
def locked(folder: Path, busy: str, *, wait: float = 0) -> Iterator[None]:
    """Hold the folder; whoever holds it already in this process goes on.

    Where another process holds it for longer than `wait` seconds, a `CasetrailError` with the sentence `busy`
    is raised. Where the system knows no such locks (Windows, some network drives) nothing is held.
    """
    real = folder.resolve()
    try:
        import fcntl
    except ImportError:
        yield
        return
    if real in _held:
        yield
        return
    handle = os.open(real, os.O_RDONLY)
    try:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise CasetrailError(busy) from None
                time.sleep(_PAUSE)
            except OSError:
                break
        _held.add(real)
        try:
            yield
        finally:
            _held.discard(real)
    finally:
        os.close(handle)
