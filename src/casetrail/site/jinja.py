"""The environment of the templates: everything is escaped, nothing may be missing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from casetrail.site.safe_text import direction, language_tag, language_words, reveal_invisible, web_address

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup


@cache
def environment() -> Environment:
    """The one environment, with the filters and functions that the templates use."""
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from casetrail.case.views.date_words import date_words
    from casetrail.case.views.labels import (
        capital,
        disclosure_label,
        number_of_people,
        people_words,
    )
    from casetrail.case.views.lede import counted
    from casetrail.describe.dataset import custom
    from casetrail.describe.field_description import describe_field, describe_type
    from casetrail.describe.styles import STYLE_TITLES, STYLES
    from casetrail.site.chart import em, px
    from casetrail.site.compact import compact
    from casetrail.site.marks import SHAPES, stance_mark

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
        capital=capital,
        coded=coded,
        compact=compact,
        counted=counted,
        date=date_words,
        disclosure=disclosure_label,
        em=em,
        halves=halves,
        number=number,
        number_of_people=number_of_people,
        people=people_words,
        px=px,
        size=size_words,
        stance_mark=stance_mark,
        web=web_address,
    )
    made.globals.update(
        custom=custom,
        direction=direction,
        describe_field=describe_field,
        language_tag=language_tag,
        language_words=language_words,
        shapes=SHAPES,
        styles=STYLES,
        style_titles=STYLE_TITLES,
        describe_type=describe_type,
    )
    return made


def _final(value: Any) -> Any:
    """Every text that is printed, markup of ours aside, is made safe to show."""
    return reveal_invisible(value) if type(value) is str else value


def coded(text: str) -> Markup:
    """Plain text in which what is between backticks becomes code."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`]*)`", reveal_invisible(text))
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
