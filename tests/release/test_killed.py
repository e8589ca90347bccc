"""Killed at any moment, a release leaves what stood there before, or stands there whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_killed_at_every_file_operation_and_at_random_moments(three_rows: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killer.py")), str(three_rows), str(tmp_path)],
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
