"""Versions are read from folders, zips and git as they stand, and nowhere else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.curate.keyed_table import keyed_tables
from casetrail.findings.error import CasetrailError
from casetrail.history.compare import compare
from casetrail.history.revision import open_version
from casetrail.package.package import open_package

Git = Callable[..., str]
Edit = Callable[[str, str, str], None]


def test_a_revision_holds_what_was_committed(harbour_case: Path, git: Git, edit: Edit) -> None:
    now = keyed_tables(open_package(harbour_case), "")
    edit("events", "March at the harbour", "The march")
    then = open_version("HEAD", harbour_case)
    assert {name: table.rows for name, table in keyed_tables(then, "").items()} == {
        name: table.rows for name, table in now.items()
    }
    assert not compare(then, open_package(harbour_case)).same


def test_a_zip_and_a_folder_compare_as_the_same(harbour_case: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "case"), "zip", harbour_case)
    assert compare(open_version(archive, harbour_case), open_package(harbour_case)).same


def test_a_package_below_the_top_is_found_at_its_place(harbour_case: Path, git: Git) -> None:
    (harbour_case / "inner").mkdir()
    git("mv", "datapackage.json", "data", "schemas", "inner/")
    git("commit", "--quiet", "--message=move")
    assert open_version("HEAD", harbour_case / "inner").name == "harbour-case"
    assert open_version("HEAD:inner", harbour_case).name == "harbour-case"
    with pytest.raises(CasetrailError, match=r"has no datapackage\.json"):
        open_version("HEAD", harbour_case)


@pytest.mark.parametrize("given", ["no-such-tag", "--help", "", "HEAD^{tree}:", "-x"])
def test_what_is_no_version_is_said_in_a_sentence(harbour_case: Path, git: Git, given: str) -> None:
    with pytest.raises(CasetrailError, match="revision"):
        open_version(given, harbour_case)


def test_outside_a_repository_there_are_no_revisions(harbour_case: Path) -> None:
    with pytest.raises(CasetrailError, match="neither a folder or zip nor a git revision"):
        open_version("HEAD", harbour_case)


def test_a_link_in_a_revision_is_not_followed(harbour_case: Path, git: Git) -> None:
    (harbour_case / "data" / "events.csv").unlink()
    (harbour_case / "data" / "events.csv").symlink_to("parties.csv")
    git("commit", "--quiet", "--all", "--message=link")
    then = open_version("HEAD", harbour_case)
    assert [finding.code for finding in then.findings] == ["path-not-a-file"]
