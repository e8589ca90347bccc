"""Simple shapes of patterns, of which all texts of a column are proved at once.

The engine takes its time for each text, and for each character of it. Two shapes that are written often can
do without: a fixed length, as in `ev-[0-9]{8}`, where the engine is asked about all texts of a column as one;
and a beginning with anything but a few characters behind it, as in `https?://[^ ]+`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from functools import partial, reduce
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrow_arrays import all_true

Proof = Callable[[pa.StringArray], bool]
"""Whether all texts of a column surely have the form, or are null; else the engine is asked."""

_LITERAL = r"""(?:[A-Za-z0-9 !"#%&',/:;<=>@_`~-]|\\[-.?*+{}()|\[\]^\\])"""
_MEMBER = r"(?:[A-Za-z0-9_.:/#+](?:-[A-Za-z0-9])?)"
_ITEM = rf"(?:{_LITERAL}|\[{_MEMBER}+\])(?:\{{([1-9][0-9]?)\}})?"
_FIXED, _EACH = re.compile(rf"(?:{_ITEM})+"), re.compile(_ITEM)
_OPEN = re.compile(rf"((?:{_LITERAL}\??)*)(\.|\\S|\[\^((?:\\s|[ ,;:/#?|&@!<>'\"])+)\])([+*])")
_LONGEST, _MOST_OPTIONAL = 64, 2
_SPACES = " \t\n\r"


def proof_of(pattern: str) -> Proof | None:
    """How to prove that all texts match a pattern of XML Schema; `None` where it has another shape."""
    inner = pattern.removeprefix("^")
    if inner.endswith("$"):
        inner = inner[:-1]
    if _FIXED.fullmatch(inner):
        length = sum(int(times or 1) for times in _EACH.findall(inner))
        return partial(_have_length, rf"\A(?:{inner})*\z", length) if length <= _LONGEST else None
    shape = _OPEN.fullmatch(inner)
    if shape is None or shape[1].count("?") > _MOST_OPTIONAL:
        return None
    start, others, without, many = shape.groups()
    excluded = "\n\r" if others == "." else (without or r"\s").replace(r"\s", _SPACES)
    starts = _starts(start)
    return (
        None
        if set(excluded) & set(starts[-1])
        else partial(_are_open, starts, excluded.encode(), many == "+")
    )


def _have_length(repeated: str, length: int, texts: pa.StringArray) -> bool:
    limits = pc.min_max(pc.binary_length(texts)).as_py()
    data, start, end = _data(texts)
    # A text that is null may have bytes all the same.
    size = length * (len(texts) - texts.null_count)
    if not limits["min"] == limits["max"] == length or end - start != size:
        return False
    one = pa.StringArray.from_buffers(1, pa.py_buffer(array("i", [start, end])), data)
    return bool(pc.match_substring_regex(one, repeated)[0].as_py())


def _are_open(starts: list[str], excluded: bytes, more: bool, texts: pa.StringArray) -> bool:
    if more and (pc.min(pc.binary_length(texts)).as_py() or 0) <= len(starts[-1]):
        return False
    data, start, end = _data(texts)
    characters = bytes(data[start:end])
    if any(characters.find(byte) >= 0 for byte in excluded):
        return False
    begun = reduce(pc.or_, (pc.starts_with(texts, pattern=text) for text in starts))
    return all_true(begun)


def _starts(source: str) -> list[str]:
    """The texts that a row of characters means, of which those with `?` may be left out; the longest last."""
    characters = re.findall(r"\\?(.)(\??)", source)
    return ["".join(parts) for parts in product(*(["", c] if may else [c] for c, may in characters))]


def _data(texts: pa.StringArray) -> tuple[pa.Buffer, int, int]:
    """The bytes of the texts: a buffer, and where they begin and end in it."""
    _, offsets, data = texts.buffers()
    places = memoryview(offsets).cast("i")
    # Where every text is null there may be none.
    return data or pa.py_buffer(b""), places[texts.offset], places[texts.offset + len(texts)]
