"""What a merge says to type is typed as it is said, and does what it says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from casetrail.findings.finding import Severity
from casetrail.package.package import open_package
from casetrail.workbook.merge import merge_workbook
from casetrail.workbook.write import workbook_bytes


@pytest.fixture
def two_part_keys(tmp_path: Path, load_book: Any) -> tuple[Path, Any]:
    """A package whose keys have two parts, and its workbook."""
    fields = [{"name": name, "type": "string"} for name in ("id", "part", "a")]
    schema = {"fields": fields, "primaryKey": ["id", "part"]}
    folder = tmp_path / "keys"
    folder.mkdir()
    resource = {"name": "things", "path": "things.csv", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "keys", "resources": [resource]}))
    (folder / "things.csv").write_text("id,part,a\nx,1,old\n")
    (tmp_path / "keys.xlsx").write_bytes(workbook_bytes(open_package(folder)))
    return folder, load_book(tmp_path / "keys.xlsx")


@pytest.mark.parametrize("id", ["y", "PA Ivan Ivanov", "it's", "a;b", "$HOME"])
def test_what_is_said_to_accept_can_be_copied(id: str, two_part_keys: Any, tmp_path: Path) -> None:
    folder, book = two_part_keys
    book.add("things", id=id, part="2", a="new")
    merged = merge_workbook(open_package(folder), book.save(tmp_path / "edited.xlsx"))
    (hint,) = [finding.hint for finding in merged.findings]
    words = shlex.split(re.search(r"(--accept .*?), or all", str(hint))[1])  # type: ignore[index]
    assert words[0] == "--accept" and len(words) == 2
    assert merge_workbook(open_package(folder), tmp_path / "edited.xlsx", accept=words[1:]).written


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("23.01.2026", "write 2026-01-23"),
        ("13.02.2026", "write 2026-02-13"),
        ("2026.02.05", "write 2026-02-05"),
        ("2026/02/05", "write 2026-02-05"),
        ("05.06.2026", "day and month cannot be told apart"),
        ("23/Jan/2026", "write the date as YYYY-MM-DD"),
    ],
)
def test_a_date_of_another_form_is_said_as_it_is_to_be_written(
    typed: str, said: str, harbour_case: Path, book: Any, tmp_path: Path
) -> None:
    book.cell("events", "ev-20250301-march", "date", typed)
    merged = merge_workbook(open_package(harbour_case), book.save(tmp_path / "edited.xlsx"))
    (finding,) = [one for one in merged.findings if one.severity is Severity.ERROR]
    assert said in str(finding.hint)
    # What no column of dates takes is not offered to be accepted.
    assert "--accept" not in str(finding.hint)
    assert "it was 2025-03-01" in finding.message
