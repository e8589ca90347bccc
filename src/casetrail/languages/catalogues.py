"""Catalogues: which languages there are, each read from its two PO files when it is asked for."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.languages.words import ENGLISH, Language, say

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
