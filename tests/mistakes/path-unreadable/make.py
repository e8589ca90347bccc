"""Makes the file of this mistake."""

from pathlib import Path


def make(package: Path) -> None:
    (package / "hearings.csv").symlink_to("other.csv")
    (package / "other.csv").symlink_to("hearings.csv")
