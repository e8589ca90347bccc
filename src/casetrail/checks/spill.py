"""Spill: what is kept of a large table until it has been read, on disk where it would fill the memory.

What is written is mapped back into memory at once: who reads it sees no difference, and the machine may let
go of the pages.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

THRESHOLD = 256 * 1024 * 1024
"""From how many bytes on what is kept goes to disk."""


class Spill:
    """Keeps arrays: in memory at first, in a file that has no name any more from the threshold on."""

    def __init__(self) -> None:
        self._left = THRESHOLD

    def keep(self, arrays: Sequence[pa.Array]) -> list[pa.Array]:
        """The same arrays, which may be on disk.

        Raises:
            OSError: There is no room for temporary files.
        """
        self._left -= sum({id(array): array.nbytes for array in arrays}.values())
        if self._left > 0 or not arrays or not len(arrays[0]):
            return list(arrays)
        import tempfile

        # An array that is there twice is written once.
        places: dict[int, int] = {}
        for array in arrays:
            places.setdefault(id(array), len(places))
        single = {id(array): array for array in arrays}
        columns = [single[key] for key in places]
        batch = pa.RecordBatch.from_arrays(columns, names=[str(number) for number in range(len(columns))])
        handle, path = tempfile.mkstemp(prefix="casetrail-", suffix=".arrow")
        os.close(handle)
        try:
            with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
                writer.write_batch(batch)
            mapped = pa.ipc.open_file(pa.memory_map(path)).get_batch(0)
        finally:
            # Windows keeps a file that is mapped; there it goes with the temporary folder.
            with suppress(PermissionError):
                Path(path).unlink()
        return [mapped.column(places[id(array)]) for array in arrays]
