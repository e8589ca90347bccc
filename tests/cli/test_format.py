"""`casetrail format` as it is called: what it writes, says and returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from casetrail.cli.main import main


def test_check_names_the_files_and_writes_nothing(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["format", "--check", str(harbour_case)]) == 0
    events = harbour_case / "data" / "events.csv"
    data = events.read_bytes().replace(b"\n", b"\r\n")
    events.write_bytes(data)
    capsys.readouterr()
    assert main(["format", "--check", str(harbour_case)]) == 1
    assert "data/events.csv" in capsys.readouterr().out
    assert events.read_bytes() == data


def test_format_mends_and_is_content(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = harbour_case / "data" / "events.csv"
    good = events.read_bytes()
    header, *rows = good.splitlines(keepends=True)
    events.write_bytes(header + b"".join(reversed(rows)))
    assert main(["format", str(harbour_case)]) == 0
    assert "formatted data/events.csv" in capsys.readouterr().out
    assert events.read_bytes() == good
    assert main(["format", str(harbour_case)]) == 0
    assert "In canonical form: 17 tables." in capsys.readouterr().out


def test_a_refusal_says_where(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_bytes(events.read_bytes() + b'ev-x,"open\n')
    assert main(["format", str(harbour_case)]) == 1
    said = capsys.readouterr()
    assert "data/events.csv:6" in said.err
    assert "Nothing was written" in said.err


def test_help_says_the_one_change(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["format", "--help"])
    assert "Normalization Form C" in capsys.readouterr().out
