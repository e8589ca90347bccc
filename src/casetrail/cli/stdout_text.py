"""Documents on standard output: to a file or program as they are, to a terminal with nothing unseen."""

from __future__ import annotations

import sys


def for_stdout(text: str) -> str:
    """The text as it may be written there: a title could else give the terminal commands."""
    if not sys.stdout.isatty():
        return text
    from casetrail.findings.visible import visible_lines

    return visible_lines(text)
