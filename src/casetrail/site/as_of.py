"""As of a day: what the script of the page shows and hides, in attributes of the elements themselves.

`data-since` has the number of the day, in `days`, from which an element is shown. `data-then` and `data-as`
have a line for each day from which the text or the class of an element was another: the number, a blank, and
the text or class, which is empty for "not known by then"; without the blank
it is as it is now. The script reads the three and knows nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from casetrail.case.case import Case
from casetrail.case.views.figures import figures
from casetrail.case.views.known_since import AsOf, known_since
from casetrail.case.views.labels import counted, value_words
from casetrail.case.views.lede import lede
from casetrail.languages.words import message, say
from casetrail.site.chart import PlacedMark

if TYPE_CHECKING:
    from markupsafe import Markup

_NEVER = "never"
_EMPTY = message("not known by then")
Line = tuple[int, str | None]


class AsOfDays:
    """The case over the days on which sources came out, as attributes."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._figures: dict[str, list[Line]] = {}
        self._sentences: dict[tuple[tuple[str, str], ...], int] = {}
        self._lede: list[tuple[int, list[int]]] = []
        self._sources: list[Line] = []
        self._visited = 0
        self._known = known_since(case, self._visit)
        self.days = [day.isoformat() for day in self._known.days]

    @property
    def data(self) -> dict[str, Any]:
        """What the script needs beside the attributes: the days, the sentences, and which by day."""
        return {
            "days": self.days,
            "empty": say(_EMPTY),
            "sentences": list(self._sentences),
            "lede": self._lede,
        }

    def since(self, row_id: str, field: str = "", within: str = "") -> Markup | str:
        """The attribute of an element that is about a row, or about a cell of it that must be filled.

        It has none where the row `within` whose element it is, is not known before.
        """
        number = self.number_of(row_id)
        for day, value in self._known.cells.get(row_id, {}).get(field, ()):
            number = max(number, day) if value else len(self.days)
        if number <= (self.number_of(within) if within else 0):
            return self.attribute("since", "")
        return self.attribute("since", number if number < len(self.days) else _NEVER)

    def earliest(self, rows: Iterable[str]) -> str:
        """The row that was known first."""
        return min(rows, key=self.number_of)

    def ordered(self, rows: Iterable[str]) -> list[str]:
        """Rows in the order of the days from which they are known."""
        return sorted(rows, key=self.number_of)

    def by_day(self, marks: Iterable[PlacedMark]) -> Iterator[tuple[Markup | str, list[PlacedMark]]]:
        """Marks that are shown from one day, with the attribute of all of them."""
        groups: dict[Markup | str, list[PlacedMark]] = {}
        for mark in marks:
            groups.setdefault(self.since(mark.mark.row_id, "date"), []).append(mark)
        yield from groups.items()

    def then(self, table: str, row_id: str, field: str) -> Markup | str:
        """The attribute of the words of a cell."""
        past = self._known.cells.get(row_id, {}).get(field)
        if past is None:
            return ""
        now = self._case[table].get(row_id, {}).get(field, "")
        return self._lines(
            "then",
            [
                (day, None if value == now else value_words(self._case, table, field, value))
                for day, value in past
            ],
        )

    def classed(
        self, table: str, row_id: str, field: str, value: str, classes: tuple[str, str]
    ) -> Markup | str:
        """The attribute of an element with the first class where the cell has this value, else the second."""
        now = self._case[table][row_id][field] == value
        lines: list[Line] = [
            (day, None if (then == value) == now else classes[0 if then == value else 1])
            for day, then in self._known.cells.get(row_id, {}).get(field, ())
        ]
        return self._lines("as", lines)

    def count(self, rows: Iterable[str], noun: str = "", within: str = "") -> Markup | str:
        """The attribute of a number that counts rows, with its noun where there is one.

        What it was before the row `within` is known is left out, for it is not shown then.
        """
        rows = list(rows)
        numbers = self._numbers(rows)
        lines: list[Line] = [] if numbers[:1] == [0] else [(0, self._number(0, noun))]
        for day in sorted(set(numbers)):
            so_far = bisect_right(numbers, day)
            lines.append((day, None if so_far == len(rows) else self._number(so_far, noun)))
        start = self.number_of(within) if within else 0
        unseen = max(0, sum(day <= start for day, _ in lines) - 1)
        return self._lines("then", lines[unseen:] if start < len(self.days) else [])

    def figure(self, name: str) -> Markup | str:
        """The attribute of a figure of the first screen."""
        return self._lines("then", self._figures.get(name, []))

    @property
    def sources(self) -> Markup | str:
        """The attribute of the number of sources that were out."""
        return self._lines("then", self._sources)

    @staticmethod
    def attribute(name: str, value: object) -> Markup | str:
        """An attribute with a blank before it; none where the value is empty."""
        if value == "":
            return ""
        from markupsafe import Markup

        return Markup(' data-{}="{}"').format(name, value)

    def number_of(self, row_id: str) -> int:
        """The number of the day from which a row is known; that after the last where no day shows it."""
        return self._known.rows.get(row_id, len(self.days))

    def _numbers(self, rows: Iterable[str]) -> list[int]:
        return sorted(self._known.rows[row_id] for row_id in rows if row_id in self._known.rows)

    @staticmethod
    def _number(number: int, noun: str) -> str:
        return counted(number, noun) if noun else str(number)

    def _lines(self, name: str, lines: Sequence[Line]) -> Markup | str:
        """The lines that change something; none at all where everything always was as it is now."""
        changes: list[Line] = []
        for day, words in lines:
            if words != (changes[-1][1] if changes else None):
                changes.append((day, words))
        text = "\n".join(
            str(day) if words is None else f"{day} {' '.join(words.split())}" for day, words in changes
        )
        return self.attribute(name, text)

    def _visit(self, then: AsOf) -> None:
        number = self._visited
        self._visited += 1
        words = {figure.name: figure.words for figure in figures(then.case)}
        for figure in figures(self._case):
            past = words.get(figure.name, say("not known"))
            self._figures.setdefault(figure.name, []).append((number, None if past == figure.words else past))
        self._sources.append((number, counted(len(then.known), "sources")))
        sentences = [
            self._sentences.setdefault(
                tuple((fragment.text, fragment.row_id) for fragment in sentence), len(self._sentences)
            )
            for sentence in lede(then.case)
        ]
        if not self._lede or self._lede[-1][1] != sentences:
            self._lede.append((number, sentences))
