"""CasetrailError: why a command could not run at all."""

from __future__ import annotations


class CasetrailError(Exception):
    """The one exception that leaves this library: its text is one sentence with place, reason and remedy.

    A command that meets it prints the sentence and ends with exit code 2 (or `exit_code` where the cause lies
    in the content of a package, as when a release is refused).
    """

    def __init__(self, sentence: str, *, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class NotMade(CasetrailError):
    """Why a dataset cannot have a file of this kind: a release goes without it and says why."""
