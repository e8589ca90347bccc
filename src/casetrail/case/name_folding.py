"""Names folded for comparison: one form whatever the case, width, accents and what parts the words.

What guards people (withheld and withdrawn names) and what finds them (near duplicates) compare this form.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_INVISIBLE = ("Cf", "Mn", "Me")


def fold_name(text: str) -> str:
    """The text in one case, without accents, width or invisible marks, its words parted by one blank."""
    if not text.isascii():
        # By way of capitals, so that the dotless i of Turkish and Kazakh Latin meets the dotted one.
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper().casefold())
        text = "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE)
    return _BETWEEN_WORDS.sub(" ", text.lower()).strip()


def name_pattern(name: str, whole_word_below: int) -> re.Pattern[str]:
    """What finds a name in a folded text, its words parted or not; endings may follow it.

    A name of fewer letters than `whole_word_below` is found as a whole word only, unless its script writes no
    blanks between words.
    """
    folded = fold_name(name)
    pattern = " ?".join(map(re.escape, folded.split()))
    blankless = any(unicodedata.category(letter) == "Lo" for letter in folded)
    return re.compile(pattern if blankless or len(folded) >= whole_word_below else rf"(?<!\w){pattern}(?!\w)")
