"""The words in other languages: nothing is missing, unsure or left over, and placeholders fit."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from casetrail.findings.error import CasetrailError
from casetrail.languages.words import CATALOGUES, NAMES, UNREVIEWED, language_named, say, say_number, speaking
from languages.update_catalogues import (
    CATALOGUE_FILES,
    CODES,
    KEYWORDS,
    ROOMS,
    SOURCE,
    TERMS,
    TO_CHECK,
    documents,
    messages,
    read_catalogue,
    read_terms,
    term_rows,
    terms_text,
    updated,
)

CATALOGUE = pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: path.parent.name)
TEMPLATE = messages()
SLOT = re.compile(r"%\(\w+\)s|\{[^}]*\}")


def forms(one: Message) -> list[str]:
    return [one.string] if isinstance(one.string, str) else list(one.string)


@CATALOGUE
def test_no_message_is_missing_unsure_or_left_over(path: Path) -> None:
    wanted = {(one.context, one.id) for one in TEMPLATE if one.id}
    catalogue = read_catalogue(path)
    assert {(one.context, one.id) for one in catalogue if one.id} == wanted
    assert [one.id for one in catalogue if one.id and (one.fuzzy or not all(forms(one)))] == []
    assert not catalogue.obsolete
    assert UNREVIEWED in catalogue.last_translator


def test_no_text_of_the_profile_is_missing_unsure_or_left_over() -> None:
    rows = read_terms()
    assert terms_text(term_rows(documents(), rows)) == TERMS.read_bytes().decode()
    words = [row[code] for row in rows for code in CODES]
    assert [one for one in words if not one or one.startswith(TO_CHECK)] == []
    # A spreadsheet takes what begins so for a formula.
    assert [one for one in words if one[0] in "=+-@"] == []


def test_a_text_that_is_new_or_changed_or_gone_is_found() -> None:
    def schema(**field: str) -> tuple[str, dict[str, object]]:
        return "buoys", {"title": "Buoys", "fields": [{"name": "colour", **field}]}

    words = dict.fromkeys(CODES, "Буи")
    rows = term_rows([schema(description="Its colour.", title="Colour")], [])
    assert [row["where"] for row in rows] == ["buoys.title", "buoys.colour.title", "buoys.colour.description"]
    assert not any(row[code] for row in rows for code in CODES)
    rows = term_rows([schema(description="The colour.", unit="Buoys")], [row | words for row in rows])
    assert [(row["where"], row["en"], row["ru"]) for row in rows] == [
        ("buoys.title buoys.colour.unit", "Buoys", "Буи"),
        ("buoys.colour.description", "The colour.", "CHECK: Буи"),
    ]
    # It stays so until somebody has checked it, and is marked once.
    again = term_rows([schema(description="What colour.", unit="Buoys")], rows)
    assert [row["ru"] for row in again] == ["Буи", "CHECK: Буи"]


@CATALOGUE
def test_the_command_leaves_the_files_as_they_are(path: Path) -> None:
    assert updated(path, TEMPLATE) == path.read_bytes()


@pytest.mark.parametrize("code", CODES)
def test_the_places_for_values_are_those_of_the_text(code: str) -> None:
    catalogue = read_catalogue(CATALOGUES / code / "messages.po")
    pairs = [(one.id if isinstance(one.id, str) else one.id[1], forms(one)) for one in catalogue if one.id]
    pairs += [(row["en"], [row[code]]) for row in read_terms()]
    for source, translations in pairs:
        for form in translations:
            assert sorted(SLOT.findall(form)) == sorted(SLOT.findall(source)), source
            # A translation is markup of ours: no character of it may end an attribute or begin a tag.
            assert not set('<>"') & set(form) - set(source), source


def test_a_message_that_is_new_or_changed_is_found(tmp_path: Path) -> None:
    path = tmp_path / "ru" / "messages.po"
    path.parent.mkdir()
    template = Catalog()
    template.add("Close")
    template.add("The newest of %(day)s")
    path.write_bytes(updated(path, template))
    assert [forms(one) for one in read_catalogue(path) if one.id] == [[""], [""]]


def test_no_message_is_where_it_cannot_be_extracted() -> None:
    """Before Python 3.12 what is in an f-string is one token with it."""
    found = []
    for room in ROOMS:
        for path in (SOURCE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    found += [
                        f"{path.name}:{inner.lineno}"
                        for inner in ast.walk(node)
                        if isinstance(inner, ast.Call) and ast.unparse(inner.func) in KEYWORDS
                    ]
    assert found == []


def test_a_number_has_the_form_that_the_language_asks_for() -> None:
    numbers = (1, 2, 5, 21, 1_000)
    said = {}
    for code in NAMES:
        with speaking(language_named(code)):
            said[code] = [say_number("%(num)s event", "%(num)s events", number) for number in numbers]
    assert said["en"] == ["1 event", "2 events", "5 events", "21 events", "1,000 events"]
    assert said["ru"] == ["1 событие", "2 события", "5 событий", "21 событие", "1\u00a0000 событий"]
    assert said["kk"] == ["1 оқиға", "2 оқиға", "5 оқиға", "21 оқиға", "1\u00a0000 оқиға"]
    assert said["zh"] == ["1个事件", "2个事件", "5个事件", "21个事件", "1,000个事件"]


def test_a_language_is_chosen_for_a_while() -> None:
    with speaking(language_named("ru")):
        assert say("Sources") == "Источники"
    assert say("Sources") == "Sources"
    with pytest.raises(CasetrailError, match="no catalogue for the language 'xx'; there is en, kk, ru, zh"):
        language_named("xx")
