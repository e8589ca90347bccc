"""Nearby packages: which package is probably meant by a path at which there is none."""

from __future__ import annotations

import os
from pathlib import Path

from casetrail.package.paths import DESCRIPTOR, DESCRIPTORS, is_url
from casetrail.standard.near_miss import near_miss

OF_TABLES = (".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xls", ".ods", ".md", ".parquet")
"""Endings of files that are no descriptor, whatever their name."""
_MOST_BELOW = 3
"""How many packages below are named."""
_TABLES = (".csv", ".tsv", ".parquet", ".xlsx", ".ods", ".jsonl")
_MOST_ENTRIES = 2_000
"""How many entries of a folder are looked at."""


def instead_of(path: Path) -> str:
    """What to give instead of a path at which there is no package, as a clause."""
    address = str(path).replace(":/", "://", 1)
    if is_url(address) or "://" in address:
        return "a package is read from this machine: download it first, then give its folder or zip"
    try:
        folder = path if path.is_dir() else path.parent
        known = sorted(entry.name for entry, _ in zip(folder.iterdir(), range(_MOST_ENTRIES), strict=False))
        meant = None if path.exists() else near_miss(path.name, known)
        if meant is not None:
            return f"did you mean '{folder / meant}'?"
        above = _above(folder)
        if above is not None:
            where = "the folder above" if above.resolve() == folder.resolve().parent else "a folder above"
            where = "its folder" if above.resolve() == folder.resolve() else where
            return f"there is one in {where}: give '{above}'"
        below = [str(folder / name) for name in known if descriptor_in(folder / name)]
        if below:
            more = " and others" if len(below) > _MOST_BELOW else ""
            return f"there is one in {_listed(below[:_MOST_BELOW])}{more}: give that folder"
        endings = [ending for name in known if (ending := Path(name).suffix.lower()) in _TABLES]
        if endings and (path.is_dir() or not path.exists()):
            tables, draft = folder / f"*{endings[0]}", folder / DESCRIPTOR
            return (
                f"give a folder, a {DESCRIPTOR} or a zip; for the tables there it is drafted by: "
                f"casetrail describe {tables} --output {draft}"
            )
    except (OSError, ValueError):
        pass
    return f"give a folder, a {DESCRIPTOR} or a zip"


def descriptor_in(folder: Path) -> Path | None:
    """The descriptor of the package in a folder, in JSON or else in YAML; `None` where there is none."""
    return next((folder / name for name in DESCRIPTORS if (folder / name).is_file()), None)


def _above(folder: Path) -> Path | None:
    """The nearest folder with a package, this one or one above it, as it is reached from here."""
    here = folder.resolve()
    for candidate in (here, *here.parents):
        if descriptor_in(candidate) is not None:
            return Path(_relative(candidate))
    return None


def _relative(folder: Path) -> str:
    try:
        return os.path.relpath(folder)
    except ValueError:  # another drive of Windows
        return str(folder)


def _listed(texts: list[str]) -> str:
    quoted = [f"'{text}'" for text in texts]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" and {quoted[-1]}"
