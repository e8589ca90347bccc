"""Compare two versions of a package: schema changes, row changes, and the bump that the version needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from casetrail.checks.identifiers import identifiers
from casetrail.curate.keyed_table import keyed_tables
from casetrail.curate.row_changes import CellChange, ChangeKind, RowChange, compare_tables
from casetrail.curate.withdrawn import WithdrawnPeople, withdrawn_people
from casetrail.findings.finding import Finding
from casetrail.history.bump import Bump
from casetrail.history.retired import RETIRED, check_retired, retirement_reasons
from casetrail.history.schema_changes import SchemaChange, compare_schemas
from casetrail.package.package import Package

BUMPS = {ChangeKind.ADDED: Bump.MINOR, ChangeKind.REMOVED: Bump.MAJOR, ChangeKind.CHANGED: Bump.PATCH}
"""What each kind of row change asks of the version: an id that is gone may break a reference elsewhere."""


class Side(NamedTuple):
    """One of the two versions, as it is named to the reader."""

    label: str
    package: str
    version: str | None


@dataclass(frozen=True)
class Comparison:
    """What leads from the old version to the new one.

    The row changes are exact: applied to the old rows under the new schemas they give the new rows. What is
    shown to readers goes through `published`, in which withdrawn people are not named. `reasons` says why an
    id was retired.
    """

    old: Side
    new: Side
    schema_changes: tuple[SchemaChange, ...]
    row_changes: tuple[RowChange, ...]
    findings: tuple[Finding, ...]
    reasons: Mapping[str, str]
    withdrawn: WithdrawnPeople

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.schema_changes and not self.row_changes

    @property
    def bump(self) -> Bump:
        """The smallest bump that the changes ask of the version."""
        bumps = [change.bump for change in self.schema_changes]
        return max([*bumps, *(BUMPS[change.kind] for change in self.row_changes)], default=Bump.NONE)

    def published(self) -> tuple[RowChange, ...]:
        """The row changes for readers.

        `[withdrawn]` takes the place of the name of a withdrawn person, and `…` that of an address or number
        by which a person can be found.
        """
        return tuple(_without_identifiers(self.withdrawn.masked(change)) for change in self.row_changes)


def compare(old: Package, new: Package, *, labels: tuple[str, str] | None = None) -> Comparison:
    """Compare two versions.

    Raises:
        CasetrailError: A table of a version cannot be read without guessing, or its keys are not unique.
    """
    old_label, new_label = labels or (_label(old), _label(new))
    before, after = keyed_tables(old, old_label), keyed_tables(new, new_label)
    names = [*after, *(name for name in before if name not in after)]
    changes = [change for name in names for change in compare_tables(before.get(name), after.get(name))]
    withdrawn = withdrawn_people(before, after)
    path = next((resource.path for resource in new.tables if resource.name == RETIRED), None)
    return Comparison(
        Side(old_label, old.name, old.version),
        Side(new_label, new.name, new.version),
        tuple(compare_schemas(old, new)),
        tuple(changes),
        tuple(check_retired(before, after, path, withdrawn.text)),
        {key: withdrawn.text(reason) for key, reason in retirement_reasons(after).items()},
        withdrawn,
    )


def _label(package: Package) -> str:
    return f"{package.name} {package.version}" if package.version else package.name


def _without_identifiers(change: RowChange) -> RowChange:
    cells = (
        CellChange(cell.column, _without_identifier(cell.old), _without_identifier(cell.new))
        for cell in change.cells
    )
    return replace(change, cells=tuple(cells))


def _without_identifier(text: str) -> str:
    for _, identifier in identifiers(text):
        text = text.replace(identifier, "…")
    return text
