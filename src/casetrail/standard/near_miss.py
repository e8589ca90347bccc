"""Near misses: the known word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from casetrail.standard.limits import MAX_HINT, MAX_KNOWN

_ALIKE = str.maketrans("lo", "10")
"""Letters that are taken for digits."""


def near_miss(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` is probably a misspelling of, or `None`.

    Words that differ only in case, separators or a plural `s` are near whatever their length; others when
    they are one slip apart (two from nine letters on), where a slip is a letter too many, missing, changed or
    swapped. Words with other digits are never near: another day or number is another thing, not a slip,
    unless it was a letter that looks like a digit. Of several, the nearest wins, and the first of those
    equally near.
    """
    candidates = tuple(known)
    # Among more words, or in a longer one, the search would take longer than it helps.
    return None if len(candidates) > MAX_KNOWN or len(word) > MAX_HINT else _nearest(word, candidates)


# A schema has the same properties in each of its fields.
@lru_cache(4096)
def _nearest(word: str, candidates: tuple[str, ...]) -> str | None:
    best: str | None = None
    best_distance = 3
    for candidate in candidates:
        distance = _distance(word, candidate)
        if distance < best_distance:
            best, best_distance = candidate, distance
    return best


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The near miss as a hint, ready for `Finding.hint`."""
    meant = near_miss(word, known)
    return None if meant is None else f"did you mean '{meant}'?"


def is_misspelt(word: str, known: str) -> bool:
    """Whether a near miss is surely meant as the known word, and cannot well be a word of its own.

    `contraints`, `foreignKey` and `Type` are; `date` beside `data`, or `titles` beside `title`, need not be.
    """
    plain, goal = _plain(word), _plain(known)
    differs_by_plural = plain.rstrip("s") == goal.rstrip("s")
    return plain == goal or len(goal) >= (8 if differs_by_plural else 6)


def _distance(word: str, candidate: str) -> int:
    """Slips between the two words; 3 where they are too far apart to be the same word."""
    if word == candidate:
        return 0
    if len(candidate) > MAX_HINT:
        return 3
    plain, goal = _plain(word), _plain(candidate)
    if plain == goal or plain.rstrip("s") == goal.rstrip("s") != "":
        return 1
    allowed = 0 if len(goal) < 4 else 1 if len(goal) < 9 else 2
    # A slip changes the length by one at most, and the letters that there are by two.
    if abs(len(plain) - len(goal)) > allowed or len({*plain} ^ {*goal}) > 2 * allowed:
        return 3
    if _digits(plain) != _digits(goal) and _digits(plain.translate(_ALIKE)) != _digits(
        goal.translate(_ALIKE)
    ):
        return 3
    slips = _slips(plain, goal)
    return slips if slips <= allowed else 3


@lru_cache(4096)
def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter not in "_- \t.")


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _slips(first: str, second: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
