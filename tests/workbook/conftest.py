"""A workbook of a small case, to be edited as a spreadsheet program does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.package.package import open_package
from casetrail.workbook.merge import MergeResult
from casetrail.workbook.write import workbook_bytes
from edited_workbook import Book, Formula, load


@pytest.fixture
def workbook(harbour_case: Path, tmp_path: Path) -> Path:
    """The workbook of the case, as it was written."""
    path = tmp_path / "case.xlsx"
    path.write_bytes(workbook_bytes(open_package(harbour_case)))
    return path


@pytest.fixture
def book(workbook: Path) -> Book:
    """The workbook, to be edited."""
    return load(workbook)


@pytest.fixture
def tally() -> Callable[[MergeResult, str], dict[str, int]]:
    """How many cells were changed, or how many rows added or removed, by table."""

    def count(result: MergeResult, kind: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for change in result.changes:
            if change.kind == kind:
                counts[change.table] += len(change.cells) if kind == "changed" else 1
        return dict(counts)

    return count


@pytest.fixture
def load_book() -> Callable[[Path], Book]:
    """Load any workbook."""
    return load


@pytest.fixture
def formula() -> type[Formula]:
    """The formula type, for a value of a cell."""
    return Formula
