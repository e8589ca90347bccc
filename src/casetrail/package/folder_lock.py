"""Folder locks: one process at a time changes a folder; the system lets go when the process ends."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from casetrail.findings.error import CasetrailError

_PAUSE = 0.05
_held: set[Path] = set()


@contextlib.contextmanager
def locked(folder: Path, busy: str, *, wait: float = 0) -> Iterator[None]:
    """Hold the folder; whoever holds it already in this process goes on.

    Where another process holds it for longer than `wait` seconds, a `CasetrailError` with the sentence `busy`
    is raised. Where the system knows no such locks (some network drives) nothing is held.
    """
    real = folder.resolve()
    if real in _held:
        yield
        return
    fcntl, msvcrt = _module("fcntl"), _module("msvcrt")
    if fcntl is None and msvcrt is None:
        yield
        return
    handle = os.open(real, os.O_RDONLY) if fcntl is not None else _beside(real)
    try:
        end = time.monotonic() + wait
        while True:
            try:
                if fcntl is not None:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                elif msvcrt is not None:
                    msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                break
            except (BlockingIOError, PermissionError):
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


def _beside(folder: Path) -> int:
    """An open file that stands for the folder, for Windows, where a folder cannot be opened.

    It is among the temporary files of the user, so that two users of one machine do not wait for each other.
    """
    import hashlib
    import tempfile

    name = hashlib.sha256(os.path.normcase(folder).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return os.open(Path(tempfile.gettempdir()) / f"casetrail-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)


def _module(name: str) -> ModuleType | None:
    """A module that one system has and another has not."""
    try:
        return __import__(name)
    except ImportError:
        return None
