"""SHA256SUMS: the list that seals a release, one line per file, as `sha256sum -c` reads it."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from casetrail.describe.dataset import FileFacts
from casetrail.findings.error import CasetrailError
from casetrail.package.paths import path_problem

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
UNLISTED = (SUMS, SIGNATURE)
"""What is in a release but not in its list: the list cannot hold its own sum, nor that of its signature.
"""

CHUNK = 1 << 20
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The size of a file in bytes, its SHA-256 in lower-case hexadecimal, and its CRC-32, for which a zip
    asks.
    """

    bytes: int
    sha256: str
    crc32: int


def fingerprint(file: IO[bytes]) -> Fingerprint:
    """Read a file to its end, in pieces."""
    digest, crc, size = hashlib.sha256(), 0, 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
    return Fingerprint(size, digest.hexdigest(), crc)


class Seal:
    """The files of a release that is being made, in their order, with sizes and checksums."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[FileFacts] = []
        self.crc32: dict[str, int] = {}

    def add(self, path: str, about: str, mediatype: str) -> FileFacts:
        """Take down a file that was just made."""
        with (self.root / path).open("rb") as file:
            of_file = fingerprint(file)
        facts = FileFacts(path, about, mediatype, of_file.bytes, of_file.sha256)
        self.files.append(facts)
        self.crc32[path] = of_file.crc32
        return facts


def sums_text(sums: Mapping[str, str]) -> str:
    """The text of the list, by path in the order of code points."""
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))


def read_sums(data: bytes) -> dict[str, str]:
    """The list as it was written: path → SHA-256. Anything but that form is refused, so that no bit of it is
    idle.

    Raises:
        CasetrailError: With the line.
    """
    sums: dict[str, str] = {}
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _broken(data.count(b"\n", 0, len(data)), "it is not UTF-8") from None
    if text and not text.endswith("\n"):
        raise _broken(text.count("\n") + 1, "it has no line feed at its end")
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise _broken(number, "it is not a SHA-256 in lower case, two blanks and a path")
        digest, path = parts[1], parts[2]
        problem = path_problem(path)
        if problem is not None:
            raise _broken(number, f"the path cannot be followed: {problem.reason}")
        if path in sums or path in UNLISTED:
            raise _broken(number, f"'{path}' has no place there")
        sums[path] = digest
    if list(sums) != sorted(sums):
        raise _broken(1, "the paths are not in their order")
    if not sums:
        raise _broken(1, "it names no file")
    return sums


def _broken(line: int, reason: str) -> CasetrailError:
    return CasetrailError(
        f"{SUMS}, line {line}: this list was not written by casetrail: {reason}", exit_code=1
    )
