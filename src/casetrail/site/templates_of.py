"""The environment of the templates: everything is escaped, nothing may be missing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from casetrail.site.shown import direction, language_tag, language_words, shown, web_address

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup


@cache
def environment() -> Environment:
    """The one environment, with the filters and functions that the templates use."""
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from casetrail.describe.dataset import custom, field_words
    from casetrail.describe.field_type import type_words
    from casetrail.describe.styles import STYLES
    from casetrail.site.chart import px
    from casetrail.site.kinds import EVENTS, SHAPES, STANCES

    folder: Path = Path(__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        capital=capital, web=web_address, coded=coded, size=size_words, number=number, px=px, halves=halves
    )
    made.globals.update(
        custom=custom,
        direction=direction,
        event_looks=EVENTS,
        field_words=field_words,
        language_tag=language_tag,
        language_words=language_words,
        shapes=SHAPES,
        stance_looks=STANCES,
        styles=STYLES,
        type_words=type_words,
    )
    return made


def _final(value: Any) -> Any:
    """Every text that is printed, markup of ours aside, is made safe to show."""
    return shown(value) if type(value) is str else value


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it stands."""
    return text[:1].upper() + text[1:]


def coded(text: str) -> Markup:
    """Plain text in which what stands between backticks becomes code."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`]*)`", shown(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if position % 2 else escape(part)
        for position, part in enumerate(parts)
    )


def halves(title: str) -> tuple[str, str]:
    """A title and, after its first colon, what it says besides."""
    first, _, rest = title.partition(": ")
    return first, rest


def number(value: int) -> str:
    """A number with its thousands parted."""
    return f"{value:,}"


def size_words(value: int | None) -> str:
    """A size of a file for a reader: `12 kB`."""
    if value is None:
        return ""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if value >= factor:
            amount = value / factor
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{value} bytes"
