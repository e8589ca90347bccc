"""The one list of what a release holds beside its tables and its seal, in the order in which it is made.

To add a file: one line here and, in `makers` or in the room that makes it, a function `make(staged, target,
table)` that writes `target`. `table` is the name of the table where the path holds `{table}`, else `None`. A
maker raises `NotMade(reason)` where this dataset cannot have the file; the release then goes without it and
`release.json` says why. The order matters: a maker sees the files made before it with their checksums, those
after it by name only.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casetrail.describe.dataset import FileFacts
from casetrail.release.staged import NotMade, Staged

PEOPLE_ROWS = 100_000
"""Formats for people (spreadsheet, page) are made while no table has more rows."""

_HERE = "casetrail.release.makers"
_MARKDOWN = "text/markdown"
_LD = "application/ld+json"


class Maker(Protocol):
    """Writes one file of a release."""

    def __call__(self, staged: Staged, target: Path, table: str | None) -> None:
        """Write `target`, or raise `NotMade` with the reason."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file of a release, or with `{table}` in its path one for each table.

    `maker` is `module:function`, imported only when it is needed. `for_people` marks formats that are made
    only up to `PEOPLE_ROWS` rows a table.
    """

    path: str
    about: str
    mediatype: str
    maker: str
    for_people: bool = False

    def files(self, staged: Staged) -> Iterator[tuple[FileFacts, str | None]]:
        """The files it comes to, without their sizes, each with its table."""
        if "{table}" not in self.path:
            yield FileFacts(self.path.format(name=staged.name), self.about, self.mediatype), None
            return
        for table in staged.package.tables:
            path = self.path.format(name=staged.name, table=table.name)
            yield FileFacts(path, self.about.format(table=table.name), self.mediatype), table.name


ARTEFACTS: tuple[Artefact, ...] = (
    Artefact(
        "parquet/{table}.parquet",
        "The table '{table}' as Parquet, with types and the words of the codebook in the file",
        "application/vnd.apache.parquet",
        f"{_HERE}:parquet",
    ),
    Artefact(
        "json/{table}.json",
        "The table '{table}' as a JSON array of records",
        "application/json",
        f"{_HERE}:json_records",
    ),
    Artefact(
        "{name}.sqlite",
        "All tables as one SQLite database, with keys, checks, codebook and views",
        "application/vnd.sqlite3",
        f"{_HERE}:sqlite",
    ),
    Artefact(
        "{name}.xlsx",
        "All tables as a spreadsheet, every cell text, to be read or to be edited and sent back",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        f"{_HERE}:workbook",
        for_people=True,
    ),
    Artefact("load.R", "Reads all tables into R with their types", "text/x-r", f"{_HERE}:load_r"),
    Artefact(
        "ftm.json",
        "The case as FollowTheMoney entities, one a line, for Aleph and OpenAleph",
        "application/x-ndjson",
        f"{_HERE}:ftm",
    ),
    Artefact("hearings.ics", "The hearings, for any calendar", "text/calendar", f"{_HERE}:ical"),
    Artefact("CITATION.cff", "How to cite, Citation File Format", "application/yaml", f"{_HERE}:cff"),
    Artefact("citation.bib", "How to cite, BibTeX", "application/x-bibtex", f"{_HERE}:bibtex"),
    Artefact(
        "citation.ris",
        "How to cite, RIS",
        "application/x-research-info-systems",
        f"{_HERE}:ris",
    ),
    Artefact(
        "citation.csl.json",
        "How to cite, CSL-JSON",
        "application/vnd.citationstyles.csl+json",
        f"{_HERE}:csl",
    ),
    Artefact("datacite.json", "The record for a DOI, DataCite 4.5", "application/json", f"{_HERE}:datacite"),
    Artefact("croissant.json", "The tables for machine learning, Croissant 1.0", _LD, f"{_HERE}:croissant"),
    Artefact("csvw-metadata.json", "The tables as CSV on the Web", "application/csvm+json", f"{_HERE}:csvw"),
    Artefact("schema-org.jsonld", "The dataset for search engines, schema.org", _LD, f"{_HERE}:schema_org"),
    Artefact("codebook.md", "Every table, column and term, for people", _MARKDOWN, f"{_HERE}:codebook"),
    Artefact("data/README.md", "How the data were made: the method", _MARKDOWN, f"{_HERE}:method"),
    Artefact("LICENSE", "The licence of the data", "text/plain", f"{_HERE}:licence"),
    Artefact("CHANGELOG.md", "What changed from version to version", _MARKDOWN, f"{_HERE}:changelog"),
    Artefact(
        "index.html",
        "The dataset as a page for the browser, with search, evidence and downloads",
        "text/html",
        f"{_HERE}:page",
        for_people=True,
    ),
    # After all that may be missing, so that it names no such file.
    Artefact(
        "README.md", "Start here: what this is, what is in it, how to check it", _MARKDOWN, f"{_HERE}:readme"
    ),
    # Last, so that it names every other file with its checksum.
    Artefact(
        "ro-crate-metadata.json", "The release as a research object, RO-Crate 1.1", _LD, f"{_HERE}:ro_crate"
    ),
)


def planned(staged: Staged, more: tuple[FileFacts, ...] = ()) -> tuple[FileFacts, ...]:
    """Every file that the release is to have; `more` are those that are no artefacts of the list."""
    made = [
        facts
        for artefact in ARTEFACTS
        if not (artefact.for_people and staged.largest_table[1] > PEOPLE_ROWS)
        for facts, _ in artefact.files(staged)
    ]
    return (*staged.files, *made, *more)


def make_all(staged: Staged) -> list[tuple[str, str]]:
    """Make every file of the list in its order; the pairs (path, reason) of those that are not made."""
    missing: list[tuple[str, str]] = []
    table, rows = staged.largest_table
    for artefact in ARTEFACTS:
        for facts, of_table in artefact.files(staged):
            try:
                if artefact.for_people and rows > PEOPLE_ROWS:
                    raise NotMade(
                        f"formats for people are made up to {PEOPLE_ROWS:,} rows a table, "
                        f"and '{table}' has {rows:,}"
                    )
                target = staged.root / facts.path
                target.parent.mkdir(parents=True, exist_ok=True)
                _maker(artefact.maker)(staged, target, of_table)
            except OSError as error:
                error.filename = error.filename or str(target)
                raise
            except NotMade as reason:
                missing.append((facts.path, str(reason)))
                staged.planned = tuple(one for one in staged.planned if one.path != facts.path)
            else:
                staged.seal(facts.path, facts.about, facts.mediatype)
    return missing


def _maker(name: str) -> Maker:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]
