"""Readings: a text as it is written, and as those read it who undo the escapes of its format.

JSON, JavaScript, R and Python (`\u00e9`, `\xe9`), HTML and XML (`&eacute;`, tags that part a word), addresses
(`%C3%A9`) and BibTeX (`{\'e}`), also one in the other. What is encoded as a whole, as base64, is not undone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_BACKSLASH = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))"
)
_LINE_BREAK = re.compile(r"\\[nrt]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_KEY = re.compile(r'"(?:[^"\\\n]|\\.){0,200}"\s{0,20}:')
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TEX = re.compile(r"\\(?:[A-Za-z]{1,20} ?|[^A-Za-z\s])|[{}]")


def readings(text: str) -> Iterator[str]:
    """The text, and each other text that a reader may see in it."""
    yield text
    plain = text
    if "\\" in plain:
        plain = _LINE_BREAK.sub(" ", _BACKSLASH.sub(_character, plain))
        plain = _SURROGATES.sub(_joined, plain)
        yield plain
    for _ in range(3):  # What is escaped may be escaped again, as in a page that quotes a page.
        before = plain
        plain = html.unescape(unquote(plain)) if "%" in plain or "&" in plain else plain
        if plain == before:
            break
        yield plain
    if "<" in plain:
        yield html.unescape(_TAG.sub("", plain))
    if '":' in plain or '" :' in plain:
        # Names of properties part what is read together: {"given": "Bolat", "family": "Example"}.
        yield _KEY.sub(" ", plain)
    if "{" in text or "\\" in text:
        yield _TEX.sub("", text)


def _character(match: re.Match[str]) -> str:
    code = int(next(filter(None, match.groups())), 16)
    return chr(code) if code < 0x110000 else " "


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")
