"""Row: what every table's model has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator

from casetrail.checks.row_rules import RowRule


@dataclass(frozen=True, slots=True)
class Table:
    """What a table is: its name, the prefix of its ids, its key, and the rules that each of its rows keeps.

    `evidenced` tells whether each row must have evidence.
    """

    name: str
    singular: str
    prefix: str
    title: str
    rules: tuple[RowRule, ...] = ()
    evidenced: bool = True

    @property
    def key(self) -> str:
        """The name of the primary key column."""
        return f"{self.singular}_id"


class RowRuleBroken(ValueError):
    """A row breaks a named rule; `rule` is the rule."""

    def __init__(self, rule: RowRule) -> None:
        super().__init__(rule.sentence)
        self.rule = rule


class Row(BaseModel):
    """A row of a table: strict, frozen, and held to the rules that its table states."""

    # Validators are built when a row is first made: a validation only asks the models for rules and columns.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    TABLE: ClassVar[Table]

    @classmethod
    def from_text(cls, cells: Mapping[str, str]) -> Self:
        """Make a row from text cells, in which `""` is missing.

        Whole numbers and vocabulary terms are read from their text; everything else stays as it stands.
        Raises pydantic's `ValidationError`, which names the column or the rule.
        """
        return cls.model_validate_strings({name: text for name, text in cells.items() if text != ""})

    def as_text(self) -> dict[str, str]:
        """The row as text cells, every column present."""
        values: dict[str, Any] = self.model_dump(mode="json")
        return {name: "" if value is None else str(value) for name, value in values.items()}

    @model_validator(mode="after")
    def _keeps_rules(self) -> Self:
        cells = self.as_text()
        for rule in self.TABLE.rules:
            if not rule.holds(cells):
                raise RowRuleBroken(rule)
        return self
