"""A table with the line ends of Windows."""

from pathlib import Path


def make(package: Path) -> None:
    """Write them."""
    path = package / "data" / "places.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
