"""Each rendering of the example report, to the byte.

After a change that is meant, `CASETRAIL_UPDATE_GOLDEN=1 make test` (or pytest on this file) writes the new
files and fails each test whose file changed, so that no run can pass over a change; git shows the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casetrail.findings.excerpt import Source
from casetrail.findings.renderings import FORMATS, render
from casetrail.findings.report import Report

GOLDEN = Path(__file__).parent / "golden"
FILES = {
    "text": "text.txt",
    "json": "json.json",
    "github": "github.txt",
    "sarif": "sarif.sarif",
    "junit": "junit.xml",
    "html": "html.html",
    "markdown": "markdown.md",
}


def held_to(name: str, made: str) -> None:
    path = GOLDEN / name
    known = path.read_text(encoding="utf-8") if path.exists() else None
    if os.environ.get("CASETRAIL_UPDATE_GOLDEN") == "1" and made != known:
        path.write_text(made, encoding="utf-8", newline="\n")
        pytest.fail(
            f"{name} was written anew; look at the difference, then run the tests without the variable"
        )
    assert made == known


def test_every_format_has_a_golden_file() -> None:
    assert set(FILES) == set(FORMATS)


@pytest.mark.parametrize("format_name", FORMATS)
def test_rendering_is_the_golden_file(format_name: str, report: Report, source: Source) -> None:
    made = render(report, format_name, source=source, base="package", tool_version="0.0.0")
    held_to(FILES[format_name], made)


def test_text_of_a_terminal_is_the_golden_file(report: Report, source: Source) -> None:
    held_to("text-terminal.txt", render(report, "text", colour=True, width=80, source=source))


def test_text_without_records_is_the_golden_file(report: Report) -> None:
    held_to("text-without-records.txt", render(report, "text"))


def test_update_writes_the_file_and_still_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.GOLDEN", tmp_path, raising=True)
    monkeypatch.setenv("CASETRAIL_UPDATE_GOLDEN", "1")
    with pytest.raises(pytest.fail.Exception):
        held_to("new.txt", "text\n")
    assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "text\n"
    held_to("new.txt", "text\n")
