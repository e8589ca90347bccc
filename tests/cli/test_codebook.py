"""`casetrail codebook` as it is called: its forms, its counts, and what it does not write over."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from casetrail.cli.main import main

TIDES = Path(__file__).parent.parent / "release" / "packages" / "tides"


def codebook(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main(["codebook", *map(str, words)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_counts_are_those_of_the_tables(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = codebook(capsys, harbour_case, "--format", "json")
    assert code == 0
    for table in json.loads(out)["tables"]:
        with (harbour_case / table["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert table["rows"] == len(rows)
        for column in table["columns"]:
            cells = Counter(row[column["name"]] for row in rows)
            assert column["empty"] == cells[""]
            for term in column["terms"]:
                assert term["rows"] == cells[term["value"]], term


def test_a_reader_learns_how_to_join_and_what_counts_as_independent(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = codebook(capsys, harbour_case)
    for words in (
        '"charges" }o--o| "parties" : "accused_id"',
        "`names.subject_id` holds the id of a row of `parties` or `places`",
        "rows of `evidence` whose `row_id` is the id of your row",
        "*Independent origins*",
        "`locator` is the place in the source",
        "Not used here:",
    ):
        assert words in out
    assert re.search(r"^\| `kind` \|.*\|  \|$", out, re.M) and re.search(r"\| \d+ % \|$", out, re.M)


def test_the_page_is_whole_in_itself(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = codebook(capsys, harbour_case, "--format", "html")
    assert "<svg" in out and "default-src 'none'" in out
    anchors = set(re.findall(r' id="([^"]+)"', out))
    links = re.findall(r'href="([^"]+)"', out)
    assert {link for link in links if not link.startswith("#")} == set()
    assert {link[1:] for link in links} <= anchors


def test_any_package_has_a_codebook(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = codebook(capsys, TIDES, "--format", "html")
    assert code == 0
    assert "Words | with a pipe and &lt;i&gt;markup&lt;/i&gt;." in out
    assert "Independent origins" not in out


def test_one_without_title_and_version_has_one_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}, {"name": "n"}]}}
    descriptor = {"name": "small", "resources": [resource]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (tmp_path / "t.csv").write_text("id,n\na,\nb,\nc,1\n", encoding="utf-8")
    code, out, _ = codebook(capsys, tmp_path)
    assert code == 0 and out.startswith("# Codebook: small\n")
    assert "| `n` | anything |  |  |  | 67 % |" in out


def test_it_is_refreshed_but_not_over_what_a_person_wrote(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = harbour_case / "docs" / "codebook.md"
    assert codebook(capsys, harbour_case, "--write")[0] == 0
    assert codebook(capsys, harbour_case, "--write")[0] == 0
    target.write_text(target.read_text(encoding="utf-8") + "\nMy own words.\n", encoding="utf-8")
    code, _, err = codebook(capsys, harbour_case, "--write")
    assert code == 2 and "--force" in err
    assert target.read_text(encoding="utf-8").endswith("My own words.\n")


def test_it_is_refreshed_in_a_clone_that_another_machine_made(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert codebook(capsys, harbour_case, "--write")[0] == 0
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    descriptor = harbour_case / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8").replace("The harbour case", "The case of the harbour")
    descriptor.write_text(text, encoding="utf-8")
    assert codebook(capsys, harbour_case, "--write")[0] == 0
    target = harbour_case / "docs" / "codebook.md"
    assert "The case of the harbour" in target.read_text(encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "third"))
    changed = target.read_text(encoding="utf-8").replace("harbour", "port", 1)
    target.write_text(changed, encoding="utf-8")
    assert codebook(capsys, harbour_case, "--write")[0] == 2
    assert target.read_text(encoding="utf-8") == changed


def test_what_goes_where_has_to_be_clear(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codebook(capsys, harbour_case, "--write", "--format", "html")[0] == 2
