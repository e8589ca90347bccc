"""What a contributor accepts: changes of a workbook that are taken only when somebody names them."""

from __future__ import annotations

from collections.abc import Iterable

from casetrail.findings.error import CasetrailError

KINDS = {
    "new": "rows with a new id",
    "deleted": "rows that were deleted in the workbook",
    "conflicts": "cells that were changed in the workbook and in the package; the workbook wins",
    "moved": "columns that are in another order",
    "mangled": "cells that a spreadsheet program may have changed, as they are",
}
"""The words that `--accept` takes beside ids and cells (`events!D5`)."""


class Accepted:
    """The things named with `--accept`, and which of them were in question."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        # A key of several parts has a comma in it, so the text as a whole is a word as well.
        self._texts = {text.strip(): {part.strip() for part in text.split(",")} - {""} for text in words}
        self._words = self._texts.keys() | set().union(*self._texts.values())
        self._used: set[str] = set()

    def takes(self, kind: str, *, key: str = "", cell: str = "") -> bool:
        """Whether a change of this kind, of this row or cell, is accepted."""
        named = {kind, key, cell} & self._words
        self._used |= named
        return bool(named)

    def check_used(self) -> None:
        """Refuse what names nothing that is in question: a slip in an id must not look like an answer.

        Raises:
            CasetrailError: Something does.
        """
        known = self._used | KINDS.keys()
        idle = sorted(
            part for text, parts in self._texts.items() if text not in known for part in parts - known
        )
        if idle:
            raise CasetrailError(
                f"--accept {idle[0]}: nothing of this name is in question; name an id, a cell (events!D5) or "
                f"one of {', '.join(KINDS)}"
            )
