"""The draft of a descriptor: what files of tables say of themselves, for a person to go on from.

Standard: `data-package.mdx`, `table-schema.mdx`, `table-dialect.mdx`. Only what every row bears out is
drafted.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import pyarrow as pa

from casetrail.describe.column_types import BlockOfColumn, Column, batch_of_columns
from casetrail.describe.draft_keys import DraftTable, draft_foreign_keys, draft_primary_key
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import package_in
from casetrail.package.resource import Resource
from casetrail.package.table_file import table_files
from casetrail.tables.blocks import Block, BlockText, Workers
from casetrail.tables.file_blocks import SourceProblem, open_source
from casetrail.tables.file_formats import read_blocks
from casetrail.tables.reporter import where
from casetrail.tables.table_format import DELIMITED, JSON_FORMATS, PARQUET, SPREADSHEETS, format_of

DRAFT = (
    "DRAFT, made by `casetrail describe` from the files. Check the types and keys, give titles and "
    "descriptions, then replace this text."
)
"""The description by which a draft is known."""

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_SAMPLE = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SCALARS = ("boolean", "integer", "number", "date", "datetime", "time", "yearmonth")
_NATIVE = {"text": "string", "null": "string", "list": "array", "other": "any"}


@dataclass
class Draft:
    """A draft, and notes for the person who goes on with it."""

    descriptor: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def draft_descriptor(
    files: Sequence[Path], folder: Path, encoding: str | None = None, sheet: str | None = None
) -> Draft:
    """The draft of a descriptor in the folder, for tables in the files, whose `encoding` and `sheet` it is.

    Raises:
        CasetrailError: A file is not below the folder, or is no table that can be read.
    """
    draft = Draft({"$schema": _PROFILE, "name": _slug(folder.resolve().name), "description": DRAFT})
    resources = draft.descriptor["resources"] = []
    tables: list[DraftTable] = []
    names: set[str] = set()
    for file in files:
        resource, table = _resource(file, folder, encoding, sheet)
        name, number = table.name, 2
        while name in names:
            name, number = f"{table.name}-{number}", number + 1
        names.add(name)
        table.name = name
        draft_primary_key(table)
        tables.append(table)
        resources.append({"name": name, **resource})
    draft_foreign_keys(tables)
    for table, resource in zip(tables, resources, strict=True):
        keys = {"primaryKey": table.primary_key, "foreignKeys": table.foreign_keys}
        resource["schema"] |= {name: key for name, key in keys.items() if key}
        draft.notes += [f"{table.file}{note}" for note in table.notes]
    return draft


def _resource(
    file: Path, folder: Path, encoding: str | None, sheet: str | None
) -> tuple[dict[str, Any], DraftTable]:
    try:
        path = file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        raise CasetrailError(
            f"'{file}' is not in '{folder}', where the descriptor would be; go to a folder that holds all "
            "files, or name the descriptor there with --output"
        ) from None
    properties: dict[str, Any] = {}
    if encoding is not None:
        properties["encoding"] = encoding
    source = _source(file, properties)
    kind = format_of(source)
    mixed: frozenset[int] = frozenset()
    header: list[str] = []
    native: dict[str, str] = {}
    notes: list[str] = []
    if kind in SPREADSHEETS:
        properties["dialect"], header, mixed = _sheet(source, sheet, notes)
        source = _source(file, properties)
    elif kind == PARQUET:
        native = _native_types(source)
        header = list(native)
    elif kind not in JSON_FORMATS:
        kind = "tsv" if kind in ("tsv", "tab") else "csv" if kind in DELIMITED else kind
        if encoding is None and _beginning(source).startswith(_UTF_16):
            properties["encoding"] = "utf-16"
            source = _source(file, properties)
        text = _beginning(source).decode("utf-8", "replace").removeprefix("\ufeff")
        properties["dialect"] = {"delimiter": (delimiter := _delimiter(text, kind))}
        source = _source(file, properties)
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    columns = _columns(source, file, kind, header, native)
    for index in mixed:
        # Not only texts: of no type but any, where the texts of all values have none.
        if index < len(columns) and columns[index].type == "string":
            columns[index].native = "any"
    notes += [f", column '{column.name}': {column.note}" for column in columns if column.note]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns]}
    resource = {"type": "table", "path": path, "format": kind, **properties, "schema": schema}
    name = _slug(path.rpartition("/")[2].partition(".")[0])
    return resource, DraftTable(file, name, source, columns, notes=notes)


def _source(file: Path, properties: dict[str, Any]) -> Resource:
    return package_in(table_files(file, None, properties=properties)).resources[0]


def _beginning(source: Resource) -> bytes:
    """The first bytes of the table, unpacked; why there are no more is said when the table is read."""
    data = b""
    try:
        with open_source(source, source.path) as file:
            while len(data) < _SAMPLE and (part := file.read(_SAMPLE)):
                data += part
    except (SourceProblem, OSError, BadZipFile, zlib.error, EOFError, NotImplementedError):
        pass
    return data[:_SAMPLE]


def _delimiter(text: str, kind: str) -> str:
    """The delimiter with which most records of a text have as many cells as its header, and more than one."""
    lines = text[: text.rfind("\n") + 1] or text

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if row
            ]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    usual = "\t" if kind in ("tsv", "tab") else ","
    best = max(_DELIMITERS, key=lambda delimiter: (*fit(delimiter), delimiter == usual))
    return best if fit(best) > fit(usual) else usual


def _columns(
    source: Resource, file: Path, kind: str, header: list[str], native: dict[str, str]
) -> list[Column]:
    """The columns of the table, as all its records show them; where it has none, those of the header."""
    columns: list[Column] = []
    builder = ReportBuilder(1)
    candidates = (*_SCALARS, "array", "object") if kind in JSON_FORMATS else _SCALARS

    first = Lock()

    def work(block: Block, own: ReportBuilder) -> tuple[BlockText, list[tuple[int, list[BlockOfColumn]]]]:
        text = block.read(own)
        with first:
            for batch in text.batches[:1] if not columns else ():
                columns.extend(
                    Column(name, candidates, native.get(name)) for name in batch.cells.schema.names
                )
        return text, [
            (batch.cells.num_rows, of_columns)
            for batch, of_columns in zip(text.batches, batch_of_columns(columns, text.batches), strict=True)
        ]

    with Workers() as workers:
        for block in read_blocks(source, builder, work, workers):
            for rows, of_columns in block.result:
                for column, part in zip(columns, of_columns, strict=True):
                    column.take(part, rows)
    for finding in builder.findings:
        if finding.severity.value == "error" or finding.code == "unsupported":
            place = f"{file}{where(finding).removeprefix(str(finding.path))}"
            advice = finding.hint
            if finding.code == "not-utf-8":
                advice = "if you know its encoding, give it with --encoding"
            remedy = f"; {advice}" if advice else ""
            raise CasetrailError(
                f"{place}: {finding.message}{remedy}; a table that cannot be read has no draft",
                exit_code=1,
            )
    columns = columns or [Column(name, candidates, native.get(name)) for name in header]
    if not columns:
        raise CasetrailError(
            f"{file}: the table has no record, so that nothing is known of its columns", exit_code=1
        )
    for column in columns:
        column.finish()
    return columns


def _sheet(
    source: Resource, sheet: str | None, notes: list[str]
) -> tuple[dict[str, str], list[str], frozenset[int]]:
    """The dialect of the sheet, its header, the columns with other values than texts.

    Where no sheet is named, it is the first that is shown.

    What keeps the file from being read is said when the table is.
    """
    from casetrail.tables.spreadsheet import Spreadsheet

    try:
        with source.open() as file:
            book = Spreadsheet(file, source.path)
        shown = [name for name in book.names if not book.is_hidden(name)] or book.names
        name = sheet or shown[0]
        header, *rows = book.values(name) or [[]]
    except CasetrailError:
        return {} if sheet is None else {"sheetName": sheet}, [], frozenset()
    if sheet is None and shown[1:]:
        others = ", ".join(f"'{other}'" for other in shown[1:])
        notes.append(f": the sheet '{name}' is described, and not {others}; choose one with --sheet")
    mixed = {index for row in rows for index, value in enumerate(row) if not isinstance(value, str)}
    return {"sheetName": name}, [str(label) for label in header], frozenset(mixed)


def _native_types(source: Resource) -> dict[str, str]:
    """The types that the footer of a Parquet file states, in the words of the standard.

    What keeps the file from being read is said when the table is.
    """
    from pyarrow.parquet import read_schema

    from casetrail.tables.parquet_table import kind_of

    try:
        with source.open() as file:
            schema = read_schema(file)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return {}
    return {column.name: _NATIVE.get(kind := kind_of(column.type), kind) for column in schema}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type}
    return {**field, "constraints": {"required": True}} if column.is_required else field


def _slug(text: str) -> str:
    """A text as the standard would have a name: lower-case letters, digits, '.', '-' and '_'."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-.") or "table"
