"""The path is a link to a link that leads back to it."""

from pathlib import Path


def make(package: Path) -> None:
    (package / "hearings.csv").symlink_to("other.csv")
    (package / "other.csv").symlink_to("hearings.csv")
