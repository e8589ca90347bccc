"""The README of a release names contact and address; the command says what is lacking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casetrail.cli.main import main
from casetrail.describe.citation import citation_gaps, contacts
from casetrail.standard.descriptor import Descriptor


def test_a_package_that_is_no_case_is_told_of_no_evidence(three_rows: Path, tmp_path: Path) -> None:
    assert main(["release", str(three_rows), "--output", str(tmp_path / "dist")]) == 0
    text = (tmp_path / "dist" / "buoys-1.0.0" / "README.md").read_text(encoding="utf-8")
    assert "disputed" not in text and "CHANGELOG" not in text
    assert "`NA` is a text" in text and "[buoys.xlsx](buoys.xlsx)" in text


def test_contact_and_address_are_those_of_the_descriptor(package: Path, tmp_path: Path) -> None:
    path = package / "datapackage.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["homepage"] = "https://harbour.example/case"
    document["contributors"].append({"title": "Desk", "email": "desk@harbour.example", "roles": ["contact"]})
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["release", str(package), "--output", str(tmp_path / "dist")]) == 0
    text = next((tmp_path / "dist").glob("*/README.md")).read_text(encoding="utf-8")
    assert "`desk@harbour.example`" in text and "<https://harbour.example/case>" in text


def test_what_a_citation_lacks_is_a_notice(
    three_rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", str(three_rows), "--output", str(tmp_path / "dist")]) == 0
    said = capsys.readouterr().out
    notices = [line.split("'")[1] for line in said.splitlines() if "notice:" in line]
    assert notices == ["id", "homepage", "email"]
    filled = {
        "resources": [],
        "id": "https://doi.org/10.5072/x",
        "homepage": "https://buoys.example",
        "contributors": [{"title": "A", "path": "https://a.example"}, {"title": "B", "email": "b@b.example"}],
    }
    assert citation_gaps(Descriptor.of(filled)) == ()
    assert contacts(Descriptor.of(filled)) == ("https://a.example", "b@b.example")
