"""A table by itself: a file, an address or standard input, read with its schema as a package of one table."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import IO, Any

from casetrail.findings.error import CasetrailError
from casetrail.package.files import FolderFiles
from casetrail.package.paths import DESCRIPTOR, PathProblem, is_pattern, is_url, path_problem, unfit_names
from casetrail.standard.limits import MAX_DOCUMENT

STANDARD_INPUT = "-"
"""The path that means standard input."""

_NAME = "standard-input"
_DESCRIPTOR = "(the table by itself)"
_IN_MEMORY = 16 << 20
_CHUNK = 1 << 20
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

Schema = str | PathLike[str] | Mapping[str, Any]


@dataclass
class TableFiles:
    """The files of a table by itself, by their paths as seen from its folder. The descriptor is made up.

    Whoever names a file wants it, wherever it is: no path is refused, as those of a package are.
    """

    root: Path
    descriptor: str = _DESCRIPTOR
    contents: dict[str, Path | bytes | Spool] = field(default_factory=dict)

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        if is_url(path):
            return path_problem(path)
        if path not in self.contents:
            return PathProblem("path-missing", "there is no such file")
        content = self.contents[path]
        return FolderFiles(content.parent).problem(content.name) if isinstance(content, Path) else None

    def matching(self, pattern: str) -> list[str]:
        """The file of this very name, for all are known by their names."""
        return [pattern]

    def open(self, path: str) -> IO[bytes]:
        """Open a file that has no problem."""
        content = self.contents[path]
        if isinstance(content, Path):
            return FolderFiles(content.parent).open(content.name)
        return io.BytesIO(content) if isinstance(content, bytes) else content.open()

    def size(self, path: str) -> int:
        """The size in bytes of a file that has no problem."""
        with self.open(path) as file:
            return file.seek(0, io.SEEK_END)


class DescriptorFromInput(FolderFiles):
    """The files of the folder, with a descriptor that is standard input."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, _NAME)
        self._content = _standard_input().read(MAX_DOCUMENT + 1)
        if not self._content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            raise CasetrailError(
                "standard input holds no descriptor, which is a JSON object; to check a table, give its "
                "schema with --schema"
            )

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        return None if path == self.descriptor else super().problem(path)

    def open(self, path: str) -> IO[bytes]:
        """Open a file that has no problem."""
        return io.BytesIO(self._content) if path == self.descriptor else super().open(path)


class Spool:
    """What can be read once only, such as standard input, kept so that it can be read again.

    It is in memory up to 16 MiB, else in a temporary file without a name, which ends with the process.
    """

    def __init__(self, source: IO[bytes]) -> None:
        from tempfile import SpooledTemporaryFile

        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._lock = threading.Lock()
        while part := source.read(_CHUNK):
            self._file.write(part)
        self.size = self._file.tell()

    def __reduce__(self) -> tuple[type[_SpoolElsewhere], tuple[()]]:
        """Another process is sent what it needs of it."""
        return _SpoolElsewhere, ()

    def open(self) -> IO[bytes]:
        """The bytes from the start, at a position of their own."""
        return _SpoolReader(self)  # type: ignore[return-value]

    def read(self, position: int, size: int) -> bytes:
        """So many bytes from a position on; safe in several threads."""
        with self._lock:
            self._file.seek(position)
            return self._file.read(size)


class _SpoolElsewhere(Spool):
    """What another process can read once only."""

    def __init__(self) -> None:
        self.size = 0

    def open(self) -> IO[bytes]:
        """It cannot be opened.

        Raises:
            CasetrailError: Always.
        """
        raise CasetrailError("standard input is read by the command alone")


class _SpoolReader(io.RawIOBase):
    def __init__(self, spool: Spool) -> None:
        self._spool, self._position = spool, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at another place."""
        self._position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position}.get(whence, self._spool.size)
        return self._position

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end."""
        data = self._spool.read(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def table_files(
    path: str | PathLike[str],
    schema: Schema | None,
    properties: Mapping[str, Any] | None = None,
) -> TableFiles:
    """The files of the package that has one table, in the file or at the address, and its schema if any.

    `properties` are more of the resource, such as what the table is written in.

    Raises:
        CasetrailError: One of the two is no file that can be read.
    """
    text = os.fspath(path)
    if isinstance(schema, str | PathLike) and text == os.fspath(schema) == STANDARD_INPUT:
        raise CasetrailError("standard input is either the table or its schema; give the other as a file")
    is_input = text == STANDARD_INPUT
    files = TableFiles(Path() if is_input or is_url(text) else _folder(text))
    paths = [_add(files, path, "the table") for path in _matching(text) or [text]]
    resource: dict[str, Any] = {"path": paths[0] if len(paths) == 1 else paths, "type": "table"}
    resource |= {**({"format": "csv"} if is_input else {}), **(properties or {})}
    named = paths[0] if len(paths) == 1 else text
    resource["name"] = _name(named)
    if isinstance(schema, Mapping):
        resource["schema"] = dict(schema)
    elif schema is not None:
        resource["schema"] = _add(files, os.fspath(schema), "the schema")
    descriptor = {"$schema": _PROFILE, "name": PurePosixPath(named).name, "resources": [resource]}
    files.contents[files.descriptor] = json.dumps(descriptor).encode()
    return files


def _matching(text: str) -> list[str]:
    """The files on this machine that a path matches if it is a pattern."""
    path = Path(text)
    if not is_pattern(text) or is_url(text) or path.exists():
        return []
    folder = _folder(text)
    pattern = path.relative_to(folder).as_posix()
    return [str(folder / file) for file in FolderFiles(folder).matching(pattern)]


def _folder(text: str) -> Path:
    """The folder of a file, or in which a pattern begins."""
    path = Path(text)
    folder = path.parent
    while is_pattern(str(folder)) and not folder.exists():
        folder = folder.parent
    return folder


def _add(files: TableFiles, text: str, role: str) -> str:
    """Add a file; the path by which it is known."""
    if is_url(text):
        return text
    if text == STANDARD_INPUT:
        files.contents[_NAME] = Spool(_standard_input())
        return _NAME
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise CasetrailError(f"there is no file '{text}', which should be {role}") from None
    if stat.S_ISDIR(mode) or path.name == DESCRIPTOR:
        kind = "a folder" if stat.S_ISDIR(mode) else "the descriptor of a package"
        raise CasetrailError(
            f"'{text}' is {kind}, and {role} is a file; a package is given without --schema, for its "
            "descriptor says the schemas"
        )
    try:
        known = Path(os.path.relpath(path, files.root)).as_posix()
    except ValueError:  # another drive of Windows
        known = path.as_posix()
    real = path.resolve()
    if stat.S_ISFIFO(mode):
        with path.open("rb") as source:
            files.contents[known] = Spool(source)
    else:
        files.contents[known] = real
    return known


def _standard_input() -> IO[bytes]:
    if sys.stdin is None or sys.stdin.closed:
        raise CasetrailError("standard input is closed, so nothing can be read from it")
    return sys.stdin.buffer


def _name(path: str) -> str:
    """The name of the table: that of its file, as far as it can be one."""
    stem = PurePosixPath(path).name.partition(".")[0]
    return "table" if unfit_names([stem]) else stem
