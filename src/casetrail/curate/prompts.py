"""Prompts: one question at a terminal, with what can be chosen, and the answer judged before it is taken."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from casetrail.case.name_folding import fold_name
from casetrail.findings.terminal import shows_colours
from casetrail.findings.visible import clipped, visible

MAX_CHOICES = 60
"""Choices that a menu shows; who types on sees fewer."""

_STYLE = Style.from_dict(
    {
        "name": "bold",
        "dim": "#888888",
        "good": "ansigreen",
        "wrong": "ansired",
        "bottom-toolbar": "noreverse #888888",
        "completion-menu": "bg:default fg:default",
        "completion-menu.completion": "bg:default fg:default",
        "completion-menu.completion.current": "reverse",
        "completion-menu.meta.completion": "bg:default #888888",
        "completion-menu.meta.completion.current": "bg:default #888888",
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: the value that is kept, how it is called, what it means, what else it is found by.

    One that is `always` there is in the menu whatever is typed: to add what is not found.
    """

    value: str
    words: str = ""
    meaning: str = ""
    found_by: str = ""
    always: bool = False

    @property
    def text(self) -> str:
        """What it is found by, folded."""
        return " ".join((fold_name(self.value), fold_name(self.words), self.found_by))


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, what is asked, and an example.

    Enter takes the `default`; `start` is a text to be changed.

    Of `choices` one must be chosen unless they are `open`, and they are shown at once unless it is `quiet`.
    `judge` says why an answer cannot be taken.
    """

    name: str
    meaning: str = ""
    example: str = ""
    default: str = ""
    start: str = ""
    needed: bool = False
    choices: Sequence[Choice] = ()
    open: bool = False
    quiet: bool = False
    judge: Callable[[str], str | None] = lambda answer: None


class Terminal:
    """The terminal at which somebody answers."""

    def __init__(self, before_question: Callable[[], object] = lambda: None) -> None:
        self._before_question = before_question
        colours = shows_colours(sys.stdout)
        self._depth = ColorDepth.DEPTH_8_BIT if colours else ColorDepth.MONOCHROME
        self._session: PromptSession[str] = PromptSession(
            style=_STYLE, color_depth=self._depth, reserve_space_for_menu=8, complete_while_typing=True
        )

    @property
    def width(self) -> int:
        """Columns in which text is laid out."""
        return max(40, min(shutil.get_terminal_size().columns, 100) - 1)

    def say(self, text: str, style: str = "", indent: str = "") -> None:
        """Show a text, wrapped between words."""
        for line in textwrap.wrap(
            visible(text), self.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        ) or [""]:
            print_formatted_text(
                FormattedText([(f"class:{style}" if style else "", line)]),
                style=_STYLE,
                color_depth=self._depth,
            )

    def entry(self, number: int, name: str, text: str) -> None:
        """Show a numbered line: a name and a text, wrapped beside it."""
        start = f"{number:>4}  {name:<20} "
        lines = textwrap.wrap(visible(text), max(20, self.width - len(start)), break_on_hyphens=False) or [""]
        for index, line in enumerate(lines):
            parts = [("class:dim", start if index == 0 else " " * len(start)), ("", line)]
            print_formatted_text(FormattedText(parts), style=_STYLE, color_depth=self._depth)

    def ask(self, question: Question) -> str:
        """Ask until the answer can be taken.

        Raises `KeyboardInterrupt` or `EOFError` where it is broken off.
        """
        self._before_question()
        name = f"{question.name} [{question.default}]" if question.default else question.name
        self.say("")
        if question.meaning:
            self.say(question.meaning, "dim")
        text = question.start
        while True:
            text = self._session.prompt(
                FormattedText([("class:name", visible(name, 120)), ("", ": ")]),
                default=text,
                completer=_Chooser(question.choices, self.width) if question.choices else None,
                bottom_toolbar=_Toolbar(question, self.width),
                pre_run=_open_menu
                if question.choices and not (question.open or question.quiet or text == question.start != "")
                else None,
            ).strip()
            answer, problem = resolve(question, text or question.default)
            problem = problem or question.judge(answer)
            if problem is None:
                chosen = next((choice for choice in question.choices if choice.value == answer), None)
                if chosen is not None and (chosen.found_by or text not in ("", answer, chosen.words)):
                    self.say(chosen.words or answer, "good", "  → ")
                return answer
            self.say(f"{problem.rstrip('.')}.", "wrong", "  ")
            if question.choices and not any(matching(question.choices, text, searched=True)):
                # What is like nothing would hide all that can be chosen.
                text = ""

    def ask_yes(self, name: str, default: bool = False) -> bool:
        """Ask a question that is answered with yes or no."""
        choices = [Choice("yes"), Choice("no")]
        question = Question(f"{name} [{'Y/n' if default else 'y/N'}]", choices=choices, open=True)
        return (self.ask(question) or ("y" if default else "n")).lower().startswith("y")


def resolve(question: Question, text: str) -> tuple[str, str | None]:
    """The answer that a text means, and why it means none: a choice by its value or by words of it."""
    if not text:
        return "", (question.judge("") or "it must be filled") if question.needed else None
    values = {choice.value for choice in question.choices}
    if not question.choices or text in values:
        return text, None
    sought = fold_name(text)
    exact = [choice for choice in question.choices if fold_name(choice.words) == sought]
    begins = [choice for choice in question.choices if f" {choice.text}".find(f" {sought}") in (0, 1)]
    within = list(matching(question.choices, text, searched=True))
    for hits in (exact, begins, within):
        if len(hits) == 1 and not question.open:
            return hits[0].value, None
    if question.open:
        return text, None
    if not within:
        others = "".join(
            f"; {choice.value} adds {choice.words}" for choice in question.choices if choice.always
        )
        return text, f"nothing here is called “{visible(text, 60)}”{others}"
    some = ", ".join(choice.words or choice.value for choice in within[:3])
    return text, f"{len(within)} are found by “{visible(text, 60)}”: {some}{' …' if within[3:] else ''}"


def matching(choices: Iterable[Choice], text: str, *, searched: bool = False) -> Iterator[Choice]:
    """The choices in which every word of a text is; those that are always there only if not `searched`."""
    words = fold_name(text).split()
    for choice in choices:
        if not searched if choice.always else all(word in choice.text for word in words):
            yield choice


class _Chooser(Completer):
    """The menu of what can be chosen, by any word of it in any script."""

    def __init__(self, choices: Sequence[Choice], width: int) -> None:
        self._choices = choices
        self._width = width

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """The choices that the text before the cursor leaves."""
        text = document.text_before_cursor
        for _, choice in zip(range(MAX_CHOICES), matching(self._choices, text), strict=False):
            yield Completion(
                choice.value,
                start_position=-len(text),
                display=clipped(visible(choice.words or choice.value), self._width * 3 // 5),
                display_meta=clipped(visible(choice.meaning), self._width * 2 // 5 - 4),
            )


class _Toolbar:
    """The line below a question: what the choice under the cursor means, else how to answer."""

    def __init__(self, question: Question, width: int) -> None:
        self._question = question
        self._width = width

    def __call__(self) -> Any:
        """The text; the prompt asks for it at each key."""
        state = get_app().current_buffer.complete_state
        current = None if state is None else state.current_completion
        if current is not None:
            choice = next((option for option in self._question.choices if option.value == current.text), None)
            if choice is not None and choice.meaning:
                words = f"{choice.words or choice.value}: {choice.meaning}"
                return "\n".join(textwrap.wrap(visible(words), self._width)[:3])
        hints = [f"for example {self._question.example}"] if self._question.example else []
        if self._question.choices:
            hints.append("type to search, ↓ to choose")
        if self._question.default or not self._question.needed:
            hints.append(f"Enter: {self._question.default or 'leave it empty'}")
        hints.append("Ctrl-C: stop and keep")
        return clipped(visible(" · ".join(filter(None, hints))), self._width)


def _open_menu() -> None:
    get_app().current_buffer.start_completion(select_first=False)
