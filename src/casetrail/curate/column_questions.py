"""Column questions: each column of a row as a question, with the terms, rows and texts that can answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from casetrail.case.case import Case
from casetrail.case.names_left_out import UNDISCLOSED
from casetrail.case.profile import TableSpec
from casetrail.case.views.date_words import date_words
from casetrail.case.views.labels import column_label, label, term_label
from casetrail.case.views.search import RowSearch
from casetrail.curate.additions import EVIDENCE, default_cells
from casetrail.curate.asked_columns import AskedColumns
from casetrail.curate.new_kind import singular
from casetrail.curate.prompts import Choice, Question, Terminal

Entry = dict[str, Any]

NEW = "+"
"""The answer that adds the row that is to be referred to."""

TIE = "…"
"""Stands for the id of the row that another belongs to, until it has one."""

_CLAIM = ("source_id", "locator", "certainty", "attributed_to", "reason")
"""The columns of a claim that are asked for, those that are of no use left out."""


class ColumnQuestions:
    """Asks for columns at a terminal. `case` is the case with what is to be added to it.

    `addable` says whether a row of a table can be added on the way, `add` asks for one and returns its id.
    """

    def __init__(
        self,
        case: Case,
        terminal: Terminal,
        addable: Callable[[TableSpec], bool],
        add: Callable[[TableSpec], str],
    ) -> None:
        self.terminal = terminal
        self._addable = addable
        self._add = add
        self.see(case)

    def see(self, case: Case) -> None:
        """Let questions know the rows of this case."""
        self.case = case
        self._search = RowSearch(case)

    def asked(self, table: TableSpec) -> AskedColumns:
        """The columns of a table, people counted of groups only."""
        groups = self.case.specs["parties"].columns["kind"].within("group")

        def counts_people(party: str) -> bool:
            return self.case["parties"].get(party, {"kind": "group"})["kind"] in groups

        return AskedColumns(table, counts_people)

    def ask_columns(
        self,
        table: TableSpec,
        entry: Entry,
        preset: Mapping[str, str],
        old: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Ask for each column that has no answer; an answer that became needless is taken out.

        `old` are the answers with which the questions begin.
        """
        asked = self.asked(table)
        answers = dict(preset)
        for name in asked.order:
            if name == table.key or name in preset:
                continue
            derived = default_cells(self.case, table, answers).get(name, "")
            if name not in entry and derived:
                answers[name] = derived
            elif asked.is_needless(name, answers):
                answers[name] = ""
                if entry.pop(name, ""):
                    words = column_label(self.case, table.name, name)
                    self.terminal.say(f"{words}: needless here, so it is left out", "dim")
            else:
                if name not in entry:
                    entry[name] = self.ask(asked, name, answers, start=str(old.get(name) or ""))
                answers[name] = str(entry[name])

    def ask(
        self,
        asked: AskedColumns,
        name: str,
        answers: Mapping[str, str],
        *,
        default: str = "",
        start: str = "",
        optional: str = "",
    ) -> str:
        """Ask for one column; `optional` says of one that must be filled what an empty answer means here."""
        table, field = asked.table, asked.table.columns[name]
        question = Question(
            name=column_label(self.case, table.name, name) + (f" ({optional})" if optional else ""),
            meaning=field.description or "",
            default=default,
            start=start,
            needed=asked.is_needed(name, answers) and not optional,
            judge=lambda text: None if optional and not text else asked.problem(name, text, answers),
        )
        if field.vocabulary:
            choices = [
                Choice(value, term_label(self.case, table.name, name, value), term.description or "")
                for term in asked.terms(name, answers)
                for value in (str(term.value),)
            ]
            return self.terminal.ask(replace(question, choices=choices))
        if name in table.pointers:
            return self._ask_reference(table, name, question)
        texts = self._frequent_texts(table, name)
        if question.needed and field.code_list and texts and not start:
            default = texts[0]
        question = replace(question, choices=[Choice(text) for text in texts], open=True, default=default)
        return self.terminal.ask(replace(question, example=str(field.example or "")))

    def ask_claim(
        self,
        claim: Entry,
        optional: str = "",
        old: Mapping[str, Any] = MappingProxyType({}),
    ) -> bool:
        """Ask for what is missing of a claim; whether there is one."""
        asked = AskedColumns(self.case.specs[EVIDENCE])
        answers: dict[str, str] = {}
        for name in _CLAIM:
            if name not in claim and (name in _CLAIM[:3] or asked.is_needed(name, answers)):
                start = str(old.get(name) or "")
                default = "stated" if name == "certainty" and not start else ""
                words = optional if name == "source_id" else ""
                answer = self.ask(asked, name, answers, default=default, start=start, optional=words)
                if not answer:
                    return False
                claim[name] = answer
            answers[name] = str(claim.get(name, ""))
        return True

    def rows(self, table: str) -> Iterator[Choice]:
        """The rows of a table as choices."""
        for row_id, cells in self.case[table].items():
            when = date_words(cells.get("date") or cells.get("published") or "", short=True)
            meaning = " · ".join(filter(None, (when, row_id)))
            yield Choice(row_id, label(self.case, row_id), meaning, self._search.text(table, row_id))

    def _ask_reference(self, table: TableSpec, name: str, question: Question) -> str:
        """Ask for a row, found by its names in any script, or added on the way."""
        tables = [self.case.specs[other] for other in table.targets(name)]
        choices = [
            choice
            for other in tables
            for choice in self.rows(other.name)
            if self._may_be_named(table, name, choice.value)
        ]
        addable = [other for other in tables if self._addable(other)]
        new = {NEW if len(addable) == 1 else f"{NEW}{singular(other)}": other for other in addable}
        more = [Choice(key, f"a new {singular(other)}", always=True) for key, other in new.items()]
        known = {choice.value for choice in choices} | set(new)

        def judge(text: str) -> str | None:
            return (
                question.judge(text) if not text else None if text in known else "choose a row that is there"
            )

        answer = self.terminal.ask(replace(question, choices=[*choices, *more], judge=judge))
        return self._add(new[answer]) if answer in new else answer

    def _may_be_named(self, table: TableSpec, name: str, row_id: str) -> bool:
        """Whether the column may hold the row: who is withheld has no spelling, an unseen source no claim."""
        party = self.case["parties"].get(row_id) if table.name == "names" else None
        source = self.case["sources"].get(row_id) if (table.name, name) == (EVIDENCE, "source_id") else None
        return (party is None or party["disclosure"] not in UNDISCLOSED) and (
            source is None or source["read"] != "not_seen"
        )

    def _frequent_texts(self, table: TableSpec, name: str) -> list[str]:
        """What is often in the column, the most frequent first."""
        field = table.columns[name]
        if field.free_text or field.is_edtf or field.type != "string":
            return []
        texts = Counter(filter(None, (row[name] for row in self.case[table.name].values())))
        return [text for text, number in texts.most_common(40) if number > 1 or field.code_list]
