"""Text of strangers made safe to show: nothing invisible, nothing endless, no line breaks."""

from __future__ import annotations

import re
import unicodedata

MAX_VALUE = 200
"""Characters of a cell, a key or a name that a finding has, or that people are shown."""

MAX_MESSAGE = 600
"""Characters of a message or a hint."""

MAX_QUOTE = 40
"""Characters of a cell that a message quotes."""

MAX_WORD = 120
"""Characters of a cell that a message quotes where it is one word."""

_WORDS = {"\n": "⟨line break⟩", "\r": "⟨carriage return⟩", "\t": "⟨tab⟩"}

# Controls, no-break and other odd spaces, soft hyphen, zero-width and bidirectional characters, line
# separators, surrogates, non-characters and tags: what changes a line without being seen in it.
_UNSEEN = (
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_SURROGATE = "[\ud800-\udfff]"


def visible(text: str, limit: int | None = None) -> str:
    """The text on one line with every unseen character named: `⟨U+202E⟩`, `⟨line break⟩`, `⟨tab⟩`.

    With a `limit`, a text of more characters is cut first.
    """
    text = text if limit is None else cut(text, limit)
    return text if text.isascii() and text.isprintable() else re.sub(_UNSEEN, _named, text)


def in_log(text: str) -> str:
    """Lines that give a build service no command.

    For the runner of GitHub, `##[…]` is one anywhere and `::` at the start of a line.
    """
    return _COMMAND.sub(r"\1: ", text.replace("##[", "## ["))


def visible_lines(text: str) -> str:
    """A text of several lines with every unseen character named."""
    return "\n".join(map(visible, text.split("\n")))


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut with `…` where it has more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def encodable(text: str) -> str:
    """The text with lone surrogates named, so that it can be written as UTF-8."""
    return text if text.isascii() else re.sub(_SURROGATE, _named, text)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide (Chinese) characters, none for accents."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def clipped(text: str, width: int, *, keep_end: bool = False) -> str:
    """The text in at most `width` columns of a terminal, cut at its end (or its start) with `…`."""
    if columns(text) <= width:
        return text
    kept: list[str] = []
    left = width - 1
    for character in reversed(text) if keep_end else text:
        left -= _columns_of(character)
        if left < 0:
            break
        kept.append(character)
    return "…" + "".join(reversed(kept)) if keep_end else "".join(kept) + "…"


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _named(match: re.Match[str]) -> str:
    character = match[0]
    return _WORDS.get(character) or f"⟨U+{ord(character):04X}⟩"
