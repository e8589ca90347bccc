"""Labels: how a table's document says that its rows are called.

A label is a text with columns in braces. `{title}` is the cell; a reference is the label of the row referred
to, a term its own label, a date in words. `{name|description}` is the first of the two that is filled.
`{signatories.party_id[capacity=author|signatory]}` are the cells of the rows of another table that refer to
this row, those with one of the terms, joined by commas. Of several labels the first of which every brace is
filled is used.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_BRACE = re.compile(r"\{([^{}]*)\}")
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_COLUMNS = re.compile(rf"{_NAME}(\|{_NAME})*")
_BACKWARD = re.compile(rf"({_NAME})\.({_NAME})(?:\[({_NAME})=([^\[\]]+)\])?")


class Slot(NamedTuple):
    """A pair of braces: the first filled of `columns`.

    With a `table` it is that column of the rows that refer to this one, where `where`, if there is one, is
    one of `terms`.
    """

    columns: tuple[str, ...]
    table: str = ""
    where: str = ""
    terms: tuple[str, ...] = ()


@cache
def label_parts(template: str) -> tuple[str | Slot, ...]:
    """The texts and the braces of a label, in order; a `ValueError` says what cannot be read."""
    parts: list[str | Slot] = []
    end = 0
    for match in _BRACE.finditer(template):
        parts += [template[end : match.start()], _slot(match[1])]
        end = match.end()
    parts.append(template[end:])
    if any(isinstance(part, str) and re.search(r"[{}]", part) for part in parts):
        raise ValueError("a brace is opened or closed alone")
    return tuple(part for part in parts if part != "")


def _slot(text: str) -> Slot:
    if _COLUMNS.fullmatch(text):
        return Slot(tuple(text.split("|")))
    if (match := _BACKWARD.fullmatch(text)) is not None:
        table, column, where, terms = match.groups()
        return Slot((column,), table, where or "", tuple(terms.split("|")) if terms else ())
    raise ValueError(f"'{{{text}}}' names no column")
