"""Kept answers: what was answered before somebody stopped or something failed, until it is taken up again.

They are in a file that only its owner can read, in the folder for the state of programs, for each package and
kind of row one. They hold what was asked for, and the name of a withheld person is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casetrail.curate.outputs import state_folder


class KeptAnswers:
    """The kept answers for one package and kind of row: entries with the word for what each adds."""

    def __init__(self, package: Path, kind: str) -> None:
        digest = hashlib.sha256(f"{package.resolve()}\n{kind}".encode()).hexdigest()
        self._path = state_folder() / "answers" / f"{digest[:32]}.json"

    def load(self) -> list[tuple[str, dict[str, Any]]]:
        """What was kept; nothing where nothing was, or it cannot be read."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return [(str(word), dict(entry)) for word, entry in kept]
        except (OSError, ValueError, TypeError):
            return []

    def keep(self, entries: Sequence[tuple[str, dict[str, Any]]]) -> bool | None:
        """Keep the entries; whether that could be done, `None` where there is no answer among them."""
        if not any(_holds_text(entry) for _, entry in entries):
            self.drop()
            return None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, ensure_ascii=False)
        except OSError:
            return False
        return True

    def drop(self) -> None:
        """Forget what was kept."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def _holds_text(value: object) -> bool:
    """Whether there is an answer in an entry, or in what belongs to it."""
    if isinstance(value, dict):
        return any(map(_holds_text, value.values()))
    return any(map(_holds_text, value)) if isinstance(value, list) else bool(value)
