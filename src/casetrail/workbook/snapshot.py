"""The snapshot in a workbook: what the package held when the workbook was written, kept in a hidden sheet.

A merge needs it to tell what was edited in the workbook from what was changed in the package since. It is
kept as text that no spreadsheet program reads as anything: JSON, compressed, in letters and digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from casetrail.curate.keyed_table import KeyedTable, keyed_tables
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.standard.limits import MAX_WORKBOOK_UNPACKED

FORMAT = 1
"""The number of this form of workbook."""

MARK = "casetrail-workbook"
_CHUNK = 30_000


class Snapshot(BaseModel):
    """The package from which a workbook was made: its name, its version, its tables in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    package: str
    version: str | None
    tables: tuple[KeyedTable, ...]

    @classmethod
    def of(cls, package: Package) -> Snapshot:
        """The snapshot of a package.

        Raises:
            CasetrailError: A table cannot be read without guessing.
        """
        tables = tuple(keyed_tables(package).values())
        return cls.model_construct(package=package.name, version=package.version, tables=tables)

    def encode(self) -> list[str]:
        """The cells of one column: the mark, the form, a checksum, then the content in pieces."""
        data = self.model_dump_json().encode()
        text = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
        pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        return [MARK, f"format {FORMAT}", hashlib.sha256(data).hexdigest(), *pieces]

    @classmethod
    def decode(cls, cells: Sequence[str], file: str) -> Snapshot:
        """The snapshot from the cells of the hidden sheet of a file.

        Raises:
            CasetrailError: The cells are not those that were written.
        """
        if len(cells) < 4 or cells[0] != MARK:
            raise CasetrailError(
                f"'{file}' is no workbook of casetrail, or its hidden sheet was removed; write one with "
                "`casetrail workbook write` and edit that"
            )
        if cells[1] != f"format {FORMAT}":
            raise CasetrailError(
                f"'{file}' was written by a newer casetrail ({cells[1][:40]}); update casetrail first"
            )
        try:
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(
                base64.b64decode("".join(cells[3:]), validate=True), MAX_WORKBOOK_UNPACKED
            )
            if unpacker.eof and hashlib.sha256(data).hexdigest() == cells[2]:
                return cls.model_validate_json(data)
        except (binascii.Error, zlib.error, ValidationError, ValueError):
            pass
        raise CasetrailError(
            f"the hidden sheet of '{file}' is damaged, so that edits cannot be told from the rest; "
            "write a new workbook with `casetrail workbook write` and copy the edits over"
        )
