"""Where releases are put: one builder at a time, a staging folder beside the target, and one rename at the
end.

Whatever stops the program, every name in the folder of releases holds either what it held before or a whole
new release. A staging folder that a killed run left is hidden, is part of no release, and is swept by the
next run.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from casetrail.curate.outputs import refuse_overwriting
from casetrail.curate.writing import sync
from casetrail.findings.error import CasetrailError
from casetrail.release.released_files import compare_bytes, released_files

_STAGING = ".casetrail-staging"
_ASIDE = ".casetrail-aside"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class OutputFolder:
    """The folder of releases, locked for this run, and the staging folder of one release in it.

    What is at the place of the release is replaced only where it is a release as casetrail made it, or with
    `force`.
    """

    def __init__(self, output: Path, folder: str, *, force: bool = False) -> None:
        self.output = output
        self.target = output / folder
        self.zip = output / f"{folder}.zip"
        self._force = force
        self._staging = output / f".{folder}{_STAGING}"
        self._aside = output / f".{folder}{_ASIDE}"
        self.root = self._staging / folder
        self.packed = self._staging / f"{folder}.zip"

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Lock the folder, sweep what a killed run left, make the staging folder, and remove it in the end.

        Raises:
            CasetrailError: That cannot be done, where something else is at the place of the release, or for
                any error of the file system inside (exit code 2).
        """
        try:
            self.output.mkdir(parents=True, exist_ok=True)
            with _locked(self.output):
                self._recover()
                for path in (self.target, self.zip):
                    refuse_overwriting(path, force=self._force, ours=_is_release)
                self.root.mkdir(parents=True)
                try:
                    yield
                finally:
                    with contextlib.suppress(OSError):
                        shutil.rmtree(self._staging)
        except OSError as error:
            raise self._refusal(error) from None

    def commit(self, day_seconds: int) -> bool:
        """Put the staged folder and its zip in their places; false where exactly they are there already.

        Where the zip cannot be put there, the folder that was there before is put back, and `OSError` raised;
        `CasetrailError` where both are there but cannot be brought to the disk.
        """
        if _same_tree(self.root, self.target) and _same_file(self.packed, self.zip):
            return False
        _settle(self.root, day_seconds)
        _settle(self.packed, day_seconds)
        replaced = os.path.lexists(self.target)
        if replaced:
            self._exchange()
        else:
            self.root.rename(self.target)
        # The folder is the release and the zip a copy of it: a run killed here leaves the former zip, whole,
        # and the next run puts the new one in its place.
        try:
            if self.zip.is_dir():
                shutil.rmtree(self.zip)
            self.packed.replace(self.zip)
        except OSError:
            if replaced:
                self._exchange()
            else:
                self.target.rename(self.root)
            raise
        try:
            sync(self.output)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CasetrailError(
                f"the release is in '{self.target}' and '{self.zip}', but cannot be brought to the disk "
                f"({reason}); see whether the disk is broken, then run the command again"
            ) from None
        return True

    def _exchange(self) -> None:
        """Let the staged folder and the one in its place change places: in one step where the system can."""
        if sys.platform == "linux":
            rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
            old, new = os.fsencode(self.root), os.fsencode(self.target)
            if rename is not None and rename(_AT_FDCWD, old, _AT_FDCWD, new, _RENAME_EXCHANGE) == 0:
                return
            code = ctypes.get_errno()
            if rename is not None and code not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
                raise OSError(code, os.strerror(code), str(self.target))
        # A run killed between the two leaves the earlier release aside; `_recover` brings it back.
        self.target.rename(self._aside)
        self.root.rename(self.target)
        self._aside.rename(self.root)

    def _recover(self) -> None:
        """Sweep what killed runs left, of any version; we hold the lock, so nobody works there."""
        for left in sorted(self.output.glob(f".*{_ASIDE}")):
            target = self.output / left.name[1 : -len(_ASIDE)]
            if os.path.lexists(target):
                shutil.rmtree(left)
            else:
                left.rename(target)
        for left in sorted(self.output.glob(f".*{_STAGING}")):
            shutil.rmtree(left)

    def _refusal(self, error: OSError) -> CasetrailError:
        path = str(error.filename or self.output).replace(f"{self._staging}{os.sep}", "")
        reason = (error.strerror or str(error)).lower()
        remedy = {
            errno.ENOSPC: "free space, or give another folder with --output",
            errno.EDQUOT: "free space, or give another folder with --output",
            errno.EIO: "see whether the disk is full or broken, or give another folder with --output",
            errno.EFBIG: "allow larger files, or give another folder with --output",
        }.get(error.errno or 0, "give a folder that you may write to with --output")
        return CasetrailError(
            f"the release cannot be written to '{self.output}': {path}: {reason}; {remedy}. "
            "Nothing was changed"
        )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock: there two runs at once are not told apart.
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CasetrailError(f"another release is being built in '{folder}'; wait for it") from None
        yield
    finally:
        os.close(handle)


def _settle(path: Path, seconds: int) -> None:
    """Bring a file or folder to the disk, with rights and times that depend on nobody and on no clock."""
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            _settle(inner, seconds)
    path.chmod(0o755 if path.is_dir() else 0o644)
    os.utime(path, (seconds, seconds))
    sync(path)


def _is_release(path: Path) -> bool:
    """Whether this is a release, folder or zip, exactly as its own list of checksums says."""
    if path.is_symlink():
        return False
    try:
        return not compare_bytes(released_files(path))[1]
    except (CasetrailError, OSError):
        return False


def _same_tree(first: Path, second: Path) -> bool:
    """Whether two folders hold the same files with the same bytes, and nothing but files and folders."""
    if second.is_symlink() or not second.is_dir():
        return False
    names = sorted(entry.name for entry in first.iterdir())
    if names != sorted(entry.name for entry in second.iterdir()):
        return False
    return all(
        _same_tree(first / name, second / name)
        if (first / name).is_dir()
        else _same_file(first / name, second / name)
        for name in names
    )


def _same_file(first: Path, second: Path) -> bool:
    try:
        there = second.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(there.st_mode) or there.st_size != first.stat().st_size:
        return False
    with first.open("rb") as ours, second.open("rb") as theirs:
        while True:
            chunk = ours.read(1 << 20)
            if chunk != theirs.read(1 << 20):
                return False
            if not chunk:
                return True
