"""Labels: how a row, a column, a value and a number of people are called when a person reads them."""

from __future__ import annotations

from functools import cache

from casetrail.case.case import Case, Cells
from casetrail.case.schemas import edtf_columns, references, vocabulary_of
from casetrail.case.tables import PREFIXES, TABLES
from casetrail.case.terms import Capacity, RelationKind
from casetrail.case.views.dates import date_words

_WITHOUT_NAME = {"unnamed": "not named by any source", "withheld": "name withheld"}
_PRECISION = {"about": "about ", "at_least": "at least ", "at_most": "at most "}
_INVERSE = {
    RelationKind.MEMBER_OF.value: "member",
    RelationKind.SUPPORTER_OF.value: "supporter",
    RelationKind.LEADS.value: "led by",
    RelationKind.FOUNDED.value: "founded by",
    RelationKind.PART_OF.value: "part",
    RelationKind.DEFENDS.value: "defended by",
    RelationKind.REPRESENTS.value: "represented by",
    RelationKind.SPOUSE_OF.value: "spouse",
    RelationKind.RELATIVE_OF.value: "relative",
    RelationKind.DISTINCT_FROM.value: "not the same as",
}


def term_label(term: str) -> str:
    """A term of a vocabulary as words: `court_decision` is "court decision"."""
    return term.replace("_", " ")


def inverse_label(kind: str) -> str:
    """How a tie is called from its other end: `leads` is "led by"."""
    return _INVERSE.get(kind, term_label(kind))


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def column_label(field: str) -> str:
    """The name of a column as words: `brought_event_id` is "brought event"."""
    return field.removesuffix("_id").replace("_", " ")


def label(case: Case, row_id: str) -> str:
    """A short name of a row: the title of an event, the name of a party, the provision of a charge.

    An id that is not there is its own label. A party without a name is called by its description.
    """
    table = PREFIXES.get(row_id.partition("-")[0], "")
    cells = case.tables.get(table, {}).get(row_id)
    if cells is None:
        return row_id
    return _label(case, table, cells) or row_id


def _label(case: Case, table: str, cells: Cells) -> str:
    match table:
        case "events":
            return cells["title"]
        case "parties":
            return cells["name"] or cells["description"].rstrip(".")
        case "places" | "names":
            return cells["name"]
        case "charges":
            part = f" part {cells['part']}" if cells["part"] else ""
            return f"Article {cells['article']}{part}, {cells['statute']}"
        case "responses":
            makers = makers_label(case, cells["response_id"]) or "makers not known"
            return f"{capital(term_label(cells['kind']))} of {makers}"
        case "participations":
            event = label(case, cells["event_id"])
            return f"{label(case, cells['party_id'])} as {term_label(cells['role'])} in “{event}”"
        case "measures":
            return f"{capital(term_label(cells['kind']))}: {label(case, cells['party_id'])}"
        case "relations":
            related = label(case, cells["related_id"])
            return f"{label(case, cells['party_id'])} {term_label(cells['kind'])} {related}"
        case "signatories":
            return f"{label(case, cells['party_id'])}, {term_label(cells['capacity'])}"
        case "demands":
            return term_label(cells["demand"])
        case "sources":
            return f"{cells['publisher']}: {cells['title']}" if cells["title"] else cells["publisher"]
        case "disagreements":
            return cells["question"]
        case "evidence":
            return f"{label(case, cells['source_id'])}, {cells['locator']}"
        case _:
            return next(iter(cells.values()))


def source_label(case: Case, source_id: str) -> str:
    """A source in short: who published it, and when."""
    cells = case["sources"].get(source_id)
    if cells is None:
        return source_id
    return f"{cells['publisher']}, {date_words(cells['published'], short=True) or 'undated'}"


def makers(case: Case, response_id: str) -> tuple[str, ...]:
    """The parties that made a response. A spokesperson speaks for its maker and is none."""
    return tuple(
        one["party_id"]
        for one in case.rows_with("signatories", "response_id", response_id)
        if one["capacity"] != Capacity.SPOKESPERSON
    )


def makers_label(case: Case, response_id: str) -> str:
    """Who made a response, in words; `""` where that is not known."""
    return ", ".join(label(case, party_id) for party_id in makers(case, response_id))


def disclosure_label(party: Cells) -> str:
    """Why a party has no name here; `""` for one that has."""
    return _WITHOUT_NAME.get(party["disclosure"], "")


def number_words(number: str, precision: str) -> str:
    """A number as exactly as it is known: 5 with `at_least` is "at least 5"."""
    return _PRECISION.get(precision, "") + number if number else ""


def people_words(cells: Cells) -> str:
    """The number of people of a row, "at least 5 people"; `""` where there is none."""
    noun = "person" if cells["people"] == "1" else "people"
    return f"{number_of_people(cells)} {noun}" if cells["people"] else ""


def number_of_people(cells: Cells) -> str:
    """The number of people of a row without a noun, "at least 5"; `""` where there is none."""
    return number_words(cells["people"], cells["people_precision"])


def value_words(case: Case, table: str, field: str, value: str, precision: str = "") -> str:
    """A value as people read it.

    A reference is called by its label, a term is in words, a date too; a number is as exact as `precision`
    says. Anything else is as it is written.
    """
    match column_kind(table, field):
        case "reference":
            return label(case, value)
        case "term":
            return term_label(value)
        case "date":
            return date_words(value)
        case _:
            return number_words(value, precision)


def cell_words(case: Case, table: str, cells: Cells, field: str) -> str:
    """A cell of a row as people read it; a number with the precision that stands beside it."""
    return value_words(case, table, field, cells.get(field, ""), cells.get(f"{field}_precision", ""))


@cache
def column_kind(table: str, field: str) -> str:
    """What is in a column: "reference", "term", "date", or "" for anything else."""
    model = TABLES.get(table)
    if model is None or field not in model.model_fields:
        return ""
    if field in dict(references(model)) or field == "subject_id":
        return "reference"
    if field in edtf_columns(model):
        return "date"
    return "term" if vocabulary_of(model.model_fields[field]) is not None else ""
