"""The one list of what a release holds beside its tables and its seal, in the order in which it is made.

To add a file: one line here. Formats of `casetrail export` come from its registry. A writer sees the files
made before it with their checksums, those after it by name only; so README comes after all that may be
missing, and the crate, which names every file with its checksum, last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.views.derived_tables import DERIVED_TABLES
from casetrail.describe.bibtex import bibtex
from casetrail.describe.cff import cff
from casetrail.describe.codebook import codebook
from casetrail.describe.croissant import croissant
from casetrail.describe.csl import csl
from casetrail.describe.csvw import csvw
from casetrail.describe.datacite import datacite
from casetrail.describe.dataset import FileFacts, page_languages
from casetrail.describe.ris import ris
from casetrail.describe.ro_crate import ro_crate
from casetrail.describe.schema_org import schema_org
from casetrail.exports.export import FileExport
from casetrail.exports.export_list import EXPORTS
from casetrail.exports.parquet import EXPORT as PARQUET
from casetrail.findings.error import NotMade
from casetrail.release.release_readme import readme
from casetrail.release.staged import Staged
from casetrail.release.writers import (
    Writer,
    changes,
    cites,
    codebook_in_language,
    copies,
    derives,
    describes,
    describes_with_counts,
    exports,
    page,
    page_in_language,
    workbook,
)

MAX_ROWS_FOR_READERS = 100_000
"""Formats for readers (spreadsheet, page) are made while no table has more rows."""

_MARKDOWN = "text/markdown"
_LD = "application/ld+json"


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file of a release; `{name}` in its path is that of the package.

    With `{table}` in its path it is one for each table, with `{language}` for each beside English.

    `human_readable` marks formats that are made only up to `MAX_ROWS_FOR_READERS` rows a table.
    """

    path: str
    about: str
    mediatype: str
    write: Writer
    human_readable: bool = False

    def files(self, staged: Staged) -> Iterator[tuple[FileFacts, str | None]]:
        """The files it comes to, without their sizes, each with its table or its language."""
        names: list[str | None] = [None]
        if "{table}" in self.path:
            names = [table.name for table in staged.package.tables]
        elif "{language}" in self.path:
            names = [code for code in page_languages(staged.package.descriptor) if code != "en"]
        for name in names:
            path = self.path.format(name=staged.name, table=name, language=name)
            yield FileFacts(path, self.about.format(table=name, language=name), self.mediatype), name


ARTEFACTS: tuple[Artefact, ...] = (
    *(
        Artefact(export.path, export.title, export.media_type, exports(export))
        for export in EXPORTS.values()
        if isinstance(export, FileExport)
    ),
    *(
        Artefact(
            f"derived/{name}.parquet",
            f"{about.removesuffix('.')}, as Parquet",
            PARQUET.media_type,
            derives(name),
        )
        for name, about in DERIVED_TABLES.items()
    ),
    Artefact(
        "{name}.xlsx",
        "All tables as a spreadsheet, every cell text, to be read or to be edited and sent back",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook,
        human_readable=True,
    ),
    Artefact("CITATION.cff", "How to cite, Citation File Format", "application/yaml", cites(cff)),
    Artefact("citation.bib", "How to cite, BibTeX", "application/x-bibtex", cites(bibtex)),
    Artefact("citation.ris", "How to cite, RIS", "application/x-research-info-systems", cites(ris)),
    Artefact(
        "citation.csl.json", "How to cite, CSL-JSON", "application/vnd.citationstyles.csl+json", cites(csl)
    ),
    Artefact("datacite.json", "The record for a DOI, DataCite 4.5", "application/json", cites(datacite)),
    Artefact("croissant.json", "The tables for machine learning, Croissant 1.0", _LD, describes(croissant)),
    Artefact("csvw-metadata.json", "The tables as CSV on the Web", "application/csvm+json", describes(csvw)),
    Artefact("schema-org.jsonld", "The dataset for search engines, schema.org", _LD, describes(schema_org)),
    Artefact(
        "codebook.md", "Every table, column and term, for people", _MARKDOWN, describes_with_counts(codebook)
    ),
    Artefact(
        "codebook.{language}.md",
        "Every table, column and term, in the language {language}",
        _MARKDOWN,
        codebook_in_language,
    ),
    Artefact(
        "data/README.md",
        "How the data were made: the method",
        _MARKDOWN,
        copies("data/README.md", absent="the package has no data/README.md with its method"),
    ),
    Artefact(
        "LICENSE",
        "The licence of the data",
        "text/plain",
        # Where the code has another licence, that of the data has a file of its own.
        copies("LICENSE-DATA", "LICENSE", absent="the package has no text of its licence"),
    ),
    Artefact(
        "CHANGELOG.md",
        "What changed from version to version",
        _MARKDOWN,
        changes,
    ),
    Artefact(
        "index.html",
        "The dataset as a page for the browser, with search, evidence and downloads",
        "text/html",
        page,
        human_readable=True,
    ),
    Artefact(
        "index.{language}.html",
        "The same page, its own words and those of the profile in the language {language}",
        "text/html",
        page_in_language,
        human_readable=True,
    ),
    Artefact(
        "README.md",
        "Start here: what this is, what is in it, how to check it",
        _MARKDOWN,
        describes(readme),
    ),
    Artefact(
        "ro-crate-metadata.json", "The release as a research object, RO-Crate 1.1", _LD, describes(ro_crate)
    ),
)


def plan(staged: Staged, more: tuple[FileFacts, ...] = ()) -> None:
    """Say which files the release is to have; `more` are those that are no artefacts of the list."""
    table, rows = staged.largest_table
    artefacts = []
    for artefact in ARTEFACTS:
        facts = [facts for facts, _ in artefact.files(staged)]
        artefacts += facts
        if artefact.human_readable and rows > MAX_ROWS_FOR_READERS:
            reason = (
                f"formats for people are made up to {MAX_ROWS_FOR_READERS:,} rows a table, "
                f"and '{table}' has {rows:,}"
            )
            staged.missing |= {file.path: reason for file in facts}
    staged.planned = (*staged.seal.files, *artefacts, *more)


def make_all(staged: Staged) -> None:
    """Make every file of the list in its order; why one is not made is noted in `staged.missing`.

    Raises:
        OSError: The machine cannot write; it has the name of the file.
        CasetrailError: A value of the package cannot be written.
    """
    for artefact in ARTEFACTS:
        for facts, part in artefact.files(staged):
            if facts.path in staged.missing:
                continue
            target = staged.root / facts.path
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                artefact.write(staged, target, part)
            except OSError as error:
                error.filename = error.filename or str(target)
                raise
            except NotMade as reason:
                target.unlink(missing_ok=True)
                if not any(target.parent.iterdir()):
                    target.parent.rmdir()
                staged.missing[facts.path] = str(reason)
            else:
                staged.seal.add(facts.path, facts.about, facts.mediatype)
