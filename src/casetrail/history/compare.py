"""Compare two versions of a package: schema changes, row changes, and the step that the version must take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from casetrail.curate.format import read_rows
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.history.retired import check_retired, retired_keys
from casetrail.history.rows import Kind, RowChange, TableRows, compare_rows
from casetrail.history.schema_changes import SchemaChange, compare_schemas
from casetrail.history.step import Step
from casetrail.history.withdrawn import Withdrawn, withdrawn
from casetrail.package.package import Package


class Side(NamedTuple):
    """One of the two versions, as it is named to the reader."""

    label: str
    package: str
    version: str | None


@dataclass(frozen=True)
class Comparison:
    """What leads from the old version to the new one.

    The row changes are exact: applied to the old rows under the new schemas they give the new rows. What is
    shown to readers goes through `published`, in which the names of withdrawn people do not stand.
    """

    old: Side
    new: Side
    schema_changes: tuple[SchemaChange, ...]
    row_changes: tuple[RowChange, ...]
    findings: tuple[Finding, ...]
    reasons: Mapping[str, str]
    withdrawn: Withdrawn

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.schema_changes and not self.row_changes

    @property
    def step(self) -> Step:
        """The smallest step that the version must take."""
        steps = [change.step for change in self.schema_changes]
        return max([*steps, *(STEPS[change.kind] for change in self.row_changes)], default=Step.NONE)

    def published(self) -> tuple[RowChange, ...]:
        """The row changes for readers: `[withdrawn]` stands where a withdrawn person would be named."""
        return tuple(map(self.withdrawn.masked, self.row_changes))

    def counts(self) -> dict[str, Counter[Kind]]:
        """How many rows of each table were added, removed and changed."""
        found: dict[str, Counter[Kind]] = {}
        for change in self.row_changes:
            found.setdefault(change.table, Counter())[change.kind] += 1
        return found


STEPS = {Kind.ADDED: Step.MINOR, Kind.REMOVED: Step.MAJOR, Kind.CHANGED: Step.PATCH}
"""What each kind of row change asks of the version: an id that is gone may break a reference elsewhere."""


def compare(old: Package, new: Package, *, labels: tuple[str, str] | None = None) -> Comparison:
    """Compare two versions. A version whose tables cannot be read without guessing is a `CasetrailError`."""
    old_label, new_label = labels or (_label(old), _label(new))
    before, after = table_rows(old, old_label), table_rows(new, new_label)
    names = [*after, *(name for name in before if name not in after)]
    changes = [change for name in names for change in compare_rows(before.get(name), after.get(name))]
    hidden = withdrawn(before, after)
    paths = {resource.name: resource.path for resource in new.tables}
    return Comparison(
        Side(old_label, old.name, old.version),
        Side(new_label, new.name, new.version),
        tuple(compare_schemas(old, new)),
        tuple(changes),
        tuple(check_retired(before, after, paths)),
        {key: hidden.text(reason) for key, reason in retired_keys(after).items()},
        hidden,
    )


def table_rows(package: Package, label: str) -> dict[str, TableRows]:
    """The rows of every table of a package, by the name of the table."""
    tables = {}
    for resource in package.tables:
        try:
            columns, rows = read_rows(resource, None)
        except CasetrailError as error:
            raise CasetrailError(f"{label}: {error}") from None
        key = () if resource.schema is None else resource.schema.primary_key
        tables[resource.name] = TableRows(resource.name, columns, key, rows, label)
    return tables


def _label(package: Package) -> str:
    return f"{package.name} {package.version}" if package.version else package.name
