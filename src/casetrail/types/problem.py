"""ValueProblem and FieldProblem: why a text is not a value, and why a field cannot have values."""

from __future__ import annotations

from casetrail.findings.visible import MAX_QUOTE, MAX_WORD, cut


class ValueProblem(ValueError):
    """Why one text is not a value, in words for the person who must mend it.

    `reason` is a clause without leading capital or full stop that can follow a colon ("there is no month
    13"); `hint`, when there is one, says what to do or what probably happened, in the same form.
    """

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint

    def __reduce__(self) -> tuple[type[ValueProblem], tuple[str, str | None]]:
        """Keep the hint when the problem crosses to another process."""
        return type(self), (self.reason, self.hint)


class FieldProblem(ValueProblem):
    """Why no value of a field can be read: its type, format or properties are not usable as declared."""


def quoted(text: str) -> str:
    """The text in quotes, cut where it is long: of a word, as ids are, what differs is often at its end."""
    return f"'{cut(text, MAX_QUOTE if ' ' in text.replace(', ', '') else MAX_WORD)}'"
