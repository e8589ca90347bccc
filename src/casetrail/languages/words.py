"""Words: what a reader is told, in the language that was chosen for them; English where none was.

A message is English text with its values by name, `"until %(date)s"`; it is looked up in the catalogue of the
language and then filled. Where a catalogue lacks it, it stays English. A language is read from its catalogue
and from `terms.csv` when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from casetrail.findings.error import CasetrailError

UNREVIEWED = "not reviewed"
"""What the heading of a catalogue says until a native speaker has read it."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language by its code (BCP 47), its own name, and its words.

    `messages` has those of the page and the codebook, `terms` those of the documents of the profile, by their
    context and their English text.
    """

    code: str
    name: str
    messages: NullTranslations
    terms: Mapping[tuple[str, str], str]

    @property
    def is_reviewed(self) -> bool:
        """Whether a native speaker has read the translation, as the heading of the catalogue says."""
        return UNREVIEWED not in self.messages.info().get("last-translator", "")


ENGLISH = Language("en", "English", NullTranslations(), {})
_CHOSEN: ContextVar[Language] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say all that follows in this language."""
    token = _CHOSEN.set(language)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def chosen_language() -> Language:
    """The language in which words are said now."""
    return _CHOSEN.get()


def message(text: str) -> str:
    """The text itself: it is a message that `say` gets later, so that it is in the catalogues."""
    return text


def say(text: str, /, **values: object) -> str:
    """A message with its values."""
    words = _CHOSEN.get().messages.gettext(text)
    return words % values if values else words


def say_as(context: str, text: str, /) -> str:
    """A message that has another translation elsewhere; the context says which is meant."""
    return _CHOSEN.get().messages.pgettext(context, text)


def say_number(singular: str, plural: str, number: int, /, **values: object) -> str:
    """A message in the form that the number, `num` in it, asks for."""
    return _CHOSEN.get().messages.ngettext(singular, plural, number) % {
        "num": say_amount(number),
        **values,
    }


def say_amount(number: int) -> str:
    """A number with its thousands parted."""
    return f"{number:,}".replace(",", say_as("between thousands", ","))


CATALOGUES = Path(__file__).parent / "catalogues"
"""The folder with a folder for each language, in which `messages.po` is."""

TERMS = Path(__file__).parent / "terms.csv"
"""The words of the documents of the profile: where a text is, its context, the text, and its translations."""

NAMES = {"en": "English", "kk": "Қазақша", "ru": "Русский", "zh": "中文"}
"""The languages by their own names, in the order in which they are offered."""


def unreviewed() -> str:
    """What a reader is told of a translation that no native speaker has reviewed."""
    return say(
        "This translation was made by the developers of casetrail and was not reviewed by a native speaker. "
        "Where it differs from the English, the English counts."
    )


@cache
def language_named(code: str) -> Language:
    """The language of a code.

    Raises:
        CasetrailError: There is no catalogue for it.
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in NAMES:
        raise CasetrailError(f"there is no catalogue for the language {code!r}; there is {', '.join(NAMES)}")
    # Read only where a language is asked for: a start in English needs neither.
    import csv

    import polib

    # Bytes and not the text: polib takes a text of several lines for a catalogue, and one line for a path.
    catalogue = polib.pofile(str(CATALOGUES / code / "messages.po"), encoding="utf-8").to_binary()
    with TERMS.open(encoding="utf-8", newline="") as file:
        terms = {(row["context"], row["en"]): row[code] for row in csv.DictReader(file) if row[code]}
    return Language(code, NAMES[code], GNUTranslations(BytesIO(catalogue)), terms)
