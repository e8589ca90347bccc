"""Excerpts: the records that findings speak of, looked up in the files of a package by their lines."""

from __future__ import annotations

import codecs
import io
import re
from bisect import bisect_right
from typing import IO

from casetrail.findings.error import CasetrailError
from casetrail.findings.excerpt import Excerpt
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import read_within
from casetrail.tables.file_blocks import SourceProblem
from casetrail.tables.records import RecordSplitter
from casetrail.tables.table_format import JSON_FORMATS, format_of

MAX_RECORD = 65_536
"""Bytes of a record that are looked at."""

_BLOCK = 1 << 20
_MOST_FETCHED = 4 << 20
"""Bytes of a file in a package at an address, for which excerpts are fetched."""
_RFC_4180 = CsvForm()
_PACKED = (".gz", ".zip", ".bz2", ".xz", ".zst")
_LINE_FEED = re.compile(b"\n")


class Excerpts:
    """Looks up records of the tables of a package; a `Source` for the renderings of a report.

    A record is looked up by its path and the physical line on which it starts. Where it cannot be shown (the
    file is packed, at an address, not of lines, or gone) the answer is `None`: an excerpt helps, and never
    fails. Small files of a package at an address are fetched again.
    """

    def __init__(self, package: Package) -> None:
        self._resources: dict[str, Resource] = {}
        for resource in package.tables:
            for path in resource.paths:
                self._resources.setdefault(path, resource)
        self._files: dict[str, _Lines | None] = {}

    def __call__(self, path: str, line: int) -> Excerpt | None:
        """The record that starts on the line, or `None`."""
        resource = self._resources.get(path)
        if resource is None or line < 1:
            return None
        try:
            if path not in self._files:
                # What fails is not tried again for each finding.
                self._files[path] = None
                self._files[path] = _lines_of(resource, path)
            lines = self._files[path]
            return None if lines is None else _record(lines, line, resource)
        except (CasetrailError, SourceProblem, OSError, ValueError, EOFError, LookupError):
            return None


def first_record(text: str, form: CsvForm = _RFC_4180, *, is_whole: bool = True) -> Excerpt:
    """The first record of a text, as the reader of tables splits it; the rest of it may be missing.

    A quotation mark that is never closed takes the rest of the file; its own line is what helps.
    """
    block = text.encode(errors="replace")
    splitter = RecordSplitter(form)
    record = splitter.follow(block, 0, last=is_whole)
    if record is None:
        is_whole = False
        record = splitter.follow(block, 0, last=True)
        assert record is not None
    stop = record.stop
    if record.unclosed and is_whole:
        line_end = block.find(b"\n", record.spans[-1][0])
        stop = stop if line_end < 0 else line_end
    block = block[:stop]
    offsets: dict[int, int] = {}
    place = offset = 0
    for bound in sorted({min(bound, stop) for span in record.spans for bound in span}):
        offset += len(block[place:bound].decode())
        offsets[bound] = offset
        place = bound
    spans = tuple((offsets[min(start, stop)], offsets[min(end, stop)]) for start, end in record.spans)
    return Excerpt(block.decode().removesuffix("\r"), spans, is_whole)


def _lines_of(resource: Resource, path: str) -> _Lines | None:
    by_line = "\n".encode(codecs.lookup(resource.encoding).name) == b"\n"
    if not by_line or path.lower().endswith(_PACKED) or not CsvForm.of(resource.dialect).own_line_ends:
        return None
    if resource.files.problem(path) is not None:
        return None
    file = resource.open(path)
    if not resource.is_remote:
        return _Lines(file)
    with file:
        data = read_within(file, _MOST_FETCHED)
    return None if len(data) > _MOST_FETCHED else _Lines(io.BytesIO(data))


def _record(lines: _Lines, line: int, resource: Resource) -> Excerpt | None:
    start = lines.offset(line)
    if start is None:
        return None
    data = lines.read(start, MAX_RECORD)
    if not data:
        return None
    text = data.decode(resource.encoding, errors="replace")
    if format_of(resource) in JSON_FORMATS:
        return Excerpt(text.partition("\n")[0], (), whole=False)
    return first_record(text, CsvForm.of(resource.dialect), is_whole=len(data) < MAX_RECORD)


class _Lines:
    """The physical lines of a file. It is read in blocks, and only as far as the highest line asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        # The first line that starts in each block known so far; the last block is where reading goes on.
        self._first_lines = [1]
        self._block = -1
        self._starts: list[int] = []
        self._ended = False

    def offset(self, line: int) -> int | None:
        """Where the line starts, in bytes; `None` beyond the end of the file."""
        while not self._ended and line >= self._first_lines[-1]:
            self._first_lines.append(self._first_lines[-1] + len(self._load(len(self._first_lines) - 1)))
        block = bisect_right(self._first_lines, line) - 1
        if block >= len(self._first_lines) - 1:
            return None
        starts = self._load(block)
        return starts[line - self._first_lines[block]]

    def read(self, offset: int, size: int) -> bytes:
        """The bytes from an offset on, at most `size`."""
        self._file.seek(offset)
        parts: list[bytes] = []
        while size > 0 and (part := self._file.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _load(self, block: int) -> list[int]:
        """The offsets of the lines that start in a block."""
        if block != self._block:
            start = block * _BLOCK
            data = self.read(start, _BLOCK)
            self._ended = self._ended or len(data) < _BLOCK
            self._starts = [start + match.end() for match in _LINE_FEED.finditer(data)]
            if block == 0 and data:
                self._starts.insert(0, 0)
            self._block = block
        return self._starts
