"""The files of a release, in a folder or in a zip, read where they are and never unpacked.

Nothing in it is trusted: names, kinds, sizes and counts are looked at before a byte is read.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from casetrail.findings.error import CasetrailError
from casetrail.package.paths import path_problem
from casetrail.release.seal import SIGNATURE, SUMS, Fingerprint, fingerprint, read_sums
from casetrail.standard.limits import MAX_MEMBERS


class ReleasedFiles(Protocol):
    """The files of a release, by their paths in it."""

    path: Path
    problems: list[str]
    """What is wrong with it as such: links, unsafe names, a damaged zip."""
    files: dict[str, int]
    """The size of each file that can be read, by its path."""

    def open(self, path: str) -> IO[bytes]:
        """Open one of `files`."""


class ReleasedFolder:
    """A release in a folder. Links and special files are problems; none is followed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self.files: dict[str, int] = {}
        for entry in self._walk(path):
            if len(self.files) + len(self.problems) > MAX_MEMBERS:
                self.problems.append(f"there are more than {MAX_MEMBERS:,} files")
                break
            name, status = entry.relative_to(path).as_posix(), entry.lstat()
            if stat.S_ISREG(status.st_mode):
                self.files[name] = status.st_size
            else:
                kind = "a link" if stat.S_ISLNK(status.st_mode) else "no file"
                self.problems.append(f"{name}: this is {kind}; a release consists of files")

    def open(self, path: str) -> IO[bytes]:
        """Open one of `files`."""
        return (self.path / path).open("rb")

    def _walk(self, folder: Path) -> Iterator[Path]:
        entries = sorted(folder.iterdir())
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():
                yield from self._walk(entry)
            else:
                yield entry
        if not entries and folder != self.path:
            name = folder.relative_to(self.path).as_posix()
            self.problems.append(f"{name}: this folder is empty; a release has no such folder")


class ReleasedZip:
    """A release in a zip. Its members are stored and lie at its root: none can grow or go elsewhere."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self.files: dict[str, int] = {}
        self._members: dict[str, ZipInfo] = {}
        try:
            self._zip = ZipFile(path)
            members = self._zip.infolist()
        except (BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
            self.problems.append(f"this is no zip that can be read: {error}")
            return
        size = path.stat().st_size
        if len(members) > MAX_MEMBERS:
            self.problems.append(f"there are more than {MAX_MEMBERS:,} members")
        elif sum(member.file_size for member in members) > size:
            # Stored members without overlap cannot hold more than the zip has: what claims to is a bomb.
            self.problems.append(
                f"its members claim more bytes than the {size:,} of the zip; nothing was read"
            )
        else:
            for member in members:
                self._add(member)

    def open(self, path: str) -> IO[bytes]:
        """Open one of `files`.

        Raises:
            CasetrailError: And errors of `zipfile` while it is read.
        """
        try:
            return self._zip.open(self._members[path])
        except (BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
            raise CasetrailError(
                f"{path}: this member of the zip cannot be read: {error}", exit_code=1
            ) from None

    def _add(self, member: ZipInfo) -> None:
        path = member.filename
        reason = _refusal(member)
        if reason is None and path in self.files:
            reason = "two members have this name"
        if reason is not None:
            self.problems.append(f"{_printable(path)}: refused, {reason}")
            return
        self._members[path] = member
        self.files[path] = member.file_size


def released_files(path: Path) -> ReleasedFiles:
    """The release at the path.

    Raises:
        CasetrailError: There is nothing that could be one.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return ReleasedFolder(path)
        if stat.S_ISREG(mode):
            return ReleasedZip(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CasetrailError(
            f"'{path}' cannot be read: {reason}; give the folder or the zip of a release"
        ) from None
    raise CasetrailError(f"'{path}' is neither a folder nor a file; give the folder or the zip of a release")


def read_released(release: ReleasedFiles, path: str) -> bytes:
    """The bytes of one file.

    Raises:
        CasetrailError: It cannot be read (exit code 1).
    """
    try:
        with release.open(path) as file:
            return file.read()
    except (OSError, BadZipFile, EOFError, KeyError) as error:
        raise CasetrailError(f"{path}: cannot be read: {error}", exit_code=1) from None


def compare_bytes(release: ReleasedFiles) -> tuple[dict[str, Fingerprint], list[str]]:
    """Every file against SHA256SUMS, and the list against every file: fingerprints, and each difference."""
    prints: dict[str, Fingerprint] = {}
    problems = list(release.problems)
    if SUMS not in release.files:
        return prints, [
            *problems,
            f"{SUMS}: missing, and without it nothing can be checked; is this a release?",
        ]
    for path in sorted(release.files):
        try:
            with release.open(path) as file:
                prints[path] = fingerprint(file)
        except (OSError, BadZipFile, CasetrailError, EOFError) as error:
            problems.append(f"{path}: cannot be read: {error}")
    try:
        sums = read_sums(read_released(release, SUMS))
    except CasetrailError as error:
        return prints, [*problems, str(error)]
    for path in sorted({*sums, *release.files} - {SUMS, SIGNATURE}):
        if path not in release.files:
            problems.append(f"{path}: missing")
        elif path not in sums:
            problems.append(f"{path}: not part of the release")
        elif path in prints and prints[path].sha256 != sums[path]:
            problems.append(f"{path}: changed; its SHA-256 is {prints[path].sha256}, not {sums[path]}")
    return prints, problems


def _refusal(member: ZipInfo) -> str | None:
    """Why a member is not read at all."""
    mode = member.external_attr >> 16
    problem = path_problem(member.filename)
    if problem is not None:
        return problem.reason
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link" if stat.S_ISLNK(mode) else "it is no file"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.compress_type != ZIP_STORED or member.compress_size != member.file_size:
        return "it is compressed; the zip of a release stores its files as they are"
    return None


def _printable(name: str) -> str:
    return name if name.isprintable() and len(name) < 200 else ascii(name)[:200]
