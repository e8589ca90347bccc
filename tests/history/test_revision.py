"""Versions are read from folders, zips and git as they stand, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main
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


HOSTILE = {
    "core.fsmonitor": "{}",
    "core.sshCommand": "{}",
    "core.pager": "{}",
    "pager.show": "{}",
    "core.editor": "{}",
    "core.askPass": "{}",
    "core.hooksPath": "{folder}/hooks",
    "core.alternateRefsCommand": "{}",
    "diff.external": "{}",
    "diff.x.textconv": "{}",
    "diff.x.command": "{}",
    "filter.x.clean": "{}",
    "filter.x.smudge": "{}",
    "filter.x.process": "{}",
    "merge.x.driver": "{}",
    "gpg.program": "{}",
    "log.showSignature": "true",
    "credential.helper": "!{}",
    "remote.origin.url": "ext::{}",
    "remote.origin.promisor": "true",
    "protocol.ext.allow": "always",
    "alias.show": "!{}",
    "alias.ls-tree": "!{}",
    "alias.rev-parse": "!{}",
}
"""Settings of a repository by which git runs a program, and where the name of the program goes."""


def test_no_setting_of_a_repository_has_a_program_run(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *who, *arguments], cwd=harbour_case, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")
    git("tag", "harbour-case-v0.9.0")
    program = harbour_case.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {harbour_case.parent}/ran\ncat\n")
    program.chmod(0o755)
    hooks = harbour_case.parent / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).symlink_to(program)
    for name, value in HOSTILE.items():
        git("config", name, value.format(program, folder=harbour_case.parent))
    (harbour_case / ".gitattributes").write_text("* diff=x filter=x merge=x\n")
    (harbour_case / ".git" / "info").mkdir(exist_ok=True)
    (harbour_case / ".git" / "info" / "attributes").write_text("* diff=x filter=x merge=x\n")
    case = str(harbour_case)
    (harbour_case.parent / "ran").unlink(missing_ok=True)
    for command in (
        ["diff", "HEAD", case],
        ["diff", case],
        ["diff", "harbour-case-v0.9.0", "HEAD", "--format", "json"],
        ["validate", case],
        ["format", case],
        ["release", case, "--output", str(harbour_case.parent / "dist")],
        ["show", "ev-20250301-march", "--package", case],
        ["cite", case],
    ):
        main(command)
        assert not (harbour_case.parent / "ran").exists(), command
    assert "mistake in casetrail" not in capsys.readouterr().err
    # Git by itself does run it.
    subprocess.run(["git", "status"], cwd=harbour_case, check=False, capture_output=True)
    assert (harbour_case.parent / "ran").exists()
