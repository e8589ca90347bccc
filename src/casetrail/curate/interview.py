"""Interview: a row asked for with all that belongs to it, who says so, and every row that it needs first.

An answer is in its entry as soon as it is given, and what is in an entry is not asked for again: so what
was broken off goes on where it was. All that is asked follows from the documents of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casetrail.case.case import Case
from casetrail.case.names_left_out import UNDISCLOSED
from casetrail.case.profile import TableSpec
from casetrail.case.views.labels import column_label, label
from casetrail.curate.additions import EVIDENCE, FIELDS, Addition, evidenced_cells
from casetrail.curate.asked_columns import owner_columns
from casetrail.curate.column_questions import TIE, ColumnQuestions, Entry
from casetrail.curate.evidence_questions import ask_evidence, ask_versions
from casetrail.curate.id_proposal import propose_id, used_ids
from casetrail.curate.near_duplicates import near_duplicates
from casetrail.curate.new_kind import NewRowKind, singular
from casetrail.curate.prompts import Question, Terminal
from casetrail.curate.row_problems import value_problem
from casetrail.findings.visible import visible


class Declined(Exception):
    """Who was asked says that the row is there already."""


class Interview:
    """Asks for entries. Those before the last are rows that the last one needs, or claims for one row."""

    def __init__(self, case: Case, terminal: Terminal, entries: list[tuple[NewRowKind, Entry]]) -> None:
        self.entries = entries
        self.terminal = terminal
        self.base = case
        self._distinct: list[Entry] = []
        self.questions = ColumnQuestions(case, terminal, self._may_add, self._add_row)
        self.see_entries()

    @property
    def case(self) -> Case:
        """The case with the entries that have an id."""
        return self.questions.case

    def run(self) -> None:
        """Ask for what is missing in every entry."""
        position = 0
        while position < len(self.entries):
            kind, entry = self.entries[position]
            self.complete(kind, entry)
            position = 1 + next(index for index, (_, other) in enumerate(self.entries) if other is entry)

    def complete(self, kind: NewRowKind, entry: Entry) -> None:
        """Ask for what is missing in an entry."""
        table = kind.table
        if table.name == EVIDENCE:
            ask_evidence(self.questions, entry)
        else:
            self._ask_row(kind, entry)
        if not entry.get(table.key):
            entry[table.key] = propose_id(table, {**kind.preset, **entry}, used_ids(self.case))
        self.see_entries()
        if table.name == EVIDENCE and entry is self.entries[-1][1]:
            more: Entry = {"row_id": entry["row_id"]}
            if self.questions.ask_claim(more, "another claim for this row; Enter: no more"):
                self.entries.append((kind, more))

    def ask_again(self, kind: NewRowKind, entry: Entry, name: str) -> None:
        """Ask for one column of a row again, then for what the new answer makes needed."""
        table = kind.table
        if name == table.key:
            judge = lambda text: value_problem(table, name, text)  # noqa: E731
            entry[name] = self.terminal.ask(Question("id", start=str(entry.get(name, "")), judge=judge))
            return
        old = str(entry.get(name, ""))
        asked = self.questions.asked(table)
        before = asked.order[: asked.order.index(name)]
        answers = {**{column: str(entry.get(column, "")) for column in before}, **kind.preset}
        entry[name] = self.questions.ask(asked, name, answers, start=old)
        self.questions.ask_columns(table, entry, kind.preset)

    def _ask_row(self, kind: NewRowKind, entry: Entry) -> None:
        table = kind.table
        if table.evidenced and EVIDENCE not in entry:
            self.terminal.say("")
            self.terminal.say(f"Who says so? The source of the {kind.words}:", "name")
            entry[EVIDENCE] = [{}]
        if table.evidenced:
            for claim in entry[EVIDENCE]:
                self.questions.ask_claim(claim)
            self.terminal.say("")
            self.terminal.say(f"The {kind.words}:", "name")
        self.questions.ask_columns(table, entry, kind.preset)
        self._look_for_likeness(kind, entry)
        if table.evidenced:
            self._ask_more_claims(table, entry)
        # Who took part comes before what was decided and asked for.
        for other in sorted(self.case.specs.values(), key=lambda spec: spec.name != "participations"):
            self._ask_parts(table, {**kind.preset, **entry}, entry, other)
        if table.name == "disagreements":
            ask_versions(self.questions, entry)

    def see_entries(self) -> None:
        """Let questions know the rows that are to be added."""
        addition = Addition(self.base)
        for kind, entry in self.entries:
            if entry.get(kind.table.key):
                addition.add(kind, entry)
        tables = {name: {**rows, **addition.rows.get(name, {})} for name, rows in self.base.tables.items()}
        self.questions.see(Case(self.base.name, tables, self.base.specs))

    def _may_add(self, table: TableSpec) -> bool:
        """Whether a row can be added on the way: one that needs evidence takes that of the last entry."""
        return table.name != EVIDENCE and (not table.evidenced or bool(self._first_claim()))

    def _first_claim(self) -> Entry:
        claims = self.entries[-1][1].get(EVIDENCE) or [{}]
        claim: Entry = dict(claims[0])
        return claim if claim.get("locator") else {}

    def _add_row(self, table: TableSpec) -> str:
        """Ask for a row that another needs."""
        kind = NewRowKind(singular(table), table)
        entry: Entry = {EVIDENCE: [self._first_claim()]} if table.evidenced else {}
        self.terminal.say("")
        self.terminal.say(f"A new {kind.words}:", "name")
        self.entries.insert(len(self.entries) - 1, (kind, entry))
        self.questions.ask_columns(table, entry, {})
        self._look_for_likeness(kind, entry)
        entry[table.key] = row_id = propose_id(table, entry, used_ids(self.case))
        self.see_entries()
        self.terminal.say(f"{label(self.case, row_id)} ({row_id})", "good", "  → ")
        self.terminal.say("")
        self.terminal.say(f"Back to the {self.entries[-1][0].words}:", "name")
        return str(row_id)

    def _look_for_likeness(self, kind: NewRowKind, entry: Entry) -> None:
        """Show the rows that may be the same; who says that one is stops here."""
        near = near_duplicates(self.case, kind.table, {**kind.preset, **entry})
        near = [row for row in near if row.row_id != entry.get(kind.table.key)]
        if not near or any(entry is other for other in self._distinct):
            return
        self.terminal.say("")
        self.terminal.say(f"What may be the same {kind.words}:", "name")
        for row in near:
            called = f"{label(self.case, row.row_id)} ({row.row_id})"
            self.terminal.say(f"{called}: {visible(row.reason, 200)}", indent="  ")
        if not self.terminal.ask_yes("Is it another one, to be added all the same?"):
            raise Declined
        self._distinct.append(entry)

    def _ask_more_claims(self, table: TableSpec, entry: Entry) -> None:
        """Further sources, each with the cells that it supports."""
        cells = evidenced_cells(table, {name: str(value) for name, value in entry.items()})
        while True:
            claim: Entry = {}
            if not self.questions.ask_claim(claim, "another one that says so; Enter: no more"):
                return
            entry[EVIDENCE].append(claim)
            fields = self._ask_fields(table, cells) if cells else cells
            if fields != cells:
                claim[FIELDS] = fields

    def _ask_fields(self, table: TableSpec, cells: Sequence[str]) -> Sequence[str]:
        """Which cells a further source supports."""
        words = {column_label(self.case, table.name, name): name for name in cells}

        def names(text: str) -> list[str]:
            parts = [part.strip() for part in text.split(",")]
            return [words.get(part, part) for part in parts if part not in ("", "row")]

        def judge(text: str) -> str | None:
            strange = [name for name in names(text) if name not in cells]
            return f"“{visible(strange[0], 60)}” is none of {', '.join(words)}, row" if strange else None

        meaning = (
            f"Enter: all of it, with {', '.join(words)}. Else what it says of these, with commas, or: row."
        )
        answer = self.terminal.ask(Question("what it says", meaning, judge=judge))
        return names(answer) if answer else cells

    def _ask_parts(self, table: TableSpec, row: Mapping[str, Any], entry: Entry, other: TableSpec) -> None:
        """The rows of another table that belong to the row."""
        ties = [name for name in owner_columns(other) if table.name in other.targets(name)]
        nameless = other.name == "names" and row.get("disclosure") in UNDISCLOSED
        if not ties or other.name == EVIDENCE or nameless:
            entry.pop(other.name, None) if nameless else None
            return
        preset = {ties[0]: TIE}
        parts = entry.setdefault(other.name, [])
        for part in parts:
            self.questions.ask_columns(other, part, preset)
        while (part := self._begin_part(other, preset, len(parts))) is not None:
            parts.append(part)
            self.questions.ask_columns(other, part, preset)
        if not parts:
            del entry[other.name]

    def _begin_part(self, other: TableSpec, preset: Mapping[str, str], number: int) -> Entry | None:
        """The first answer of a further row that belongs to the row, or `None` where there is none."""
        asked = self.questions.asked(other)
        words = singular(other).replace("-", " ")
        first = next(
            name
            for name in asked.order
            if name not in (other.key, *preset) and other.required(other.columns[name])
        )
        if other.columns[first].vocabulary:
            article = "another" if number else "an" if words[0] in "aeiou" else "a"
            return {} if self.terminal.ask_yes(f"Add {article} {words}?") else None
        self.terminal.say("")
        self.terminal.say(f"{words.capitalize()} {number + 1}:", "name")
        answer = self.questions.ask(
            asked, first, preset, optional="Enter: no more" if number else "Enter: none"
        )
        return {first: answer} if answer else None
