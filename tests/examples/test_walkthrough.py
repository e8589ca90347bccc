"""docs/tutorial/second-case.md: every command and every line of Python in it, as a reader would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial" / "second-case.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("data", "schemas", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    return tmp_path


def test_the_walkthrough_runs(checkout: Path) -> None:
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    blocks = re.findall(r"```(sh|python)\n(.*?)```", TEXT, re.DOTALL)
    assert {kind for kind, _ in blocks} == {"sh", "python"}
    said = ""
    for kind, text in blocks:
        lines = text.strip().splitlines() if kind == "sh" else [text]
        for line in lines:
            command = ["bash", "-c", line] if kind == "sh" else [sys.executable, "-c", line]
            done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            said += done.stdout
    assert "months: 48" in said and "about 800" in said
    assert "'case': 'almaty-airport', 'kind': 'imprisonment'" in said
    assert (checkout / "airport.html").is_file()
