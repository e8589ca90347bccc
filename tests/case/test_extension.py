"""A case adds a table, a column and a term in its own folder, and every part of the program knows them."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.schema_files import schema_text
from casetrail.case.views.figures import figures
from casetrail.cli.main import main
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.describe.codebook import codebook
from casetrail.describe.dataset import dataset_of
from casetrail.exports.r_loader import RFiles, write_r_loader
from casetrail.package.package import open_package
from casetrail.tables.typed import TypedTable
from extended_case import append, extend

Show = Callable[..., str]


@pytest.fixture
def extended(harbour_case: Path) -> Path:
    """The invented case with a table `observations`, a term of `measures.kind` and evidence for both."""
    return extend(harbour_case)


def codes(package: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["validate", str(package), "--format", "json"])
    return [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]


def test_it_is_valid_and_its_rules_are_kept(extended: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(extended, capsys) == []
    table = extended / "data" / "observations.csv"
    table.write_text(table.read_text().replace("no_interpreter,2025-04-03,", "no_seats,2025-04-01,20"))
    assert sorted(codes(extended, capsys)) == [
        "disagreement-cell-filled",
        "evidence-value-differs",
        "observation-before-hearing",
        "observation-minutes-of-an-interpreter",
    ]


def test_its_evidence_is_held_to_its_columns(extended: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = extended / "data" / "evidence.csv"
    evidence.write_text(evidence.read_text().replace("stated,20,", "stated,-5,"))
    assert codes(extended, capsys) == ["evidence-value-type"]


def test_a_prefix_that_is_taken_is_one_finding(extended: Path) -> None:
    schema = extended / "schemas" / "observations.json"
    schema.write_text(schema.read_text("utf-8").replace('"idPrefix": "ob"', '"idPrefix": "ev"'), "utf-8")
    (finding,) = [f for f in casetrail.validate(extended).findings if f.code == "profile-prefix"]
    assert "belongs to the table events" in finding.message


def test_a_table_without_a_key_is_told_what_to_add(extended: Path) -> None:
    path = extended / "schemas" / "observations.json"
    schema = json.loads(path.read_text("utf-8"))
    del schema["primaryKey"]
    path.write_text(schema_text(schema), encoding="utf-8")
    (finding,) = [f for f in casetrail.validate(extended).findings if f.code == "profile-prefix"]
    assert finding.hint == 'name that column in "primaryKey"'


def test_schemas_are_refreshed_and_what_is_added_stays(extended: Path) -> None:
    path = extended / "schemas" / "measures.json"
    before = path.read_text("utf-8")
    assert write_schemas(open_package(extended)) == []
    path.write_text(before.replace("What kind of restraint or penalty.", "What kind."), encoding="utf-8")
    assert write_schemas(open_package(extended)) == ["schemas/measures.json"]
    assert path.read_text("utf-8") == before and "boat_ban" in before


@pytest.fixture
def show(extended: Path, capsys: pytest.CaptureFixture[str]) -> Show:
    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert main(["show", *arguments, "--package", str(extended)]) == 0
        return " ".join(capsys.readouterr().out.split())

    return run


def test_show_tells_it_and_its_disagreement(show: Show) -> None:
    said = show("ob-interpreter")
    assert said.startswith("No interpreter at “Trial opens” ob-interpreter, in observations")
    assert "The Herald: Six on trial, paragraph 2" in said
    assert "For how long did nobody interpret?" in said
    assert "20" in show("di-minutes") and "45" in show("di-minutes")
    assert "Trial opens" in show("ob-interpreter") and "ob-interpreter" in show("ev-20250403-hearing")


def test_as_of_a_day_it_is_known_or_not(extended: Path, show: Show) -> None:
    assert "Observations (1 of 1)" in show("--as-of", "2025-04-05")
    assert "Observations (1 of 1)" in show("--as-of", "2025-03-15")
    evidence = extended / "data" / "evidence.csv"
    evidence.write_text(evidence.read_text().replace("di-minutes,so-courier", "di-minutes,so-herald"))
    assert "Observations (0 of 1)" in show("--as-of", "2025-03-15")


def test_an_added_term_counts_as_what_it_narrows(extended: Path) -> None:
    case = Case.load(open_package(extended))
    kind = case.specs["measures"].columns["kind"]
    assert kind.within("ban_on_activity") == {"ban_on_activity", "boat_ban"}
    assert "boat_ban" in {one.name for one in figures(case)}
    (row,) = [one for one in case.rows("measures") if one["measure_id"] == "me-boats"]
    assert row["kind"] == "boat_ban"


def test_python_users_get_it_typed(extended: Path) -> None:
    opened = casetrail.open(extended)
    assert opened["observations"].schema.field("minutes").type == "int64"
    (row,) = opened.rows("observations")
    assert row["date"].earliest == dt.date(2025, 4, 3) and row["minutes"] is None
    claims = opened.claims().to_pylist()
    assert {"20", "45"} <= {one["value"] for one in claims if one["row_id"] == "ob-interpreter"}


def test_every_export_has_it(extended: Path, tmp_path: Path) -> None:
    def export(form: str, output: str) -> Path:
        assert main(["export", str(extended), "--to", form, "--output", str(tmp_path / output)]) == 0
        return tmp_path / output

    with sqlite3.connect(export("sqlite", "case.sqlite")) as database:
        assert database.execute("SELECT finding FROM observations").fetchall() == [("no_interpreter",)]
        claims = database.execute("SELECT * FROM claims WHERE row_id = 'ob-interpreter'").fetchall()
        assert len(claims) == 4
    parquet = next(export("parquet", "parquet").rglob("observations.parquet"))
    assert pq.read_table(parquet).column("date_earliest").to_pylist() == [dt.date(2025, 4, 3)]
    text = next(export("json", "json").rglob("observations.json")).read_text("utf-8")
    assert "no_interpreter" in text


def test_a_hearing_of_a_kind_of_the_case_is_in_the_calendar(harbour_case: Path, tmp_path: Path) -> None:
    def hearings() -> int:
        target = tmp_path / "hearings.ics"
        assert main(["export", str(harbour_case), "--to", "ical", "--output", str(target), "--force"]) == 0
        return target.read_text("utf-8").count("BEGIN:VEVENT")

    before = hearings()
    path = harbour_case / "schemas" / "events.json"
    schema = json.loads(path.read_text("utf-8"))
    kind = next(field for field in schema["fields"] if field["name"] == "kind")
    own = {"label": "Bail hearing", "description": "A hearing on bail.", "narrows": "hearing"}
    kind["categories"].append({"value": "bail_hearing", **own})
    kind["constraints"]["enum"].append("bail_hearing")
    path.write_text(schema_text(schema), encoding="utf-8")
    data = harbour_case / "data" / "events.csv"
    data.write_text(data.read_text("utf-8").replace(",hearing,", ",bail_hearing,"), encoding="utf-8")
    assert before and hearings() == before


def test_codebook_and_workbook_have_it(extended: Path, tmp_path: Path, capsys: Any) -> None:
    said = codebook(dataset_of(open_package(extended)))
    for text in (
        "## observations",
        "Nobody interpreted.",
        "`observation-minutes-of-an-interpreter`",
        "boat_ban",
    ):
        assert text in said
    assert main(["workbook", "write", str(extended), "--output", str(tmp_path / "case.xlsx")]) == 0
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(tmp_path / "case.xlsx") as book:
        assert "ob-interpreter" in book.get_sheet_by_name("observations").to_python()[1]


def test_the_page_has_every_row_and_its_evidence(extended: Path, tmp_path: Path) -> None:
    assert main(["page", str(extended), "--output", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    case = Case.load(open_package(extended))
    for _, row_id, _ in case.every_row():
        assert re.search(rf'\sid="?{row_id}[ ">]', page), row_id
    assert "No interpreter at “Trial opens”" in page


def test_a_difference_in_it_is_told(extended: Path, tmp_path: Path, capsys: Any) -> None:
    import shutil

    older = tmp_path / "older"
    shutil.copytree(extended, older)
    seats = {"observation_id": "ob-seats", "event_id": "ev-20250403-hearing", "finding": "no_seats"}
    append(extended / "data" / "observations.csv", seats)
    capsys.readouterr()
    assert main(["diff", str(older), str(extended)]) == 1
    assert "ob-seats" in capsys.readouterr().out


def test_it_is_added_by_command_and_its_rules_are_kept(extended: Path, capsys: Any) -> None:
    def new(*cells: str) -> tuple[int, str]:
        capsys.readouterr()
        claim = ("--source", "so-herald", "--locator", "paragraph 3")
        code = main(
            ["new", "observation", str(extended), "--event-id", "ev-20250403-hearing", *claim, *cells]
        )
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    code, said = new("--finding", "no_seats", "--minutes", "5")
    assert code == 1 and "Minutes are counted where nobody interpreted" in said
    code, said = new("--finding", "no_seat")
    assert code != 0 and "did you mean 'no_seats'?" in said
    code, said = new("--finding", "no_seats", "--date", "2025-04-03", "--id", "ob-seats")
    assert code == 0, said
    assert "ob-seats,ev-20250403-hearing,no_seats,2025-04-03," in (
        extended / "data" / "observations.csv"
    ).read_text("utf-8")
    assert codes(extended, capsys) == []


def test_it_comes_back_from_a_spreadsheet(extended: Path, tmp_path: Path, capsys: Any) -> None:
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    accept = ("--accept", "new")

    written, edited = tmp_path / "case.xlsx", tmp_path / "edited.xlsx"
    assert main(["workbook", "write", str(extended), "--output", str(written)]) == 0

    def edit(minutes: str) -> None:
        with CalamineWorkbook.from_path(written) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        cells = ["ob-late", "ev-20250403-hearing", "no_seats", "2025-04-03", minutes]
        columns = (extended / "data" / "observations.csv").read_text("utf-8").splitlines()[0].split(",")
        typed = dict(zip(columns, cells, strict=False))
        observations = sheets["observations"]
        observations.append([typed.get(str(name), "") for name in observations[0]])
        evidence = sheets["evidence"]
        for key, field in (("ec-0201", ""), ("ec-0202", "date")):
            cells = {"evidence_id": key, "table": "observations", "row_id": "ob-late", "field": field,
                     "source_id": "so-herald", "locator": "page 1", "certainty": "stated"}  # fmt: skip
            evidence.append([cells.get(str(name), "") for name in evidence[0]])
        book = Workbook(str(edited))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell != "":
                        sheet.write_string(number, column, str(cell))
        book.close()

    edit("5")
    before = (extended / "data" / "observations.csv").read_bytes()
    capsys.readouterr()
    assert main(["workbook", "merge", str(edited), "--package", str(extended), *accept]) == 1
    assert "observation-minutes-of-an-interpreter" in capsys.readouterr().err
    assert (extended / "data" / "observations.csv").read_bytes() == before
    edit("")
    assert main(["workbook", "merge", str(edited), "--package", str(extended), *accept]) == 0
    assert "ob-late" in (extended / "data" / "observations.csv").read_text("utf-8")
    assert codes(extended, capsys) == []


def test_the_loaders_of_python_have_it(extended: Path) -> None:
    opened = casetrail.open(extended)
    frame = opened.to_pandas("observations")
    assert list(frame["finding"].cat.categories) == ["no_interpreter", "no_seats"]
    assert opened.to_polars("observations")["observation_id"].to_list() == ["ob-interpreter"]
    found = opened.to_duckdb().sql("SELECT finding FROM observations").fetchall()
    assert found == [("no_interpreter",)]
    assert opened.columns("observations")["minutes"].unit == "minutes"


@pytest.mark.program("Rscript")
def test_the_loader_of_r_has_it(
    extended: Path, tmp_path: Path, r_columns: Callable[[str], dict[str, Any]]
) -> None:
    package = open_package(extended)
    tables = [TypedTable(table, table.schema) for table in package.tables if table.schema is not None]
    files = {table.name: RFiles(table.path) for table in package.tables}
    write_r_loader(tables, files, extended / "load.R", name="harbour-case")
    found = r_columns(f"source('{extended}/load.R')\ntables <- read_case('{extended}')")
    finding = found["observations"]["finding"]
    assert finding["values"] == ["no_interpreter"] and finding["levels"] == ["no_interpreter", "no_seats"]
    assert "boat_ban" in found["measures"]["kind"]["levels"]
