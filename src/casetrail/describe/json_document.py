"""How every descriptor in JSON is written: two blanks of indentation, UTF-8 as it is, a final line feed."""

from __future__ import annotations

import json
from typing import Any


def json_document(value: Any) -> str:
    """The JSON text of a descriptor; properties keep the order in which they were put."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
