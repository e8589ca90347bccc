"""The torture table: one small package with what breaks loaders, and what each of its cells means."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main

PACKAGE = Path(__file__).parent / "package"
UTC = dt.UTC
Column = Sequence[Any]
Columns = Mapping[str, Column]

TYPED: dict[str, list[Any]] = {
    "count": [1, None, -3, 2147483648, 0],
    "beyond": [9007199254740993, None, -9223372036854775808, 1, 9223372036854775807],
    "huge": [Decimal(2**64), None, Decimal(-1), Decimal(1), Decimal("9" * 38)],
    "amount": [0.1, None, -1.5, 1e21, 2.2250738585072014e-308],
    "exact": [
        Decimal("0.1234567890123456789"),
        None,
        Decimal("1.5"),
        Decimal(-2),
        Decimal("12345678901234567.25"),
    ],
    "odd": [float("nan"), None, float("inf"), float("-inf"), 0.0],
    "open": [True, None, False, True, False],
    "day": [
        dt.date(1812, 6, 24),
        None,
        dt.date(2024, 2, 29),
        dt.date(1969, 12, 31),
        dt.date(1, 1, 1),
    ],
    "clock": [dt.time(0), None, dt.time(23, 59, 59), dt.time(15), dt.time(12, 34, 56)],
    "moment": [
        dt.datetime(1903, 1, 26, 10, 0, 0, 250000, UTC),
        None,
        dt.datetime(2026, 1, 23, 10, tzinfo=UTC),
        dt.datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        dt.datetime(2026, 3, 1, 11, 30, tzinfo=UTC),
    ],
    "local": [
        dt.datetime(1903, 1, 26, 15),
        None,
        dt.datetime(2026, 1, 23, 15),
        dt.datetime(1969, 12, 31, 23, 59, 59),
        dt.datetime(2024, 2, 29, 0, 0, 0, 500000),
    ],
    "year": [2024, None, 1066, 1600, 1812],
    "when_earliest": [
        dt.date(2025, 11, 1),
        None,
        None,
        dt.date(2025, 11, 13),
        dt.date(2025, 11, 13),
    ],
    "when_latest": [
        dt.date(2025, 11, 30),
        None,
        dt.date(2026, 1, 23),
        dt.date(2025, 11, 14),
        dt.date(2025, 11, 13),
    ],
}
"""The values of the columns that are not text, written down here apart from any code that reads them."""

AS_TEXT: dict[str, list[Any]] = {
    "huge": ["18446744073709551616", None, "-1", "1", "99999999999999999999999999999999999999"],
    "exact": ["0.1234567890123456789", None, "1.5", "-2", "12345678901234567.25"],
    "day": ["1812-06-24", None, "2024-02-29", "1969-12-31", "0001-01-01"],
    "clock": ["00:00:00", None, "23:59:59", "15:00:00", "12:34:56"],
    "moment": [
        "1903-01-26T10:00:00.25Z",
        None,
        "2026-01-23T10:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-03-01T11:30:00Z",
    ],
    "local": [
        "1903-01-26T15:00:00",
        None,
        "2026-01-23T15:00:00",
        "1969-12-31T23:59:59",
        "2024-02-29T00:00:00.5",
    ],
    "when_earliest": ["2025-11-01", None, None, "2025-11-13", "2025-11-13"],
    "when_latest": ["2025-11-30", None, "2026-01-23", "2025-11-14", "2025-11-13"],
}
"""The same where a format has no type for them: as ISO 8601 and as digits."""


def texts() -> dict[str, list[str]]:
    """Every cell of the file as its text, read by the csv module of Python."""
    with (PACKAGE / "data" / "torture.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def meant() -> dict[str, list[Any]]:
    """What every cell means where texts are texts, before any type: `None` where there is no value."""
    return {
        name: [None if cell == ("-" if name == "blank" else "") else cell for cell in cells]
        for name, cells in texts().items()
    }


@pytest.fixture(scope="session")
def as_texts() -> Columns:
    """Every cell as text, `None` where there is no value: what a CSV read as text gives."""
    return meant()


@pytest.fixture(scope="session")
def typed() -> Columns:
    """Every cell with its type: what a format with types gives."""
    return meant() | TYPED


@pytest.fixture(scope="session")
def as_json() -> Columns:
    """Every cell as JSON has it: numbers, true and false, and texts for the rest."""
    odd = ["NaN", None, "INF", "-INF", 0.0]
    return meant() | TYPED | AS_TEXT | {"odd": odd}


@pytest.fixture(scope="session")
def as_sql() -> Columns:
    """Every cell as SQLite has it: yes and no are 1 and 0, a column with a NaN is text."""
    odd = ["NaN", None, "INF", "-INF", "0"]
    return meant() | TYPED | AS_TEXT | {"odd": odd, "open": [1, None, 0, 1, 0]}


@pytest.fixture(scope="session")
def torture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the torture table; not to be touched."""
    folder = tmp_path_factory.mktemp("torture")
    shutil.copytree(PACKAGE, folder / "package")
    assert main(["release", str(folder / "package"), "--output", str(folder)]) == 0
    return folder / "torture-1.0.0"
