"""The verdict of the row models on a case: another reading of the same documents than that of the checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from casetrail.case.profile import tables_of
from casetrail.case.row_model import row_model
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """How many rows were judged and how many refused, and the first refusals in words."""

    rows: int
    refused: int
    first: tuple[str, ...]


MAX_REFUSALS = 5
"""How many refusals are put in words."""


def row_verdict(package: Package) -> RowVerdict:
    """Judge every row of every table of a case by the model of its table."""
    rows, refused = 0, 0
    first: list[str] = []
    for name, spec in tables_of(package).items():
        model = row_model(spec)
        for batch in package.resource(name).batches(ReportBuilder(limit=0)):
            for index, cells in enumerate(batch.cells.to_pylist()):
                rows += 1
                try:
                    model.from_text(cells)
                except ValidationError as error:
                    refused += 1
                    if len(first) < MAX_REFUSALS:
                        first += [f"{name}, row {batch.row(index)}: {words}" for words in _words(error)]
    return RowVerdict(rows, refused, tuple(first[:MAX_REFUSALS]))


def _words(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_input=False):
        yield ": ".join([*map(str, problem["loc"]), problem["msg"]])
