"""JSON from strangers: read with limits, strictly as RFC 8259 has it, and with doubled names told."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from casetrail.findings.error import CasetrailError

MAX_BYTES = 64 * 1024 * 1024
"""How large a descriptor or schema may be."""

MAX_DEPTH = 100
"""How many objects and arrays may stand inside one another."""


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class JsonText:
    """What was read, the names that stand twice in one object, and whether a BOM came first."""

    value: Any
    duplicates: tuple[str, ...]
    bom: bool


def read_json(data: bytes, where: str) -> JsonText:
    """Parse a JSON text; `where` names the file in the error.

    Of a name that stands twice the last value counts, as with most readers; the name is in `duplicates`.
    Raises `CasetrailError` for what is too large, too deep, not UTF-8 or not JSON, as `NaN` and `Infinity`.
    """
    if len(data) > MAX_BYTES:
        raise CasetrailError(f"{where} is larger than {MAX_BYTES >> 20} MiB; a descriptor has to be smaller")
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        text = data[3 if bom else 0 :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CasetrailError(f"{where}, line {line}: this is not UTF-8; save the file as UTF-8") from None
    duplicates: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(found)
        if len(read) < len(found):
            times = Counter(name for name, _ in found)
            duplicates.extend(name for name in read if times[name] > 1)
        return read

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_constant=_no_constant, parse_float=_number, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        reason = error.msg[0].lower() + error.msg[1:]
        raise CasetrailError(
            f"{where}, line {error.lineno}, column {error.colno}: not JSON, {reason}"
        ) from None
    except ValueError as error:
        raise CasetrailError(f"{where}: {error}") from None
    except RecursionError:
        raise CasetrailError(_too_deep(where)) from None
    if _deeper(value, MAX_DEPTH):
        raise CasetrailError(_too_deep(where))
    if _SURROGATE.search(text) and not _encodable(value):
        raise CasetrailError(f"{where}: an escape \\ud8.. to \\udf.. stands alone and is no character")
    return JsonText(value, tuple(duplicates), bom)


def _encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(where: str) -> str:
    return f"{where} nests objects and arrays more than {MAX_DEPTH} deep; no descriptor needs that"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON; leave the property out or write a number")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _whole(text: str) -> int:
    if len(text) > 1000:
        raise ValueError(f"a number of {len(text)} digits is too long")
    return int(text)


def _deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for holder in level
            if isinstance(holder, dict | list)
            for inner in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
