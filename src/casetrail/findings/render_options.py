"""Render options: how a report is rendered, beyond what it says."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.findings.excerpt import Source


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What a caller may choose. Each rendering takes of it what applies.

    - `colour`: terminal colours in text.
    - `width`: columns of the terminal; `None` where the reader is no terminal, so that nothing is wrapped.
    - `source`: looks up records, for excerpts and character columns.
    - `base`: path of the package's folder as the reader sees it, put before the paths in text, github,
      sarif and junit.
    - `tool_version`: the version of casetrail, for sarif and the foot of the page.
    """

    colour: bool = False
    width: int | None = None
    source: Source | None = None
    base: str = ""
    tool_version: str | None = None

    def path(self, path: str | None) -> str | None:
        """The path as the reader would open it."""
        if path is None:
            return None
        base = self.base.replace("\\", "/").rstrip("/")
        return path if base in ("", ".") else f"{base}/{path}"
