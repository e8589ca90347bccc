"""Vocabulary: an enumeration whose terms carry their definitions."""

from __future__ import annotations

from enum import StrEnum
from typing import Self, TypeVar


class Vocabulary(StrEnum):
    """The terms that may stand in a column, in their order, each with a definition and its origin.

    A member is stated as `NAME = term, definition[, origin]`. The origin names the standard from which
    the term is taken; a term without one is of this profile.
    """

    definition: str
    origin: str | None

    def __new__(cls, term: str, definition: str, origin: str | None = None) -> Self:
        """Make a member from its term, definition and origin."""
        member = str.__new__(cls, term)
        member._value_ = term
        member.definition = definition
        member.origin = origin
        return member

    @classmethod
    def is_ordered(cls) -> bool:
        """Whether the order of the terms means something (`categoriesOrdered`)."""
        return cls in _ORDERED


V = TypeVar("V", bound=Vocabulary)
_ORDERED: set[type[Vocabulary]] = set()


def ordered(vocabulary: type[V]) -> type[V]:
    """Mark a vocabulary whose terms stand in a meaningful order."""
    _ORDERED.add(vocabulary)
    return vocabulary
