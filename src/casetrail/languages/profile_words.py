"""Words of the documents: a table schema with its titles, definitions and labels in a language.

They are looked up by their English text in the catalogue `terms`, the label of a term with its column as the
context. What a case adds has its words in its schema, `"translations": {"ru": {"label": "…"}}`, beside what
they translate; those come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casetrail.languages.words import Language

_TEXTS = ("title", "label", "description", "inverse", "unit")
_PARTS = ("fields", "categories", "rules", "dateOrders")
_SLOT = re.compile(r"\{[^}]*\}")
Document = Mapping[str, Any]


def texts_of(document: Document, where: str = "", column: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of a document that people read, as the way to it, its context, and the text."""
    for name in _TEXTS:
        value = document.get(name)
        context = column if name in ("label", "inverse") else ""
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and re.search(r"\w", _SLOT.sub("", text)):
                yield where, context, text
    for place, part, inner in _parts(document, where, column):
        yield from texts_of(part, place, inner)


def in_language(document: Document, language: Language, column: str = "") -> dict[str, Any]:
    """The document with its texts in the language; what has no translation stays as it is."""
    translated = dict(document)
    own = _own_words(document, language)
    for name in _TEXTS:
        value, context = document.get(name), column if name in ("label", "inverse") else ""
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


def untranslated(
    document: Document, language: Language, where: str = "", column: str = ""
) -> Iterator[tuple[str, str]]:
    """Each text of a document that is not in the language, with the way to it."""
    own = _own_words(document, language)
    parts = tuple(_parts(document, where, column))
    for _, context, text in texts_of(
        {name: document.get(name) for name in _TEXTS if name not in own}, where, column
    ):
        if not _has(language, context, text):
            yield where, text
    for place, part, inner in parts:
        yield from untranslated(part, language, place, inner)


def _parts(document: Document, where: str, column: str) -> Iterator[tuple[str, Document, str]]:
    for name in _PARTS:
        entries = document.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                place = f"{where}.{entry.get('name', entry.get('value', ''))}"
                yield place, entry, _column(name, entry, column)


def _column(part: str, entry: Any, column: str) -> str:
    """The column to which what is in an entry belongs."""
    return str(entry.get("name", "")) if part == "fields" and isinstance(entry, dict) else column


def _own_words(document: Document, language: Language) -> Document:
    own = document.get("translations")
    own = own.get(language.code) if isinstance(own, dict) else None
    return own if isinstance(own, dict) else {}


def _translated(text: Any, context: str, language: Language) -> Any:
    if not isinstance(text, str) or not text:
        return text
    return language.terms.pgettext(context, text) if context else language.terms.gettext(text)


def _has(language: Language, context: str, text: str) -> bool:
    """Whether the catalogue has the text; where it is the same in both languages too."""
    catalogue: Mapping[Any, str] = getattr(language.terms, "_catalog", {})
    return bool(catalogue.get(f"{context}\x04{text}" if context else text))
