"""Content hashes: what a table says, whatever format says it and whoever wrote the file.

The hash of a table is `sha256:` and the SHA-256, in hexadecimal, of a text in UTF-8. Its first line is
`casetrail-table-1`; then there is a line per column, in their order: the name as a JSON string, a blank, and
the digest of the column; each line ends with a line feed. The digest of a column is the SHA-256, in
hexadecimal, of three digests in hexadecimal, joined by line feeds: that of a byte per row, 1 where there is a
value and 0 where there is none; that of the lengths in bytes of the values that are there, each as eight
bytes, the lowest first; and that of the values, in UTF-8, one after the other. Rows stand in the order of the
released CSV.

How a value is written says `canonical_text`: `7`, `0.5`, `true`, `2026-01-23`, `15:00:00`,
`2026-01-23T10:00:00Z`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.release.canonical_text import canonical_text

DEFINITION = "casetrail-table-1"


class _Column:
    """The three runs of a column, hashed as its pieces come, however long the pieces are."""

    def __init__(self) -> None:
        self._runs = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()

    def feed(self, values: pa.Array) -> None:
        text = canonical_text(values)
        there = text.drop_null()
        present, lengths, data = self._runs
        present.update(_bytes(pc.cast(text.is_valid(), pa.uint8()), 1))
        lengths.update(_bytes(pc.cast(pc.binary_length(there), pa.int64()), 8))
        data.update(_text_bytes(there))

    def digest(self) -> str:
        joined = "\n".join(run.hexdigest() for run in self._runs)
        return hashlib.sha256(joined.encode()).hexdigest()


def table_hash(names: Sequence[str], batches: Iterable[pa.RecordBatch]) -> str:
    """The hash of a table from its typed batches, of which only the columns `names` are looked at."""
    columns = [_Column() for _ in names]
    for batch in batches:
        for name, column in zip(names, columns, strict=True):
            column.feed(batch.column(name))
    lines = [
        DEFINITION,
        *(f"{json.dumps(n, ensure_ascii=False)} {c.digest()}" for n, c in zip(names, columns, strict=True)),
    ]
    return "sha256:" + hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def release_hash(descriptor: Mapping[str, Any], tables: Mapping[str, str]) -> str:
    """The hash of a whole release: of the words of its descriptor and the hashes of its tables.

    It is taken over the JSON (keys sorted, no blanks, UTF-8) of the descriptor, of whose resources that are
    tables `path`, `bytes`, `hash` and all else that says how the file is written is left out, with the hash
    of the table as `contentHash`. So it stays the same when a later version of the program writes other files
    of the same content.
    """
    written = ("path", "format", "mediatype", "encoding", "dialect", "bytes", "hash")
    resources = [
        {key: value for key, value in one.items() if one["name"] not in tables or key not in written}
        | ({"contentHash": tables[one["name"]]} if one["name"] in tables else {})
        for one in descriptor["resources"]
    ]
    text = json.dumps(
        {**descriptor, "resources": resources}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _bytes(numbers: pa.Array, width: int) -> memoryview:
    """The numbers of an array without nulls as they lie in memory, the lowest byte first."""
    start = numbers.offset * width
    return memoryview(numbers.buffers()[1])[start : start + len(numbers) * width]


def _text_bytes(texts: pa.StringArray) -> memoryview:
    """The texts of an array without nulls, one after the other."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    bounds = memoryview(offsets).cast("i")
    return memoryview(data)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]
