"""The base of a workbook: what the package held when the workbook was written, kept in a hidden sheet.

A merge needs it to tell what was edited in the workbook from what was changed in the package since. It is
kept as text that no spreadsheet program reads as anything: JSON, compressed, in letters and digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.workbook.layout import SheetTable

FORMAT = 1
"""The number of this form of workbook."""

MARK = "casetrail-workbook"
_CHUNK = 30_000
_MAX_SIZE = 1 << 29


@dataclass(frozen=True)
class Base:
    """The package from which a workbook was made: its name, its version, its tables."""

    package: str
    version: str | None
    tables: tuple[SheetTable, ...]


def base_of(package: Package, tables: Sequence[SheetTable]) -> Base:
    """The base that a workbook of the package records."""
    return Base(package.name, package.version, tuple(tables))


def encode(base: Base) -> list[str]:
    """The base as the cells of one column: the mark, the form, a checksum, then the content in pieces."""
    content = {
        "package": base.package,
        "version": base.version,
        "tables": [
            {
                "name": table.name,
                "sheet": table.sheet,
                "columns": table.columns,
                "key": table.key,
                "rows": table.rows,
            }
            for table in base.tables
        ],
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
    pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    return [MARK, f"format {FORMAT}", hashlib.sha256(data).hexdigest(), *pieces]


def decode(cells: Sequence[str], where: str) -> Base:
    """The base from the cells of the hidden sheet; a `CasetrailError` where they are not whole."""
    if len(cells) < 4 or cells[0] != MARK:
        raise CasetrailError(_foreign(where))
    if cells[1] != f"format {FORMAT}":
        raise CasetrailError(
            f"'{where}' was written by a newer casetrail ({cells[1][:40]}); update casetrail and merge again"
        )
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode("".join(cells[3:]), validate=True), _MAX_SIZE)
        whole = unpacker.eof and hashlib.sha256(data).hexdigest() == cells[2]
        base = _read(json.loads(data)) if whole else None
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError):
        base = None
    if base is None:
        raise CasetrailError(
            f"the hidden sheet of '{where}' is damaged, so that edits cannot be told from the rest; "
            "write a new workbook with `casetrail workbook write` and copy the edits over"
        )
    return base


def _foreign(where: str) -> str:
    return (
        f"'{where}' is no workbook of casetrail, or its hidden sheet was removed; write one with "
        "`casetrail workbook write` and edit that"
    )


def _read(content: Any) -> Base:
    tables = tuple(
        SheetTable(
            str(table["name"]),
            str(table["sheet"]),
            tuple(map(str, table["columns"])),
            tuple(map(str, table["key"])),
            tuple(tuple(map(str, row)) for row in table["rows"]),
        )
        for table in content["tables"]
    )
    version = content["version"]
    return Base(str(content["package"]), None if version is None else str(version), tables)
