"""Withheld names: every file of a release is searched for them, whatever its format, before anyone sees it.

A name is reported by the file and the line of the private list, never by itself.
"""

from __future__ import annotations

import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casetrail.case.name_folding import fold_name, name_pattern, searchable
from casetrail.findings.error import CasetrailError

MAX_NESTING = 3
_SHORT = 6
"""Letters below which a name is sought as a whole word: no release is refused for `Ana` in an analysis."""


class WithheldNames:
    """The names of a private file, one a line; lines that are empty or start with `#` are passed over.

    A name is found whatever its case, accents, script, the width of its letters, and what parts its words:
    `Bolat Asanov` is found in `BOLAT  ASANOV`, `bolat-asanov` and `Болат Асанов`. A name of fewer than six
    letters is found as a whole word only, unless its script writes no blanks.
    """

    def __init__(self, names: dict[int, str]) -> None:
        self._patterns = {line: name_pattern(name, _SHORT) for line, name in names.items()}

    @classmethod
    def read(cls, path: Path) -> WithheldNames:
        """Read the file.

        Raises:
            CasetrailError: It cannot be read or names nobody.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = (getattr(error, "strerror", None) or "it is not UTF-8").lower()
            raise CasetrailError(f"the list of withheld names '{path}' cannot be read: {reason}") from None
        names = {
            n: name for n, line in enumerate(lines, start=1) if (name := line.strip()) and name[0] != "#"
        }
        if any(not fold_name(name) for name in names.values()):
            raise CasetrailError(f"the list of withheld names '{path}' has a line without letters; mend it")
        if not names:
            raise CasetrailError(
                f"the list of withheld names '{path}' names nobody; leave --withheld out instead"
            )
        return cls(names)

    def found_in(self, text: str) -> set[int]:
        """The lines of the list whose names are in the text."""
        simple = searchable(text)
        return {line for line, pattern in self._patterns.items() if pattern.search(simple)}

    def search(self, root: Path) -> list[tuple[str, int]]:
        """The pairs (file, line of the list) of all names in all files below the folder."""
        hits: list[tuple[str, int]] = []
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            name = path.relative_to(root).as_posix()
            lines = self.found_in(name)
            for text in texts_of(path):
                lines |= self.found_in(text)
            hits += [(name, line) for line in sorted(lines)]
        return hits


def texts_of(path: Path) -> Iterator[str]:
    """Every text in a file: of archives, Parquet, SQLite, JSON and HTML what they hold, not how they write
    it.
    """
    data = path.read_bytes()
    if data.startswith(b"PAR1"):
        yield from _parquet(path)
    elif data.startswith(b"SQLite format 3\0"):
        yield from _sqlite(path)
    else:
        yield from _texts(data, path.suffix.lower(), 0)


def _texts(data: bytes, suffix: str, depth: int) -> Iterator[str]:
    if data.startswith(b"PK\3\4") and depth < MAX_NESTING:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield from _texts(archive.read(member), Path(member.filename).suffix.lower(), depth + 1)
        return
    text = data.decode("utf-8", errors="replace")
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\u" in text or suffix in (".json", ".jsonld"):
        yield from _json(text)
    if "<" in text:
        # Tags part what a reader sees as one text: <b>Bolat</b> Example.
        yield html.unescape(re.sub(r"<[^<>]*>", "", text))
    if "%" in text:
        from urllib.parse import unquote

        yield unquote(text)


def _json(text: str) -> Iterator[str]:
    try:
        value = json.loads(text)
    except ValueError:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
        return
    yield "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _parquet(path: Path) -> Iterator[str]:
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        schema = file.schema_arrow
        for metadata in (schema.metadata, *(field.metadata for field in schema)):
            for key, value in (metadata or {}).items():
                yield key.decode(errors="replace")
                yield from _texts(value, ".json", MAX_NESTING)
        for batch in file.iter_batches(batch_size=10_000):
            for column in batch.columns:
                yield "\n".join(str(value) for value in column.to_pylist() if value is not None)


def _sqlite(path: Path) -> Iterator[str]:
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        yield from database.iterdump()
    finally:
        database.close()
