"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_package(
    parser: argparse.ArgumentParser, kinds: str = "folder, descriptor or zip", *, option: bool = False
) -> None:
    """Add the package that is read: the positional argument, or `--package` where another thing is read."""
    words = f"{kinds} (./datapackage.json)"
    if option:
        parser.add_argument(
            "--package", type=Path, default=Path("datapackage.json"), metavar="PATH", help=words
        )
    else:
        parser.add_argument("package", nargs="?", type=Path, default=Path("datapackage.json"), help=words)
