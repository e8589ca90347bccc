"""What all messages share: one thing is not called two, and an id is quoted as far as it differs."""

from __future__ import annotations

import re
from pathlib import Path

import casetrail
from casetrail.types.problem import quoted

_COUNTED = re.compile(
    r"\{(?![^{}]*(?:MAX|_MOST|packages))[^{}]*\} "
    r"(?:rows|cells|tables|files|findings|records|errors|characters|claims|references)\b"
)


def test_no_message_counts_without_looking_whether_it_is_one() -> None:
    folder = Path(casetrail.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert "MAX" in line or not _COUNTED.search(line), f"{path.name}:{number}: use counted(): {line}"


def test_two_ids_that_differ_at_their_end_are_quoted_as_two() -> None:
    page = "so-example-gazette-20260112-three-go-on-trial-in-"
    first, second = f"{page}astana", f"{page}almaty"
    assert quoted(first) != quoted(second)
    assert quoted(f"{first}, {second}") != quoted(f"{first}, {first}")
    assert len(quoted("word " * 50)) < 50 and len(quoted("x" * 5000)) < 130
