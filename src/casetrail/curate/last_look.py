"""The last look: all that is to be added, line by line, what is wrong with it, each line open to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casetrail.case.views.labels import column_label, label, source_label, term_label, value_words
from casetrail.curate.additions import EVIDENCE, FIELDS, Addition, CheckedAddition
from casetrail.curate.asked_columns import owner_columns
from casetrail.curate.column_questions import TIE, Entry
from casetrail.curate.interview import Interview
from casetrail.curate.new_kind import NewRowKind, singular
from casetrail.curate.prompts import Choice, Question


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the look: its words, and what asks again for what is in it."""

    name: str
    words: str
    mend: Callable[[], None]


def look_and_mend(interview: Interview, check: Callable[[Addition], CheckedAddition]) -> None:
    """Show what is to be added until it is right and to be written.

    Raises `KeyboardInterrupt` or `EOFError` where it is not to be written now.
    """
    case, terminal = interview.case, interview.terminal
    while True:
        addition = Addition(interview.base)
        for kind, entry in interview.entries:
            addition.add(kind, entry)
        checked = check(addition)
        case = interview.case
        lines: list[_Line] = []
        terminal.say("")
        for kind, entry in interview.entries:
            terminal.say(f"{kind.words.capitalize()}: {label(case, str(entry[kind.table.key]))}", "name")
            for line in _lines(interview, kind, entry):
                lines.append(line)
                terminal.entry(len(lines), line.name, line.words)
        terminal.say("")
        for problem in checked.problems:
            terminal.say(str(problem), "wrong", "  ")
        count = ", ".join(f"{len(rows)} in {name}" for name, rows in addition.rows.items())
        meaning = "Mend what is wrong." if checked.problems else f"Rows to be written: {count}."
        empty = _empty_columns(interview)
        choices = [
            *(Choice("write", meaning="write it all") for _ in (0,) if not checked.problems),
            *(Choice(str(number), line.name, line.words) for number, line in enumerate(lines, start=1)),
            *(Choice(name, f"fill {words}") for name, words in empty.items()),
        ]
        hint = "a number or column to change" + ("" if checked.problems else "; Enter: write")
        answer = terminal.ask(
            Question(
                f"All right? ({hint})", meaning, choices=choices, needed=bool(checked.problems), quiet=True
            )
        )
        if answer in ("", "write"):
            return
        if answer in empty:
            kind, entry = interview.entries[-1]
            interview.ask_again(kind, entry, answer)
        else:
            lines[int(answer) - 1].mend()
        interview.see_entries()


def _lines(interview: Interview, kind: NewRowKind, entry: Entry) -> Iterator[_Line]:
    case, table = interview.case, kind.table

    def again(name: str) -> Callable[[], None]:
        return lambda: interview.ask_again(kind, entry, name)

    for name in table.columns:
        if entry.get(name):
            text = str(entry[name])
            # A claim may be for a row of any table, so that no reference says which.
            row = (table.name, name) == (EVIDENCE, "row_id")
            words = label(case, text) if row else value_words(case, table.name, name, text)
            called = "id" if name == table.key else column_label(case, table.name, name)
            shown = (
                f"{words} ({text})" if row or name in table.pointers else text if name == table.key else words
            )
            yield _Line(called, shown, again(name))
    for name, parts in entry.items():
        if not isinstance(parts, list | tuple):
            continue
        other = case.specs[name]
        for part in parts:
            if name == EVIDENCE and table.evidenced:
                yield _claim_line(interview, part)
                continue
            words = ", ".join(
                value_words(case, name, column, str(value))
                for column, value in part.items()
                if value not in ("", None)
            )
            yield _Line(singular(other), words, _part_again(interview, kind, other.name, part))


def _claim_line(interview: Interview, claim: Entry) -> _Line:
    case = interview.case
    parts = [source_label(case, str(claim.get("source_id", ""))), str(claim.get("locator", ""))]
    parts.append(term_label(case, EVIDENCE, "certainty", str(claim.get("certainty", "stated"))))
    if claim.get("attributed_to"):
        parts.append(label(case, str(claim["attributed_to"])))
    if FIELDS in claim:
        parts.append(f"says {', '.join(claim[FIELDS]) or 'the row alone'}")

    def again() -> None:
        # Who breaks off here keeps the claim as it was.
        new: Entry = {}
        interview.questions.ask_claim(new, old=claim)
        new |= {FIELDS: claim[FIELDS]} if FIELDS in claim else {}
        claim.clear()
        claim.update(new)

    return _Line("says so", "; ".join(parts), again)


def _part_again(interview: Interview, kind: NewRowKind, name: str, part: Entry) -> Callable[[], None]:
    other = interview.case.specs[name]
    ties = [tie for tie in owner_columns(other) if kind.table.name in other.targets(tie)]

    def again() -> None:
        if other.name == EVIDENCE:
            # A claim that is there becomes a version: only what makes it one is asked for.
            for name in [name for name in part if name != other.key]:
                asked = interview.questions.asked(other)
                part[name] = interview.questions.ask(asked, name, {}, start=str(part[name]))
            return
        new: Entry = {name: text for name, text in part.items() if name == other.key}
        interview.questions.ask_columns(other, new, {ties[0]: TIE} if ties else {}, old=part)
        part.clear()
        part.update(new)

    return again


def _empty_columns(interview: Interview) -> dict[str, str]:
    """The columns of the last entry that are empty and can be filled, with their words."""
    kind, entry = interview.entries[-1]
    asked = interview.questions.asked(kind.table)
    answers = {**{name: str(entry.get(name, "")) for name in asked.order}, **kind.preset}
    return {
        name: column_label(interview.case, kind.table.name, name)
        for name in asked.order
        if not answers[name] and name != kind.table.key and not asked.is_needless(name, answers)
    }
