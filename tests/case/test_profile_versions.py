"""Several versions of the profile side by side, and what a version that is made up asks of a package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import casetrail.case.profile as documents
from casetrail.case.profile import profile, profile_versions, tables_of
from casetrail.case.validation import validate_package
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package


@pytest.fixture
def two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version 1.1 beside 1.0: one more column, one more term, one more table that is not required."""
    folder = tmp_path / "profile"
    shutil.copytree(documents.PROFILES / "1.0", folder / "1.0")
    shutil.copytree(documents.PROFILES / "1.0", folder / "1.1")
    change(folder / "1.1" / "profile.json", lambda one: one.update(version="1.1"))
    change(folder / "1.1" / "profile.json", lambda one: one["tables"].append({"name": "exhibits"}))

    def newer(events: dict) -> None:
        weather = {"name": "weather", "type": "string", "description": "The weather.", "example": "rain"}
        events["fields"].append({**weather, "constraints": {"required": False}})
        kind = next(one for one in events["fields"] if one["name"] == "kind")
        kind["categories"].append({"value": "search", "label": "Search", "description": "A search."})
        kind["constraints"]["enum"].append("search")

    change(folder / "1.1" / "events.json", newer)
    exhibits = json.loads((folder / "1.1" / "disagreements.json").read_text("utf-8"))
    exhibits = json.loads(json.dumps(exhibits).replace("disagreement", "exhibit").replace('"di', '"xh'))
    exhibits["idPrefix"] = "xh"
    (folder / "1.1" / "exhibits.json").write_text(json.dumps(exhibits), encoding="utf-8")
    monkeypatch.setattr(documents, "PROFILES", folder)


def change(path: Path, edit: object) -> None:
    document = json.loads(path.read_text("utf-8"))
    edit(document)  # type: ignore[operator]
    path.write_text(json.dumps(document), encoding="utf-8")


def codes(package: Path) -> list[str]:
    return [one.code for one in validate_package(open_package(package)).findings]


def test_both_are_known_and_an_older_package_stays_valid(two_versions: None, harbour_case: Path) -> None:
    assert profile_versions() == ("1.0", "1.1")
    assert "weather" in profile("1.1").tables["events"].columns
    assert "weather" not in profile("1.0").tables["events"].columns
    assert codes(harbour_case) == []
    with pytest.raises(CasetrailError, match=r"no version '1.2'.*did you mean|no version '1.2'.*1.0, 1.1"):
        profile("1.2")


def test_a_package_goes_over_by_its_schemas_and_columns(two_versions: None, harbour_case: Path) -> None:
    change(harbour_case / "datapackage.json", lambda one: one.update(caseProfile="1.1"))
    # Each file that has to be mended is named: the data, and the schema for a column and a term.
    assert codes(harbour_case) == ["header-missing-column", "profile-column-missing", "profile-term-missing"]
    assert write_schemas(open_package(harbour_case)) == ["schemas/events.json"]
    events = harbour_case / "data" / "events.csv"
    lines = events.read_text("utf-8").splitlines()
    events.write_text("\n".join([f"{lines[0]},weather", *(f"{line}," for line in lines[1:])]) + "\n", "utf-8")
    assert codes(harbour_case) == []


def test_a_version_that_is_not_known_is_all_that_is_said(harbour_case: Path) -> None:
    change(harbour_case / "datapackage.json", lambda one: one.update(caseProfile="7.0"))
    (harbour_case / "data" / "evidence.csv").write_text("evidence_id\n", encoding="utf-8")
    assert "profile-unknown-version" in codes(harbour_case)
    assert not [code for code in codes(harbour_case) if code.startswith("evidence-")]


def test_a_schema_that_is_word_for_word_that_of_the_profile_is_read_once(harbour_case: Path) -> None:
    tables = tables_of(open_package(harbour_case))
    assert tables["retired"] is profile("1.0").tables["retired"]
