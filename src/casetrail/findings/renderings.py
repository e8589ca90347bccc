"""The renderings of a report, by name. All say the same; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from casetrail.findings.error import CasetrailError
from casetrail.findings.excerpt import Source
from casetrail.findings.manner import Manner
from casetrail.findings.report import Report

_MODULES = {
    "text": "text",
    "json": "json_report",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "html": "html",
    "markdown": "markdown",
}

FORMATS = tuple(_MODULES)
"""The names of the renderings, for `--format`."""


class Renderer(Protocol):
    """What each rendering module offers as `render`."""

    def __call__(self, report: Report, manner: Manner) -> str:
        """The whole report as text that ends with a line end."""


def renderer(format_name: str) -> Renderer:
    """The rendering of that name; an unknown name is a `CasetrailError`."""
    module = _MODULES.get(format_name)
    if module is None:
        raise CasetrailError(f"There is no format '{format_name}'; choose one of {', '.join(FORMATS)}.")
    return cast(Renderer, import_module(f"casetrail.findings.{module}").render)


def render(
    report: Report,
    format_name: str = "text",
    *,
    colour: bool = False,
    width: int | None = None,
    source: Source | None = None,
    base: str = "",
    tool_version: str | None = None,
) -> str:
    """Render a report; what the keywords mean is said at `Manner`. The text ends with a line end."""
    return renderer(format_name)(report, Manner(colour, width, source, base, tool_version))
