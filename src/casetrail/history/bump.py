"""Bump: how far the version of a dataset must move for what changed in it (Semantic Versioning, for data).

Patch: a corrected value. Minor: added rows, columns or terms. Major: a table, column, term or id removed or
renamed, a constraint tightened: what may break somebody's query or merge.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

_VERSION = re.compile(r"v?(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class Bump(IntEnum):
    """How far a version moves, the smallest first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """`none`, `patch`, `minor` or `major`."""
        return self.name.lower()


class DataVersion(NamedTuple):
    """A version of three numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """The numbers joined by points."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, bump: Bump) -> DataVersion:
        """The next version after this bump."""
        if bump is Bump.MAJOR:
            return DataVersion(self.major + 1, 0, 0)
        if bump is Bump.MINOR:
            return DataVersion(self.major, self.minor + 1, 0)
        if bump is Bump.PATCH:
            return DataVersion(self.major, self.minor, self.patch + 1)
        return self


def read_version(text: str | None) -> DataVersion | None:
    """The three numbers of `1.2.3` or `v1.2.3`; `None` for anything else."""
    match = _VERSION.fullmatch(text or "")
    return None if match is None else DataVersion(*map(int, match.groups()))
