"""Several files of a package are one change, whoever kills, fails or writes at the same time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casetrail.cli.main import main
from casetrail.curate.writing import changing, write_files
from casetrail.findings.error import CasetrailError
from casetrail.package.files import FolderFiles
from casetrail.release.published import Published, publish, read_published

Captured = pytest.CaptureFixture[str]
OLD = {"a.csv": b"old a\n", "data/b.csv": b"old b\n"}
NEW = {"a.csv": b"new a\n", "data/b.csv": b"new b\n", "data/c.csv": b"new c\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "datapackage.json").write_text('{"name": "x", "resources": [{"name": "a", "path": "a.csv"}]}')
    for path, data in OLD.items():
        (tmp_path / path).write_bytes(data)
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    """The tables of the folder and whatever is hidden there."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "datapackage.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def in_child(work: Callable[[], object]) -> int:
    """Fork, work, and end; the exit code, negative where a signal ended it."""
    pid = os.fork()
    if not pid:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_before(moment: int) -> None:
    """From now on this process dies just before its operation of this number on files."""
    count = 0
    changes = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "open"}

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in changes:
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def test_killed_at_every_operation_all_is_old_or_all_is_new(folder: Path, capfd: Captured) -> None:
    outcomes, unreadable = [], 0
    for moment in range(1, 200):
        for path in NEW:
            (folder / path).unlink(missing_ok=True)
        for path, data in OLD.items():
            (folder / path).write_bytes(data)

        def doomed(moment: int = moment) -> None:
            killed_before(moment)
            write_files(folder, NEW)

        code = in_child(doomed)
        between = state(folder)
        tables = {path: data for path, data in between.items() if not path.startswith(".")}
        if main(["validate", str(folder)]) == 2:
            unreadable += 1
            assert "was interrupted; run `casetrail format`" in capfd.readouterr().err
        else:
            assert tables in (OLD, NEW), moment
        with changing(folder):
            assert state(folder) in (OLD, NEW), moment
        assert not [path for path in folder.iterdir() if path.name.startswith(".")]
        outcomes.append(state(folder) == NEW)
        if code == 0:
            break
    assert code == 0 and len(outcomes) > 20
    assert outcomes == sorted(outcomes), "once the journal is there, all is new"
    assert unreadable >= 3 and not outcomes[0]


def test_killed_while_it_puts_the_old_back(folder: Path) -> None:
    outcomes = set()
    for moment in range(1, 200):
        for path in NEW:
            (folder / path).unlink(missing_ok=True)
        for path, data in OLD.items():
            (folder / path).write_bytes(data)

        def doomed(moment: int = moment) -> None:
            fail_at("data/b.csv", 0)
            killed_before(moment)
            write_files(folder, NEW)

        code = in_child(doomed)
        with changing(folder):
            assert state(folder) in (OLD, NEW), moment
        outcomes.add(state(folder) == NEW)
        if code == 1:
            break
    assert code == 1 and state(folder) == OLD


def fail_at(ending: str, times: int) -> None:
    """From now on no file can be renamed to this place, but for the first times."""
    real, count = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal count
        if str(target).endswith(ending) and self.name.endswith(".new"):
            count += 1
            if count > times:
                raise PermissionError(1, "Operation not permitted", str(self), None, str(target))
        return real(self, target)

    Path.replace = replace  # type: ignore[method-assign]


@pytest.mark.parametrize("path", NEW)
def test_where_one_file_cannot_be_replaced_none_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(Path, "replace", Path.replace)
    fail_at(path, 0)
    with pytest.raises(CasetrailError, match=r"cannot be written \(operation not permitted\)"):
        write_files(folder, NEW)
    assert state(folder) == OLD


def test_what_somebody_else_changed_is_not_written_over(folder: Path) -> None:
    files = FolderFiles(folder)
    for path in OLD:
        files.open(path).close()
    (folder / "data" / "b.csv").write_bytes(b"theirs\n")
    with pytest.raises(CasetrailError, match=r"'data/b.csv' was changed by somebody else meanwhile"):
        write_files(folder, NEW, files)
    assert state(folder) == {**OLD, "data/b.csv": b"theirs\n"}


@pytest.mark.parametrize(
    "path", ["../outside.csv", "/outside.csv", ".git/hooks/post-commit", "data/../../outside.csv"]
)
def test_a_journal_of_a_stranger_moves_nothing_out_of_the_package(folder: Path, path: str) -> None:
    staging = folder / ".casetrail-writing"
    staging.mkdir()
    (staging / "0.new").write_bytes(b"")
    item = {"path": path, "number": 0, "sha256": "", "existed": False}
    (staging / "journal.json").write_text(json.dumps([item]))
    with pytest.raises(CasetrailError, match="was not written by casetrail"), changing(folder):
        pass
    assert not (folder.parent / "outside.csv").exists() and not (folder / ".git").exists()


@pytest.mark.parametrize("kind", ["pipe", "link", "endless", "deep"])
def test_a_journal_that_is_none_is_not_read(folder: Path, kind: str) -> None:
    (folder / ".casetrail-writing").mkdir()
    journal = folder / ".casetrail-writing" / "journal.json"
    if kind == "pipe":
        os.mkfifo(journal)
    elif kind == "link":
        journal.symlink_to("/dev/zero")
    else:
        journal.write_bytes(b"[" * (100_000 if kind == "deep" else 2_000_000))
    with pytest.raises(CasetrailError, match="was not written by casetrail"), changing(folder):
        pass


def test_a_link_in_place_of_the_journal_is_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").write_bytes(b"")
    (folder / ".casetrail-writing").symlink_to(elsewhere)
    with pytest.raises(CasetrailError, match="not a folder"), changing(folder):
        pass
    assert (elsewhere / "kept").exists()


def test_five_at_once_add_five_rows(harbour_case: Path) -> None:
    before = len((harbour_case / "data" / "places.csv").read_text().splitlines())
    command = [sys.executable, "-m", "casetrail", "new", "place", str(harbour_case), "--kind", "town"]
    runs = [
        subprocess.Popen(
            [
                *command,
                "--source",
                "so-courier",
                "--locator",
                "p. 1",
                "--id",
                f"pl-town-{n}",
                "--name",
                f"{'ABCDE'[n] * 6}",
                "--no-input",
                "--anyway",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(5)
    ]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert run.returncode == 0, out + err
    rows = (harbour_case / "data" / "places.csv").read_text().splitlines()
    assert len(rows) == before + 5
    assert not (harbour_case / ".casetrail-writing").exists()


def test_a_command_that_would_wait_for_ever_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casetrail.curate.writing.WAIT", 0.2)
    with changing(folder):

        def waiting() -> None:
            from casetrail.package import folder_lock

            folder_lock._held.clear()
            with (
                pytest.raises(CasetrailError, match="another command is changing the package"),
                changing(folder),
            ):
                pass

        assert in_child(waiting) == 0


def test_versions_published_at_once_are_all_noted(folder: Path) -> None:
    def published(number: int) -> None:
        publish(FolderFiles(folder), Published(f"1.{number}.0", date(2025, 1, 1), f"sha256:{'0' * 64}"))

    pids = []
    for number in range(8):
        pid = os.fork()
        if not pid:
            try:
                published(number)
                os._exit(0)
            finally:
                os._exit(1)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 8
    noted = read_published(FolderFiles(folder))
    assert {entry.version for entry in noted} == {f"1.{number}.0" for number in range(8)}
