"""The second validator: it runs no stranger's code, fetches nothing, and is asked for where it is missing."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]
CASETRAIL = Path(sys.executable).with_name("casetrail")
TRAPS = (
    "frictionless", "json", "logging", "os", "re", "typing", "casetrail", "pyarrow", "pydantic", "jinja2",
    "yaml", "numpy", "pandas", "sitecustomize", "usercustomize", "frictionless_plugin", "attr", "encodings",
    "conftest", "xlsxwriter", "python_calamine", "jsonschema", "tzdata", "sqlite3", "zipfile", "tempfile",
)  # fmt: skip


def large(folder: Path) -> Path:
    """A package with so many rows that a program of its own judges it."""
    folder.mkdir(exist_ok=True)
    rows = "".join(f"{number}\n" for number in range(1, 600))
    (folder / "t.csv").write_text(f"id\n{rows}", encoding="utf-8")
    schema = {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]}
    descriptor: dict[str, Any] = {
        "name": "large",
        "title": "Large",
        "version": "1.0.0",
        "created": "2026-01-01T00:00:00Z",
        "contributors": [{"title": "Office", "roles": ["creator", "publisher"]}],
        "resources": [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def with_traps(folder: Path) -> Path:
    """Modules that leave a file behind when they are run, under names that our libraries import."""
    for name in TRAPS:
        (folder / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'a').write('{name} ')\n")
    return folder


COMMANDS: list[list[str]] = [
    ["release"],
    ["validate"],
    ["validate", "--format", "html"],
    ["cite", "--style", "cff"],
    ["format", "--check"],
    ["export", "--to", "sqlite", "--output", "out/t.sqlite"],
    ["export", "--to", "parquet", "--output", "out"],
    ["export", "--to", "r", "--output", "out/load.R"],
    ["page", "--output", "out/page.html"],
    ["workbook", "write", "--output", "out/t.xlsx"],
    ["workbook", "merge", "out/t.xlsx"],
    ["diff", "datapackage.json", "datapackage.json"],
    ["verify", "dist/large-1.0.0"],
]


def test_nothing_in_the_working_folder_is_run(tmp_path: Path) -> None:
    folder = with_traps(large(tmp_path / "large"))
    (folder / "out").mkdir()
    for command in COMMANDS:
        done = subprocess.run([CASETRAIL, *command], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        assert not (folder / "ran").exists(), (command, (folder / "ran").read_text())


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("rows", ["few", "many"])
def test_nothing_is_fetched(requests: tuple[str, list[str]], tmp_path: Path, rows: str) -> None:
    address, asked = requests
    folder = large(tmp_path / "large")
    if rows == "few":
        (folder / "t.csv").write_text("id\n1\n", encoding="utf-8")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (folder / "chart.bin").write_bytes(b"chart")
    descriptor["resources"].append({"name": "chart", "path": "chart.bin"})
    everywhere = {"profiles": [f"{address}/profiles"], "extrapaths": [f"{address}/extra"], "scheme": "http"}
    everywhere |= {"basepath": address, "ourOwn": f"{address}/own", "checklist": f"{address}/checklist"}
    for holder in (descriptor, *descriptor["resources"], descriptor["resources"][0]["schema"]):
        holder |= everywhere
    descriptor["homepage"] = descriptor["image"] = f"{address}/home"
    descriptor["sources"] = [{"title": "A", "path": f"{address}/source"}]
    descriptor["licenses"] = [{"name": "CC0-1.0", "path": f"{address}/licence"}]
    descriptor["contributors"][0]["path"] = f"{address}/person"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "out").mkdir()
    environment = {**os.environ, "no_proxy": "*"}
    for command in COMMANDS:
        done = subprocess.run(
            [CASETRAIL, *command], cwd=folder, capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, (command, done.stderr)
    assert asked == []
    assert (folder / "dist" / "large-1.0.0" / "SHA256SUMS").is_file()


def test_without_frictionless_a_release_says_how_to_get_it(
    three_rows: Path, tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] == "frictionless":
                raise ModuleNotFoundError(f"No module named '{name}'", name=name)

    for name in [one for one in sys.modules if one.partition(".")[0] == "frictionless"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    assert main(["release", str(three_rows), "--output", str(tmp_path / "dist")]) == 2
    error = capfd.readouterr().err
    assert "pip install 'casetrail[release]'" in error and error.count("\n") == 1
    assert not (tmp_path / "dist").exists()
    # Nothing else needs it.
    for command in (
        ["validate", str(three_rows)],
        ["export", str(three_rows), "--to", "json", "--output", str(tmp_path / "j")],
    ):
        assert main(command) == 0


def test_what_frictionless_refuses_to_read_is_a_verdict(
    three_rows: Path, tmp_path: Path, capfd: Captured
) -> None:
    path = three_rows / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"title": "Buoy Office"', '"title": "Buoy Office", "email": "office"'))
    code = main(["release", str(three_rows), "--output", str(tmp_path / "dist")])
    assert code in (0, 1)
    error = capfd.readouterr().err
    assert "mistake in casetrail" not in error
    assert code == 0 or "frictionless" in error
