"""Dataset: what the descriptors of a release speak of, its tables and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casetrail.describe.citation import Citation, citation
from casetrail.describe.column_counts import TableCounts
from casetrail.languages.profile_words import in_language
from casetrail.languages.words import ENGLISH, NAMES, chosen_language
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.descriptor import Descriptor
from casetrail.standard.dialect import CsvForm
from casetrail.standard.model import DescriptorLocation, read_model
from casetrail.standard.schema import Category, FieldDescriptor, TableSchema

CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of a release: its path in it, what it is in a sentence, its media type.

    `bytes` and `sha256` are `None` for a file that is written after the descriptor that names it.
    """

    path: str
    about: str
    mediatype: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table: its schema, the file that holds it and, where it was counted, the number of its rows."""

    name: str
    title: str
    description: str | None
    path: str
    schema: TableSchema
    rows: int | None = None
    is_plain_csv: bool = True
    """Whether the file is CSV as everybody reads it: UTF-8, commas, quotation marks, one header line."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A package as the descriptors see it.

    `files` are those of its release, in the order of their making; `counts` is what its tables hold, where
    that was counted.
    """

    descriptor: Descriptor
    citation: Citation
    tables: tuple[TableFacts, ...]
    files: tuple[FileFacts, ...] = ()
    counts: Mapping[str, TableCounts] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the package."""
        return self.descriptor.name or "dataset"

    def file(self, path: str) -> FileFacts | None:
        """The file at the path; `None` where nothing is known of it."""
        return next((file for file in self.files if file.path == path), None)

    def table(self, name: str) -> TableFacts | None:
        """The table of this name."""
        return next((table for table in self.tables if table.name == name), None)


def dataset_of(
    package: Package, *, files: Iterable[FileFacts] = (), rows: Mapping[str, int] | None = None
) -> Dataset:
    """A package as the descriptors see it; a table without a schema is left out, nothing is known of it."""
    return Dataset(
        package.descriptor, citation(package.descriptor), tables_of(package, rows or {}), tuple(files)
    )


def tables_of(package: Package, rows: Mapping[str, int]) -> tuple[TableFacts, ...]:
    """The tables of a package that have a schema; a citation, which some packages lack, is not needed."""
    return tuple(
        TableFacts(
            name=table.name,
            title=_first(table.descriptor.title, schema.title) or table.name,
            description=_first(table.descriptor.description, schema.description),
            path=table.path,
            schema=schema,
            rows=rows.get(table.name),
            is_plain_csv=_is_plain_csv(table),
        )
        for table in package.tables
        if (schema := _said(table.schema)) is not None
    )


def _is_plain_csv(table: Resource) -> bool:
    form = CsvForm.of(table.dialect)
    marks, is_named = (form.delimiter, form.quote), table.path.lower().endswith(".csv")
    one_header = form.header_rows in ((), (1,))
    return is_named and table.encoding == "utf-8" and form.plain and one_header and marks == (b",", b'"')


def _first(stated: str | None, said: str | None) -> str | None:
    """What the package says of a table; in another language what its schema does, which can be translated."""
    return stated or said if chosen_language() is ENGLISH else said or stated


def _said(schema: TableSchema | None) -> TableSchema | None:
    """The schema with its words in the language that is chosen."""
    language = chosen_language()
    if schema is None or language is ENGLISH:
        return schema
    said, _ = read_model(
        TableSchema, in_language(schema.to_json(), language), DescriptorLocation(""), kind="schema"
    )
    return said or schema


def languages_of(descriptor: Descriptor) -> list[str]:
    """The `languages` of a package, its own first, or English (the recipe "Language Support")."""
    languages = custom(descriptor, "languages")
    named = [one for one in languages if isinstance(one, str)] if isinstance(languages, list) else []
    return named or ["en"]


def page_languages(descriptor: Descriptor) -> list[str]:
    """The languages of the page: English, and those of the package of which there is a catalogue."""
    wanted = {"en", *languages_of(descriptor)}
    return [code for code in NAMES if code in wanted]


def custom(model: FieldDescriptor | TableSchema | Category | Descriptor, name: str) -> Any:
    """A property that the standard does not know, or `None` ("Custom Properties")."""
    return model.extra.get(name)
