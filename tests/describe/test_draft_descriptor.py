"""`casetrail describe`: what it drafts is true of every row, invents nothing, and other validators agree."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package as FrictionlessPackage
from frictionless import system
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

import casetrail
from casetrail.cli.main import main

EXAMPLE = """\
code;n;day;local;gap;flag;amount;moment;share;empty
007;1;2024-01-01;05/06/2025;NA;true;1,5;2024-01-01T10:00:00Z;0.5;
008;2;2024-02-29;06/07/2025;3;false;2,5;2024-01-01T11:00:00Z;12;
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which commands are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def describe(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, Any], str]:
    """The draft, and the notes."""
    assert main(["describe", *words]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def types(resource: dict[str, Any]) -> dict[str, str]:
    return {field["name"]: field["type"] for field in resource["schema"]["fields"]}


def test_types_are_those_of_every_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text(EXAMPLE)
    draft, notes = describe(capsys, "t.csv")
    assert draft["description"].startswith("DRAFT")
    (resource,) = draft["resources"]
    assert resource["dialect"] == {"delimiter": ";"}
    assert resource["schema"]["primaryKey"] == ["code"]
    assert types(resource) == {
        "code": "string",
        "n": "integer",
        "day": "date",
        "local": "string",
        "gap": "string",
        "flag": "boolean",
        "amount": "string",
        "moment": "datetime",
        "share": "number",
        "empty": "string",
    }
    required = [field["name"] for field in resource["schema"]["fields"] if "constraints" in field]
    assert required == [name for name in types(resource) if name != "empty"]
    for note in (
        "column 'code': its digits begin with 0",
        "column 'local': dates in which day and month cannot be told apart stay strings",
        "column 'gap': 'NA' in 1 row keeps it a string; if that means no value, list it in missingValues "
        "and make the type integer",
        "column 'amount': numbers with a comma",
        "column 'empty': it is empty in every row",
    ):
        assert note in notes


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "x"], "string"),
        (["1", "2.5"], "number"),
        (["1", "2.5", "1e5"], "string"),
        (["00.5", "1.5"], "string"),
        (["+1", "+2"], "string"),
        (["1234567890123456"], "string"),
        (["2023-02-29", "2024-02-29"], "string"),
        (["2024-02", "2024-03"], "yearmonth"),
        (["10:00:00", "23:59:59"], "time"),
        (["25:00:00"], "string"),
        (["yes", "no"], "string"),
        (["0", "1"], "integer"),
        (["NaN", "1"], "string"),
        (["-0", "5"], "integer"),
        ([" 5", "6"], "string"),
    ],
)
def test_a_doubt_leaves_text(
    folder: Path, values: list[str], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "t.csv").write_text("".join(f"{value},a\n" for value in ["x", *values]))
    draft, _ = describe(capsys, "t.csv")
    assert types(draft["resources"][0])["x"] == kind


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (["1e5", "2.5E-3", "7"], "numbers such as 1e5 stay strings"),
        (["12%", "7.5 %"], "numbers with a mark beside them stay strings"),
        (["$5", "$1,200.50"], "numbers with a mark beside them stay strings"),
        (
            ["9:30", "23:59"],
            "times without seconds stay strings; as times they need the format %H:%M",
        ),
        (["yes", "No"], "yes and no stay strings"),
        (["E5", "1e5"], None),
        (["12 km", "7 %"], None),
        (["24:10", "9:30"], None),
        (["yes", "maybe"], None),
    ],
)
def test_a_note_says_what_a_column_of_text_may_be(
    folder: Path, values: list[str], note: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "t.csv").write_text("".join(f'"{value}";a\n' for value in ["x", *values]))
    draft, notes = describe(capsys, "t.csv")
    assert types(draft["resources"][0])["x"] == "string"
    assert (note is None) is (", column 'x'" not in notes)
    assert note is None or note in notes


def test_a_value_in_the_last_of_many_blocks_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{number},{number},{'p' * 40}\n" for number in range(250_000))
    (folder / "t.csv").write_text(f"id,n,p\n{rows}0,x,\n")
    draft, _ = describe(capsys, "t.csv")
    (resource,) = draft["resources"]
    assert types(resource) == {"id": "integer", "n": "string", "p": "string"}
    # What is in the first block is repeated in the last: no key. What is not, is one.
    assert resource["schema"]["primaryKey"] == ["n"]
    assert "constraints" not in resource["schema"]["fields"][2]


def test_other_formats_are_described(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.json").write_text(json.dumps([{"id": "x", "n": 1, "o": {"k": 1}, "l": [1]}]))
    pq.write_table(pa.table({"id": ["1", "2"], "f": [1.0, 2.0], "l": [[1], [2]]}), folder / "b.parquet")
    (folder / "c.csv.gz").write_bytes(gzip.compress(b"id\tn\na\t1\n"))
    (folder / "Über Größe.TSV").write_text("id\tn\na\t1\n")
    with Workbook(str(folder / "g.xlsx")) as book:
        book.add_worksheet("Hidden").hide()
        sheet = book.add_worksheet("Data")
        sheet.activate()
        rows = [["id", "n", "mixed", "flag"], ["007", 1, "x", True], ["008", 2.5, 3, False]]
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
    (folder / "d.txt").write_text("a|b\n1|2\n")
    (folder / "e.csv").write_text("имя;n\nа;1\n", encoding="utf-16")
    (folder / "f.csv").write_text("имя;n\nа;1\n", encoding="windows-1251")
    names = ["a.json", "b.parquet", "c.csv.gz", "Über Größe.TSV", "d.txt", "e.csv", "g.xlsx"]
    assert main(["describe", *names, "--output", "datapackage.json"]) == 0
    draft = json.loads((folder / "datapackage.json").read_text())
    resources = {resource["path"]: resource for resource in draft["resources"]}
    assert types(resources["a.json"]) == {"id": "string", "n": "integer", "o": "object", "l": "array"}
    assert types(resources["b.parquet"]) == {"id": "string", "f": "number", "l": "array"}
    assert resources["c.csv.gz"]["dialect"]["delimiter"] == "\t"
    assert resources["Über Größe.TSV"]["name"] == "uber-groe"
    assert resources["d.txt"]["dialect"]["delimiter"] == "|"
    assert resources["e.csv"]["encoding"] == "utf-16"
    assert types(resources["g.xlsx"]) == {"id": "string", "n": "number", "mixed": "any", "flag": "boolean"}
    assert resources["g.xlsx"]["dialect"] == {"sheetName": "Data"}
    report = casetrail.validate(folder)
    assert (report.valid, report.warnings) == (True, 0), report.render("text")
    capsys.readouterr()
    draft, _ = describe(capsys, "f.csv", "--encoding", "windows-1251")
    assert types(draft["resources"][0]) == {"имя": "string", "n": "integer"}


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"id,n\na\n", 1, "t.csv, row 2: the record has 1 cell"),
        (b'id,n\n"a\nb",1\na\n', 1, "t.csv, row 3, line 4: the record has 1 cell"),
        (b"id,id\na,b\n", 1, "have the same name 'id'"),
        (b"", 1, "t.csv: the file is empty"),
        (b"id,n\n\xe9,1\n", 1, "if you know its encoding, give it with --encoding"),
        (b"PK\x03\x04zip", 1, "the file is a spreadsheet, or packed"),
        (None, 2, "there is no file 't.csv'"),
    ],
)
def test_what_is_no_table_has_no_draft(
    folder: Path, content: bytes | None, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (folder / "t.csv").write_bytes(content)
    assert main(["describe", "t.csv"]) == code
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_a_table_without_records_has_its_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text('"id; x";n\n')
    (folder / "o.csv").write_text("id,t_id\na,1\n")
    assert main(["describe", "t.csv", "o.csv", "--output", "datapackage.json"]) == 0
    assert "t.csv: it has no record, so its columns stay strings and it has no key" in capsys.readouterr().err
    draft = json.loads((folder / "datapackage.json").read_text())["resources"][0]
    assert types(draft) == {"id; x": "string", "n": "string"}
    assert "primaryKey" not in draft["schema"]
    assert casetrail.validate(folder).valid
    pq.write_table(pa.table({"id": ["a"], "n": [1]}).slice(1), folder / "p.parquet")
    with Workbook(str(folder / "x.xlsx")) as book:
        book.add_worksheet("Data").write_row(0, 0, ["id", "n"])
    draft, notes = describe(capsys, "p.parquet", "x.xlsx")
    assert [types(resource) for resource in draft["resources"]] == [
        {"id": "string", "n": "integer"},
        {"id": "string", "n": "string"},
    ]
    assert "p.parquet: it has no record, so it has no key" in notes
    (folder / "t.json").write_text("[]")
    assert main(["describe", "t.json"]) == 1
    assert "has no record" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [
        ("t.parquet", 1, "cannot be read as Parquet"),
        ("s3://case/t.csv", 2, "is an address, and files are described"),
        ("-", 2, "is standard input, and files are described"),
        (".", 2, "is a folder; give its tables"),
        ("no*.csv", 2, "there is no file 'no*.csv'"),
    ],
)
def test_what_is_no_file_of_a_table_is_one_sentence(
    folder: Path, name: str, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "t.parquet").write_bytes(b"PAR1 and no more")
    assert main(["describe", name]) == code
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_the_cell_that_keeps_a_file_from_being_drafted_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"id": [1], "bin": [b"\xff"]}), folder / "t.parquet")
    with Workbook(str(folder / "t.xlsx")) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["id", "n"])
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    for name, place in (("t.parquet", "row 1, column 'bin'"), ("t.xlsx", "Data!B2")):
        assert main(["describe", name]) == 1
        assert f"{name}, {place}: the c" in capsys.readouterr().err


def test_the_sheets_that_are_not_described_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workbook(str(folder / "t.xlsx")) as book:
        for name in ("First", "Second", "Hidden", "Third"):
            book.add_worksheet(name).write_row(0, 0, ["id", "n"])
        book.get_worksheet_by_name("Hidden").hide()
        book.get_worksheet_by_name("Third").hide()
    said = "t.xlsx: the sheet 'First' is described, and not 'Second'; choose one with --sheet\n"
    assert said in describe(capsys, "t.xlsx")[1]
    draft, notes = describe(capsys, "t.xlsx", "--sheet", "Hidden")
    assert draft["resources"][0]["dialect"] == {"sheetName": "Hidden"}
    assert "the sheet" not in notes
    assert main(["describe", "t.xlsx", "--sheet", "Thrid"]) == 1
    assert "t.xlsx: there is no sheet 'Thrid'; did you mean 'Third'?" in capsys.readouterr().err


def test_an_encoding_that_is_not_read_is_a_wrong_option(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "t.csv").write_text("id\na\n")
    with pytest.raises(SystemExit, match="2"):
        main(["describe", "t.csv", "--encoding", "nonsense"])
    assert "the encoding 'nonsense' is not read" in capsys.readouterr().err


def test_a_name_of_wrong_bytes_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"column": ["a"]}), folder / "t.parquet", store_schema=False)
    damaged = (folder / "t.parquet").read_bytes().replace(b"column", b"col\xcbmn")
    (folder / "t.parquet").write_bytes(damaged)
    assert main(["describe", "t.parquet"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("casetrail: t.parquet: the file cannot be read to its end")
    assert said.count("\n") == 1


def test_a_broken_archive_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv.gz").write_bytes(gzip.compress(EXAMPLE.encode() * 50)[:-20])
    assert main(["describe", "t.csv.gz"]) == 1
    assert "cannot be read to its end" in capsys.readouterr().err


def test_no_file_of_a_person_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text("id,n\na,1\n")
    (folder / "datapackage.json").write_text('{"resources": []}')
    assert main(["describe", "t.csv", "--output", "datapackage.json"]) == 2
    assert (folder / "datapackage.json").read_text() == '{"resources": []}'
    (folder / "deep").mkdir()
    assert main(["describe", "t.csv", "--output", "deep/datapackage.json"]) == 2
    assert "'t.csv' is not in 'deep'" in capsys.readouterr().err
    assert not (folder / "deep" / "datapackage.json").exists()
    assert main(["describe", "t.csv", "--output", "t.csv", "--force"]) == 2
    assert "'t.csv' is one of the files that are described" in capsys.readouterr().err
    assert (folder / "t.csv").read_text() == "id,n\na,1\n"


def test_a_hyphen_is_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text("id,n\na,1\n")
    draft, _ = describe(capsys, "t.csv", "--output", "-")
    assert draft["resources"]
    (folder / "datapackage.json").write_text(json.dumps(draft))
    assert main(["codebook", "--output", "-"]) == 0
    assert capsys.readouterr().out.startswith("# Codebook")
    with pytest.raises(SystemExit, match="2"):
        main(["page", "--output", "-"])
    assert sorted(path.name for path in folder.iterdir()) == ["datapackage.json", "t.csv"]


def test_the_next_command_can_be_copied(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text("id,n\na,1\n")
    assert main(["describe", "t.csv", "--output", "my draft.json"]) == 0
    assert capsys.readouterr().out.endswith("run: casetrail validate 'my draft.json'\n")


def test_a_draft_is_not_released(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.csv").write_text("id,n\na,1\n")
    assert main(["describe", "t.csv", "--output", "datapackage.json"]) == 0
    draft = json.loads((folder / "datapackage.json").read_text())
    draft |= {"name": "harbours", "version": "1.0.0", "title": "Harbours", "created": "2026-01-01T00:00:00Z"}
    draft |= {"licenses": [{"name": "CC0-1.0"}], "contributors": [{"title": "Harbour Watch"}]}
    (folder / "datapackage.json").write_text(json.dumps(draft))
    assert main(["release"]) == 1
    assert "datapackage.json: it is still a draft" in capsys.readouterr().err
    assert not (folder / "dist").exists()


_TEXTS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.integers(0, 99).map(lambda number: f"{number:03}"),
    st.decimals(-1000, 1000, places=2).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds")),
    st.times().map(lambda time: time.isoformat("seconds")),
    st.dates().map(lambda day: day.strftime("%d/%m/%Y")),
    st.sampled_from(
        ["true", "false", "True", "0", "1", "NA", "-", "1e5", "2024-13", "2024-12", "", "nan", "inf"]
    ),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8),
)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A delimiter, and records of columns that are mostly of one kind."""
    rows = draw(st.integers(1, 6))
    kinds = draw(st.lists(st.sampled_from(_TEXTS.original_strategies), min_size=2, max_size=4))
    columns = [
        draw(st.lists(draw(st.sampled_from([kind, kind, _TEXTS])), min_size=rows, max_size=rows))
        for kind in kinds
    ]
    return draw(st.sampled_from([",", ";", "\t", "|"])), [list(row) for row in zip(*columns, strict=True)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=_tables())
def test_what_is_drafted_validates_here_and_with_frictionless(
    table: tuple[str, list[list[str]]], tmp_path: Path
) -> None:
    delimiter, records = table
    # The standard allows a record of empty cells, frictionless does not.
    assume(all(any(record) for record in records))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([[f"c{index}" for index in range(len(records[0]))], *records])
    (tmp_path / "t.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    target = tmp_path / "datapackage.json"
    assert main(["describe", str(tmp_path / "t.csv"), "--output", str(target), "--force"]) == 0
    report = casetrail.validate(tmp_path, hygiene=False)
    assert report.valid, report.render("text")
    with system.use_context(trusted=True):
        other = FrictionlessPackage(str(target)).validate()
    assert other.valid, other.flatten(["rowNumber", "fieldName", "message"])
