"""The zip of a release: the same bytes wherever it is made, and so checked by making it again.

Files are stored, not compressed: what a compressor writes depends on its version, and a member that cannot
grow cannot be a bomb. Order, times, rights and every header follow from the list of files and one date.
(ZIP: PKWARE's APPNOTE 6.3.10, of which this writes the plain form and, beyond 4 GiB or 65,535 files, Zip64.)
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from casetrail.release.seal import CHUNK

_MADE_BY_UNIX = 3 << 8
_UTF8_NAMES = 1 << 11
_REGULAR_0644 = 0o100644 << 16
_32 = 0xFFFFFFFF
_16 = 0xFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the zip: its full name there, its size and CRC-32, and how it is opened."""

    name: str
    size: int
    crc32: int
    open: Callable[[], IO[bytes]]


def archive_chunks(members: Sequence[Member], day: date) -> Iterator[bytes]:
    """The bytes of the zip, in pieces; each member is opened when its turn comes. All times are midnight of
    `day`.
    """
    # The format knows the years from 1980 to 2107.
    stamp = min(max(day.year - 1980, 0), 127) << 25 | day.month << 21 | day.day << 16
    offset = 0
    directory: list[bytes] = []
    for member in sorted(members, key=lambda member: member.name):
        name = member.name.encode()
        large = member.size >= _32
        size = _32 if large else member.size
        extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) if large else b""
        version = 45 if large else 20
        common = struct.pack(
            "<HHIIIIHH", _UTF8_NAMES, 0, stamp, member.crc32, size, size, len(name), len(extra)
        )
        head = struct.pack("<4sH", b"PK\3\4", version) + common + name + extra
        directory.append(_directory_entry(member, name, common, offset))
        yield head
        offset += len(head) + member.size
        with member.open() as file:
            while chunk := file.read(CHUNK):
                yield chunk
    yield from directory
    yield _end(len(directory), offset, sum(map(len, directory)))


def _directory_entry(member: Member, name: bytes, common: bytes, offset: int) -> bytes:
    wide = []
    if member.size >= _32:
        wide += [member.size, member.size]
    if offset >= _32:
        wide.append(offset)
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = 45 if wide else 20
    return (
        struct.pack("<4sHH", b"PK\1\2", _MADE_BY_UNIX | version, version)
        + common[:-2]
        + struct.pack("<HHHHII", len(extra), 0, 0, 0, _REGULAR_0644, min(offset, _32))
        + name
        + extra
    )


def _end(count: int, offset: int, size: int) -> bytes:
    end = b""
    if count >= _16 or offset >= _32 or size >= _32:
        end += struct.pack(
            "<4sQHHIIQQQQ", b"PK\6\6", 44, _MADE_BY_UNIX | 45, 45, 0, 0, count, count, size, offset
        )
        end += struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    return end + struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, min(count, _16), min(count, _16), min(size, _32), min(offset, _32), 0
    )
