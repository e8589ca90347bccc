"""Retired ids: one that is no longer used is not used, and what replaces it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from casetrail.case.rules.base import CaseRules, joined, keys_of
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean


class RetirementRules(CaseRules):
    """An id in `retired` is in no other table, and `replaced_by` is an id that does."""

    name = "retirement"
    codes: ClassVar = {
        "retired-still-used": "An id is retired and used all the same.",
        "retired-replacement-unknown": "A retired id is replaced by one that is not there. "
        "Mend the id, or empty `replaced_by`.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The retired ids, and all that are used."""
        return joined(keys_of(self.specs), {"retired": ("retired_id", "retired_key", "replaced_by")})

    def run(self, builder: ReportBuilder) -> None:
        """Look up each retired id and its replacement."""
        retired = self.table("retired")
        for index in range(len(retired)):
            key, replacement = retired.cell(index, "retired_key"), retired.cell(index, "replaced_by")
            if key in self._keys(key):
                builder.add(
                    retired.finding(
                        "retired-still-used",
                        f"{key} is retired, but a row has this id",
                        index,
                        field="retired_key",
                        hint="give that row a new id, or delete this row: a retired id never comes back",
                    )
                )
            if replacement and replacement not in self._keys(replacement):
                cause = self._cause(replacement)
                if cause is not None:
                    self.not_checked(cause, "reference", 1)
                    continue
                builder.add(
                    retired.finding(
                        "retired-replacement-unknown",
                        f"{key} is replaced by {replacement}, but no row has that id",
                        index,
                        field="replaced_by",
                        hint=did_you_mean(replacement, self._keys(replacement)) or "empty `replaced_by`",
                    )
                )

    def _table_of(self, like: str) -> str | None:
        """The table to which an id of this prefix belongs."""
        prefix = like.partition("-")[0]
        return next((name for name, spec in self.specs.items() if spec.id_prefix == prefix), None)

    def _keys(self, like: str) -> list[str]:
        name = self._table_of(like)
        return [] if name is None else list(self.column_of_keys(name).to_pylist())

    def _cause(self, like: str) -> str | None:
        """The table because of which an id may be missing: it is said what is wrong with it."""
        name = self._table_of(like)
        if name is None:
            return next(iter(self.without_schema()), None)
        return name if self.table(name).explains(1) else None
