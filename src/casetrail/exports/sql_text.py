"""Names and texts as SQL writes them, whichever database it is."""

from __future__ import annotations

from collections.abc import Iterable


def sql_name(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def sql_names(names: Iterable[str]) -> str:
    """Names, quoted, with commas."""
    return ", ".join(map(sql_name, names))


def sql_text(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"
