"""APA: the citation as a line of a reference list, in the style of the APA's seventh edition."""

from __future__ import annotations

from casetrail.describe.agent import Agent
from casetrail.describe.citation import Citation


def apa(citation: Citation) -> str:
    """One line of plain text: authors, year, title, version, `[Data set]`, publisher and address.

    As the style has it, a publisher that is the author is not named twice, and of more than twenty authors
    the first nineteen and the last are named.
    """
    names = [_name(agent) for agent in citation.creators]
    parts = [
        f"{_joined(names)} ({citation.day.year}).",
        f"{citation.title} (Version {citation.version}) [Data set].",
    ]
    publisher = citation.publisher
    if publisher is not None and [publisher.name] != [agent.name for agent in citation.creators]:
        parts.append(_with_stop(publisher.name))
    if citation.link:
        parts.append(citation.link)
    return " ".join(parts) + "\n"


def _joined(names: list[str]) -> str:
    if len(names) > 20:
        return f"{', '.join(names[:19])}, … {names[-1]}"
    if len(names) > 1:
        return f"{', '.join(names[:-1])}, & {names[-1]}"
    return names[0]


def _name(agent: Agent) -> str:
    if agent.kind == "person" and agent.family:
        initials = " ".join(_initial(part) for part in (agent.given_name or "").split())
        return f"{agent.family}, {initials}" if initials else _with_stop(agent.family)
    return _with_stop(agent.name)


def _initial(name: str) -> str:
    return "-".join(f"{part[0]}." for part in name.split("-") if part)


def _with_stop(name: str) -> str:
    return name if name.endswith(".") else f"{name}."
