"""Labels: how a row, a column, a value and a number of people are called when a person reads them."""

from __future__ import annotations

from collections.abc import Callable

from casetrail.case.case import Case, TextRow
from casetrail.case.label_template import Slot, label_parts
from casetrail.case.profile import FieldSpec
from casetrail.case.rules.responses import MAKERS
from casetrail.case.views.date_words import date_words
from casetrail.languages.words import message, say, say_number

_WITHOUT_NAME = {"unnamed": message("not named by any source"), "withheld": message("name withheld")}
_PRECISION = {
    "about": message("about %(number)s"),
    "at_least": message("at least %(number)s"),
    "at_most": message("at most %(number)s"),
}


def term_label(case: Case, table: str, field: str, term: str) -> str:
    """A term in words, as the document of its column has them: `court_decision` is "court decision"."""
    column = _column(case, table, field)
    known = column.vocabulary.get(term) if column is not None else None
    return (
        _within_sentence(known.label or "") if known is not None and known.label else term.replace("_", " ")
    )


def broad_term(case: Case, table: str, field: str, term: str) -> str:
    """The term of the profile that a term of a case narrows, in the end; any other term is its own."""
    column = _column(case, table, field)
    passed = [term]
    while column is not None and (known := column.vocabulary.get(passed[-1])) and known.narrows:
        if known.narrows in passed:
            break
        passed.append(known.narrows)
    return passed[-1]


def inverse_label(case: Case, kind: str) -> str:
    """How a tie is called from its other end: `leads` is "led by"."""
    known = case.specs["relations"].columns["kind"].vocabulary.get(kind)
    return _within_sentence(known.inverse) if known is not None and known.inverse else kind.replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def column_label(case: Case, table: str, field: str) -> str:
    """The name of a column as words: `brought_event_id` is "brought event"."""
    column = _column(case, table, field)
    title = column.title if column is not None else None
    return _within_sentence(title) if title else field.removesuffix("_id").replace("_", " ")


def label(case: Case, row_id: str) -> str:
    """A short name of a row, as the document of its table says: see `casetrail.case.label_template`.

    An id that is not there is its own label, and so is one whose row fills no label.
    """
    table = case.table_with_prefix(row_id)
    cells = case.tables.get(table or "", {}).get(row_id)
    if table is None or cells is None:
        return row_id
    for template in case.specs[table].label:
        text = _filled_label(case, table, row_id, cells, template)
        if text:
            return text
    return row_id


def is_curated_label(case: Case, row_id: str) -> bool:
    """Whether the label of a row is what curators wrote alone, with no word of a catalogue in it."""
    table = case.table_with_prefix(row_id)
    cells = case.tables.get(table or "", {}).get(row_id)
    if table is None or cells is None:
        return False
    for template in case.specs[table].label:
        if _filled_label(case, table, row_id, cells, template):
            match label_parts(template):
                case (Slot() as slot,):
                    kinds = {column_kind(case, slot.table or table, one) for one in slot.columns}
                    return kinds == ({"reference"} if slot.table else {""})
            return False
    return False


def is_curated_value(case: Case, table: str, field: str, value: str) -> bool:
    """Whether a value in words is in the language of the curators, as no number, date or term is."""
    kind = column_kind(case, table, field)
    return is_curated_label(case, value) if kind == "reference" else not kind and not value.isdecimal()


def _filled_label(case: Case, table: str, row_id: str, cells: TextRow, template: str) -> str:
    """The label with the cells of the row in its braces; `""` where one of them is empty."""
    parts: list[str] = []
    for part in label_parts(template):
        words = part if isinstance(part, str) else _slot_words(case, table, row_id, cells, part)
        if not words:
            return ""
        parts.append(words if parts else capital(words))
    return "".join(parts)


def _slot_words(case: Case, table: str, row_id: str, cells: TextRow, slot: Slot) -> str:
    if slot.table:
        others = case.specs[slot.table]
        tie = next((column for column, target in others.references.items() if target == table), "")
        rows = case.rows_with(slot.table, tie, row_id) if tie else []
        column = slot.columns[0]
        return ", ".join(
            value_words(case, slot.table, column, row[column])
            for row in rows
            if not slot.where or row[slot.where] in slot.terms
        )
    for column in slot.columns:
        if value := cells.get(column, ""):
            return value_words(case, table, column, value).rstrip(".")
    return ""


def source_label(case: Case, source_id: str) -> str:
    """A source in short: who published it (without what is in brackets behind the name), and when."""
    cells = case["sources"].get(source_id)
    if cells is None:
        return source_id
    publisher = cells["publisher"].partition(" (")[0]
    published = date_words(cells["published"], short=True) or say("undated")
    return f"{publisher}, {published}"


def makers(case: Case, response_id: str) -> tuple[str, ...]:
    """The parties that made a response. A spokesperson speaks for its maker and is none."""
    return tuple(
        signatory["party_id"]
        for signatory in case.rows_with("signatories", "response_id", response_id)
        if signatory["capacity"] in MAKERS
    )


def makers_label(case: Case, response_id: str) -> str:
    """Who made a response, in words; `""` where that is not known."""
    return ", ".join(label(case, party_id) for party_id in makers(case, response_id))


def disclosure_label(party: TextRow) -> str:
    """Why a party has no name here; `""` for one that has."""
    why = _WITHOUT_NAME.get(party["disclosure"])
    return say(why) if why else ""


def number_words(number: str, precision: str) -> str:
    """A number as exactly as it is known: 5 with `at_least` is "at least 5"."""
    return say(_PRECISION[precision], number=number) if number and precision in _PRECISION else number


def people_words(cells: TextRow) -> str:
    """The number of people of a row, "at least 5 people"; `""` where there is none."""
    if not cells["people"]:
        return ""
    number = int(cells["people"]) if cells["people"].isdecimal() else 2
    return say_number("%(number)s person", "%(number)s people", number, number=number_of_people(cells))


def number_of_people(cells: TextRow) -> str:
    """The number of people of a row without a noun, "at least 5"; `""` where there is none."""
    return number_words(cells["people"], cells["people_precision"])


def value_words(case: Case, table: str, field: str, value: str, precision: str = "") -> str:
    """A value as people read it.

    A reference is called by its label, a term is in words, a date too; a number is as exact as `precision`
    says. Anything else is as it is written.
    """
    match column_kind(case, table, field):
        case "reference":
            return label(case, value)
        case "term":
            return term_label(case, table, field, value)
        case "date":
            return date_words(value)
        case _:
            return number_words(value, precision)


def cell_words(case: Case, table: str, cells: TextRow, field: str) -> str:
    """A cell of a row as people read it; a number with the precision that is beside it."""
    return value_words(case, table, field, cells.get(field, ""), cells.get(f"{field}_precision", ""))


def column_kind(case: Case, table: str, field: str) -> str:
    """What is in a column: "reference", "term", "date", or "" for anything else."""
    column = _column(case, table, field)
    if column is None:
        return ""
    if field in case.specs[table].pointers:
        return "reference"
    return "date" if column.is_edtf else "term" if column.vocabulary else ""


def _column(case: Case, table: str, field: str) -> FieldSpec | None:
    spec = case.specs.get(table)
    return spec.columns.get(field) if spec is not None else None


def _within_sentence(words: str) -> str:
    """Words with a small first letter, but for an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


_COUNTED: dict[str, Callable[[int], str]] = {
    "claims": lambda n: say_number("%(num)s claim", "%(num)s claims", n),
    "columns": lambda n: say_number("%(num)s column", "%(num)s columns", n),
    "events": lambda n: say_number("%(num)s event", "%(num)s events", n),
    "origins": lambda n: say_number("%(num)s independent origin", "%(num)s independent origins", n),
    "people": lambda n: say_number("%(num)s person", "%(num)s people", n),
    "rows": lambda n: say_number("%(num)s row", "%(num)s rows", n),
    "sources": lambda n: say_number("%(num)s source", "%(num)s sources", n),
    "terms": lambda n: say_number("%(num)s term", "%(num)s terms", n),
}


def counted(number: int, noun: str) -> str:
    """A number with its noun: of "sources" "1 source" and "2 sources"."""
    return _COUNTED[noun](number)
