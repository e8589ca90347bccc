"""What validate, `new` and the workbook take: the same texts are refused by all three, with one remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main
from edited_workbook import load

VALUES = {
    "place_id": ("pl-nowhere-at-all", "no row of places has this id"),
    "timezone": ("Asia/Almata", "did you mean 'Asia/Almaty'?"),
}
"""Of cells of the hearing a value that no source can have said, and what is said of it."""
PEOPLE = ("participations", "pt-march-accused", "people", "-5", "below the minimum 1 of 'people'")
CLAIMS = [
    *(("events", "ev-20250403-hearing", field, *rest) for field, rest in VALUES.items()),
    PEOPLE,
]


@pytest.mark.parametrize(("table", "row", "field", "value", "reason"), CLAIMS, ids=lambda text: text)
def test_a_value_of_evidence_is_refused_alike(
    harbour_case: Path, tmp_path: Path, capsys: Any, table: str, row: str, field: str, value: str, reason: str
) -> None:
    claim = {"table": table, "row_id": row, "field": field, "source_id": "so-herald", "locator": "page 1"}
    claim |= {"certainty": "stated", "value": value}
    options = [text for name, cell in claim.items() for text in (f"--{name.replace('_', '-')}", cell)]
    assert main(["new", "evidence", str(harbour_case), *options, "--no-input"]) == 1
    assert reason in capsys.readouterr().err

    assert main(["workbook", "write", str(harbour_case), "--output", str(tmp_path / "case.xlsx")]) == 0
    book = load(tmp_path / "case.xlsx")
    book.add("evidence", evidence_id="ec-0900", **claim)
    edited = str(book.save(tmp_path / "edited.xlsx"))
    capsys.readouterr()
    assert main(["workbook", "merge", edited, "--package", str(harbour_case), "--accept", "new"]) == 1
    assert reason in capsys.readouterr().err

    path = harbour_case / "data" / "evidence.csv"
    columns = path.read_text("utf-8").partition("\n")[0].split(",")
    assert "ec-0900" not in path.read_text("utf-8")
    cells = {"evidence_id": "ec-0900", **claim}
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(cells.get(name, "") for name in columns) + "\n")
    assert main(["validate", str(harbour_case)]) == 1
    assert reason in capsys.readouterr().out


def test_a_code_in_a_cell_is_refused_alike(harbour_case: Path, tmp_path: Path, capsys: Any) -> None:
    hearing = ["--title", "A day", "--date", "2025-04-05", "--time", "10:00", "--timezone", "Asia/Almata"]
    source = ["--source", "so-herald", "--locator", "page 1", "--status", "held", "--no-input"]
    assert main(["new", "hearing", str(harbour_case), *hearing, *source]) == 1
    assert "did you mean 'Asia/Almaty'?" in capsys.readouterr().err

    assert main(["workbook", "write", str(harbour_case), "--output", str(tmp_path / "case.xlsx")]) == 0
    book = load(tmp_path / "case.xlsx")
    book.cell("events", "ev-20250403-hearing", "timezone", "Asia/Almata")
    edited = str(book.save(tmp_path / "edited.xlsx"))
    capsys.readouterr()
    assert main(["workbook", "merge", edited, "--package", str(harbour_case)]) == 1
    assert "did you mean 'Asia/Almaty'?" in capsys.readouterr().err

    path = harbour_case / "data" / "events.csv"
    path.write_text(path.read_text("utf-8").replace("Europe/Lisbon", "Asia/Almata"), encoding="utf-8")
    assert main(["validate", str(harbour_case)]) == 1
    assert "did you mean 'Asia/Almaty'?" in capsys.readouterr().out
