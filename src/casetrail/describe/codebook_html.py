"""The codebook as one HTML page that needs no network, with a diagram of the tables."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from casetrail.describe.codebook_markdown import share
from casetrail.describe.table_diagram import table_diagram
from casetrail.findings.visible import visible
from casetrail.languages.words import say, say_amount, say_number

_FOLDER = Path(__file__).parent


def html(document: dict[str, Any]) -> str:
    """The page, from the value that `codebook_document` makes. Its policy allows its own style only."""
    style = (_FOLDER / "codebook.css").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"words": _words, "share": share}
    environment.globals |= {"_": say, "_n": say_number, "amount": say_amount}
    template = environment.from_string((_FOLDER / "codebook.html.jinja").read_text(encoding="utf-8"))
    return template.render(
        document=document,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        diagram=Markup(table_diagram(document["tables"])),
    )


def _words(text: str | None) -> Markup:
    """A text of a descriptor with its code spans; all other marks of CommonMark stay as they are written."""
    parts = re.split(r"`([^`]+)`", visible(text or ""))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part.replace("*", ""))
        for number, part in enumerate(parts)
    )
