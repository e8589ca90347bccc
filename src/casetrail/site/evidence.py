"""Evidence as the page opens it: for each row the claims, cell by cell, each printed once on the page.

A claim that is a version of a question stands with that question; the row leads there.
"""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.case.case import Case
from casetrail.case.schemas import edtf_columns
from casetrail.case.tables import TABLES
from casetrail.case.views.claims import Claim, row_claims
from casetrail.case.views.dates import date_words
from casetrail.case.views.disputes import Dispute, Version
from casetrail.case.views.words import column_words, value_words
from casetrail.site.shown import direction, language_tag

_EDTF = {table: frozenset(edtf_columns(model)) for table, model in TABLES.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """One claim, ready to print; `language` and `direction` are those of `as_written`."""

    claim: Claim
    source: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class SaidOfCell:
    """What is said of one cell, or of the row as a whole where `heading` is `""`; and the questions on it."""

    heading: str
    words: str
    said: tuple[Said, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidOfRow:
    """What is said of a row; `number` counts the claims, those of its questions too."""

    row_id: str
    number: int
    cells: tuple[SaidOfCell, ...]


def words_of(case: Case, table: str, field: str, value: str) -> str:
    """A value in words, dates too."""
    if field in _EDTF.get(table, ()):
        return date_words(value)
    return value_words(case, table, field, value)


def source_words(case: Case, source_id: str) -> str:
    """A source as a reader names it: who published it, and when."""
    cells = case["sources"].get(source_id)
    if cells is None:
        return source_id
    day = date_words(cells["published"], short=True)
    return f"{cells['publisher']}, {day}" if day else f"{cells['publisher']}, undated"


def said(case: Case, claim: Claim) -> Said:
    """A claim with its source in short."""
    language = case["sources"].get(claim.source_id, {}).get("language", "")
    return Said(claim, source_words(case, claim.source_id), language_tag(language), direction(language))


def said_of_row(case: Case, row_id: str) -> SaidOfRow:
    """What sources say of a row and of each of its cells."""
    view = row_claims(case, row_id)
    cells = tuple(
        SaidOfCell(
            heading=column_words(cell.field) if cell.field else "",
            words=words_of(case, view.table, cell.field, cell.value) if cell.value else "",
            said=tuple(said(case, one) for one in cell.claims if not one.disagreement_id),
            questions=cell.disagreement_ids,
        )
        for cell in view.claims
    )
    return SaidOfRow(row_id, sum(len(cell.claims) for cell in view.claims), cells)


@dataclass(frozen=True, slots=True)
class Answer:
    """A version of a question with its claims."""

    version: Version
    words: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question on which sources differ, with its answers."""

    dispute: Dispute
    place: str
    answers: tuple[Answer, ...]


def question(case: Case, dispute: Dispute) -> Question:
    """A disagreement as the page shows it."""
    place = dispute.row
    if dispute.field:
        place = f"{dispute.row}: {column_words(dispute.field)}"
    answers = tuple(
        Answer(
            one,
            words_of(case, dispute.table, dispute.field, one.value) or "said without a value",
            tuple(said(case, claim) for claim in one.claims),
        )
        for one in dispute.versions
    )
    return Question(dispute, place, answers)
