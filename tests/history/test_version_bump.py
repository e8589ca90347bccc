"""The version must move as far as the data did, and ids that go must be written down."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.history.bump import Bump, DataVersion, read_version
from casetrail.history.version_bump import predecessor, release_bump
from casetrail.package.package import open_package

Git = Callable[..., str]
Edit = Callable[[str, str, str], None]
SetVersion = Callable[[str], None]

ADD_RETIRED = ("retired", "version,note\n", "version,note\nrt-1,de-20250320-drop,,Not a demand.,2.0.0,\n")


def codes(case: Path, previous: Path | None = None) -> list[str]:
    package = open_package(case)
    return [finding.code for finding in release_bump(package, predecessor(package, previous)).findings]


def test_the_first_version_has_no_predecessor_and_says_so(harbour_case: Path, git: Git) -> None:
    package = open_package(harbour_case)
    release = release_bump(package, predecessor(package))
    assert [finding.code for finding in release.findings] == ["version-first"]
    assert release.findings[0].severity is Severity.NOTE
    assert release.enough


def test_without_git_there_is_no_predecessor(harbour_case: Path) -> None:
    assert predecessor(open_package(harbour_case)) is None


@pytest.mark.parametrize(
    ("change", "bump", "too_small", "enough"),
    [
        (("events", "March at the harbour", "The march"), Bump.PATCH, "1.0.0", "1.0.1"),
        (
            ("places", "\npl-saltland,", "\npl-port,town,Port,,PT,,,\npl-saltland,"),
            Bump.MINOR,
            "1.0.1",
            "1.1.0",
        ),
        (("demands", "de-20250320-drop", "de-20250320-end"), Bump.MAJOR, "1.1.0", "2.0.0"),
    ],
)
def test_each_change_asks_for_its_bump(
    harbour_case: Path,
    git: Git,
    edit: Edit,
    set_version: SetVersion,
    change: tuple[str, str, str],
    bump: Bump,
    too_small: str,
    enough: str,
) -> None:
    git("tag", "v1.0.0")
    edit(*change)
    if bump is Bump.MAJOR:
        edit(*ADD_RETIRED)
    set_version(too_small)
    git("commit", "--quiet", "--all", "--message=change")
    package = open_package(harbour_case)
    before = predecessor(package)
    assert before is not None
    assert before.label == "v1.0.0"
    release = release_bump(package, before)
    assert release.bump is bump
    assert codes(harbour_case) == ["version-bump-too-small"]
    finding = release.findings[0]
    assert f"{bump.word} version bump" in finding.message
    assert enough in (finding.hint or "")
    set_version(enough)
    assert codes(harbour_case) == []


def test_the_tag_of_the_version_itself_is_not_its_predecessor(
    harbour_case: Path, git: Git, edit: Edit, set_version: SetVersion
) -> None:
    git("tag", "v1.0.0")
    edit("events", "March at the harbour", "The march")
    set_version("1.0.1")
    git("commit", "--quiet", "--all", "--message=correct")
    git("tag", "v1.0.1")
    before = predecessor(open_package(harbour_case))
    assert before is not None
    assert before.label == "v1.0.0"
    # What is changed after its tag is another content under the same version.
    edit("events", "The march", "A march")
    assert codes(harbour_case) == ["version-bump-too-small"]


def test_a_tag_of_before_the_package_was_there_does_not_count(
    tmp_path: Path, git: Git, harbour_case: Path
) -> None:
    git("tag", "v0.1.0")
    inner = harbour_case / "inner"
    inner.mkdir()
    git("mv", "datapackage.json", "data", "schemas", "inner/")
    git("commit", "--quiet", "--message=move")
    assert codes(inner) == ["version-first"]


def test_a_repository_that_git_will_not_read_is_no_reason_to_see_no_history(harbour_case: Path) -> None:
    (harbour_case / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(CasetrailError, match="git rev-parse failed"):
        codes(harbour_case)


def test_a_version_never_goes_back(harbour_case: Path, git: Git, set_version: SetVersion) -> None:
    set_version("1.5.0")
    git("commit", "--quiet", "--all", "--message=more")
    git("tag", "v1.5.0")
    set_version("1.4.9")
    git("commit", "--quiet", "--all", "--message=less")
    assert codes(harbour_case) == ["version-goes-back"]


def test_the_newest_tag_is_that_of_the_highest_version(
    harbour_case: Path, git: Git, set_version: SetVersion, edit: Edit
) -> None:
    for version in ("1.0.0", "1.10.0", "1.9.0"):
        set_version(version)
        git("commit", "--quiet", "--allow-empty", "--all", "--message=x")
        git("tag", f"harbour-case-v{version}")
    git("tag", "not-a-version")
    git("tag", "casetrail-v9.0.0")
    edit("events", "March at the harbour", "The march")
    git("commit", "--quiet", "--all", "--message=y")
    before = predecessor(open_package(harbour_case))
    assert before is not None
    assert (before.label, before.package.version) == ("harbour-case-v1.10.0", "1.10.0")


def test_a_previous_package_may_be_named(harbour_case: Path, edit: Edit, tmp_path: Path) -> None:
    previous = tmp_path / "previous"
    shutil.copytree(harbour_case, previous)
    assert codes(harbour_case, previous) == []
    edit("events", "March at the harbour", "The march")
    assert codes(harbour_case, previous) == ["version-bump-too-small"]


@pytest.mark.parametrize("version", ["1.0", "one", "01.0.0", "1.0.0-rc1", ""])
def test_a_version_of_another_form_is_refused(
    harbour_case: Path, git: Git, set_version: SetVersion, version: str
) -> None:
    set_version(version)
    assert codes(harbour_case) == ["version-missing"]


def test_an_id_that_vanishes_must_be_retired(
    harbour_case: Path, git: Git, edit: Edit, set_version: SetVersion
) -> None:
    git("tag", "v1.0.0")
    git("commit", "--quiet", "--allow-empty", "--message=x")
    set_version("2.0.0")
    edit("demands", "de-20250320-drop", "de-20250320-end")
    assert codes(harbour_case) == ["retired-row-missing"]
    edit(*ADD_RETIRED)
    assert codes(harbour_case) == []


def test_a_retired_id_never_comes_back(
    harbour_case: Path, git: Git, edit: Edit, set_version: SetVersion
) -> None:
    edit("demands", "de-20250320-drop", "de-20250320-end")
    edit(*ADD_RETIRED)
    set_version("2.0.0")
    git("commit", "--quiet", "--all", "--message=retire")
    git("tag", "v2.0.0")
    git("commit", "--quiet", "--allow-empty", "--message=x")
    set_version("3.0.0")
    edit("demands", "de-20250320-end", "de-20250320-drop")
    assert codes(harbour_case) == ["retired-row-missing"]
    edit("retired", "rt-1,de-20250320-drop,,Not a demand.,2.0.0,\n", "")
    assert sorted(codes(harbour_case)) == ["retired-row-missing", "retired-row-removed"]


def test_a_copy_without_history_says_so(harbour_case: Path, git: Git, tmp_path: Path) -> None:
    git("tag", "v1.0.0")
    git("commit", "--quiet", "--allow-empty", "--message=x")
    copy = tmp_path / "shallow"
    git("clone", "--quiet", "--depth=1", "--no-tags", harbour_case.as_uri(), str(copy))
    assert codes(copy) == ["version-history-cut"]


def test_versions_are_ordered_by_number() -> None:
    assert read_version("v1.10.0") == DataVersion(1, 10, 0)
    assert DataVersion(1, 9, 9).after(Bump.MINOR) < DataVersion(1, 10, 1)
    assert str(DataVersion(1, 2, 3).after(Bump.MAJOR)) == "2.0.0"
    assert DataVersion(1, 2, 3).after(Bump.NONE) == DataVersion(1, 2, 3)
