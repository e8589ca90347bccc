"""The catalogues: nothing is missing, unsure or left over, and what is put into a message fits it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from casetrail.findings.error import CasetrailError
from casetrail.languages.words import NAMES, UNREVIEWED, language_named, say, say_number, speaking
from languages.update_catalogues import KEYWORDS, ROOMS, SOURCE, files, read_catalogue, updated

FILES = {f"{path.parent.name} {path.stem}": (path, template) for path, template in files()}
SLOT = re.compile(r"%\(\w+\)s|\{[^}]*\}")


def forms(one: Message) -> list[str]:
    return [one.string] if isinstance(one.string, str) else list(one.string)


@pytest.mark.parametrize("name", FILES)
def test_no_message_is_missing_unsure_or_left_over(name: str) -> None:
    path, template = FILES[name]
    wanted = {(one.context, one.id) for one in template if one.id}
    catalogue = read_catalogue(path)
    assert {(one.context, one.id) for one in catalogue if one.id} == wanted
    assert [one.id for one in catalogue if one.id and (one.fuzzy or not all(forms(one)))] == []
    assert not catalogue.obsolete
    assert UNREVIEWED in catalogue.last_translator


@pytest.mark.parametrize("name", FILES)
def test_the_command_leaves_the_files_as_they_are(name: str) -> None:
    path, template = FILES[name]
    assert updated(path, template) == path.read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_the_places_for_values_are_those_of_the_message(name: str) -> None:
    for one in read_catalogue(FILES[name][0]):
        if one.id:
            source = one.id if isinstance(one.id, str) else one.id[1]
            for form in forms(one):
                assert sorted(SLOT.findall(form)) == sorted(SLOT.findall(source)), one.id
                # A catalogue is markup of ours: no character of it may end an attribute or begin a tag.
                assert not set('<>"') & set(form) - set(source), one.id


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
