"""Origins: whose word a piece of evidence is, so that copies of one text count once."""

from __future__ import annotations

from collections.abc import Iterable

from casetrail.case.case import Case, Cells


def root_source(case: Case, source_id: str) -> str:
    """The source from which this one was made in the end; itself where it derives from none."""
    seen = {source_id}
    while True:
        original = case["sources"].get(source_id, {}).get("derived_from", "")
        if not original or original in seen:
            return source_id
        seen.add(original)
        source_id = original


def origin(case: Case, evidence: Cells) -> str:
    """Whose word it is: the id of the party to whom the source attributes it, else the root of the source."""
    return evidence["attributed_to"] or root_source(case, evidence["source_id"])


def independent(case: Case, evidence: Iterable[Cells]) -> int:
    """How many origins stand behind the evidence: the same party, or the same root, counts once."""
    return len({origin(case, one) for one in evidence})
