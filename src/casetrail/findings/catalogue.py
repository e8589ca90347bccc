"""Catalogue: what each finding code means, with an example, what is said of it, and how to mend it.

`catalogue.json` is made from the codes that the checks state and from `tests/mistakes`; a test keeps it so.
The codes of a package's own rules are not in it: they are in the schemas of the package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PATH = Path(__file__).with_name("catalogue.json")


class CatalogueEntry(NamedTuple):
    """One finding code.

    `example` is the smallest package that has the finding, or what differs in it from a sound case, as text;
    `said` is the message and hint about it. Both are empty for a code that no file of a package can cause.
    """

    code: str
    check: str
    severity: str
    meaning: str
    mend: str
    example: str
    said: str


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """All codes in the order of the alphabet."""
    stated: dict[str, dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))
    return {code: CatalogueEntry(code=code, **entry) for code, entry in stated.items()}
