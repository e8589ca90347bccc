"""Claims apart: of a large case the claims are data that the script shows when a row is opened.

A page of a case with more than `CLAIMS_ON_PAGE` claims would be slow; its rows and the versions of its
disagreements are text as ever, and without JavaScript the claims are in the tables of the release.
"""

from __future__ import annotations

from typing import Any

from casetrail.case.case import Case
from casetrail.case.views.claims import claim
from casetrail.case.views.labels import column_label
from casetrail.site.as_of import AsOfDays
from casetrail.site.safe_text import language_tag

CLAIMS_ON_PAGE = 8_000
"""Up to so many claims are text of the page."""


def claims_apart(case: Case, as_of: AsOfDays) -> dict[str, Any]:
    """The claims of each row, but for those that are versions of a disagreement.

    Each is a list: its id, the number of its column among `fields` and of its source among `sources`, where
    in the source, in whose voice, the day from which it is known, the speaker, the words. What is empty at
    the end is left out. A source has its id, its label and the language of its words.
    """
    fields: dict[str, int] = {}
    sources: dict[str, int] = {}
    facts: dict[str, tuple[str, str, str]] = {}
    rows: dict[str, list[list[Any]]] = {}
    for evidence in case["evidence"].values():
        if evidence["disagreement_id"] or not evidence["row_id"]:
            continue
        entry = claim(case, evidence)
        heading = column_label(case, entry.table, entry.field) if entry.field else ""
        facts[entry.source_id] = (entry.source_id, entry.source_label, language_tag(entry.language))
        cells: list[Any] = [
            entry.evidence_id,
            fields.setdefault(heading, len(fields)),
            sources.setdefault(entry.source_id, len(sources)),
            entry.locator,
            "" if entry.certainty == "stated" else entry.voice,
            as_of.number_of(entry.evidence_id),
            entry.speaker if entry.certainty != "stated" else "",
            entry.as_written,
        ]
        while not cells[-1]:
            cells.pop()
        rows.setdefault(entry.row_id, []).append(cells)
    return {"fields": list(fields), "sources": [facts[key] for key in sources], "rows": rows}
