"""Lineage: which source was made from which, and for how much each of them speaks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from casetrail.case.case import Case
from casetrail.case.views.date_words import date_order


@dataclass(frozen=True, slots=True)
class Lineage:
    """A source with those that derive from it, each with its own."""

    source_id: str
    derived: tuple[Lineage, ...]

    @property
    def size(self) -> int:
        """How many sources there are in it, this one counted."""
        return 1 + sum(branch.size for branch in self.derived)


def lineages(case: Case) -> tuple[Lineage, ...]:
    """Every source once, under the one from which it was made; originals by day, then by id.

    Sources that derive from each other in a circle (which validation refuses) are each listed alone.
    """
    derived: dict[str, list[str]] = defaultdict(list)
    for key, cells in case["sources"].items():
        derived[cells["derived_from"]].append(key)
    placed: set[str] = set()

    def order(key: str) -> tuple[tuple[int, int], str]:
        return (date_order(case["sources"][key]["published"]), key)

    def grow(key: str) -> Lineage:
        placed.add(key)
        return Lineage(
            key, tuple(grow(child) for child in sorted(derived[key], key=order) if child not in placed)
        )

    roots = [key for key, cells in case["sources"].items() if cells["derived_from"] not in case["sources"]]
    grown = [grow(key) for key in sorted(roots, key=order)]
    remaining = [key for key in case["sources"] if key not in placed]
    return (*grown, *(Lineage(key, ()) for key in sorted(remaining, key=order)))


def supported(case: Case) -> dict[str, int]:
    """For how many rows and disagreements each source speaks."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for claim in case["evidence"].values():
        subjects[claim["source_id"]].add(claim["disagreement_id"] or claim["row_id"])
    return {source_id: len(mine) for source_id, mine in subjects.items()}
