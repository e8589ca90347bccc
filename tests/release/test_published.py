"""releases.csv: what is published never changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Release = Callable[..., int]
Captured = pytest.CaptureFixture[str]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_publishing_notes_version_day_and_content(three_rows: Path, tmp_path: Path, release: Release) -> None:
    assert release(three_rows, "--publish") == 0
    said = json.loads((tmp_path / "dist/buoys-1.0.0/release.json").read_text(encoding="utf-8"))
    expected = f"version,date,content_hash\n1.0.0,2024-05-01,{said['contentHash']}\n"
    assert (three_rows / "releases.csv").read_text(encoding="utf-8") == expected
    assert release(three_rows, "--publish") == 0
    assert (three_rows / "releases.csv").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("buoys.csv", "green", "blue"),
        ("buoys.csv", "b-2,\n", ""),
        ("datapackage.json", '"title": "Buoys"', '"title": "Boys"'),
        ("datapackage.json", "2024-05-01", "2024-05-02"),
    ],
)
def test_a_published_version_is_not_built_with_other_content(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, file: str, old: str, new: str
) -> None:
    assert release(three_rows, "--publish") == 0
    before = {path: path.read_bytes() for path in (tmp_path / "dist").rglob("*") if path.is_file()}
    edit(three_rows / file, old, new)
    capfd.readouterr()
    assert release(three_rows) == 1
    told = capfd.readouterr().err
    assert "version 1.0.0 was published with other content" in told and "new version" in told
    assert {path: path.read_bytes() for path in (tmp_path / "dist").rglob("*") if path.is_file()} == before


def test_the_next_version_joins_the_first(three_rows: Path, release: Release) -> None:
    assert release(three_rows, "--publish") == 0
    edit(three_rows / "buoys.csv", "green", "blue")
    edit(three_rows / "datapackage.json", '"version": "1.0.0"', '"version": "1.1.0"')
    assert release(three_rows, "--publish") == 0
    lines = (three_rows / "releases.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["version", "1.0.0", "1.1.0"]


def test_the_same_content_may_be_written_anew(three_rows: Path, release: Release) -> None:
    # The file of the source and the order of its rows are no content.
    assert release(three_rows, "--publish") == 0
    (three_rows / "buoys.csv").write_text('buoy_id,colour\n"b-3","green"\nb-1,red\nb-2,\n', encoding="utf-8")
    assert release(three_rows) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version,date\n1.0.0,2024-05-01\n", "must start with the columns version, date, content_hash"),
        ("version,date,content_hash\n1.0.0,2024-05-01\n", "row 2: version, day and content hash are needed"),
        ("version,date,content_hash\n1.0.0,2024-05-01,md5:1\n", "row 2: 'md5:1' is no content hash"),
        ("version,date,content_hash\n1.0.0,1 May,sha256:" + "0" * 64 + "\n", "row 2"),
        (("version,date,content_hash\n" + f"1.0.0,2024-05-01,sha256:{'0' * 64}\n" * 2), "is there twice"),
    ],
)
def test_a_broken_ledger_stops_the_release(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, text: str, told: str
) -> None:
    (three_rows / "releases.csv").write_text(text, encoding="utf-8")
    assert release(three_rows) == 2
    assert told in capfd.readouterr().err
    assert not (tmp_path / "dist").exists()
