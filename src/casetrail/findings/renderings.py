"""The renderings of a report, by name. All say the same; each is imported when it is asked for."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from casetrail.findings.error import CasetrailError
from casetrail.findings.excerpt import Source, without_sensitive
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent

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

    def __call__(self, report: ReportContent, options: RenderOptions) -> str:
        """The whole report as text that ends with a line end."""


def renderer(format_name: str) -> Renderer:
    """The rendering of that name; an unknown name is a `CasetrailError`."""
    module = _MODULES.get(format_name)
    if module is None:
        raise CasetrailError(f"There is no format '{format_name}'; choose one of {', '.join(FORMATS)}.")
    return cast(Renderer, import_module(f"casetrail.findings.{module}").render)


def render(
    report: ReportContent,
    format_name: str = "text",
    *,
    colour: bool = False,
    width: int | None = None,
    source: Source | None = None,
    base: str = "",
    tool_version: str | None = None,
    documentation_url: str | None = None,
) -> str:
    """The report in a format, as text that ends with a line end; for the keywords see `RenderOptions`."""
    if source is not None:
        source = without_sensitive(source, report.findings, report.counts)
    options = RenderOptions(colour, width, source, base, tool_version, documentation_url)
    return renderer(format_name)(report, options)


def report_schema() -> dict[str, Any]:
    """The JSON Schema of the report in JSON, which is a file of this package (`report.schema.json`)."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("report.schema.json").read_text("utf-8"))
    return schema
