"""Words: how a row, a cell or a value is called when a person reads it."""

from __future__ import annotations

from casetrail.case.case import Case, Cells
from casetrail.case.schemas import references, vocabulary_of
from casetrail.case.tables import PREFIXES, TABLES

_WITHOUT_NAME = {"unnamed": "not named by any source", "withheld": "name withheld"}


def term_label(term: str) -> str:
    """A term of a vocabulary as words: `court_decision` is "court decision"."""
    return term.replace("_", " ")


def label(case: Case, row_id: str) -> str:
    """A short name of a row: the title of an event, the name of a party, the provision of a charge.

    An id that is not there is its own label. A party without a name is called by its description.
    """
    table = PREFIXES.get(row_id.partition("-")[0], "")
    cells = case.tables.get(table, {}).get(row_id)
    if cells is None:
        return row_id
    return _label(case, table, cells)


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
            return f"{term_label(cells['kind']).capitalize()} of {_makers(case, cells) or 'makers not known'}"
        case "participations":
            event = label(case, cells["event_id"])
            return f"{label(case, cells['party_id'])} as {term_label(cells['role'])} in “{event}”"
        case "measures":
            return f"{term_label(cells['kind']).capitalize()}: {label(case, cells['party_id'])}"
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


def _makers(case: Case, response: Cells) -> str:
    makers = [
        label(case, one["party_id"])
        for one in case["signatories"].values()
        if one["response_id"] == response["response_id"] and one["capacity"] != "spokesperson"
    ]
    return ", ".join(makers)


def disclosure_words(party: Cells) -> str:
    """Why a party has no name here; `""` for one that has."""
    return _WITHOUT_NAME.get(party["disclosure"], "")


def value_words(case: Case, table: str, field: str, value: str) -> str:
    """A value as people read it: a reference by its label, a term as words, anything else as it stands."""
    model = TABLES.get(table)
    if model is None or field not in model.model_fields:
        return value
    if field in dict(references(model)) or field == "subject_id":
        return label(case, value)
    if vocabulary_of(model.model_fields[field]) is not None:
        return term_label(value)
    return value


def column_words(field: str) -> str:
    """The name of a column as words: `brought_event_id` is "brought event"."""
    return field.removesuffix("_id").replace("_", " ")
