"""Writing into a package's folder: several files are one change, and nobody else changes them meanwhile.

Everything is first written below `.casetrail-writing`, with a journal of what goes where, and then renamed.
A process that is killed leaves either no journal, and then nothing was changed, or one by which the next
command that writes brings the change to its end; until then no command reads the package.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.package.files import JOURNAL, FolderFiles, PackageFiles
from casetrail.package.folder_lock import locked
from casetrail.package.paths import path_problem

WAIT = 60
"""Seconds to wait for another command that is changing the package."""

_LONGEST_JOURNAL = 1 << 20
"""Bytes; one of a package with a thousand tables has a fifth of that."""
_FOLDER = JOURNAL.partition("/")[0]


def folder_of(files: PackageFiles, command: str) -> Path:
    """The folder of a package that `command` is to write into.

    Raises:
        CasetrailError: The package is a zip.
    """
    if not isinstance(files, FolderFiles):
        raise CasetrailError(
            f"{command} cannot write into the zip '{files.root}'; unpack it and give the folder"
        )
    return files.root


@contextlib.contextmanager
def changing(path: Path) -> Iterator[None]:
    """Hold the package at the path (a folder or its descriptor) from before it is read until it is written.

    A change that was interrupted is brought to its end first. Raises `CasetrailError` where another process
    holds the package for longer than `WAIT` seconds.
    """
    root = path if path.is_dir() else path.parent
    if not root.is_dir():
        yield  # Opening the package will say that it is not there.
        return
    busy = f"another command is changing the package in '{root}'; wait for it, then run this one again"
    with locked(root, busy, wait=WAIT):
        _recover(root)
        yield


def write_files(root: Path, contents: Mapping[str, bytes], read: PackageFiles | None = None) -> None:
    """Write files below `root`, given by their paths in the package: all of them or none.

    A file that exists keeps its permissions. Where `read` are the files from which the contents were made,
    none of those replaced may have changed since.

    Raises `CasetrailError` where one cannot be written, has changed, or is a link that leaves `root`.
    """
    with changing(root):
        change = [
            _file_change(root, number, path, data) for number, (path, data) in enumerate(contents.items())
        ]
        staging = root / _FOLDER
        where = str(root)
        try:
            staging.mkdir()
            for item, (path, data) in zip(change, contents.items(), strict=True):
                where = path
                (root / item.path).parent.mkdir(parents=True, exist_ok=True)
                _write(staging / item.new, data, _mode(root / item.path))
                if item.existed:
                    _keep(root / item.path, staging / item.old)
            for path in contents:
                if isinstance(read, FolderFiles) and read.changed(path):
                    raise CasetrailError(
                        f"'{path}' was changed by somebody else meanwhile, so nothing was written; run the "
                        "command again"
                    )
            _commit(root, change)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            where = str(getattr(error, "filename2", None) or where)
            half = (root / JOURNAL).exists()
            raise CasetrailError(
                f"{where} cannot be written ({reason}); free space or ask for access"
                + ("; the change is half made, and the next command that writes completes it" * half)
            ) from None
        finally:
            if not (root / JOURNAL).exists():
                shutil.rmtree(staging, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _FileChange:
    """One file: its path below the root, links resolved; its number in the change; its new SHA-256."""

    path: str
    number: int
    sha256: str
    existed: bool

    @property
    def new(self) -> str:
        return f"{self.number}.new"

    @property
    def old(self) -> str:
        return f"{self.number}.old"


def _file_change(root: Path, number: int, path: str, data: bytes) -> _FileChange:
    # A link inside the package stays a link: what it points at is replaced.
    target, real = (root / path).resolve(), root.resolve()
    if not target.is_relative_to(real):
        raise CasetrailError(
            f"'{path}' is a link that leaves the package, so it is not written; put the file there"
        )
    digest = hashlib.sha256(data).hexdigest()
    return _FileChange(target.relative_to(real).as_posix(), number, digest, target.exists())


def _commit(root: Path, change: list[_FileChange]) -> None:
    """Rename all; where one cannot be, put those back that were, and raise its error."""
    staging, journal = root / _FOLDER, root / JOURNAL
    # A new case has hidden files. A journal may name none: it could be a stranger's, and write `.git/hooks`.
    if len(change) > 1 and all(path_problem(item.path) is None for item in change):
        _write(staging / "journal.new", json.dumps([asdict(item) for item in change]).encode(), 0o600)
        (staging / "journal.new").replace(journal)
        sync(staging)
    try:
        for item in change:
            (staging / item.new).replace(root / item.path)
    except OSError:
        _roll_back(root, change)
        journal.unlink(missing_ok=True)
        raise
    for folder in {(root / item.path).parent for item in change}:
        sync(folder)
    journal.unlink(missing_ok=True)


def _roll_back(root: Path, change: list[_FileChange]) -> None:
    staging = root / _FOLDER
    for item in change:
        if (staging / item.old).exists():
            (staging / item.old).replace(root / item.path)
        elif not item.existed and not (staging / item.new).exists():
            (root / item.path).unlink(missing_ok=True)


def _recover(root: Path) -> None:
    """Bring an interrupted change to its end, and sweep what it left. We hold the lock."""
    staging = root / _FOLDER
    if not os.path.lexists(staging):
        return
    try:
        if staging.is_symlink() or not staging.is_dir():
            raise CasetrailError(f"'{staging}' is where casetrail writes, and not a folder; remove it")
        if (root / JOURNAL).exists():
            change = _read_journal(root)
            if all(_is_ready(root, item) for item in change):
                for item in change:
                    if (staging / item.new).exists():
                        (root / item.path).parent.mkdir(parents=True, exist_ok=True)
                        (staging / item.new).replace(root / item.path)
            else:
                # It was being put back when it was interrupted.
                _roll_back(root, change)
            (root / JOURNAL).unlink()
        shutil.rmtree(staging)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CasetrailError(
            f"a change of '{root}' was interrupted and cannot be brought to its end ({error.filename}: "
            f"{reason}); free space or ask for access"
        ) from None


def _read_journal(root: Path) -> list[_FileChange]:
    """The journal, which a stranger may have written: it may move files within the package and no others."""
    real, journal = root.resolve(), root / JOURNAL
    try:
        if journal.is_symlink() or not journal.is_file() or journal.stat().st_size > _LONGEST_JOURNAL:
            raise ValueError
        change = [_FileChange(**item) for item in json.loads(journal.read_bytes())]
        safe = all(
            isinstance(item.number, int)
            and path_problem(item.path) is None
            and (root / item.path).resolve().is_relative_to(real)
            for item in change
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        safe = False
    if not safe:
        raise CasetrailError(f"'{journal}' was not written by casetrail; remove the folder '{_FOLDER}'")
    return change


def _is_ready(root: Path, item: _FileChange) -> bool:
    """Whether the new content of a file is there, in its place or still beside it."""
    for path in (root / _FOLDER / item.new, root / item.path):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == item.sha256:
                    return True
    return False


def _write(path: Path, data: bytes, mode: int) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)


def _keep(file: Path, copy: Path) -> None:
    """Keep what is in a file under another name, to be put back."""
    try:
        copy.hardlink_to(file)
    except OSError:
        shutil.copy2(file, copy)


def sync(path: Path) -> None:
    """Bring a file or folder to the disk; on Windows the system does that when it will."""
    if os.name == "nt":  # It opens no folder, and syncs no file that is open for reading alone.
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
