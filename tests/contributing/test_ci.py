"""The files for build services: accepted by GitHub's own schemas, and every step of them runs here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATE = ROOT / "src" / "casetrail" / "curate" / "case_template"
FORMS = [
    path for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"
]

BIN = Path(sys.executable).parent
WHOLE_SUITE = (".ci/run", ".github/scripts/test.sh")
"""The steps that are not run here: they run these tests."""


OF_THE_SERVICE = tuple(f".github/scripts/{name}.sh" for name in ("publish", "pages", "build"))
"""The steps that call the service itself, or build this repository in a machine of their own."""


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", [*WORKFLOWS, TEMPLATE / ".github" / "workflows" / "check.yml"]),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.github-actions", [ROOT / "action.yml"]),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"]),
    ],
)
def test_githubs_schemas_accept_the_files(schema: str, files: list[Path]) -> None:
    assert files
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pre_commit_accepts_hooks_and_configurations() -> None:
    for command in (
        ["validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
        ["validate-config", ROOT / ".pre-commit-config.yaml", TEMPLATE / ".pre-commit-config.yaml"],
    ):
        subprocess.run([str(BIN / "pre-commit"), *map(str, command)], check=True, capture_output=True)


def test_the_hooks_here_are_those_that_others_use() -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for config in (ROOT / ".pre-commit-config.yaml", TEMPLATE / ".pre-commit-config.yaml"):
        used = yaml.safe_load(config.read_text())["repos"][0]["hooks"]
        for one, other in zip(offered, used, strict=True):
            for name in ("id", "entry", "always_run", "require_serial", "pass_filenames", "files"):
                assert one.get(name) == other.get(name)


def steps() -> list[tuple[str, dict[str, Any]]]:
    """Every step with a command, of every workflow and of the action, with the name of its file."""
    found = []
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text())["jobs"]
        found += [(path.name, step) for job in jobs.values() for step in job["steps"]]
    found += [
        ("action.yml", step) for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    ]
    return [(name, step) for name, step in found if "run" in step]


OF_THE_PROGRAM = (".github/scripts/build.sh", ".github/scripts/pages.sh")
"""Steps that need the network and the service itself; here only that the shell reads them."""

RUNS = [pytest.param(step, id=f"{name}: {step.get('name', step['run'])}") for name, step in steps()]


@pytest.mark.parametrize("step", RUNS)
def test_a_step_is_one_command(step: dict[str, Any]) -> None:
    command = step["run"].strip()
    assert "\n" not in command
    # An expression within a command would run whatever a stranger wrote in a branch name.
    assert "${{" not in command
    plain = command.strip('"').removeprefix("$GITHUB_ACTION_PATH/")
    assert re.match(r"casetrail |\.ci/run$|\.github/scripts/[a-z]+\.sh$", plain), command
    if not plain.startswith("casetrail"):
        script = ROOT / plain
        assert script.is_file()
        assert os.access(script, os.X_OK)


@pytest.fixture
def repository(harbour_case: Path) -> Path:
    """A repository with a case, as a build service checks it out: two commits, the scripts beside it."""
    shutil.copytree(ROOT / ".github", harbour_case / ".github")
    (harbour_case / "CHANGELOG.md").write_text(
        "# Changelog\n\n## harbour-case 1.0.0 (2025-06-01)\n\nFirst.\n"
    )
    environment = os.environ | {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm1"]):
        subprocess.run(["git", *command], cwd=harbour_case, check=True, env=environment)
    return harbour_case


def run_step(
    step: dict[str, Any], repository: Path, **more: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run a step as the service does; what it printed and what it wrote into the step summary."""
    summary = repository.parent / "summary.md"
    summary.write_text("")
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GITHUB_")}
    environment |= {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    settings = {"PACKAGE": ".", "BASE": "HEAD", "FROM_LOCK": "1", "FOLDER": ".", "FAIL_ON": "error"}
    settings |= {
        "WITHHELD": "Nobody Invented",
        "OUTPUT": str(repository.parent / "trial"),
        "PIP_CACHE_DIR": "",
    }
    environment |= {name: settings[name] for name in step.get("env", {}) if name != "GH_TOKEN"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=repository,
        env=environment | more,
        capture_output=True,
        text=True,
    )
    return done, summary.read_text()


@pytest.mark.parametrize(
    "step", [one for one in RUNS if one.values[0]["run"] not in (*WHOLE_SUITE, *OF_THE_SERVICE)]
)
def test_every_step_succeeds_on_a_good_case(step: dict[str, Any], repository: Path) -> None:
    if step["run"] in OF_THE_PROGRAM:
        step = {"run": f"bash -n {ROOT / step['run']}"}
    done, _ = run_step(step, repository)
    assert done.returncode == 0, done.stdout + done.stderr


def step_with(script: str) -> dict[str, Any]:
    return next(step for _, step in steps() if script in step["run"])


def test_a_case_that_is_not_valid_is_annotated_and_summed_up(repository: Path) -> None:
    events = repository / "data" / "events.csv"
    events.write_text(events.read_text().replace(",protest,", ",protset,"))
    done, summary = run_step(step_with("validate.sh"), repository)
    assert done.returncode == 1
    assert "::error file=data/events.csv,line=2" in done.stdout
    assert "protset" in summary
    sarif = json.loads((repository / "casetrail.sarif").read_text())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]].count("constraint-enum") == 1


def test_a_package_that_cannot_be_read_fails(repository: Path) -> None:
    (repository / "datapackage.json").write_text("{")
    done, summary = run_step(step_with("validate.sh"), repository)
    assert done.returncode == 2
    assert "could not be checked" in summary


def test_the_changes_are_ready_for_a_comment(repository: Path) -> None:
    events = repository / "data" / "events.csv"
    events.write_text(events.read_text().replace("March at the harbour", "The march"))
    done, summary = run_step(step_with("changes.sh"), repository)
    assert done.returncode == 0
    assert "| changed | ev-20250301-march | title | March at the harbour | The march |" in summary
    assert (repository / "casetrail-changes.md").read_text() == summary
    assert len(summary) < 65_536
    done, summary = run_step(step_with("changes.sh"), repository, BASE="0" * 40)
    assert done.returncode == 0
    assert "nothing to compare with" in summary


def test_a_release_has_the_tag_of_its_version(repository: Path) -> None:
    tag = {"GITHUB_REF_TYPE": "tag", "WITHHELD": ""}
    done, summary = run_step(
        step_with("release.sh"), repository, GITHUB_REF_NAME="harbour-case-v1.0.0", **tag
    )
    assert done.returncode == 0, done.stderr
    assert "harbour-case-1.0.0.zip" in summary and "no list of withheld names" in done.stdout
    done, _ = run_step(step_with("release.sh"), repository, GITHUB_REF_NAME="harbour-case-v2.0.0", **tag)
    assert done.returncode == 1
    assert "::error::the tag is harbour-case-v2.0.0" in done.stdout


def test_a_version_before_a_release_has_its_tag(repository: Path) -> None:
    for name, text in (("datapackage.json", '"version": "{}"'), ("CHANGELOG.md", "## harbour-case {} ")):
        path = repository / name
        words = path.read_text().replace(text.format("1.0.0"), text.format("1.0.0-rc.1"))
        # The versions of a case are three numbers.
        path.write_text(words.replace('"caseProfile": "1.0",', ""))
    tag = {"GITHUB_REF_TYPE": "tag", "WITHHELD": "", "GITHUB_REF_NAME": "harbour-case-v1.0.0-rc.1"}
    done, _ = run_step(step_with("release.sh"), repository, **tag)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_withheld_name_stops_a_release_and_is_printed_nowhere(repository: Path) -> None:
    done, summary = run_step(
        step_with("release.sh"), repository, WITHHELD="Somebody Else\nMarch at the  HARBOUR"
    )
    assert done.returncode == 1
    assert "line 2 of the list" in done.stderr
    assert "HARBOUR" not in done.stdout + done.stderr + summary
    assert not list(repository.glob("dist/harbour*"))


def test_what_fails_the_job_can_be_chosen(repository: Path) -> None:
    events = repository / "data" / "events.csv"
    events.write_text(events.read_text().replace(",protest,", ",protset,"))
    for fail_on, code in (("error", 1), ("warning", 1), ("never", 0)):
        done, summary = run_step(step_with("validate.sh"), repository, FAIL_ON=fail_on)
        assert done.returncode == code and "protset" in summary
    header, *rows = events.read_text().splitlines(keepends=True)
    events.write_text("".join([header, *reversed(rows)]))
    for fail_on, code in (("error", 1), ("never", 0)):
        done, _ = run_step(step_with("format.sh"), repository, FAIL_ON=fail_on)
        assert done.returncode == code and "not in canonical form" in done.stdout


def test_annotations_name_files_of_the_repository(repository: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    (whole / "cases").mkdir(parents=True)
    repository.rename(whole / "cases" / "harbour")
    events = whole / "cases" / "harbour" / "data" / "events.csv"
    events.write_text(events.read_text().replace(",protest,", ",protset,"))
    outputs = tmp_path / "outputs"
    more = {"FOLDER": "cases", "PACKAGE": "harbour", "GITHUB_OUTPUT": str(outputs)}
    done, _ = run_step(step_with("validate.sh"), whole, **more)
    assert done.returncode == 1
    assert "::error file=cases/harbour/data/events.csv,line=2" in done.stdout
    assert outputs.read_text() == "sarif=cases/casetrail.sarif\n"
    result = json.loads((whole / "cases" / "casetrail.sarif").read_text())["runs"][0]["results"][0]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "cases/harbour/data/events.csv"


@pytest.mark.parametrize(("version", "prerelease"), [("1.0.0", False), ("1.0.0-rc.1", True)])
def test_what_is_published_has_the_notes_of_its_version(
    repository: Path, tmp_path: Path, version: str, prerelease: bool
) -> None:
    # In place of the program of the service, which would publish: it writes down how it is called.
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/called\nfor a; do last=$a; done; cat "$last"\n')
    program.chmod(0o755)
    changes = repository / "CHANGELOG.md"
    changes.write_text(changes.read_text().replace(" 1.0.0 ", f" {version} "))
    (repository / "dist").mkdir()
    (repository / "dist" / f"harbour-case-{version}.zip").write_bytes(b"")
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    done, _ = run_step(
        step_with("publish.sh"), repository, GITHUB_REF_NAME=f"harbour-case-v{version}", PATH=path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "First."
    called = (tmp_path / "called").read_text()
    assert f"release create harbour-case-v{version} dist/harbour-case-{version}.zip --verify-tag" in called
    # So that a version before 1.0.0 is nowhere shown as the newest.
    assert ("--prerelease" in called) == prerelease


EVERY_FILE = [*WORKFLOWS, ROOT / "action.yml", TEMPLATE / ".github" / "workflows" / "check.yml"]


def test_the_readme_of_a_registry_leads_to_the_commit_that_is_built(tmp_path: Path) -> None:
    script = ROOT / ".github" / "scripts" / "readme.sh"
    readme = tmp_path / "README.md"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    commit = "0123456789abcdef0123456789abcdef01234567"
    for known in ({}, {"GITHUB_REPOSITORY": "owner/casetrail", "GITHUB_SHA": commit}):
        readme.write_text(text, encoding="utf-8")
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        subprocess.run([script], cwd=tmp_path, env=plain | known, check=True)
        led = re.findall(r"\]\(([^)]+)\)", readme.read_text(encoding="utf-8"))
        at = f"https://github.com/owner/casetrail/{{}}/{commit}/"
        assert led == [
            link
            if link.startswith("https://") or not known
            else at.format("raw" if link.endswith(".png") else "blob") + link
            for link in links
        ]


def test_every_action_is_held_to_a_commit_of_a_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in EVERY_FILE:
        for line in re.findall(r"uses: (.+)", path.read_text()):
            if line.startswith("./ "):
                continue
            used = re.fullmatch(r"([\w/-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
            assert used is not None, line
            versions.setdefault(used[1], set()).add(f"{used[2]} {used[3]}")
    assert all(len(known) == 1 for known in versions.values()), versions


def test_a_workflow_has_no_right_that_no_job_asks_for() -> None:
    for path in EVERY_FILE:
        workflow = yaml.safe_load(path.read_text())
        if "jobs" in workflow:
            assert workflow["permissions"] == {}, path
            assert all(job["permissions"] and job["timeout-minutes"] for job in workflow["jobs"].values())


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [str(BIN / "zizmor"), "--offline", "--no-progress", "--no-config", *map(str, EVERY_FILE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout + done.stderr


def test_other_systems_are_tried() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text())["jobs"]
    assert {"windows-latest", "macos-latest"} <= set(jobs["elsewhere"]["strategy"]["matrix"]["os"])


def test_the_workflow_that_others_are_shown_is_like_ours(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "check-in-your-repository.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n")[1].split("```")[0].replace("OWNER/casetrail@COMMIT", f"o/c@{'0' * 40}")
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert [name for name in inputs if f"\n| `{name}` |" not in page] == []
    workflow = tmp_path / "data.yml"
    workflow.write_text(shown)
    for command in (
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        ["zizmor", "--offline", "--no-progress", "--no-config"],
    ):
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:], str(workflow)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with_ = yaml.safe_load(shown)["jobs"]["data"]["steps"][1]["with"]
    assert set(with_) <= set(inputs)


def test_a_release_is_built_from_the_lock() -> None:
    """What a published release is made with is what was tested: every library by its hash."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    (step,) = [step for step in workflow["jobs"]["release"]["steps"] if "install.sh" in step.get("run", "")]
    assert step["env"]["FROM_LOCK"] == "1"
    script = (ROOT / ".github" / "scripts" / "install.sh").read_text(encoding="utf-8")
    assert "--require-hashes" in script and "requirements.lock" in script
