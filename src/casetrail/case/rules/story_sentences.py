"""Story sentences: their numbers, dates and names are in the rows that they rest on.

A word with a capital letter counts as a name; at the start of a sentence only where a party or place of the
case is called so. In a script without capitals no name is recognised; its numbers and dates are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import ClassVar

from casetrail.case.case import Case, TextRow
from casetrail.case.cell import CellType
from casetrail.case.name_folding import fold_name
from casetrail.case.rules.base import CaseRules
from casetrail.case.story import read_story, story_location
from casetrail.case.views.date_words import MONTHS
from casetrail.case.views.labels import label
from casetrail.checks.check import SUMMARY, TableCheck
from casetrail.checks.foreign_keys import reference_hint
from casetrail.checks.table import Table
from casetrail.findings.report import ReportBuilder
from casetrail.package.resource import Resource
from casetrail.standard.model import DescriptorLocation

_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d(?:-\d\d)?)\b|\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTH})\b"
    r"(?:,? (?P<year>\d{4}))?"
    r"|\b(?P<only>(?:1[89]|20)\d\d)\b"
)
_EDTF_PART = re.compile(r"(\d{4}(?:-\d\d){0,2})([?~%]?)")
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS = {
    **{
        f"{ten}-{unit}": 10 * tens + ones
        for tens, ten in enumerate(_TENS, 2)
        for ones, unit in enumerate(_UNITS[:9], 1)
    },
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    # "One" is a number as rarely as it is none.
    **{word: number for number, word in enumerate(_UNITS[1:], 2)},
}
_NUMBER_IN_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_UNITS[:9])}))?|{'|'.join(_UNITS[1:])})\b", re.IGNORECASE
)
_NUMBER_TYPES = ("integer", "number", "year")
_ABOUT = r"\b(?:about|around|some|roughly|nearly)"
_HEDGES = {
    "about": _ABOUT,
    "at_least": r"\b(?:at least|more than|over|no fewer than)",
    "at_most": r"\b(?:at most|up to|fewer than|no more than)",
}
_OF_BOUNDS = r"\b(?:by|before|until|between|from|since|after|and|to|or)"
_LONGEST_ENDING = 3
_SHORTEST_STEM = 4


class StoryRules(CaseRules):
    """The story of the case agrees with its rows."""

    name = "story"
    rank = SUMMARY
    codes: ClassVar = {
        "story-property": "The story in the descriptor has the wrong form. "
        "Give it the form that the message names.",
        "story-unknown-row": "A sentence of the story rests on a row that is not there. "
        "Mend the id, or add the row.",
        "story-disagrees": "A sentence of the story says a number, date or name that its rows do not have. "
        "Mend the sentence, or name in `rows` the row that says so.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Every column of every table whose rows have ids: a sentence may rest on any of them."""
        return {
            name: tuple(spec.columns)
            for name, spec in self.specs.items()
            if spec.id_prefix and spec.primary_key
        }

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """Collect the table, where there is a story that needs it."""
        return super().on_table(resource, table) if self.package.descriptor.story is not None else ()

    def finish(self, builder: ReportBuilder) -> None:
        """Look at the story, where there is one."""
        if self.package.descriptor.story is not None:
            super().finish(builder)

    def run(self, builder: ReportBuilder) -> None:
        """Hold each sentence to its rows, then the headline to the rows of all."""
        story, findings = read_story(self.package)
        for finding in findings:
            builder.add(finding)
        if story is None:
            return
        case = self._case()
        called = cache(partial(_called, case))
        at = story_location(self.package)
        rows: dict[str, None] = {}
        differing: set[str] = set()
        is_complete = True
        for index, sentence in enumerate(story.sentences):
            here = at.into("sentences", index)
            if not self._has_rows(case, sentence.rows, here.into("rows"), builder):
                # What only a row that is not there could say has no finding of its own.
                is_complete = False
                continue
            rows.update(dict.fromkeys(sentence.rows))
            words = self._words_not_said(case, sentence.text, sentence.rows, called)
            self._report(words, here.into("text"), "this sentence", builder)
            differing.update(words)
        words = self._words_not_said(case, story.headline, rows, called) if is_complete else []
        words = [word for word in words if word not in differing]
        self._report(words, at.into("headline"), "the sentences", builder)

    def _has_rows(
        self, case: Case, row_ids: Sequence[str], at: DescriptorLocation, builder: ReportBuilder
    ) -> bool:
        """Whether the case has these rows; what it has not is reported, unless its table has a finding."""
        missing = [row_id for row_id in row_ids if not _has(case, row_id)]
        for row_id in missing:
            table = case.table_with_prefix(row_id) or ""
            if self._explains(table):
                self.not_checked(table, "sentence", 1)
                continue
            hint = reference_hint(row_id, case.tables.get(table, ()), *([table] if table else []))
            message = f"the case has no row {row_id!r}"
            builder.add(at.finding("story-unknown-row", message, hint=hint, value=row_id))
        return not missing

    def _explains(self, table: str) -> bool:
        """Whether a row may be missing because of what is wrong with its table."""
        return table in self.without_schema() or (table in self._needs and self.table(table).explains(1))

    def _words_not_said(
        self, case: Case, text: str, row_ids: Iterable[str], called: Callable[[], frozenset[str]]
    ) -> list[str]:
        ground = Ground(case, row_ids)
        if ground.invalid:
            # The cell has its finding.
            self.not_checked(ground.invalid, "sentence", 1)
            return []
        return list(ground.not_said(text, called))

    def _report(self, words: list[str], at: DescriptorLocation, of: str, builder: ReportBuilder) -> None:
        for word in words:
            builder.add(
                at.finding(
                    "story-disagrees",
                    f"none of the rows of {of} says {word!r}",
                    hint="mend the sentence, or add the row that says so to its `rows`; what is not known "
                    "exactly is said as “at least”, “about” or “by”",
                    value=word,
                )
            )

    def _case(self) -> Case:
        tables: dict[str, dict[str, TextRow]] = {}
        for name, columns in self._needs.items():
            collected = self.table(name)
            texts = [collected.column(column).to_pylist() for column in columns]
            key = columns.index(self.specs[name].key)
            tables[name] = {
                cells[key]: dict(zip(columns, cells, strict=True)) for cells in zip(*texts, strict=True)
            }
        return Case(self.package.name, tables, self.specs)


class Ground:
    """What some rows say.

    That is what their cells say, how they and the rows that they refer to are called, the names of both, and
    of a disagreement the values of its versions. `invalid` is a table of which a cell is no number or date
    where it has to be, `""` where there is none.
    """

    def __init__(self, case: Case, row_ids: Iterable[str]) -> None:
        self.invalid = ""
        self._case = case
        self._numbers: dict[str, set[str]] = defaultdict(set)
        self._dates: list[str] = []
        self._texts: dict[str, None] = {}
        self._words: set[str] = set()
        rows = list(row_ids)
        for row_id in rows:
            self._take_row(row_id)
        # "Three lawyers" may rest on the rows of three parties.
        for number in Counter(case.table_of(row_id) for row_id in rows).values():
            self._numbers[str(number)].add("exact" if number > 1 else "")

    def not_said(self, text: str, called: Callable[[], frozenset[str]]) -> Iterator[str]:
        """The dates, numbers and names of a sentence that the rows do not say, in this order.

        `called` gives the folded words of the names of the case, which few sentences need.
        """
        rest = text
        for match in _DATE.finditer(text):
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
            if not self._says_date(match, text[: match.start()]):
                yield match[0]
        for number, start, written in _numbers(rest):
            if not self._says_number(number, rest[:start]):
                yield written
        for match in _WORD.finditer(rest):
            if not match[0][0].isupper():
                continue
            word = fold_name(match[0])
            if self._says_word(word):
                continue
            before = rest[: match.start()].rstrip(" “‘\"'(")
            starts = not before or before[-1] in ".!?…:"
            if not starts or word in called():
                yield match[0]

    def _take_row(self, row_id: str) -> None:
        table = self._case.table_of(row_id)
        cells = self._case[table][row_id]
        spec = self._case.specs[table]
        self._take_text(label(self._case, row_id))
        self._take_names(row_id)
        for name, text in cells.items():
            column = spec.columns.get(name)
            if not text or column is None:
                continue
            is_number = column.type in _NUMBER_TYPES
            if (column.is_edtf or is_number) and not CellType(column).accepts(text):
                self.invalid = table
            self._take_value(text, cells, name, is_date=column.is_edtf, is_number=is_number)
            if name in spec.pointers:
                self._take_text(label(self._case, text))
                self._take_names(text)
        for claim in self._case.rows_with("evidence", "disagreement_id", row_id):
            holder = self._case.specs.get(claim["table"])
            column = holder.columns.get(claim["field"]) if holder is not None else None
            self._take_value(
                claim["value"],
                claim,
                "value",
                is_date=column is not None and column.is_edtf,
                is_number=column is not None and column.type in _NUMBER_TYPES,
            )
            if column is not None and holder is not None and column.name in holder.pointers:
                self._take_text(label(self._case, claim["value"]))

    def _take_value(self, text: str, cells: TextRow, name: str, *, is_date: bool, is_number: bool) -> None:
        if is_date:
            self._dates.append(text)
        elif is_number:
            self._numbers[text].add(cells.get(f"{name}_precision") or "exact")
        else:
            self._take_text(text)

    def _take_names(self, row_id: str) -> None:
        for name in self._case.rows_with("names", "subject_id", row_id):
            self._take_text(name["name"])

    def _take_text(self, text: str) -> None:
        self._texts[text] = None

    def _words_of_texts(self) -> Iterator[str]:
        """The words of the texts, folded, and their numbers.

        Folding takes its time, and few texts say what is looked for: they are folded as long as it is, those
        in Latin letters first.
        """
        yield from tuple(self._words)
        for text in sorted(self._texts, key=str.isascii, reverse=True):
            del self._texts[text]
            words = {*fold_name(text).split(), *(number for number, _, _ in _numbers(text))} - self._words
            self._words |= words
            yield from words

    def _says_word(self, word: str) -> bool:
        """Whether a row has the word, with or without an ending: “Kazakh” says “Kazakhs”."""
        return any(
            longer.startswith(shorter)
            and (longer == shorter or len(shorter) >= _SHORTEST_STEM)
            and len(longer) - len(shorter) <= _LONGEST_ENDING
            for known in self._words_of_texts()
            for shorter, longer in (sorted((word, known), key=len),)
        )

    def _says_number(self, number: str, before: str) -> bool:
        """Whether a row has the number, said as exactly as it is known there."""
        known = set(self._numbers.get(number, ()))
        if _ends_with(before, r"\bmore than") and number.isdecimal():
            known |= self._numbers.get(str(int(number) + 1), set()) & {"at_least"}
        return (
            "exact" in known
            or any(_ends_with(before, hedge) for name, hedge in _HEDGES.items() if name in known)
            or number in self._words_of_texts()
        )

    def _says_date(self, match: re.Match[str], before: str) -> bool:
        """Whether a row has the date, or one within the month or year that the sentence names."""
        for date in self._dates:
            bounded = any(mark in date for mark in ("..", "/", ","))
            for part, doubt in _EDTF_PART.findall(date):
                if (
                    _is_part_of(match, part)
                    and (not bounded or _ends_with(before, _OF_BOUNDS) or not match["day"])
                    and (not doubt or _ends_with(before, _ABOUT))
                ):
                    return True
        return False


def _is_part_of(match: re.Match[str], part: str) -> bool:
    """Whether the parts of a date that the sentence says are those of an EDTF date."""
    if match["iso"] or match["only"]:
        return part.startswith(match["iso"] or match["only"])
    year, month, day = (*part.split("-"), "", "")[:3]
    return (
        (match["year"] or year) == year
        and month == f"{MONTHS.index(match['month']) + 1:02}"
        and (match["day"] is None or day == f"{int(match['day']):02}")
    )


def _numbers(text: str) -> Iterator[tuple[str, int, str]]:
    """The numbers of a text, in digits or in words: the number, where it starts, and as it is written."""
    for match in _NUMBER.finditer(text):
        yield match[0].replace(",", ""), match.start(), match[0]
    for match in _NUMBER_IN_WORDS.finditer(text):
        yield str(_NUMBER_WORDS[match[0].lower()]), match.start(), match[0]


def _ends_with(text: str, pattern: str) -> bool:
    return re.search(rf"{pattern}\s*$", text, re.IGNORECASE) is not None


def _called(case: Case) -> frozenset[str]:
    """The words of the names of parties and places, folded; short ones may as well be words of a sentence."""
    rows = [*case["parties"].values(), *case["places"].values(), *case["names"].values()]
    words = {word for row in rows for word in _WORD.findall(row.get("name", ""))}
    return frozenset(fold_name(word) for word in words if word[0].isupper() and len(word) >= _SHORTEST_STEM)


def _has(case: Case, row_id: str) -> bool:
    return row_id in case.tables.get(case.table_with_prefix(row_id) or "", ())
