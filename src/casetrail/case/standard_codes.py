"""Codes of other standards: time zones, countries, languages, scripts and currencies.

A field says by `codeList` whose codes its cells hold. The lists are in `codes/`, each with the standard and
its date in the first line; time zones come from the `tzdata` package, whatever the machine has.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.limits import MAX_KNOWN
from casetrail.standard.near_miss import near_miss
from casetrail.types.problem import ValueProblem
from casetrail.types.zones import zone_names

CODE_LISTS = {
    "time-zone": "the IANA Time Zone Database",
    "country": "ISO 3166-1",
    "language": "BCP 47",
    "script": "ISO 15924",
    "currency": "ISO 4217",
}
"""The lists that a field may name, each with its standard."""

_UNICODE_SCRIPTS = {
    "Arab": "Arabic", "Armn": "Armenian", "Beng": "Bengali", "Cyrl": "Cyrillic", "Deva": "Devanagari",
    "Ethi": "Ethiopic", "Geor": "Georgian", "Grek": "Greek", "Gujr": "Gujarati", "Guru": "Gurmukhi",
    "Hang": "Hangul", "Hani": "Han", "Hans": "Han", "Hant": "Han", "Hebr": "Hebrew", "Hira": "Hiragana",
    "Jpan": "Han Hiragana Katakana", "Kana": "Katakana", "Khmr": "Khmer", "Knda": "Kannada",
    "Kore": "Hangul Han", "Laoo": "Lao", "Latn": "Latin", "Mlym": "Malayalam", "Mong": "Mongolian",
    "Mymr": "Myanmar", "Orya": "Oriya", "Sinh": "Sinhala", "Syrc": "Syriac", "Taml": "Tamil",
    "Telu": "Telugu", "Thaa": "Thaana", "Thai": "Thai", "Tibt": "Tibetan", "Yiii": "Yi",
}  # fmt: skip
"""The names by which Unicode knows the letters of a script; of other scripts letters are not judged."""


def check_code(code_list: str, text: str) -> None:
    """Whether the standard has the code; a `ValueProblem` says which part it does not have."""
    if code_list == "language":
        _check_language(text)
    elif text not in _codes(code_list):
        raise _unknown(code_list, text, text)


def foreign_letters(script: str, texts: pa.StringArray) -> pa.BooleanArray:
    """True for each text with a letter that is not of the script; never for a script that is not judged."""
    named = _UNICODE_SCRIPTS.get(script)
    letters = r"\p{L}" if named is None else "".join(rf"\p{{{name}}}" for name in named.split())
    # Letters such as the modifier apostrophe belong to many scripts.
    return pc.invert(
        pc.match_substring_regex(texts, rf"\A(?:[\P{{L}}\p{{Common}}\p{{Inherited}}{letters}])*\z")
    )


@cache
def script_of_letters(text: str) -> str | None:
    """The first script to which every letter of a text belongs; `None` where there is none, or no letter."""
    # Half a character is no letter.
    texts = pa.array([text.encode(errors="replace").decode()], pa.string())
    if not pc.any(pc.match_substring_regex(texts, r"[^\P{L}\p{Common}\p{Inherited}]")).as_py():
        return None
    return next(
        (script for script in _UNICODE_SCRIPTS if not foreign_letters(script, texts)[0].as_py()), None
    )


@cache
def _codes(code_list: str) -> frozenset[str]:
    if code_list == "time-zone":
        return zone_names()
    text = (Path(__file__).parent / "codes" / f"{code_list}.txt").read_text("utf-8")
    return frozenset(text.partition("\n")[2].split())


def _check_language(text: str) -> None:
    """A language, then perhaps a script and a country, as BCP 47 orders them."""
    language, *others = text.split("-")
    if language not in _codes("language"):
        raise _unknown("language", language, text)
    for part in others:
        kind = "script" if len(part) == 4 else "country"
        if part not in _codes(kind):
            raise _unknown(kind, part, text)


def _unknown(code_list: str, part: str, text: str) -> ValueProblem:
    near = sorted(code for code in _codes(code_list) if code[:1].casefold() == part[:1].casefold())
    meant = near_miss(part, near[:MAX_KNOWN])
    what = code_list.replace("-", " ")
    hint = f"did you mean '{text.replace(part, meant, 1)}'?" if meant else None
    return ValueProblem(f"{CODE_LISTS[code_list]} has no {what} '{part}'", hint)
