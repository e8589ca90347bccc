"""What was not checked because of a finding that was made before: said once, and not row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.sentences import counted

CODES = {
    "not-checked": "References, claims or rules were not checked because of what is wrong with a table; "
    "a rule that could not run counts as one, whatever it would have looked at. "
    "Mend the table first, then validate again.",
    "referenced-table-empty": "A table has no record, but others refer to its records.",
}


@dataclass
class Reading:
    """How far a table was read; known when its last batch has been.

    `rows` is the number of its records, `finished` whether it was read to its end, `lost` how many records
    were left out because of errors in their form, `invalid_keys` how many cells of its keys are no values.
    """

    rows: int = 0
    finished: bool = False
    lost: int = 0
    invalid_keys: int = 0

    @property
    def explained(self) -> int:
        """How many ids may be missing because of what is wrong with the table, and is said of it."""
        return self.lost + self.invalid_keys

    def explains(self, missing: int) -> bool:
        """Whether so many ids may be missing because the table is wrong, could not be read or is empty."""
        return not self.finished or not self.rows or missing <= self.explained


class NotChecked(Exception):
    """Raised by a check that cannot run because of what is wrong with a table, which has its finding."""

    def __init__(self, table: str, what: str = "rule", number: int = 1) -> None:
        super().__init__(f"the table '{table}' is missing, or could not be read")
        self.table, self.what, self.number = table, what, number


class Unchecked:
    """Counts what was not checked, by the table that is the cause."""

    def __init__(self) -> None:
        self._numbers: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, table: str, what: str, number: int = 1) -> None:
        """Count things of a kind (`reference`, `claim`, `rule`) that were not checked because of a table."""
        self._numbers[table][what] += number

    def findings(
        self, paths: Mapping[str, str], descriptor: str, readings: Mapping[str, Reading], severity: Severity
    ) -> Iterator[Finding]:
        """One finding for each table: a note where it has its finding already, or that it is empty."""
        for table, numbers in sorted(self._numbers.items()):
            parts = [counted(number, what) for what, number in sorted(numbers.items()) if number]
            if not parts:
                continue
            what = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
            alone = sum(numbers.values()) == 1
            place = Place(path=paths.get(table, descriptor), table=table)
            reading = readings.get(table, Reading())
            if reading.finished and not reading.rows:
                message = f"the table has no record, but {what} {'needs' if alone else 'need'} its records"
                hint = "restore its rows, or remove what refers to them"
                yield Finding("referenced-table-empty", message, place, hint=hint)
                continue
            message = (
                f"{what} {'was' if alone else 'were'} not checked because of what is wrong with '{table}'"
            )
            hint = f"mend '{table}' first, then validate again"
            yield Finding("not-checked", message, place, severity=severity, hint=hint)
