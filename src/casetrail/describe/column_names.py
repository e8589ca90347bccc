"""Column names: what the name of a column says about the table that it leads to, for the draft of keys.

Words end at signs, spaces and capitals (`homeTeamID` is home, team, id); their case does not count. The last
word of a table may be in the plural.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

_ID_WORDS = frozenset(
    {"id", "ids", "key", "code", "no", "nr", "number", "uuid", "guid", "ref", "pk", "fk", "slug"}
)
_ANY_KEY = frozenset({"id", "ref", "key", "fk"})
"""Words with which a column leads to a key, whatever that is called."""
_WITHIN = frozenset(
    {
        *("parent", "manager", "supervisor", "superior", "predecessor", "successor"),
        *("previous", "prev", "next", "replaces", "supersedes"),
    }
)
"""What a row of the same table is to a row."""

_NONE, BY_VALUE, BY_NAME, BY_SAME_NAME = range(4)


@dataclass(frozen=True)
class KeyName:
    """The name of the key of a table, and that of the table."""

    key: str
    table: str

    def closeness(self, column: str, *, within: bool, texts: bool) -> int:
        """How surely a column leads to the key by its name; 0 for not at all.

        `within` says that it is a column of the same table, `texts` that the keys are texts: a whole number
        that is called as a table may as well be how many there are.
        """
        words, key, table = words_of(column), words_of(self.key), words_of(self.table)
        if not words or not key or not (within or self._is_related(words)):
            return _NONE
        is_id = words[-1] in _ID_WORDS
        if not set(key) <= _ID_WORDS and words[-len(key) :] == key and (texts or is_id or _same(key, table)):
            return BY_SAME_NAME if words == key else BY_NAME
        if is_id and _ends_with(words[:-1], table) and (words[-1] == key[-1] or words[-1] in _ANY_KEY):
            return BY_SAME_NAME if _same(words[:-1], table) else BY_NAME
        if within:
            bare = words[:-1] if words[-1] in _ANY_KEY else words
            return BY_NAME if len(bare) == 1 and bare[0] in _WITHIN else _NONE
        # `team` leads to teams, and `teams` is how many there are.
        if texts and _ends_with(words, table) and (words[-1] != table[-1] or words == table):
            return BY_NAME
        return _NONE

    def _is_related(self, words: tuple[str, ...]) -> bool:
        """Whether a word is one of the key or of its table; of the columns of many tables few are."""
        return any(not self._related.isdisjoint(_numbers(word)) for word in words)

    @cached_property
    def _related(self) -> frozenset[str]:
        own = {*words_of(self.key), *words_of(self.table)} - _ID_WORDS
        return frozenset().union(*map(_numbers, own))

    @property
    def is_of_table(self) -> bool:
        """Whether the key is called as the key of its table is: `id`, or `team_id` of teams."""
        words = words_of(self.key)
        return set(words) <= _ID_WORDS or (
            words[-1] in _ID_WORDS and _ends_with(words_of(self.table), words[:-1])
        )


def names_an_id(column: str) -> bool:
    """Whether the last word of the name is one for an identifier, such as `id` or `code`."""
    return not _ID_WORDS.isdisjoint(words_of(column)[-1:])


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[^\W_]+", apart.casefold()))


def _ends_with(words: tuple[str, ...], table: tuple[str, ...]) -> bool:
    return bool(table) and len(words) >= len(table) and _same(words[-len(table) :], table)


def _same(words: tuple[str, ...], table: tuple[str, ...]) -> bool:
    """Whether the words are the same but for the number of the last."""
    return bool(words) and words[:-1] == table[:-1] and bool(_numbers(words[-1]) & _numbers(table[-1]))


@cache
def _numbers(word: str) -> frozenset[str]:
    """What the singular of an English word may be, and the word itself."""
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return frozenset({word}) | {
        word.removesuffix(end) + new
        for end, new in endings
        if len(word) > len(end) + 1 and word.endswith(end)
    }
