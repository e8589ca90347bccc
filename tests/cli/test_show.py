"""`casetrail show` as it is called: a row, the disagreements, a day, and what it cannot show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyarrow import csv

from casetrail.cli.main import main
from extended_case import append


def show(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main(["show", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_any_id_is_shown_in_words(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for row_id in (
        *("ev-20250403-hearing", "pa-relative-1", "ch-12-1", "re-20250320-harbour-watch", "pt-march-accused"),
        *("me-fine", "rl-accused-1-member", "si-20250320-author", "de-20250320-drop", "na-harbour-watch-pt"),
        *("pl-saltmouth", "so-courier", "ec-0001", "di-banner", "rt-ev-20250228-march"),
    ):
        code, out, err = show(capsys, row_id, "--package", harbour_case)
        assert (code, err) == (0, "")
        assert row_id in out


def test_a_cell_has_its_source_locator_certainty_and_speaker(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = harbour_case / "data" / "evidence.csv"
    told = "ec-0023,events,ev-20250403-hearing,place_id,,so-herald,,,,,paragraph 1,stated"
    alleged = told.replace("so-herald,,", "so-herald,pa-harbour-watch,").replace("stated", "alleged")
    assert told in evidence.read_text()
    evidence.write_text(evidence.read_text().replace(told, alleged))
    _, out, _ = show(capsys, "ev-20250403-hearing", "--package", harbour_case)
    assert "place: Saltmouth" in out
    assert "The Herald: Six on trial, paragraph 1; reports a claim of Harbour Watch" in " ".join(out.split())


def test_disagreements_open_ones_first(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = show(capsys, "--disputed", "--package", harbour_case)
    assert code == 0
    assert out.index("[open]") < out.index("[settled]")
    assert "why: Counts a person who was a witness." in out


def test_a_day(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = show(capsys, "--as-of", "2025-03-12", "--package", harbour_case)
    assert code == 0
    assert out.startswith("The case as sources published by 2025-03-12 knew it\nSources out by then: 1; ")
    assert "  3 April 2025: Trial opens, scheduled (ev-20250403-hearing)" in out.splitlines()


def test_a_source_tells_what_it_says(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = show(capsys, "so-herald", "--package", harbour_case)
    assert "What it says (4 pieces of evidence)" in out
    assert "  - Trial opens, place: Saltmouth (paragraph 1; ev-20250403-hearing)" in out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ev-20250403-haering"], "did you mean 'ev-20250403-hearing'?"),
        (["the hearing"], "an id begins with one of ev, pa"),
        (["--as-of", "20 January"], "write year, month and day, for example 2026-01-20."),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    code, out, err = show(capsys, *arguments, "--package", harbour_case)
    assert (code, out) == (2, "")
    assert sentence in err and err.count("\n") == 1


def test_a_package_without_a_case_has_nothing_to_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "x", "resources": [{"name": "t", "path": "t.csv"}]}')
    (tmp_path / "t.csv").write_text("a\n1\n")
    code, _, err = show(capsys, "--disputed", "--package", tmp_path)
    assert code == 2
    assert "declares no `caseProfile`" in err


@pytest.mark.parametrize(
    ("arguments", "row_id"),
    [
        (["--find", "Орла Венн"], "pa-accused-1"),
        (["--find", "vigia porto"], "pa-harbour-watch"),
        (["--find", "20250403"], "ev-20250403-hearing"),
        (["--find", "venn", "--table", "relations"], "rl-accused-1-member"),
        (["--table", "places"], "pl-saltmouth"),
    ],
)
def test_rows_are_found_by_names_in_any_script_and_ids(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], row_id: str
) -> None:
    code, out, err = show(capsys, *arguments, "--package", harbour_case)
    assert (code, err) == (0, "")
    assert f"  {row_id}  " in out


def test_nothing_found_is_said(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = show(capsys, "--find", "nobody at all", "--package", harbour_case)
    assert (code, out) == (1, "")
    assert "Nothing is found" in err


def test_several_rows_and_json(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = show(capsys, "ev-20250403-hearing", "so-herald", "--package", harbour_case)
    assert "ev-20250403-hearing, in events\n" in out and "so-herald, in sources\n" in out
    assert "https://" in out
    _, out, _ = show(capsys, "ch-12-1", "--package", harbour_case)
    assert out.index("Who says so") < out.index("What points at it")
    _, out, _ = show(capsys, "ev-20250403-hearing", "so-herald", "--json", "--package", harbour_case)
    assert [(row["table"], row.get("title", "")) for row in json.loads(out)] == [
        ("events", "Trial opens"),
        ("sources", "Six on trial"),
    ]


def test_what_is_missing_is_listed(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, before, _ = show(capsys, "--todo", "--package", harbour_case)
    assert "ev-20250403-hearing" not in before
    evidence = harbour_case / "data" / "evidence.csv"
    kept = [
        line for line in evidence.read_text().splitlines(True) if ",ev-20250403-hearing,place_id," not in line
    ]
    evidence.write_text("".join(line for line in kept if ",so-herald," not in line))
    measures = harbour_case / "data" / "measures.csv"
    measures.write_text(measures.read_text() + "me-open,custody,pa-accused-1" + "," * 16 + "\n")
    code, out, _ = show(capsys, "--todo", "--package", harbour_case)
    assert code == 0
    assert "ev-20250403-hearing: no evidence for place" in out
    assert "so-herald: it was read and supports nothing" in out
    assert "me-open: its end or length is open" in out
    assert "me-open: no evidence" in out
    _, out, _ = show(capsys, "--todo", "so-herald", "--json", "--package", harbour_case)
    assert [item["row_id"] for item in json.loads(out)] == ["so-herald"]
    _, out, _ = show(capsys, "--todo", "--table", "sources", "--package", harbour_case)
    assert [line.partition(":")[0] for line in out.splitlines()[:-1]] == ["so-herald"]
    code, out, err = show(capsys, "--todo", "--find", "zzz", "--package", harbour_case)
    assert (code, out) == (1, "")
    assert "Nothing is found" in err


def test_weight_and_colour_where_they_are_asked_for(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert "\x1b" not in show(capsys, "so-herald", "--package", harbour_case)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m" in show(capsys, "so-herald", "--package", harbour_case)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in show(capsys, "so-herald", "--package", harbour_case)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["so-herald", "--disputed"],
        ["--table", "evnts"],
        ["--todo", "so-herold"],
        ["--disputed", "--json"],
        ["--as-of", "2025-04-01", "--json"],
    ],
)
def test_what_is_no_question_is_refused(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = show(capsys, *arguments, "--package", harbour_case)
    assert (code, out) == (2, "")
    assert err.startswith("casetrail: ")


def test_a_page_that_vanished_is_cited_with_its_archived_copy(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = harbour_case / "data" / "sources.csv"
    archived = "https://web.archive.example/web/2025/https://courier.example/1"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("courier.example/1,,", f"courier.example/1,{archived},"), encoding="utf-8"
    )
    assert main(["show", "ev-20250403-hearing", "--package", str(harbour_case)]) == 0
    assert f"archived: {archived}" in capsys.readouterr().out


@pytest.mark.parametrize("disclosure", ["withheld", "witheld"])
def test_no_view_has_a_name_that_is_withheld(
    disclosure: str, harbour_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parties = harbour_case / "data" / "parties.csv"
    text = parties.read_text(encoding="utf-8")
    row = "pa-accused-1,person,Orla Venn,One of the accused.,,named_by_rights_body,"
    assert row in text
    parties.write_text(text.replace(row, row.replace("named_by_rights_body", disclosure)), encoding="utf-8")
    names = harbour_case / "data" / "names.csv"
    with names.open("a", encoding="utf-8", newline="") as file:
        file.write("na-accused-1-ru,pa-accused-1,Орла Венн,ru,Cyrl,Orla Venn,\n")
    cell = {"table": "parties", "row_id": "pa-accused-1", "field": "name", "value": "Orla Venn"}
    claim = {"evidence_id": "ec-venn", "source_id": "so-courier-1", "as_written": "Орла Венн", **cell}
    append(harbour_case / "data" / "evidence.csv", {**claim, "certainty": "stated"})
    code, out, err = show(capsys, "pa-accused-1", "--package", harbour_case)
    found = show(capsys, "--find", "accused", "--package", harbour_case)
    assert code == 0 and ("name withheld" in out or disclosure != "withheld")
    page = tmp_path / "page.html"
    assert main(["page", str(harbour_case), "--output", str(page)]) == 0
    texts = [out, err, *map(str, found), page.read_text(encoding="utf-8")]
    # What is exported is passed on, so nothing is where a name would go out with it.
    for kind in ("ftm", "sqlite", "parquet", "json", "postgresql"):
        target = tmp_path / "exported"
        assert main(["export", str(harbour_case), "--to", kind, "--output", str(target)]) == 1
        assert not target.exists()
        said = capsys.readouterr().err
        assert "names somebody who is not to be named" in said and "pa-accused-1" in said
        texts.append(said)
    assert not [name for name in ("Venn", "Венн") for text in texts if name in text]


@pytest.mark.parametrize("kind", ["sqlite", "json"])
def test_a_case_that_does_not_say_who_may_be_named_is_not_passed_on(
    kind: str, harbour_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema_file = harbour_case / "schemas" / "parties.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "disclosure"]
    schema_file.write_text(json.dumps(schema), encoding="utf-8")
    parties = harbour_case / "data" / "parties.csv"
    table = csv.read_csv(parties, convert_options=csv.ConvertOptions(strings_can_be_null=False))
    csv.write_csv(table.drop_columns("disclosure"), parties)
    target = tmp_path / "exported"
    assert main(["export", str(harbour_case), "--to", kind, "--output", str(target)]) == 1
    assert (
        "lacks the column 'disclosure' of the profile, which says who may be named" in capsys.readouterr().err
    )
    assert not target.exists()
