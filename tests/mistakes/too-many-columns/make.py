"""A header with 20,001 columns."""

from pathlib import Path


def make(package: Path) -> None:
    names = ",".join(f"c{number}" for number in range(20_001))
    (package / "hearings.csv").write_text(f"{names}\n", encoding="utf-8")
