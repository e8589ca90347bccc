"""Section: a part of the page."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.languages.words import say


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its address, its title, and the template of its name."""

    id: str
    title_message: str

    @property
    def title(self) -> str:
        """The title in words."""
        return say(self.title_message)

    @property
    def template(self) -> str:
        """The file of the template."""
        return f"{self.id}.html.jinja"
