"""Handles of values that stay where they were worked out: in this process, or with a worker of a scheduler
(`cluster`).

What the blocks of a table leave until the whole of it has been read is behind handles, and what is done with
it then is done there. So one plan serves both, and of many keys only the answer is moved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from casetrail.tables.batch import TextBatch

Value = TypeVar("Value")


class Handle(Generic[Value]):
    """Of a value in this process; subclasses know values elsewhere."""

    at_once: ClassVar = 512 * 1024 * 1024
    """How many bytes of keys are compared with one another at once."""

    sent: Handle[Any] | None = None
    """The same value elsewhere, once it was sent to where others need it."""

    def __init__(self, value: Value) -> None:
        self._value = value

    @property
    def is_here(self) -> bool:
        """Whether the value is in this process."""
        return True

    @property
    def is_ready(self) -> bool:
        """Whether the value is there, so that `get` does not wait."""
        return True

    def get(self) -> Value:
        """The value.

        Raises:
            Exception: What was raised where it was to be worked out.
        """
        return self._value

    def call(self, function: Callable[..., Any], *given: Any) -> Handle[Any]:
        """What a function gives, worked out where this value is; see `call`."""
        return Handle(function(*(_values(part) for part in given)))


def call(function: Callable[..., Any], *given: Any) -> Handle[Any]:
    """What a function gives, worked out where the values behind its handles, or lists of them, are."""
    parts = [part for some in given for part in (some if isinstance(some, list) else [some])]
    away = (part for part in parts if isinstance(part, Handle) and not part.is_here)
    return next(away, Handle(None)).call(function, *given)


OnCompare = Callable[[int, int], None]
"""Is told how many of so many answers are there."""


def begin(answers: Iterable[Handle[Value]], number: int, on_compare: OnCompare) -> list[Handle[Value]]:
    """So many answers: those in this process are worked out, the others are begun."""
    begun: list[Handle[Value]] = []
    for answer in answers:
        begun.append(answer)
        if answer.is_here and number > 1:
            on_compare(len(begun), number)
    return begun


def wait(answers: Sequence[Handle[Value]], on_compare: OnCompare) -> list[Value]:
    """The answers, which may be waited for."""
    values: list[Value] = []
    for answer in answers:
        if not answer.is_ready:
            on_compare(len(values), len(answers))
        values.append(answer.get())
    return values


def _values(given: Any) -> Any:
    if isinstance(given, list):
        return [_values(part) for part in given]
    return given.get() if isinstance(given, Handle) else given


class RecordsByPosition:
    """Some columns of the records of a table, to be looked up by their position."""

    def __init__(self) -> None:
        self._batches: list[tuple[Handle[TextBatch], int, int]] = []
        self._starts: list[int] = []
        self._length = 0

    def add(self, batch: Handle[TextBatch], length: int, rows: int, lines: int) -> None:
        """Add the next records, which are so many rows and lines further down than they know."""
        self._batches.append((batch, rows, lines))
        self._starts.append(self._length)
        self._length += length

    def at(self, positions: Iterable[int]) -> Iterator[tuple[list[int], TextBatch]]:
        """The records at some positions, from 0, in batches, each with the positions of its records."""
        of_batches: dict[int, list[int]] = {}
        for position in sorted(set(positions)):
            of_batches.setdefault(bisect_right(self._starts, position) - 1, []).append(position)
        answers = []
        for number, some in of_batches.items():
            indices = [position - self._starts[number] for position in some]
            answers.append((number, some, call(_records, self._batches[number][0], indices)))
        for number, some, answer in answers:
            _, rows, lines = self._batches[number]
            yield some, answer.get().shifted(rows, lines)


def _records(batch: TextBatch, indices: Sequence[int]) -> TextBatch:
    return batch.take(indices)
