"""The file is no spreadsheet."""

from pathlib import Path


def make(package: Path) -> None:
    (package / "ships.xlsx").write_text("id,length\ns1,12\n", encoding="utf-8", newline="")
