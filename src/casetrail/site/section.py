"""Section: a part of the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its address, its title, and the template of its name."""

    id: str
    title: str

    @property
    def template(self) -> str:
        """The file of the template."""
        return f"{self.id}.html.jinja"
