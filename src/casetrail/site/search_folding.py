"""Search folding: what the browser needs to fold a query as `case/name_folding.py` folds a name."""

from __future__ import annotations

from typing import Any

from casetrail.case.name_folding import ROMANIZATIONS, latin

_QUERIED = "".join(map(chr, (*range(0xDF, 0x180), *range(0x430, 0x530), *range(0x621, 0x6D4))))
"""Letters that people may type although no row has them: Latin, Cyrillic and Arabic ones."""


def search_folding(text: str) -> dict[str, Any]:
    """The letters of a text, and those that may be typed, in Latin letters; and what makes romanizations one.

    A letter of a script without blanks between words is a word of its own: its Latin letters have a blank on
    either side.
    """
    letters: dict[str, str] = {}
    for letter in sorted({*text.lower(), *_QUERIED}):
        if not letter.isascii() and letter.isalnum():
            folded = latin(letter)
            if folded != letter:
                letters[letter] = f" {folded} " if _is_word(letter) else folded
    return {"letters": letters, "romanizations": ROMANIZATIONS}


def _is_word(letter: str) -> bool:
    """Whether the letter is folded to a word of its own."""
    return " " in latin(f"a{letter}a")
