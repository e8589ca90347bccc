"""Conflict markers: the lines that git writes into a file of which it could not put two versions together."""

from __future__ import annotations

KEEP_ONE = "two versions of the file were merged: keep what is right, and delete the lines of git"
"""What to do where there is one."""


def is_conflict_marker(line: bytes) -> bool:
    """Whether git wrote the line where two versions of a file differ."""
    return line.startswith((b"<<<<<<< ", b">>>>>>> ", b"||||||| ")) or line == b"======="
