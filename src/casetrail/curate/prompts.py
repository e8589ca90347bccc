"""Prompts: a row asked for column by column, with what each means and which answers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casetrail.case.profile import TableSpec
from casetrail.curate.row_problems import value_problem

Ask = Callable[[str], str]
"""Shows a text and returns the answer; raises `EOFError` at the end of the answers."""

Say = Callable[[str], None]


def ask_columns(
    table: TableSpec, answers: Mapping[str, str], skip: Sequence[str], ask: Ask, say: Say
) -> dict[str, str]:
    """Ask for every column that has no answer yet; an empty answer leaves it empty where it may be."""
    values = dict(answers)
    for name in table.columns:
        if name not in values and name not in skip:
            values[name] = ask_column(table, name, ask, say)
    return values


def ask_column(table: TableSpec, name: str, ask: Ask, say: Say) -> str:
    """Ask for one column until the answer fits it."""
    field = table.columns[name]
    say(f"\n{name}: {field.description}")
    terms = list(field.vocabulary)
    for number, term in enumerate(field.vocabulary.values(), start=1):
        say(f"  {number:>2}  {term.value}: {term.description}")
    if not terms:
        say(f"  for example {field.example}")
    hint = "" if table.required(field) else " (Enter: leave it empty)"
    while True:
        answer = ask(f"{name}{hint}: ").strip()
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(terms):
            answer = terms[int(answer) - 1]
        problem = value_problem(table, name, answer)
        if problem is None:
            return answer
        say(f"  That cannot be here: {problem}.")


def ask_yes(question: str, ask: Ask) -> bool:
    """Ask a question that is answered with no unless yes is said."""
    return ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")
