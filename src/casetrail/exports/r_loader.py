"""load.R: a script that reads the tables of a package into R, with the types that their schemas give them.

What the script knows of each column (type, missing values, vocabulary, words) is written into it from the
typed tables; `load.R` beside this module is its frame. Columns that the CSV does not hold, as the bounds of a
date, and those that it writes in a form of its own (a decimal comma, a pattern for dates) are read from the
JSON file of the table, so that R needs no second parser for them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import pyarrow as pa

from casetrail.exports import json_records
from casetrail.exports.export import ExportSource, FileExport
from casetrail.findings.error import NotMade
from casetrail.findings.sentences import counted
from casetrail.package.files import FolderFiles
from casetrail.package.resource import Resource
from casetrail.standard.dialect import CsvForm
from casetrail.standard.schema import Category, FieldDescriptor
from casetrail.tables.csv_writer import CANONICAL
from casetrail.tables.file_blocks import UTF_8, compression_of
from casetrail.tables.typed import TypedTable
from casetrail.types.arrow_column import external_names
from casetrail.types.registry import class_of
from casetrail.types.table_schema.boolean import texts_of

_FRAME = Path(__file__).with_name("load.R")
_MARK = re.compile("@([A-Z]+)@")
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]")
"""What must not be in a comment or symbol of the script: a name is a stranger's text, and no code."""


@dataclass(frozen=True, slots=True)
class RFiles:
    """The files of one table, relative to the script: its CSV and, where there is one, its JSON.

    `md5` are their checksums, which base R can compute; without them nothing is compared.
    """

    csv: str
    json: str | None = None
    csv_md5: str | None = None
    json_md5: str | None = None


def write_r_loader(
    tables: Sequence[TypedTable], files: Mapping[str, RFiles], destination: Path, *, name: str
) -> None:
    """Write the script for the tables, whose files are given by the name of the table."""
    metadata = tables[0].metadata if tables else {}
    version = metadata.get("version")
    parts = {
        "DATASET": _UNSAFE.sub("?", " ".join(filter(None, (name, version)))),
        "FIRST": f"`{_UNSAFE.sub('?', tables[0].name)}`" if tables else "table",
        "NAME": _text(name),
        "VERSION": _text(version),
        "TITLE": _text(metadata.get("title")),
        "CITATION": _text(metadata.get("citation")),
        "TABLES": ",\n".join(_table(table, files[table.name]) for table in tables),
    }
    script = _MARK.sub(lambda mark: parts[mark[1]], _FRAME.read_text(encoding="utf-8"))
    destination.write_bytes(script.encode())


def _table(table: TypedTable, files: RFiles) -> str:
    fields = {field.name: field for field in table.table_schema.fields}
    columns = [_column(table, column, fields.get(column.name)) for column in table.settle()]
    facts = [
        f"name = {_text(table.name)}",
        f"file = {_text(files.csv)}",
        f"md5 = {_text(files.csv_md5)}",
        f"json = {_text(files.json)}",
        f"json_md5 = {_text(files.json_md5)}",
        f"label = {_text(table.metadata.get('table_title'))}",
        f"description = {_text(table.metadata.get('table_description'))}",
    ]
    return (
        "    list(\n      "
        + ",\n      ".join(facts)
        + ",\n      columns = list(\n        "
        + ",\n        ".join(columns)
        + "\n      )\n    )"
    )


def _column(table: TypedTable, column: pa.Field, field: FieldDescriptor | None) -> str:
    metadata = {name.decode(): text.decode() for name, text in (column.metadata or {}).items()}
    facts = [f"name = {_text(column.name)}", f"type = {_text(external_names(column.type).r)}"]
    if field is None:
        facts += ["derived = TRUE", "json = TRUE"]
    else:
        facts.append(f"missing = {_texts(table.table_schema.missing(field))}")
        if not (pa.types.is_string(column.type) or class_of(field).is_plain(field)):
            facts.append("json = TRUE")
        if pa.types.is_boolean(column.type):
            facts.append(f"true = {_texts(texts_of(field)[0])}")
    for name, key in (("label", "title"), ("description", "description"), ("unit", "unit")):
        if metadata.get(key):
            facts.append(f"{name} = {_text(metadata[key])}")
    if field is not None and pa.types.is_dictionary(column.type):
        facts += _vocabulary(field.terms, ordered=column.type.ordered)
    return f"list({', '.join(facts)})"


def _vocabulary(terms: Sequence[Category], *, ordered: bool) -> Iterator[str]:
    values = [str(term.value) for term in terms]
    yield f"ordered = {'TRUE' if ordered else 'FALSE'}"
    yield f"labels = {_named([term.label or str(term.value) for term in terms], values)}"
    meanings = {str(term.value): term.description for term in terms if term.description}
    if meanings:
        yield f"definitions = {_named(list(meanings), list(meanings.values()))}"


def _text(text: str | None) -> str:
    """A text as R writes it, in ASCII alone, so that no locale can misread it."""
    if text is None:
        return "NA_character_"
    return '"' + "".join(map(_letter, text)) + '"'


def _letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if " " <= letter <= "~":
        return letter
    code = ord(letter)
    if code == 0 or 0xD800 <= code < 0xE000:
        return r"\ufffd"  # R holds neither NUL nor half a character.
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _named(names: Sequence[str], texts: Sequence[str]) -> str:
    return f"structure({_texts(texts)}, names = {_texts(names)})"


def _texts(texts: Sequence[str]) -> str:
    return f"c({', '.join(map(_text, texts))})" if texts else "character()"


def _write(source: ExportSource, destination: Path) -> str:
    files = {table.name: _files(source, table, destination) for table in source.package.tables}
    write_r_loader(source.tables, files, destination, name=source.package.name)
    if source.folder is not None:
        return counted(len(files), "table")
    columns = "columns that are worked out from others are in the load.R of a release only"
    return f"{counted(len(files), 'table')}; {columns}"


def _files(source: ExportSource, table: Resource, destination: Path) -> RFiles:
    """The files of a table as seen from the script.

    Raises:
        NotMade: R could not read its CSV from there.
    """
    if table.is_remote:
        raise NotMade(f"the table '{table.name}' is at an address; download its files, or read a release")
    if not isinstance(table.files, FolderFiles):
        raise NotMade("the package is a zip; a release has its load.R in it already, unpack it")
    plain = len(table.paths) == 1 and table.encoding in UTF_8 and compression_of(table, table.path) is None
    if not plain or table.path.endswith(".json") or CsvForm.of(table.dialect) != CANONICAL:
        raise NotMade(
            f"the table '{table.name}' is not one CSV file in UTF-8 with commas and a header, as load.R "
            "reads them; make a release, which has such files and load.R"
        )
    if source.folder is None:
        path = (table.files.root / table.path).resolve()
        return RFiles(PurePath(os.path.relpath(path, destination.resolve().parent)).as_posix())
    records = json_records.EXPORT.path.format(table=table.name)
    return RFiles(table.path, records, _md5(source.folder / table.path), _md5(source.folder / records))


def _md5(path: Path) -> str:
    """The one checksum that base R can compute; it guards against accidents, `SHA256SUMS` against intent."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


EXPORT = FileExport("r", "Reads all tables into R with their types", "load.R", "text/x-r", _write)
