"""RIS: the citation as reference managers import it, with the type `DATA`."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.citation import Citation


def ris(citation: Citation) -> str:
    """One record. The version is in `ET` (edition), where Zotero and others look for it."""
    return "".join(
        f"{tag}  - {' '.join(value.split())}".rstrip(" ") + "\n" for tag, value in _lines(citation)
    )


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA"
    for agent in citation.creators:
        yield "AU", agent.inverted_name
    yield "TI", citation.title
    yield "PY", str(citation.day.year)
    yield "DA", citation.day.isoformat().replace("-", "/")
    yield "ET", citation.version
    if citation.publisher is not None:
        yield "PB", citation.publisher.name
    if citation.abstract:
        yield "AB", citation.abstract
    for word in citation.keywords:
        yield "KW", word
    if citation.doi:
        yield "DO", citation.doi
    if citation.link:
        yield "UR", citation.link
    yield "ER", ""
