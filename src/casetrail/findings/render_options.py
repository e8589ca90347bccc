"""Render options: how a report is rendered, beyond what it says."""

from __future__ import annotations

from typing import NamedTuple

from casetrail.findings.catalogue import catalogue
from casetrail.findings.excerpt import Source


class RenderOptions(NamedTuple):
    """What a caller may choose. Each rendering takes of it what applies.

    - `colour`: terminal colours in text.
    - `width`: columns of the terminal; `None` where the reader is no terminal, so that nothing is wrapped.
    - `source`: looks up records, for excerpts and character columns.
    - `base`: path of the package's folder as the reader sees it, put before the paths in text, github,
      sarif and junit.
    - `tool_version`: the version of casetrail, for sarif and the foot of the page.
    - `documentation_url`: where the documentation is, for links in sarif and html.
    """

    colour: bool = False
    width: int | None = None
    source: Source | None = None
    base: str = ""
    tool_version: str | None = None
    documentation_url: str | None = None

    def url_of(self, code: str) -> str | None:
        """The address of a finding code in the documentation; a package's own rules have none."""
        if self.documentation_url is None or code not in catalogue():
            return None
        return f"{self.documentation_url.rstrip('/')}/findings/#{code}"

    def path(self, path: str | None) -> str | None:
        """The path as the reader would open it."""
        if path is None:
            return None
        base = self.base.replace("\\", "/").rstrip("/")
        return path if base in ("", ".") else f"{base}/{path}"
