"""The environment of the templates: everything is escaped, nothing may be missing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from casetrail.languages.words import message, say, say_amount, say_as, say_number, unreviewed
from casetrail.site.safe_text import direction, language_tag, language_words, reveal_invisible, web_address

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup

    from casetrail.standard.schema import FieldDescriptor


@cache
def environment() -> Environment:
    """The one environment, with the filters and functions that the templates use."""
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from casetrail.case.views.date_words import date_words
    from casetrail.case.views.labels import (
        capital,
        counted,
        disclosure_label,
        number_of_people,
        people_words,
    )
    from casetrail.describe.dataset import custom
    from casetrail.describe.field_description import describe_field
    from casetrail.describe.styles import STYLE_TITLES, STYLES
    from casetrail.site.chart import em, px
    from casetrail.site.compact import compact
    from casetrail.site.marks import SHAPES

    folder: Path = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        capital=capital,
        coded=coded,
        compact=compact,
        counted=counted,
        date=date_words,
        disclosure=disclosure_label,
        em=em,
        halves=halves,
        number=say_amount,
        number_of_people=number_of_people,
        people=people_words,
        px=px,
        size=size_words,
        web=web_address,
    )
    environment.globals.update(
        _=_say,
        _n=_say_number,
        code=code,
        unreviewed=unreviewed,
        custom=custom,
        directed=_directed,
        describe_field=describe_field,
        language_tag=language_tag,
        language_words=language_words,
        shapes=SHAPES,
        styles=STYLES,
        style_titles=STYLE_TITLES,
        type_words=_type_words,
    )
    return environment


def _say(text: str, **values: Any) -> Markup:
    """A message as markup, for that is what a catalogue of ours may have in it; its values are made safe."""
    from markupsafe import Markup

    words = Markup(say(text))
    return words % {name: _final(value) for name, value in values.items()} if values else words


def _say_number(singular: str, plural: str, number: int, **values: Any) -> Markup:
    """A message in the form that the number asks for, as markup."""
    from markupsafe import Markup

    amount = say_amount(number)
    form = Markup(say_number(singular, plural, number, num="%(num)s", **{n: f"%({n})s" for n in values}))
    return form % {name: _final(value) for name, value in {"num": amount, **values}.items()}


def code(text: str) -> Markup:
    """A command or a path, as code."""
    from markupsafe import Markup

    return Markup("<code>{}</code>").format(reveal_invisible(text))


def _final(value: Any) -> Any:
    """Every text that is printed, markup of ours aside, is made safe to show."""
    return reveal_invisible(value) if type(value) is str else value


def _type_words(field: FieldDescriptor) -> str:
    """The type of a column without its pattern, which few readers of a page can read."""
    from casetrail.describe.field_description import describe_type

    limits = field.constraints.but(pattern=None)
    return describe_type(field.but(constraints=limits))


def _directed(language: str, script: str = "") -> Markup | str:
    """The attribute of the direction of a text; none where it is that of the page."""
    from markupsafe import Markup

    way = direction(language, script)
    return "" if way == "ltr" else Markup(' dir="{}"').format(way)


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


def size_words(value: int | None) -> str:
    """A size of a file for a reader: `12 kB`."""
    if value is None:
        return ""
    for unit, factor in ((message("%(number)s MB"), 1_000_000), (message("%(number)s kB"), 1_000)):
        if value >= factor:
            amount = value / factor
            digits = (
                f"{amount:.1f}".replace(".", say_as("before decimals", "."))
                if amount < 10
                else f"{amount:.0f}"
            )
            return say(unit, number=digits)
    return say_number("%(num)s byte", "%(num)s bytes", value)
