"""To do: what a case lacks to be complete, as far as its documents say what that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.case import Case
from casetrail.case.views.labels import column_label, label

SOURCES_READ = ("part", "full")


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that is missing: of which row, and what."""

    row_id: str
    label: str
    missing: str


def to_dos(case: Case) -> list[ToDo]:
    """What is missing in the case: table by table, each row in its order."""
    hits = [*_without_evidence(case), *_without_claims(case), *_open_ends(case)]
    return [ToDo(key, label(case, key), missing) for key, missing in hits]


def _without_evidence(case: Case) -> Iterator[tuple[str, str]]:
    """Rows and cells that need evidence and have none."""
    for table, spec in case.specs.items():
        if not spec.evidenced:
            continue
        for row_id, cells in case[table].items():
            fields = {row["field"] for row in case.evidence_rows(row_id)}
            if not fields:
                yield row_id, "no evidence"
            for field in spec.fields:
                if fields and field.evidenced and cells[field.name] and field.name not in fields:
                    yield row_id, f"no evidence for {column_label(case, table, field.name)}"


def _without_claims(case: Case) -> Iterator[tuple[str, str]]:
    """Sources that were read and support nothing."""
    for row_id, cells in case["sources"].items():
        if cells["read"] in SOURCES_READ and not case.rows_with("evidence", "source_id", row_id):
            yield row_id, "it was read and supports nothing"


def _open_ends(case: Case) -> Iterator[tuple[str, str]]:
    """Measures whose end is not known: no day, no length, no interval, and nothing in their place."""
    replaced = {cells["replaces"] for cells in case["measures"].values()}
    lengths = ("date_end", "days_at_least", "days_at_most", "months", "amount")
    for row_id, cells in case["measures"].items():
        ended = cells["stage"] in ("requested", "ended") or row_id in replaced or "/" in cells["date"]
        if not ended and not any(cells[name] for name in lengths):
            yield row_id, "its end or length is open"
