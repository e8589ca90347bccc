"""Spellings: names made comparable across scripts and romanizations.

No transliteration is right for every source: Мақсұтхан is written Maksutkhan, Maqsuthan and Maqsūtxan. What
stays in all of them is a skeleton of consonants, and that is compared; people look at the result.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from casetrail.case.name_folding import fold_name

_PAIRS = (
    "аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsh ъ ыi ь эe юu яa "
    "әa ғg қk ңn өo ұu үu һh іi"
)
_CYRILLIC = {pair[0]: pair[1:] for pair in _PAIRS.split()}
_SAME = (("kh", "h"), ("gh", "g"), ("q", "k"), ("x", "h"), ("w", "u"), ("j", "zh"), ("y", "i"), ("c", "k"))
_NEAR = 0.82
"""How alike two skeletons must be, from 0 to 1, to be shown as near duplicates."""


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty where the text has no letter that can be written so."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in fold_name(text))
    return "-".join(latin.encode("ascii", "ignore").decode().split())


def script_of(text: str, language: str = "") -> str | None:
    """The script of a spelling as ISO 15924 names it; `None` where it has no letter or mixes scripts.

    The language says of Chinese (`zh-Hant`, `zh-TW`) which of the two scripts it is.
    """
    scripts = {_script(letter) for letter in text if letter.isalpha()}
    if len(scripts) != 1:
        return None
    script = scripts.pop()
    if script == "Hani" and language:
        return "Hant" if language in ("zh-TW", "zh-HK") or language.startswith("zh-Hant") else "Hans"
    return script


def skeleton(name: str) -> str:
    """What stays of a name in any script and romanization: its consonants, words in alphabetical order."""
    words = []
    for word in slug(name).split("-"):
        for one, other in _SAME:
            word = word.replace(one, other)
        word = word[:1] + re.sub("[aeiou]", "", word[1:])
        words.append(re.sub(r"(.)\1+", r"\1", word))
    return " ".join(sorted(filter(None, words)))


def alike(one: str, other: str) -> bool:
    """Whether two names may be spellings of the same."""
    first, second = (fold_name(name).replace(" ", "") for name in (one, other))
    if not first or not second:
        return False
    if first == second:
        return True
    if script_of(one) == "Hani" or script_of(other) == "Hani":
        # Chinese says nothing of its sound here: one name within the other is all that can be seen.
        return len(min(first, second, key=len)) > 1 and (first in second or second in first)
    return ratio(skeleton(one), skeleton(other)) >= _NEAR


def ratio(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0


def _script(letter: str) -> str | None:
    name = unicodedata.name(letter, "")
    scripts = (("CYRILLIC", "Cyrl"), ("LATIN", "Latn"), ("CJK", "Hani"), ("ARABIC", "Arab"))
    return next((code for word, code in scripts if name.startswith(word)), None)
