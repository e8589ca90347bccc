"""Look-alikes: letters of other scripts replaced by the Latin ones that they are taken for.

A skeleton in the sense of Unicode Technical Standard 39, of Cyrillic, Greek and Armenian letters only. Two
texts with one skeleton look the same; it is no transliteration, in which the Cyrillic В is a V.
"""

from __future__ import annotations

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
    """The text with Latin letters in place of those that look like them."""
    return text if text.isascii() else text.translate(_TABLE)
