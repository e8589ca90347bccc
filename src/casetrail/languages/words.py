"""Words: what a reader is told, in the language that was chosen for them; English where none was.

A message is English text with its values by name, `"until %(date)s"`; it is looked up in the catalogue of the
language and then filled. Where a catalogue lacks it, it stays English. Each language is read from its two PO
files when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code (BCP 47), its own name, and its catalogues.

    `messages` has the words of the page and the codebook, `terms` those of the documents of the profile.
    """

    code: str
    name: str
    messages: NullTranslations
    terms: NullTranslations

    @property
    def is_reviewed(self) -> bool:
        """Whether a native speaker has read the translation, as the heading of the catalogues says."""
        return not any(
            UNREVIEWED in catalogue.info().get("last-translator", "")
            for catalogue in (self.messages, self.terms)
        )


ENGLISH = Language("en", "English", NullTranslations(), NullTranslations())
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
"""The folder with a folder for each language: `messages.po` and `terms.po`."""

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
    folder = CATALOGUES / code
    return Language(code, NAMES[code], _read(folder / "messages.po"), _read(folder / "terms.po"))


def _read(path: Path) -> GNUTranslations:
    import polib

    # Bytes and not the text: polib takes a text of several lines for a catalogue, and one line for a path.
    return GNUTranslations(BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))
