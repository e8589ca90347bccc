"""BibTeX: the citation as an entry `@dataset`, a type of biblatex that older styles print as `@misc`."""

from __future__ import annotations

import re

from casetrail.describe.agent import Agent
from casetrail.describe.citation import Citation

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
    }
)
# What LaTeX would set as one sign: two hyphens as a dash, two apostrophes as a quotation mark.
_LIGATURE = re.compile(r"([-`',<>])(?=\1)|([?!])(?=`)")


def bibtex(citation: Citation) -> str:
    """One entry, UTF-8. Title and names of organizations are in braces, so that no style changes them."""
    fields = {
        "author": " and ".join(_name(agent) for agent in citation.creators),
        "title": f"{{{_escaped(citation.title)}}}",
        "year": str(citation.day.year),
        "month": _MONTHS[citation.day.month - 1],
        "date": citation.day.isoformat(),
        "version": _escaped(citation.version),
        "publisher": "" if citation.publisher is None else _name(citation.publisher),
        "doi": citation.doi or "",
        # Of a verbatim field only the braces count; an address has none once they are percent-encoded.
        "url": (citation.link or "").replace("{", "%7B").replace("}", "%7D"),
        "keywords": ", ".join(_escaped(word) for word in citation.keywords),
    }
    lines = [
        f"  {name:<9} = {value if name == 'month' else '{' + value + '}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@dataset{{{_key(citation.key)},", *lines, "}", ""])


def _name(agent: Agent) -> str:
    if agent.family and agent.given_name:
        return f"{_escaped(agent.family)}, {_escaped(agent.given_name)}"
    return f"{{{_escaped(agent.family or agent.given_name or agent.name)}}}"


def _escaped(text: str) -> str:
    escapes = _ESCAPES if not _balanced(text) else _ESCAPES | {ord("{"): r"\{", ord("}"): r"\}"}
    return " ".join(_LIGATURE.sub(r"\g<0>{}", text.translate(escapes)).split())


def _balanced(text: str) -> bool:
    """Whether the braces pair up: BibTeX counts them though a backslash is before them."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _key(key: str) -> str:
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.:") else "-" for letter in key
    )
