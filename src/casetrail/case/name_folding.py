"""Names folded for comparison: Latin letters without marks and case, whatever its script.

One folding serves all that find names: near duplicates, `show --find`, the search of the page, and what
guards people (withheld and withdrawn names). It works letter by letter, so that a page can carry a table.
A skeleton, in which letters are replaced by those that they look like, finds what was written to deceive.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SYLLABLES = (
    *((0xE00, 0xEFF), (0xF40, 0xFBC), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF)),
    *((0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)),
)
"""The letters, from the first to the last, of the scripts that write no blanks between words: each is folded
to a word of its own."""

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
        # Every pattern ends with a letter, which most names do not have.
        if pattern[-1] in folded:
            folded = re.sub(pattern, letters, folded)
    return folded


def latin(text: str) -> str:
    """The text in Latin letters without marks and case, words parted by one blank: Талғар is `talghar`."""
    text = text.lower()
    if not text.isascii():
        text = "".join(map(latin_letter, unicodedata.normalize("NFKC", text).lower()))
    return _BETWEEN_WORDS.sub(" ", text).strip()


@cache
def latin_letter(letter: str) -> str:
    """One letter in lower-case Latin letters; a mark is `""`, what parts words is itself.

    What is a word of its own has a blank on either side.
    """
    if letter.isascii():
        return letter.lower()
    if unicodedata.category(letter) in ("Cf", "Me") or unicodedata.combining(letter):
        return ""
    if unicodedata.category(letter)[0] not in "LMN":
        return letter
    from anyascii import anyascii

    # ъ and ь are written as quotation marks, which part no word.
    folded = "".join(filter(str.isalnum, anyascii(letter).lower()))
    return f" {folded} " if _is_syllable(letter) else folded


def _is_syllable(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _SYLLABLES)


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
    syllables = any(map(_is_syllable, name))
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


_LOOK_LIKE = {
    "a": "АаΑαԱ",
    "b": "ВвΒβ",
    "c": "Сс",
    "d": "Ԁԁ",
    "e": "ЕеЁёΕεӘә",
    "f": "Ғғ",
    "g": "ց",
    "h": "НнҺһΗհҢң",
    "i": "ІіЇїΙι",
    "j": "Јјյ",
    "k": "КкΚκҚқ",
    "l": "ӀӏԼ",
    "m": "МмΜ",
    "n": "Νηո",
    "o": "ОоΟοՕօӨө",
    "p": "РрΡρ",
    "q": "Ԛԛզգ",
    "s": "ЅѕՍ",
    "t": "ТтΤτ",
    "u": "սυ",
    "v": "ν",
    "w": "Ԝԝω",
    "x": "ХхΧχ",
    "y": "УуҮүҰұΥγ",
    "z": "Ζ",
}
_TABLE = str.maketrans({other: latin for latin, others in _LOOK_LIKE.items() for other in others})


def skeleton(text: str) -> str:
    """The text with Latin letters in place of the Cyrillic, Greek and Armenian ones that look like them.

    Two texts with one skeleton look the same (Unicode Technical Standard 39); it is no transliteration, in
    which the Cyrillic В is a V.
    """
    return text if text.isascii() else text.translate(_TABLE)


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
