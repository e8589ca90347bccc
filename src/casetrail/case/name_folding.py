"""Names folded for comparison: Latin letters without marks and case, whatever its script.

One folding serves all that find names: near duplicates, `show --find`, the search of the page, and what
guards people (withheld and withdrawn names). It works letter by letter, so that a page can carry a table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SYLLABLE = re.compile(
    r"([\u0e00-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U000323af])"
)
"""A letter of a script that writes no blanks between words: each is folded to a word of its own."""

ROMANIZATIONS = (
    ("x", "h"),
    ("q", "k"),
    ("k+h", "h"),
    ("g+h", "g"),
    ("j", "zh"),
    ("y", "i"),
    ("w", "u"),
)
"""Patterns of letters, each with what it is folded to, so that `Talghar` and `Talgar` are one."""


def fold_name(text: str) -> str:
    """The text in Latin letters without marks and case, romanizations made one, words parted by one blank.

    Талғар, Talghar and Talgar are one; so are 别克 and 別克, which are `bie ke`.
    """
    folded = latin(text)
    for pattern, letters in ROMANIZATIONS:
        folded = re.sub(pattern, letters, folded)
    return folded


def latin(text: str) -> str:
    """The text in Latin letters without marks and case, words parted by one blank: Талғар is `talghar`."""
    text = text.lower()
    if not text.isascii():
        text = _SYLLABLE.sub(r" \1 ", unicodedata.normalize("NFKC", text).lower())
        text = "".join(map(latin_letter, text))
    return _BETWEEN_WORDS.sub(" ", text).strip()


@cache
def latin_letter(letter: str) -> str:
    """One letter in lower-case Latin letters; a mark is `""`, what parts words is itself."""
    if letter.isascii():
        return letter.lower()
    if unicodedata.category(letter) in ("Cf", "Me") or unicodedata.combining(letter):
        return ""
    if unicodedata.category(letter)[0] not in "LMN":
        return letter
    from anyascii import anyascii

    # ъ and ь are written as quotation marks, which part no word.
    return "".join(filter(str.isalnum, anyascii(letter).lower()))


def searchable(text: str) -> str:
    """The text as `name_pattern` searches it: folded within its own script, and to Latin letters."""
    own, folded = _in_its_script(text), fold_name(text)
    return own if own == folded else f"{own}\n{folded}"


def name_pattern(name: str, whole_word_below: int, *, between: str = " ?") -> re.Pattern[str]:
    """What finds a name in a `searchable` text, in any script, its words parted or not, whatever follows it.

    `between` is the regular expression of what may be between two of its words.

    A name of fewer letters than `whole_word_below` is found as a whole word only, unless its script writes no
    blanks between words.
    """
    own, folded = _in_its_script(name), fold_name(name)
    blankless = any(unicodedata.category(letter) == "Lo" for letter in own)
    syllables = _SYLLABLE.search(name) is not None
    patterns = (
        _words(own, between, inside=blankless or len(own) >= whole_word_below),
        # Each syllable of Chinese is a word: 文恩 is in `wen en`, not in `Owen entered`.
        _words(folded, between, inside=not syllables and len(folded) >= whole_word_below),
    )
    return re.compile("|".join(dict.fromkeys(patterns)))


def _words(folded: str, between: str, inside: bool) -> str:
    pattern = between.join(map(re.escape, folded.split()))
    return pattern if inside else rf"(?<!\w){pattern}(?!\w)"


def _in_its_script(text: str) -> str:
    """The text in one case, without accents, width or invisible marks, its words parted by one blank."""
    if not text.isascii():
        # By way of capitals, so that the dotless i of Turkish and Kazakh Latin meets the dotted one.
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper().casefold())
        text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn", "Me"))
    return _BETWEEN_WORDS.sub(" ", text.lower()).strip()
