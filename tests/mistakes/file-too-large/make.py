"""A JSON file one byte larger than the limit."""

from pathlib import Path

from casetrail.tables.file_formats import MAX_JSON


def make(package: Path) -> None:
    with (package / "hearings.json").open("wb") as file:
        file.truncate(MAX_JSON + 1)
