"""A JSON file one byte larger than the limit."""

from pathlib import Path

from casetrail.standard.limits import MAX_JSON_TABLE


def make(package: Path) -> None:
    with (package / "hearings.json").open("wb") as file:
        file.truncate(MAX_JSON_TABLE + 1)
