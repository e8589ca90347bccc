"""Words of the documents: a table schema with its titles, definitions and labels in a language.

They are looked up by their English text in `terms.csv`, the label of a term with its column as the context.
What a case adds has its words in its schema, `"translations": {"ru": {"label": "…"}}`, beside what they
translate; those come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casetrail.languages.words import Language

_TEXTS = ("title", "label", "description", "inverse", "unit")
_PARTS = ("fields", "bands", "categories", "rules", "dateOrders")
_SLOT = re.compile(r"\{[^}]*\}")
Document = Mapping[str, Any]


def texts_of(document: Document) -> Iterator[tuple[str, str, str]]:
    """Every text of a document that people read, as the way to it, its context, and the text."""
    for where, column, part in _parts(document):
        for place, context, text in _texts(part, column):
            yield f"{where}.{place}", context, text


def in_language(document: Document, language: Language, column: str = "") -> dict[str, Any]:
    """The document with its texts in the language; what has no translation stays as it is."""
    translated = dict(document)
    own = _own_words(document, language)
    for name in _TEXTS:
        value, context = document.get(name), _context(name, column)
        if name in own:
            translated[name] = own[name]
        elif isinstance(value, list):
            translated[name] = [_translated(text, context, language) for text in value]
        elif value is not None:
            translated[name] = _translated(value, context, language)
    for name in _PARTS:
        if isinstance(document.get(name), list):
            translated[name] = [
                in_language(part, language, _column(name, part, column)) if isinstance(part, dict) else part
                for part in document[name]
            ]
    return translated


def untranslated(document: Document, language: Language) -> Iterator[tuple[str, str]]:
    """Each text of a document that is not in the language, with the way to its table, column or term."""
    for where, column, part in _parts(document):
        own = _own_words(part, language)
        for _, context, text in _texts({name: part.get(name) for name in _TEXTS if name not in own}, column):
            if (context, text) not in language.terms:
                yield where, text


def _parts(document: Document, where: str = "", column: str = "") -> Iterator[tuple[str, str, Document]]:
    """A document and all that is in it, each with the way to it and the column to which it belongs."""
    yield where, column, document
    for name in _PARTS:
        entries = document.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                place = f"{where}.{entry.get('name', entry.get('value', ''))}"
                yield from _parts(entry, place, _column(name, entry, column))


def _texts(part: Document, column: str) -> Iterator[tuple[str, str, str]]:
    """The texts of a table, column, term or rule itself, each with its property and its context."""
    for name in _TEXTS:
        value = part.get(name)
        for number, text in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(text, str) and re.search(r"\w", _SLOT.sub("", text)):
                yield f"{name}.{number}" if isinstance(value, list) else name, _context(name, column), text


def _column(part: str, entry: Any, column: str) -> str:
    """The column to which what is in an entry belongs."""
    return str(entry.get("name", "")) if part == "fields" and isinstance(entry, dict) else column


def _context(name: str, column: str) -> str:
    """What tells texts that are the same in English apart: a label is that of a term of its column."""
    return column if name in ("label", "inverse") else ""


def _own_words(document: Document, language: Language) -> Document:
    own = document.get("translations")
    own = own.get(language.code) if isinstance(own, dict) else None
    return own if isinstance(own, dict) else {}


def _translated(text: Any, context: str, language: Language) -> Any:
    return language.terms.get((context, text), text) if isinstance(text, str) else text
