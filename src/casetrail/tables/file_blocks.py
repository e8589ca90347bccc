"""Sources of bytes: a file of a resource as UTF-8, unpacked and decoded as it is declared."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, NamedTuple, Protocol, cast

from casetrail.findings.error import CasetrailError
from casetrail.findings.sentences import counted
from casetrail.standard.descriptor import ResourceDescriptor
from casetrail.standard.dialect import Dialect
from casetrail.standard.limits import MAX_RATIO, MAX_UNPACKED
from casetrail.standard.schema import TableSchema

UTF_8 = frozenset({"utf-8", "ascii"})
"""Encodings whose every file is UTF-8, by the name that Python gives them."""

_ENCODINGS = frozenset(
    {
        *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{page}" for page in range(1250, 1259)),
        *("cp437", "cp850", "cp852", "cp855", "cp858", "cp862", "cp864", "cp866", "cp874", "cp932", "cp949"),
        *("cp950", "koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154", "mac-roman", "mac-cyrillic"),
        *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"),
        *("shift_jis", "euc_jp", "iso2022_jp", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_kr"),
    }
)
"""Encodings that are decoded. Others of Python's are no encodings of text, or run more than a table."""

_CHUNK = 1 << 20
_COMPRESSIONS = {"gzip": "gz", "zstd": "zst"}


class TableSource(Protocol):
    """A resource whose table can be read: what its descriptor says, and its bytes."""

    @property
    def descriptor(self) -> ResourceDescriptor:
        """What the package says of the resource: name, paths, encoding, compression, format, inline data."""

    @property
    def path(self) -> str:
        """The (first) path of its data; inline data are in the descriptor of the package."""

    @property
    def dialect(self) -> Dialect:
        """How its records are written."""

    @property
    def schema(self) -> TableSchema | None:
        """The part of its schema that makes sense."""

    @property
    def obstacle(self) -> str | None:
        """Why the data cannot be read at all; a finding says so already."""

    @property
    def is_remote(self) -> bool:
        """Whether its files are at addresses, and not on this machine."""

    @property
    def case_package(self) -> bool:
        """Whether a byte order mark and CR LF are errors, as in a Case Data Package."""

    def open(self, path: str) -> IO[bytes]:
        """The bytes of one of its files.

        Raises:
            CasetrailError: There is none, or it is not to be read.
        """


def encoding_of(resource: TableSource) -> str | None:
    """The encoding that the resource declares, by Python's name; `None` where it is not read."""
    return known_encoding(resource.descriptor.encoding or "utf-8")


def known_encoding(label: str) -> str | None:
    """The encoding of a label, by Python's name; `None` where it is not read."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name in UTF_8 or name in _ENCODINGS else None


def compression_of(resource: TableSource, path: str) -> str | None:
    """`gz`, `zst` or `zip` where the file is packed, by the declared `compression` or the end of its path."""
    declared = resource.descriptor.compression
    if declared is not None:
        return (
            None if declared in ("", "no", "none") else _COMPRESSIONS.get(declared.lower(), declared.lower())
        )
    ending = PurePosixPath(path).suffix.lower()
    return ending[1:] if ending in (".gz", ".zip", ".zst") else None


@contextmanager
def open_source(resource: TableSource, path: str, stamp: Stamp | None = None) -> Iterator[IO[bytes]]:
    """One file of a resource, unpacked and as UTF-8; what cannot be decoded comes as no UTF-8.

    Raises:
        CasetrailError: The file is another than the one that has the `stamp`.
    """
    with resource.open(path) as file:
        _check_stamp(file, path, stamp)
        compression = compression_of(resource, path)
        if compression == "gz":
            from gzip import GzipFile

            source: IO[bytes] = GzipFile(fileobj=file, mode="rb")  # type: ignore[assignment]
        elif compression == "zst":
            import pyarrow as pa

            source = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
        elif compression == "zip":
            source = _only_member(file, resource)
        else:
            source = file
        if compression is not None:
            source = cast(IO[bytes], _Unpacked(source, file))
        encoding = encoding_of(resource)
        if encoding not in (None, "utf-8"):
            source = _Decoded(source, encoding)  # type: ignore[assignment]
        yield source


def _only_member(file: IO[bytes], resource: TableSource) -> IO[bytes]:
    """The table in a zip: the member that `innerpath` names, or the only one."""
    from zipfile import ZipFile

    if not file.seekable():
        raise SourceProblem("path-unreadable", "a zip cannot be read from there", "put it into the package")
    archive = ZipFile(file)
    inner = resource.descriptor.extra.get("innerpath")
    # `is_dir` cannot bear a member without a name.
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if any(member.flag_bits & 1 for member in members):
        reason = "the zip is encrypted"
        raise SourceProblem("path-unreadable", reason, "make the zip without a password")
    names = [member.filename for member in members]
    if inner is None and len(names) == 1:
        inner = names[0]
    if not isinstance(inner, str) or names.count(inner) != 1:
        reason = f"the zip holds {counted(len(names), 'file')}, and it is not said which is the table"
        raise SourceProblem("path-unreadable", reason, "keep the one file in it, or name it as innerpath")
    return archive.open(inner)


class SourceProblem(Exception):
    """Why a file as a whole cannot be read: a finding code, the reason and what to do."""

    def __init__(self, code: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.hint = code, reason, hint

    def __reduce__(self) -> tuple[type[SourceProblem], tuple[str, str, str]]:
        """A worker elsewhere may raise it."""
        return SourceProblem, (self.code, self.reason, self.hint)


class _Unpacked(io.RawIOBase):
    """A packed file as it is read, up to what a table may come to: a bomb is a small file."""

    def __init__(self, file: IO[bytes], packed: IO[bytes]) -> None:
        self._file, self._packed = file, packed
        self._size = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises `SourceProblem` where there are too many."""
        data = self._file.read(size)
        self._size += len(data)
        # As far as it was read, which is what the unpacked bytes came from.
        if self._size > MAX_UNPACKED and self._size > MAX_RATIO * self._packed_size():
            raise SourceProblem(
                "file-too-large",
                f"the file unpacks to more than {MAX_UNPACKED >> 20} MiB and {MAX_RATIO} times its size",
                "put the table into the package as it is, or in several files",
            )
        return data

    def _packed_size(self) -> int:
        """How far the packed file was read; 0 where it does not say, as one from the network."""
        try:
            return self._packed.tell()
        except (OSError, AttributeError):
            return 0


class _Decoded(io.RawIOBase):
    """A file of another encoding as UTF-8; a byte that cannot be decoded becomes a mark that is no UTF-8."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("casetrail-mark")
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """About `size` bytes, in UTF-8; empty only at the end."""
        while not self._ended:
            chunk = self._file.read(size if size > 0 else _CHUNK)
            self._ended = not chunk
            try:
                text = self._decoder.decode(chunk, self._ended)
            except UnicodeError as error:
                reason = f"the file is not in the encoding that the descriptor says ({error})"
                raise SourceProblem(
                    "file-encoding", reason, "declare the encoding that the file has"
                ) from None
            if text:
                return text.encode("utf-8", "surrogatepass")
        return b""


def undecodable(data: bytes) -> int | None:
    """The byte of the file that the mark at the beginning of these bytes replaces."""
    try:
        character = ord(data[:3].decode("utf-8", "surrogatepass"))
    except (UnicodeDecodeError, TypeError):
        return None
    return character - 0xDC00 if 0xDC00 <= character <= 0xDCFF else None


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    undecoded = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in undecoded), error.end


codecs.register_error("casetrail-mark", _mark)


class Stamp(NamedTuple):
    """What tells whether a file was changed, how many bytes it has, and if it can be read from any place."""

    mark: str | int
    size: int
    in_parts: bool = True


def stamp_of(file: IO[bytes]) -> Stamp | None:
    """The stamp of a file as it was opened; `None` where others cannot read it by themselves, or would not
    know whether it is the same: what is in memory, and on servers that do not say."""
    if isinstance(file, io.FileIO):
        state = os.fstat(file.fileno())
        return Stamp(state.st_mtime_ns, state.st_size)
    import pyarrow as pa

    if isinstance(file, pa.NativeFile):
        mark = file.metadata().get("ETag", b"").decode()
        return Stamp(mark, file.size()) if mark else None
    stamp = getattr(file, "stamp", None)
    return stamp if isinstance(stamp, Stamp) else None


def stamp_at(source: TableSource, path: str) -> Stamp | None:
    """The same of a file of a resource; `None` also where it is not there."""
    try:
        with source.open(path) as file:
            return stamp_of(file)
    except (OSError, CasetrailError, SourceProblem):
        return None


def _check_stamp(file: IO[bytes], path: str, stamp: Stamp | None) -> None:
    if stamp is not None and stamp_of(file) != stamp:
        raise CasetrailError(f"'{path}' changed while it was read; run the command again")


def read_range(source: TableSource, path: str, start: int, stop: int, stamp: Stamp) -> bytes:
    """The bytes of a file from one place to another.

    Raises:
        CasetrailError: The file is another than the one that has the stamp.
    """
    with source.open(path) as file:
        _check_stamp(file, path, stamp)
        file.seek(start)
        parts: list[bytes] = []
        while start < stop and (part := file.read(stop - start)):
            parts.append(part)
            start += len(part)
        return b"".join(parts)


def is_plain(source: TableSource, path: str) -> bool:
    """Whether the bytes of the file are those of the table, so that parts of it can be read alone."""
    return compression_of(source, path) is None and encoding_of(source) == "utf-8"


class FileBlocks:
    """A file that is read in blocks. `data` was read and not used yet; it begins with `row` and `line`.

    What can be read before an error is delivered before it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.data = b""
        self.row = 1
        self.line = 1
        self.at_end = False
        self._file = file
        self.error: Exception | None = None
        self.bytes_read = 0

    def fill(self, size: int) -> bytes:
        """Read on until there are so many bytes or some more, or the file ends; all there are.

        Raises:
            Exception: What kept the file from being read on (`error`), where nothing comes before it.
        """
        parts = [self.data]
        missing = size - len(self.data)
        if missing > 0 and self.error is not None:
            raise self.error
        while missing > 0 and not self.at_end:
            try:
                part = self._file.read(_CHUNK)
            except Exception as error:
                self.error = error
                break
            self.at_end = not part
            self.bytes_read += len(part)
            parts.append(part)
            missing -= len(part)
        self.data = b"".join(parts)
        if self.error is not None and not self.data:
            raise self.error
        return self.data

    def use(self, size: int, row: int, line: int) -> None:
        """Go on behind so many bytes, where the record of this row and line begins."""
        self.data = self.data[size:]
        self.row, self.line = row, line
