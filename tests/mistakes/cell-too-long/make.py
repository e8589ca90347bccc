"""A cell of 17 MB: no more than 16 MB are read, since it is nearly always a quotation mark not closed."""

from pathlib import Path


def make(package: Path) -> None:
    cell = "x" * (17 * 1024 * 1024)
    (package / "hearings.csv").write_text(f"id,room\nh1,{cell}\nh2,4\n", encoding="utf-8")
