"""Staged: the release while it is being made, as the makers of its files see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casetrail.describe.citation import Citation
from casetrail.describe.dataset import Dataset, FileFacts, dataset_of
from casetrail.describe.typed_tables import typed_table
from casetrail.package.package import Package
from casetrail.release.seal import fingerprint
from casetrail.tables.typed import TypedTable


class NotMade(Exception):
    """Why a file is not in the release: a clause that `release.json` repeats to its reader."""


@dataclass
class Staged:
    """The release while it is being made.

    `root` is its folder. `package` is the released package, opened from there: its tables are the canonical
    CSV files, and everything else is made from them. `source` is the folder from which the release is built,
    for the texts that are copied (licence, changelog); `rows` counts the rows of each table. `planned` are
    the files that the release will have, without sizes; `files` those made so far, in their order.
    """

    root: Path
    package: Package
    citation: Citation
    source: Path
    rows: Mapping[str, int]
    planned: tuple[FileFacts, ...] = ()
    files: list[FileFacts] = field(default_factory=list)
    crc32: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the package."""
        return self.package.name

    def typed(self, table: str) -> TypedTable:
        """A table with its types, its derived columns and the words of the package."""
        return typed_table(self.package, self.package.resource(table), self.citation)

    @property
    def dataset(self) -> Dataset:
        """What the descriptors describe, with the files made so far and, without sizes, those to come."""
        made = {one.path for one in self.files}
        to_come = [one for one in self.planned if one.path not in made]
        return dataset_of(self.package, files=[*self.files, *to_come], rows=self.rows)

    @property
    def largest_table(self) -> tuple[str, int]:
        """The name and the rows of the largest table."""
        return max(self.rows.items(), key=lambda item: item[1], default=("", 0))

    def seal(self, path: str, about: str, mediatype: str) -> FileFacts:
        """Take down a file that was just made: its size and checksum."""
        with (self.root / path).open("rb") as file:
            found = fingerprint(file)
        facts = FileFacts(path, about, mediatype, found.bytes, found.sha256)
        self.files.append(facts)
        self.crc32[path] = found.crc32
        return facts
