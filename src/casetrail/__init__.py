"""casetrail: validate, trace and publish tables about trials."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Look up what costs an import only when it is asked for (`import casetrail` stays light)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("casetrail")
    raise AttributeError(f"module 'casetrail' has no attribute {name!r}")
