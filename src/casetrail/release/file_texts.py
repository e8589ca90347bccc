"""File texts: what people can read in a file of a release, whatever its format, so that it can be searched.

Archives, compressed files, spreadsheets, Parquet and SQLite are opened, in each other too. What cannot be
opened, or only in part, is said to `skip`, for nobody may take it for searched.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import re
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from casetrail.standard.limits import MAX_ARCHIVES, MAX_SEARCHED

CHUNK = 1 << 22
OVERLAP = 2_000
"""Characters that pieces of a long text share, so that no name is cut."""

Skip = Callable[[str], None]

_PACKED: dict[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"\x1f\x8b": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_ENCODINGS = ("cp1251", "cp1252", "koi8-r", "gb18030", "shift_jis", "euc-kr", "utf-16-le", "utf-16-be")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")


def texts_of(path: Path, skip: Skip) -> Iterator[str]:
    """Every text in a file; why something in it has none is said to `skip`."""
    if path.stat().st_size > CHUNK and _is_utf8(path):
        with path.open(encoding="utf-8", newline="") as file:
            before = ""
            while piece := file.read(CHUNK):
                yield before + piece
                before = piece[-OVERLAP:]
        return
    if path.stat().st_size > MAX_SEARCHED and path.suffix not in (".parquet", ".sqlite"):
        skip(f"it has more than {MAX_SEARCHED >> 20} MiB and is no text in UTF-8")
        return
    yield from _Opener(skip).texts(path.read_bytes(), 0)


class _Opener:
    """Opens what is in one file, up to the limits."""

    def __init__(self, skip: Skip) -> None:
        self._skip = skip
        self._left = MAX_SEARCHED

    def texts(self, data: bytes, depth: int) -> Iterator[str]:
        try:
            yield from self._texts(data, depth)
        except _TooMuchError:
            self._skip(f"what is packed in it comes to more than {MAX_SEARCHED >> 20} MiB")
        except (OSError, EOFError, RuntimeError, ValueError, NotImplementedError, sqlite3.Error) as error:
            self._skip(f"it cannot be opened ({type(error).__name__})")
        except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, KeyError):
            self._skip("it is damaged")

    def _texts(self, data: bytes, depth: int) -> Iterator[str]:
        if depth > MAX_ARCHIVES:
            self._skip(f"archives lie in it more than {MAX_ARCHIVES} deep")
        elif data.startswith(b"PAR1"):
            yield from self._parquet(data, depth)
        elif data.startswith(b"SQLite format 3\0"):
            yield from self._sqlite(data, depth)
        elif data.startswith(tuple(_PACKED)):
            opener = next(opener for magic, opener in _PACKED.items() if data.startswith(magic))
            with opener(io.BytesIO(data)) as file:
                yield from self.texts(self._read(file), depth + 1)
        elif data[257:262] == b"ustar":
            yield from self._tar(data, depth)
        elif zipfile.is_zipfile(io.BytesIO(data)):
            yield from self._zip(data, depth)
        else:
            yield from self._plain(data)

    def _read(self, file: IO[bytes]) -> bytes:
        data = file.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise _TooMuchError
        return data

    def _zip(self, data: bytes, depth: int) -> Iterator[str]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment.decode(errors="replace")
            members = archive.infolist()
            yield data[: min((member.header_offset for member in members), default=0)].decode(
                errors="replace"
            )
            for member in members:
                yield member.filename
                yield member.comment.decode(errors="replace")
                if member.flag_bits & 1:
                    self._skip("a file in it is encrypted")
                    continue
                with archive.open(member) as file:
                    yield from self.texts(self._read(file), depth + 1)
            if "xl/workbook.xml" in archive.namelist():
                yield from _sheets(data)

    def _tar(self, data: bytes, depth: int) -> Iterator[str]:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                yield f"{member.name} {member.linkname} {member.uname} {member.gname}"
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield from self.texts(self._read(file), depth + 1)

    def _parquet(self, data: bytes, depth: int) -> Iterator[str]:
        from casetrail.exports.parquet import parquet_file

        with parquet_file(data) as file:
            schema = file.schema_arrow
            yield " ".join(schema.names)
            for metadata in (schema.metadata, file.metadata.metadata, *(field.metadata for field in schema)):
                for key, value in (metadata or {}).items():
                    yield f"{key.decode(errors='replace')} {value.decode(errors='replace')}"
            for batch in file.iter_batches(batch_size=10_000):
                yield from self._rows(
                    zip(*(column.to_pylist() for column in batch.columns), strict=True), depth
                )

    def _sqlite(self, data: bytes, depth: int) -> Iterator[str]:
        database = sqlite3.connect(":memory:")
        try:
            database.deserialize(data)
            yield from (sql for (sql,) in database.execute("select sql from sqlite_master") if sql)
            names = database.execute("select name from sqlite_master where type = 'table'").fetchall()
            for (name,) in names:
                quoted = name.replace('"', '""')
                yield from self._rows(database.execute(f'select * from "{quoted}"'), depth)
        finally:
            database.close()

    def _rows(self, rows: Iterable[tuple[Any, ...]], depth: int) -> Iterator[str]:
        """The cells of each row beside each other, as a reader sees them."""
        lines: list[str] = []
        for row in rows:
            for cell in row:
                if isinstance(cell, bytes):
                    yield from self.texts(cell, depth + 1)
            lines.append(" ".join(str(cell) for cell in row if cell is not None))
            if len(lines) == 10_000:
                yield "\n".join(lines)
                lines = []
        yield "\n".join(lines)

    def _plain(self, data: bytes) -> Iterator[str]:
        encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "utf-8")
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            self._skip("it is neither text in UTF-8 or UTF-16 nor of a format that is opened")
            yield from (data.decode(other, errors="replace") for other in _OTHER_ENCODINGS)
            return
        yield text
        if encoding == "utf-8" and len(_CONTROLS.findall(text)) > len(text) // 20:
            self._skip("it has so many control characters that it is no text in UTF-8")
            yield from (data.decode(other, errors="replace") for other in _OTHER_ENCODINGS)


class _TooMuchError(Exception):
    """What is packed comes to more than `MAX_SEARCHED`."""


def _sheets(data: bytes) -> Iterator[str]:
    """The rows of a spreadsheet, so that what stands in cells beside each other is read together."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python()
            yield "\n".join(" ".join(map(str, row)) for row in rows)
    except CalamineError as error:
        raise ValueError(str(error)) from None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        first = file.read(CHUNK)
        if len(_CONTROLS.findall(first.decode(errors="replace"))) > len(first) // 20:
            return False
        try:
            while first:
                decoder.decode(first)
                first = file.read(CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
