"""Prompts: a row asked for column by column, with what each means and which answers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casetrail.case.row import Row
from casetrail.case.schemas import facts_of, vocabulary_of
from casetrail.curate.given import value_problem

Ask = Callable[[str], str]
"""Shows a text and returns the answer; raises `EOFError` at the end of the answers."""

Say = Callable[[str], None]


def ask_columns(
    model: type[Row], given: Mapping[str, str], skip: Sequence[str], ask: Ask, say: Say
) -> dict[str, str]:
    """Ask for every column that was not given; an empty answer leaves it empty where it may be."""
    values = dict(given)
    for name in model.model_fields:
        if name not in values and name not in skip:
            values[name] = ask_column(model, name, ask, say)
    return values


def ask_column(model: type[Row], name: str, ask: Ask, say: Say) -> str:
    """Ask for one column until the answer may stand in it."""
    info = model.model_fields[name]
    vocabulary = vocabulary_of(info)
    say(f"\n{name}: {info.description}")
    terms = [term.value for term in vocabulary] if vocabulary is not None else []
    if vocabulary is not None:
        for number, term in enumerate(vocabulary, start=1):
            say(f"  {number:>2}  {term.value}: {term.definition}")
    else:
        say(f"  for example {facts_of(info).example}")
    hint = "" if info.is_required() else " (Enter: leave it empty)"
    while True:
        answer = ask(f"{name}{hint}: ").strip()
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(terms):
            answer = terms[int(answer) - 1]
        problem = value_problem(model, name, answer)
        if problem is None:
            return answer
        say(f"  That cannot stand here: {problem}.")


def ask_yes(question: str, ask: Ask) -> bool:
    """Ask a question that is answered with no unless yes is said."""
    return ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")
