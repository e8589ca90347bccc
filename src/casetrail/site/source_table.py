"""The sources over time: a row for each text that was told more than once, a column for each month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from casetrail.case.case import Case
from casetrail.case.views.date_words import date_words, month_names, parse_date
from casetrail.case.views.labels import source_label
from casetrail.case.views.lineage import Lineage, lineages
from casetrail.languages.words import say
from casetrail.site.safe_text import language_words

MONTHS_SHOWN = 12
"""Where sources came out in more months than this, the columns are years."""
_TONES = ("t3", "t1", "t2", "t4")
_OTHER_TONE = "t5"
_NO_DAY = (10_000, 0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A source in a cell of the table: its tone is its language, `depth` how many times removed it is."""

    source_id: str
    words: str
    tone: str
    read: str
    depth: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A text with all that was made from it, by column; `source_id` is `""` for those told once."""

    source_id: str
    words: str
    size: int
    cells: tuple[tuple[Dot, ...], ...]

    @property
    def sources(self) -> list[str]:
        """The ids of all sources of the row."""
        return [dot.source_id for cell in self.cells for dot in cell]


class SourceTable:
    """The texts by how often they were told, and when."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """The tones with the language that each is for, the most frequent first; `""` for all others."""
        counts = Counter(
            _base(source["language"])
            for source in self._case["sources"].values()
            if source["language"] != "und"
        )
        del counts[""]
        frequent = sorted(counts, key=lambda language: (-counts[language], language))
        return [*zip(_TONES, frequent, strict=False), (_OTHER_TONE, "")]

    @cached_property
    def _months(self) -> dict[str, tuple[int, int]]:
        """The year and the month in which each source came out; `_NO_DAY` where that is not known."""
        months = {}
        for key, cells in self._case["sources"].items():
            date = parse_date(cells["published"])
            first, last = (date.earliest, date.latest) if date else (None, None)
            months[key] = _month(first, last)
        if len(set(months.values())) > MONTHS_SHOWN:
            months = {key: (year, 0) for key, (year, _) in months.items()}
        return months

    @cached_property
    def _columns(self) -> list[tuple[int, int]]:
        return sorted(set(self._months.values()))

    @property
    def columns(self) -> list[str]:
        """The columns in words."""
        return [
            say("day not known")
            if column == _NO_DAY
            else say("%(month)s %(year)s", month=month_names(short=True)[column[1] - 1], year=column[0])
            if column[1]
            else str(column[0])
            for column in self._columns
        ]

    @cached_property
    def rows(self) -> list[SourceRow]:
        """The texts, those that were told most often first; those told once are together in the last row."""
        lines = lineages(self._case)
        retold = sorted((line for line in lines if line.size > 1), key=lambda line: -line.size)
        rows = [
            SourceRow(
                line.source_id, source_label(self._case, line.source_id), line.size, self._cells([line])
            )
            for line in retold
        ]
        single = [line for line in lines if line.size == 1]
        if single:
            rows.append(SourceRow("", say("Told once"), len(single), self._cells(single)))
        return rows

    def _cells(self, lines: list[Lineage]) -> tuple[tuple[Dot, ...], ...]:
        dots: dict[tuple[int, int], list[Dot]] = {column: [] for column in self._columns}
        for line in lines:
            for source_id, depth in _members(line, 0):
                dots[self._months[source_id]].append(self._dot(source_id, depth))
        return tuple(tuple(dots[column]) for column in self._columns)

    def _dot(self, source_id: str, depth: int) -> Dot:
        source = self._case["sources"][source_id]
        tones = {language: tone for tone, language in self.languages}
        tone = tones.get(_base(source["language"]), _OTHER_TONE)
        parts = [
            source["publisher"],
            date_words(source["published"], short=True),
            language_words(source["language"]),
        ]
        return Dot(source_id, ", ".join(filter(None, parts)), tone, source["read"], depth)


def _month(first: dt.date | None, last: dt.date | None) -> tuple[int, int]:
    if first is None or last is None or (first.year, first.month) != (last.year, last.month):
        return _NO_DAY
    return first.year, first.month


def _base(language: str) -> str:
    return language.partition("-")[0]


def _members(line: Lineage, depth: int) -> list[tuple[str, int]]:
    return [(line.source_id, depth), *(pair for child in line.derived for pair in _members(child, depth + 1))]
