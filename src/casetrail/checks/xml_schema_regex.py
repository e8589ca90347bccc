"""Regular expressions of XML Schema in the syntax of RE2 (XML Schema, part 2, appendix F)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "S": r"^ \t\n\r",
    "w": r"^\p{P}\p{Z}\p{C}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": r"_:\p{L}",
    "I": r"^_:\p{L}",
    "c": r"\-._:\p{L}\p{Nd}\p{Mn}\p{Mc}",
    "C": r"^\-._:\p{L}\p{Nd}\p{Mn}\p{Mc}",
}
_INSIDE = {
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "S": r"\x{0}-\x{8}\x{B}-\x{C}\x{E}-\x{1F}\x{21}-\x{10FFFF}",
}
_PIECE = re.compile(
    r"(?P<class>\\[dDsSwWiIcC])|(?P<property>\\[pP]\{[^}]*\})|(?P<escape>\\.)|(?P<group>\(\?[^:)]?[^:)]?)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_LAST = 0x10FFFF
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "CyrillicSupplement": (0x500, 0x52F),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Syriac": (0x700, 0x74F),
    "Thaana": (0x780, 0x7BF),
    "Devanagari": (0x900, 0x97F),
    "Bengali": (0x980, 0x9FF),
    "Tamil": (0xB80, 0xBFF),
    "Thai": (0xE00, 0xE7F),
    "Tibetan": (0xF00, 0xFFF),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Ethiopic": (0x1200, 0x137F),
    "Khmer": (0x1780, 0x17FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
}
"""The blocks of Unicode that are known by name, without the spaces as XML Schema writes them."""


class PatternProblem(ValueError):
    """Why a text cannot be used as a regular expression of XML Schema, as a clause."""


class BeyondXmlSchema(PatternProblem):
    """Why a regular expression is not one of XML Schema, though another engine may know it."""


class PatternNotRun(PatternProblem):
    """Why a regular expression of XML Schema cannot be run, as a clause."""


def to_re2(pattern: str) -> str:
    """The pattern for RE2; `^` and `$`, which the standard's own example has, mean the ends of the text.

    Raises:
        PatternProblem: it is no regular expression, or (`BeyondXmlSchema`) one of another kind.
        PatternNotRun: it uses what RE2 has no words for.
    """
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        if pattern[position] == "[":
            brackets = _Brackets(pattern, position)
            parts.append(brackets.text)
            position = brackets.end
            continue
        piece = _PIECE.match(pattern, position)
        assert piece is not None
        text, kind = piece.group(), piece.lastgroup
        position = piece.end()
        if kind == "class":
            parts.append(f"[{_CLASSES[text[1]]}]")
        elif kind == "property":
            parts.append(_property(text))
        elif kind == "escape" and text[1].isalnum() and text[1] not in _CONTROLS:
            raise BeyondXmlSchema(f"it uses {text}, which XML Schema does not have")
        elif kind == "group" and (text != "(?" or pattern[position : position + 1] != ":"):
            raise BeyondXmlSchema(f"it uses '{text}', which XML Schema does not have")
        else:
            parts.append(r"[^\n\r]" if text == "." else text)
    return "".join(parts)


@dataclass
class _Brackets:
    """A class of characters in brackets: its text for RE2, and where it ends in the pattern."""

    pattern: str
    start: int
    end: int = 0
    text: str = ""
    negated: bool = False
    is_difference: bool = False
    items: list[str] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        position = self.start + 1
        if self.pattern.startswith("^", position):
            self.negated, position = True, position + 1
        first = position
        without: _Brackets | None = None
        while not self.pattern.startswith("]", position) or position == first:
            if position >= len(self.pattern):
                raise PatternProblem("a bracket '[' is not closed")
            if self.pattern.startswith("-[", position) and position > first:
                without = _Brackets(self.pattern, position + 1)
                position = without.end
                if not self.pattern.startswith("]", position):
                    raise PatternProblem("something follows the class that is subtracted")
                break
            position = self._item(position)
        self.end = position + 1
        self.is_difference = without is not None
        self.text = f"[{'^' * self.negated}{''.join(self.items)}]" if without is None else self._less(without)

    def _item(self, position: int) -> int:
        """Take the character, range or class at a place; returned is the place behind it."""
        low, position = self._character(position)
        if low is None:
            return position
        high = low
        if self.pattern.startswith("-", position) and self.pattern[position + 1 : position + 2] not in (
            "",
            "[",
            "]",
        ):
            end, behind = self._character(position + 1, only_look=True)
            if end is not None:
                high, position = end, behind
        self.items.append(_range(low, high))
        self.ranges.append((low, high))
        return position

    def _character(self, position: int, *, only_look: bool = False) -> tuple[int | None, int]:
        """The character at a place, or `None` for a class, which is taken; and the place behind it."""
        piece = _PIECE.match(self.pattern, position)
        assert piece is not None
        text, kind = piece.group(), piece.lastgroup
        if kind in ("class", "property"):
            if not only_look:
                ranges = _block(text) if kind == "property" else None
                if ranges is None:
                    self.items.append(text if kind == "property" else _class_inside(text[1]))
                for low, high in ranges or ():
                    self.items.append(_range(low, high))
                    self.ranges.append((low, high))
            return None, piece.end()
        if kind == "escape":
            if text[1].isalnum() and text[1] not in _CONTROLS:
                raise BeyondXmlSchema(f"it uses {text}, which XML Schema does not have")
            return ord(_CONTROLS.get(text[1], text[1])), piece.end()
        return ord(text[0]), position + 1

    def _less(self, other: _Brackets) -> str:
        """What is in these brackets and not in the others: outside both, where these are turned round."""
        if other.negated or other.is_difference:
            raise PatternNotRun("it subtracts what is not in a class, which is not supported")
        if self.negated:
            outside = "".join(self.items)
        elif len(self.ranges) == len(self.items):
            outside = "".join(_range(low, high) for low, high in _complement(self.ranges))
        elif len(self.items) == 1 and self.items[0].startswith((r"\p{", r"\P{")):
            item = self.items[0]
            outside = "\\" + item[1].swapcase() + item[2:]
        else:
            raise PatternNotRun("it subtracts from several classes at once, which is not supported")
        return f"[^{outside}{''.join(other.items)}]"


def _range(low: int, high: int) -> str:
    return f"\\x{{{low:X}}}" if low == high else f"\\x{{{low:X}}}-\\x{{{high:X}}}"


def _complement(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    outside: list[tuple[int, int]] = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            outside.append((start, low - 1))
        start = max(start, high + 1)
    return [*outside, (start, _LAST)] if start <= _LAST else outside


def _property(text: str) -> str:
    ranges = _block(text)
    return text if ranges is None else f"[{''.join(_range(*limits) for limits in ranges)}]"


def _block(text: str) -> list[tuple[int, int]] | None:
    """The characters of a named block, or those outside it (`P`); `None` for another property."""
    if not text[3:].startswith("Is"):
        return None
    block = _BLOCKS.get(text[5:-1])
    if block is None:
        raise PatternNotRun(f"it uses the block name {text}, which is not supported")
    return [block] if text[1] == "p" else _complement([block])


def _class_inside(letter: str) -> str:
    members = _CLASSES[letter]
    if not members.startswith("^"):
        return members
    if letter not in _INSIDE:
        raise PatternNotRun(f"it uses \\{letter} within brackets, which is not supported")
    return _INSIDE[letter]
