"""The files of a package, in a folder, a zip or at a URL: looked up safely, opened, never unpacked."""

from __future__ import annotations

import errno
import os
import re
import stat
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

from casetrail.findings.error import CasetrailError
from casetrail.package.folder_lock import locked
from casetrail.package.nearby import OF_TABLES, descriptor_in, instead_of
from casetrail.package.paths import DESCRIPTOR, DESCRIPTORS, PathProblem, is_url, matching_paths, path_problem
from casetrail.standard.limits import MAX_MEMBERS
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.file_blocks import Stamp

JOURNAL = ".casetrail-writing/journal.json"
"""What a change of several files leaves where it was interrupted (`casetrail.curate.writing`)."""


class PackageFiles(Protocol):
    """Where the files of a package are. Paths are those of the descriptor, checked by `problem` first."""

    @property
    def root(self) -> Path:
        """The folder, or the zip."""

    @property
    def descriptor(self) -> str:
        """The path of the descriptor."""

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches (`matching_paths`).

        Raises:
            SourceProblem: They cannot be listed.
        """

    def open(self, path: str) -> IO[bytes]:
        """Open a file that has no problem."""

    def size(self, path: str) -> int:
        """The size in bytes of a file that has no problem (of a zip: what it says)."""


class FolderFiles:
    """The files of a package in a folder. A link is followed only to a file inside the folder."""

    def __init__(self, root: Path, descriptor: str = DESCRIPTOR) -> None:
        self.root = root
        self.descriptor = descriptor
        self._real_root = root.resolve()
        self._read: dict[str, tuple[int, int, int]] = {}

    def __reduce__(self) -> tuple[type[FolderFiles], tuple[Path, str]]:
        """Another process may work in another folder."""
        return FolderFiles, (self._real_root, self.descriptor)

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        problem = path_problem(path)
        if problem is not None:
            return problem
        try:
            real = (self.root / path).resolve(strict=True)
            if not real.is_relative_to(self._real_root):
                return PathProblem(
                    "path-unsafe", "it is a link that leaves the package", "copy the file into the package"
                )
            mode = real.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return PathProblem("path-missing", "there is no such file", self._similar(path))
        except RuntimeError:
            # How Python tells a circle of links up to version 3.12; since then it is an OSError.
            return _unreadable("its links lead in a circle")
        except OSError as error:
            circle = error.errno == errno.ELOOP
            return _unreadable("its links lead in a circle" if circle else (error.strerror or "").lower())
        if not stat.S_ISREG(mode):
            return PathProblem("path-not-a-file", f"it is {_kind(mode)}, not a file")
        if not os.access(real, os.R_OK):
            return PathProblem("path-unreadable", "the file cannot be read (permission denied)")
        return None

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches (`matching_paths`)."""
        problem = self.problem(pattern)
        if problem is None or problem.code != "path-missing":
            return [pattern]
        # Beside other characters `**` is none of pathlib's.
        parts = (part if part == "**" else re.sub(r"\*+", "*", part) for part in pattern.split("/"))
        files = (path.relative_to(self.root) for path in self.root.glob("/".join(parts)) if path.is_file())
        return matching_paths(pattern, (path.as_posix() for path in files))

    def open(self, path: str) -> IO[bytes]:
        """Open a file that has no problem.

        Raises:
            CasetrailError: Since it was looked at it became a link, a pipe or a device.
        """
        real = (self.root / path).resolve(strict=True)
        # Whatever happened since the check: no link, no waiting for a pipe, no device.
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        file = os.fdopen(handle, "rb", buffering=0)
        status = os.fstat(handle)
        if not real.is_relative_to(self._real_root) or not stat.S_ISREG(status.st_mode):
            file.close()
            raise CasetrailError(f"'{path}' changed while it was read; run the command again")
        self._read.setdefault(path, _identity(status))
        return file

    def changed(self, path: str) -> bool:
        """Whether a file is not the one that was read first, or is gone."""
        try:
            now = _identity((self.root / path).stat())
        except OSError:
            return path in self._read
        return self._read.get(path, now) != now

    def size(self, path: str) -> int:
        """The size in bytes of a file that has no problem."""
        return (self.root / path).stat().st_size

    def _similar(self, path: str) -> str | None:
        folder = (self.root / path).parent
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return None
        return did_you_mean(Path(path).name, sorted(entry.name for entry in folder.iterdir()))


class ZipFiles:
    """The files of a zipped package, read where they are. Names and sizes in the zip are not trusted.

    The descriptor is at the top or in the only folder there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            self._zip = ZipFile(root)
            members = self._zip.infolist()
        except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise CasetrailError(f"'{root}' cannot be read as a zip ({error}); make the zip again") from None
        if len(members) > MAX_MEMBERS:
            raise CasetrailError(f"'{root}' has more than {MAX_MEMBERS} members; a package has fewer files")
        self._members: dict[str, ZipInfo] = {}
        self._doubled: set[str] = set()
        for member in members:
            if member.filename in self._members:
                self._doubled.add(member.filename)
            self._members[member.filename] = member
        self._prefix = _prefix(self._members)
        self.descriptor = next(
            (name for name in DESCRIPTORS if self._prefix + name in self._members), DESCRIPTOR
        )

    def __reduce__(self) -> tuple[type[ZipFiles], tuple[Path]]:
        """Another process opens the zip anew."""
        return ZipFiles, (self.root.resolve(),)

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        problem = path_problem(path)
        if problem is not None:
            return problem
        name = self._name(path)
        member = self._members.get(name)
        if member is None:
            if f"{name}/" in self._members:
                return PathProblem("path-not-a-file", "it is a folder, not a file")
            names = (known.removeprefix(self._prefix) for known in self._members)
            return PathProblem("path-missing", "there is no such file in the zip", did_you_mean(path, names))
        if name in self._doubled:
            return PathProblem("path-unsafe", "the zip has two files of this name", "make the zip again")
        mode = member.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return PathProblem(
                "path-unsafe", f"in the zip it is {_kind(mode)}", "put the file itself into the zip"
            )
        if member.flag_bits & 1:
            return PathProblem("path-unreadable", "it is encrypted", "make the zip without a password")
        return None

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches (`matching_paths`)."""
        own = (name for name in self._members if name.startswith(self._prefix) and name[-1] != "/")
        return matching_paths(pattern, (name.removeprefix(self._prefix) for name in own))

    def open(self, path: str) -> IO[bytes]:
        """Open a member that has no problem; reading it ends at the size that the zip states."""
        member = self._members[self._name(path)]
        with reading(self, path):
            file = self._zip.open(member)
        file.stamp = Stamp(member.CRC, member.file_size, in_parts=False)  # type: ignore[attr-defined]
        return file

    def size(self, path: str) -> int:
        """The size in bytes that the zip states."""
        return self._members[self._name(path)].file_size

    def _name(self, path: str) -> str:
        return self._prefix + "/".join(part for part in path.split("/") if part != ".")


def files_at(path: Path) -> PackageFiles:
    """The files of the package at the path: a folder, a descriptor or a zip.

    Raises:
        CasetrailError: There is no package, another command is changing it, or its descriptor cannot be read.
    """
    if path.name == DESCRIPTOR and not os.path.lexists(path):
        path = descriptor_in(path.parent) or path
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise CasetrailError(f"there is no package at '{path}'; {instead_of(path)}") from None
    if stat.S_ISDIR(mode):
        descriptor = None if os.path.lexists(path / DESCRIPTOR) else descriptor_in(path)
        files: PackageFiles = FolderFiles(path, DESCRIPTOR if descriptor is None else descriptor.name)
        if not os.path.lexists(path / files.descriptor):
            raise CasetrailError(f"there is no {DESCRIPTOR} in '{path}'; {instead_of(path)}")
    elif not stat.S_ISREG(mode):
        raise CasetrailError(f"'{path}' is {_kind(mode)}; {instead_of(path)}")
    elif path.suffix.lower() in OF_TABLES:
        raise CasetrailError(
            f"'{path}' is a file of a package, not a package; {instead_of(path)}; a table by itself is "
            f"checked with: casetrail validate '{path}' --schema SCHEMA"
        )
    elif path.suffix.lower() == ".zip":
        files = ZipFiles(path)
    else:
        files = FolderFiles(path.parent, path.name)
    if isinstance(files, FolderFiles) and (files.root / JOURNAL).exists():
        # A command that is at it will be done in a moment.
        busy = f"another command is changing the package in '{files.root}'; wait for it"
        with locked(files.root, busy, wait=10):
            pass
        if (files.root / JOURNAL).exists():
            raise CasetrailError(
                f"a change of several files in '{files.root}' was interrupted; run `casetrail format` there, "
                "which brings it to its end"
            )
    problem = files.problem(files.descriptor)
    if problem is not None:
        place = f"'{path}'" if files.root == path else f"'{path.parent}'"
        raise CasetrailError(f"{place} has no {files.descriptor} that can be read: {problem.reason}")
    return files


def open_path(files: PackageFiles, path: str, hosts: Collection[str] = ()) -> IO[bytes]:
    """Open a file of the package, or what is at a URL. Whoever calls has had the path checked.

    Raises:
        CasetrailError: The file changed meanwhile.
        SourceProblem: What is at the URL cannot be fetched.
    """
    if not is_url(path):
        return files.open(path)
    from casetrail.package.remote import open_url

    return open_url(path, hosts)


@contextmanager
def reading(files: PackageFiles, path: str) -> Iterator[None]:
    """Read a file as a whole in this context: one that is damaged, as in a zip, is said to be so.

    Raises:
        CasetrailError: It cannot be read to its end.
    """
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise CasetrailError(
            f"'{path}' in '{files.root}' cannot be read ({error}); get the package again"
        ) from None


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _prefix(names: Iterable[str]) -> str:
    tops = {name.partition("/")[0] for name in names}
    if tops.isdisjoint(DESCRIPTORS) and len(tops) == 1:
        return f"{tops.pop()}/"
    return ""


def _unreadable(reason: str) -> PathProblem:
    return PathProblem("path-unreadable", f"the file cannot be read ({reason})")


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a link",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "a special file")
