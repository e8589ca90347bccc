"""Spellings: names made comparable across scripts and romanizations.

No transliteration is right for every source: Мақсұтхан is written Maksutkhan, Maqsuthan and Maqsūtxan. What
stays in all of them is a skeleton of consonants, and that is compared; people look at the result.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from casetrail.case.name_folding import fold_name, latin
from casetrail.case.standard_codes import script_of_letters

_CHINESE = re.compile(r"[\u3400-\u9fff\W\d_]*[\u3400-\u9fff][\u3400-\u9fff\W\d_]*")
_RUN = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{1,4}(?![\u3400-\u9fff])"
    r"|[\u0e00-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17ff\u3040-\u30ff]+"
)
"""A name in Chinese, or letters of another script that writes no blanks between words."""

_NEAR = 0.82
"""How alike two of these must be, from 0 to 1, to be shown as near duplicates."""


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, from any script; empty where the text has no letter or digit.

    A name in Chinese is one word, and in a longer text each character: `biekezhati`, `huo-de-xing`. Letters
    that are together in Thai or Japanese are one word.
    """
    names = _RUN.sub(lambda match: latin(match[0]).replace(" ", ""), text)
    return "-".join(latin(names).split())


def script_of(text: str, language: str = "") -> str | None:
    """The script of a spelling as ISO 15924 names it; `None` where it has no letter or mixes scripts.

    The language says of Chinese (`zh-Hant`, `zh-TW`) which of the two scripts it is.
    """
    script = script_of_letters(text)
    if script == "Hani" and language:
        return "Hant" if language in ("zh-TW", "zh-HK") or language.startswith("zh-Hant") else "Hans"
    return script


def consonants(name: str) -> str:
    """What stays of a name in any script and romanization: its consonants, words in alphabetical order."""
    words = []
    for word in fold_name(name).replace("c", "k").split():
        word = word[:1] + re.sub("[aeiou]", "", word[1:])
        words.append(re.sub(r"(.)\1+", r"\1", word))
    return " ".join(sorted(filter(None, words)))


def alike(name: str, other: str) -> bool:
    """Whether two names may be spellings of the same."""
    first, second = fold_name(name), fold_name(other)
    if not first or not second:
        return False
    if first.replace(" ", "") == second.replace(" ", ""):
        return True
    if _CHINESE.fullmatch(name) or _CHINESE.fullmatch(other):
        # Chinese writes foreign sounds too freely: all that can be seen is one within the other.
        short, long = sorted((first, second), key=len)
        return " " in short and f" {short} " in f" {long} "
    return SequenceMatcher(None, consonants(name), consonants(other), autojunk=False).ratio() >= _NEAR
