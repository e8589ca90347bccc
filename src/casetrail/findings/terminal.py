"""The terminal: whether it shows colours, and the styles that every command prints in."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

BOLD, DIM, STRUCK, RED, GREEN, YELLOW, CYAN = "1", "2", "9", "31", "32", "33", "36"
"""The styles, as Select Graphic Rendition numbers them (ECMA-48, 8.3.117)."""

Paint = Callable[..., str]
"""Gives a text these styles: `paint(text, BOLD, RED)`."""


def shows_colours(stream: TextIO) -> bool:
    """Whether to print colours: on a terminal that is not dumb, unless `NO_COLOR` is set.

    `FORCE_COLOR` asks for them elsewhere too, as where a build service keeps the output.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: str) -> str:
    """The text in these styles."""
    return f"\x1b[{';'.join(styles)}m{text}\x1b[0m" if text else text


def plain(text: str, *styles: str) -> str:
    """The text as it is: `paint` for where nothing shows colours."""
    return text
