"""casetrail: validate, trace and publish tables about trials.

    >>> import casetrail
    >>> case = casetrail.open("atajurt-case-1.0.0.zip")
    >>> case["events"].num_rows == len(case.to_pandas("events"))
    True

`open` loads any Data Package, a release or the folder in which one is curated; `CasetrailError` is the one
exception that this library raises for what it is given. All else that is meant for others is the command
`casetrail`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casetrail.findings.error import CasetrailError

if TYPE_CHECKING:
    from os import PathLike

    from casetrail.loading.loaded import LoadedPackage

__all__ = ["CasetrailError", "__version__", "open"]
__version__: str


def open(path: str | PathLike[str]) -> LoadedPackage:
    """Open the Data Package in a folder, in a zip or of a `datapackage.json`, to read its tables with types.

    Only the descriptor is read at once, a table when it is asked for. Of a release the files that are read
    are compared with its `SHA256SUMS` first. Raises `CasetrailError`, with one sentence that says what is
    wrong and what to do, where there is no package, or where a file of it is missing, altered or of a format
    newer than this version of casetrail.

    >>> case = open("atajurt-case-1.0.0")
    >>> case.name, case.version
    ('atajurt-case', '1.0.0')
    """
    from casetrail.loading.loaded import load

    return load(path)


def __getattr__(name: str) -> Any:
    """Look up what costs an import only when it is asked for (`import casetrail` stays light)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("casetrail")
    raise AttributeError(f"module 'casetrail' has no attribute {name!r}")
