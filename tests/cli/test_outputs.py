"""Nothing that a person made is written over: not by any command, unless `--force` says so."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]
WRITERS: dict[str, Callable[[Path, Path], list[str]]] = {
    "sqlite": lambda case, out: ["export", str(case), "--to", "sqlite", "--output", str(out)],
    "one table": lambda case, out: [
        "export", str(case), "--to", "json", "--table", "events", "--output", str(out)
    ],
    "ical": lambda case, out: ["export", str(case), "--to", "ical", "--output", str(out)],
    "page": lambda case, out: ["page", str(case), "--output", str(out)],
    "diff": lambda case, out: ["diff", str(case), str(case), "--output", str(out)],
    "validate": lambda case, out: ["validate", str(case), "--format", "json", "--output", str(out)],
    "workbook": lambda case, out: ["workbook", "write", str(case), "--output", str(out)],
}  # fmt: skip


@pytest.fixture(params=WRITERS)
def command(request: pytest.FixtureRequest, harbour_case: Path) -> Callable[..., int]:
    def run(out: Path, *more: str) -> int:
        return main([*WRITERS[request.param](harbour_case, out), *more])

    return run


# A workbook ends with .xlsx, so that it hits no other file.
@pytest.mark.parametrize("command", sorted(set(WRITERS) - {"workbook"}), indirect=True)
@pytest.mark.parametrize("name", ["datapackage.json", "data/events.csv", "schemas/events.json", "README.md"])
def test_a_file_of_the_package_stays(
    command: Callable[..., int], harbour_case: Path, capfd: Captured, name: str
) -> None:
    path = harbour_case / name
    if name == "README.md":
        path.write_text("# Mine\n", encoding="utf-8")
    before = path.read_bytes()
    assert command(path) == 2
    error = capfd.readouterr().err
    assert str(path) in error and "--force" in error and error.count("\n") == 1
    assert ("is part of the package" in error) == (name != "README.md")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir() if one.name.startswith(".")] == []


def test_what_casetrail_wrote_may_be_written_again(
    command: Callable[..., int], tmp_path: Path, capfd: Captured
) -> None:
    out = tmp_path / "out.xlsx"
    assert command(out) in (0, 1)
    first = out.read_bytes()
    assert command(out) in (0, 1)
    assert out.read_bytes() == first
    # Changed by a person since.
    out.write_bytes(first + b" ")
    capfd.readouterr()
    assert command(out) == 2
    assert "casetrail did not write it, or it was changed since" in capfd.readouterr().err
    assert out.read_bytes() == first + b" "
    assert command(out, "--force") in (0, 1)
    assert out.read_bytes() == first


def test_it_needs_to_remember(
    command: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.xlsx"
    assert command(out) in (0, 1)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "another home"))
    assert command(out) == 2


def test_a_link_is_not_followed(command: Callable[..., int], tmp_path: Path) -> None:
    mine, link = tmp_path / "mine.txt", tmp_path / "link.xlsx"
    mine.write_text("mine", encoding="utf-8")
    link.symlink_to(mine)
    assert command(link) == 2
    assert command(link, "--force") in (0, 1)
    assert mine.read_text(encoding="utf-8") == "mine" and not link.is_symlink()
    dangling = tmp_path / "dangling.xlsx"
    dangling.symlink_to(tmp_path / "nowhere.txt")
    assert command(dangling) == 2
    assert not (tmp_path / "nowhere.txt").exists()


def test_an_output_that_became_part_of_a_package_stays(harbour_case: Path, capfd: Captured) -> None:
    path = harbour_case / "events.json"
    write = WRITERS["one table"](harbour_case, path)
    assert main(write) == 0
    assert main(write) == 0
    descriptor = harbour_case / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8")
    resource = '{"name": "more", "path": "events.json"}'
    descriptor.write_text(text.replace('"resources": [', f'"resources": [{resource},'), encoding="utf-8")
    assert main(write) == 2
    assert "is part of the package" in capfd.readouterr().err


def test_all_files_of_an_export_are_looked_at_before_one_is_written(
    harbour_case: Path, tmp_path: Path, capfd: Captured
) -> None:
    folder = tmp_path / "json"
    folder.mkdir()
    (folder / "sources.json").write_text("mine", encoding="utf-8")
    assert main(["export", str(harbour_case), "--to", "json", "--output", str(folder)]) == 2
    assert [one.name for one in folder.iterdir()] == ["sources.json"]


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no such device here")  # noqa: PTH110
def test_a_device_is_written_to(harbour_case: Path, capfd: Captured) -> None:
    assert main(["validate", str(harbour_case), "--format", "json", "--output", "/dev/stdout"]) == 0
    assert capfd.readouterr().out.startswith("{")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("CITATION.cff", ["cite", "--write"]),
        (".zenodo.json", ["cite", "--write", "--style", "zenodo"]),
        ("docs/codebook.md", ["codebook", "--write"]),
    ],
)
def test_what_a_person_wrote_in_the_package_stays(
    harbour_case: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch, name: str, command: list[str]
) -> None:
    monkeypatch.chdir(harbour_case)
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("# Mine\n", encoding="utf-8")
    assert main(command) == 2
    assert "casetrail did not write it" in capfd.readouterr().err
    assert path.read_text(encoding="utf-8") == "# Mine\n"
    assert main([*command, "--force"]) == 0
    # What casetrail wrote is written anew, when the descriptor says something else too.
    descriptor = Path("datapackage.json")
    text = descriptor.read_text(encoding="utf-8")
    descriptor.write_text(text.replace('"version": "1.0.0"', '"version": "1.0.1"'), encoding="utf-8")
    if not name.endswith(".json"):
        # In a fresh clone on another machine it is known by its last line.
        monkeypatch.setenv("XDG_STATE_HOME", str(harbour_case.parent / "another home"))
    assert main(command) == 0
    path.write_text(path.read_text(encoding="utf-8").replace("1.0.1", "1.0.2"), encoding="utf-8")
    assert main(command) == 2
