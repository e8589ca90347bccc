"""Nouns: a number with what it counts, in the form that the language asks for."""

from __future__ import annotations

from collections.abc import Callable

from casetrail.languages.words import say_number

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
