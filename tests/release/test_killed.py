"""Killed at any moment, a release leaves what stood there before, or stands there whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def quick_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is tried is the program, and thousands of syncs take a
    minute.
    """
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)


def test_killed_at_every_file_operation_and_at_random_moments(three_rows: Path, quick_disk: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killer.py")), str(three_rows), str(quick_disk)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for scene, seen in json.loads(done.stdout).items():
        assert seen["wrong"] == [], scene
        # Folders made, files opened, rights and times set, renames, removals: all of them were tried.
        assert seen["operations"] > 80, scene
        # The folder is in its place before its zip: the one moment at which the two are of different builds.
        assert seen["between"] <= 1, scene
        assert seen["healed"], scene
