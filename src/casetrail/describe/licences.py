"""Licences: from the id that Data Package asks for (Open Definition) to that of SPDX."""

from __future__ import annotations

SPDX_BY_OPEN_DEFINITION: dict[str, str] = {
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-3.0": "CC-BY-3.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-sa-3.0": "CC-BY-SA-3.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
    "cc0-1.0": "CC0-1.0",
    "odbl-1.0": "ODbL-1.0",
    "odc-odbl-1.0": "ODbL-1.0",
    "odc-by-1.0": "ODC-By-1.0",
    "odc-pddl-1.0": "PDDL-1.0",
    "pddl-1.0": "PDDL-1.0",
    "gfdl-1.3-no-cover-texts-no-invariant-sections": "GFDL-1.3-no-invariants-or-later",
    "mit": "MIT",
    "mit-license": "MIT",
    "apache-2.0": "Apache-2.0",
}
"""SPDX ids of the licences under which data are published, by their Open Definition id in lower case.

Each is among those of the Citation File Format 1.2.0. Another licence is named by its address instead.
"""


def spdx(name: str | None) -> str | None:
    """The SPDX id of a licence, or `None` where this table does not know it."""
    return None if name is None else SPDX_BY_OPEN_DEFINITION.get(name.lower())
