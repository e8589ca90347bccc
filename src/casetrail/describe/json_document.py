"""How every descriptor in JSON is written: two blanks of indentation, UTF-8 as it is, a final line feed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def json_document(value: Any) -> str:
    """The JSON text of a descriptor; properties keep the order in which they were put."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def stated(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that say something: those that are `None`, "", [] or {} are left out."""
    return {name: value for name, value in properties.items() if value not in (None, "", [], {}, ())}


def one_or_all(values: Sequence[Any]) -> Any:
    """The value where there is one, a list where there are more, `None` where there is none."""
    return list(values) if len(values) > 1 else next(iter(values), None)
