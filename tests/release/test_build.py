"""What a release holds, when it is refused, and what stands there afterwards."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrail.case.row_model import RowVerdict
from casetrail.cli.main import main
from casetrail.release import output_folder

Release = Callable[..., int]
Captured = pytest.CaptureFixture[str]
NOBODY = 65534


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_it_holds_what_the_design_lists(built: Path) -> None:
    tables = [path.stem for path in (built / "data").glob("*.csv")]
    assert len(tables) == 17
    expected = {
        f"{kind}/{name}.{end}" for name in tables for kind, end in (("parquet", "parquet"), ("json", "json"))
    }
    expected |= {f"data/{name}.csv" for name in tables}
    expected |= {"datapackage.json", "release.json", "SHA256SUMS", "CHANGELOG.md", "LICENSE", "README.md"}
    expected |= {"CITATION.cff", "citation.bib", "citation.ris", "citation.csl.json", "datacite.json"}
    expected |= {"croissant.json", "ro-crate-metadata.json", "csvw-metadata.json", "schema-org.jsonld"}
    expected |= {"codebook.md", "data/README.md"}
    expected |= {f"derived/{name}.parquet" for name in ("claims", "versions", "timeline", "accused")}
    assert expected <= set(contents(built))


def test_the_zip_holds_the_same_files(built: Path) -> None:
    with zipfile.ZipFile(built.with_name(f"{built.name}.zip")) as archive:
        assert archive.testzip() is None
        packed = {name.removeprefix(f"{built.name}/"): archive.read(name) for name in archive.namelist()}
        dates = {member.date_time for member in archive.infolist()}
        modes = {member.external_attr >> 16 for member in archive.infolist()}
    assert packed == contents(built)
    assert (dates, modes) == ({(2025, 6, 1, 0, 0, 0)}, {0o100644})


def test_sha256sum_agrees(built: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=built, capture_output=True)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(contents(built)) - 1


def test_the_descriptor_is_whole_by_itself(built: Path, package: Path) -> None:
    source = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    released = json.loads((built / "datapackage.json").read_text(encoding="utf-8"))
    assert {k: v for k, v in released.items() if k != "resources"} == {
        k: v for k, v in source.items() if k != "resources"
    }
    for before, after in zip(source["resources"], released["resources"], strict=True):
        data = (built / after["path"]).read_bytes()
        assert after["bytes"] == len(data)
        assert after["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert after["schema"] == json.loads((package / before["schema"]).read_text(encoding="utf-8"))


def test_what_the_standard_does_not_know_is_kept(tides: dict[str, Any]) -> None:
    assert tides["ourOwn"] == {"kept": ["as", "it", "is"]}
    assert tides["resources"][0]["ourOwn"] is True
    category = tides["resources"][0]["schema"]["fields"][14]["categories"][1]
    assert category == {"value": "high", "label": "Gale", "origin": "Sea lore"}


@pytest.fixture(scope="module")
def tides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    output = tmp_path_factory.mktemp("tides")
    assert main(["release", str(Path(__file__).parent / "packages" / "tides"), "--output", str(output)]) == 0
    folder = output / "tides-of-saltmouth-1.2.0"
    assert (folder / "files" / "chart.bin").read_bytes() == b"\x00\x01\xff chart"
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_tables_are_canonical_whatever_they_were(tides: dict[str, Any]) -> None:
    readings = tides["resources"][0]
    assert (readings["path"], readings["dialect"]["delimiter"]) == ("data/readings.csv", ",")
    assert (readings["encoding"], readings["format"]) == ("utf-8", "csv")


def test_the_record_says_who_accepts_and_what_is_missing(
    package: Path, tmp_path: Path, release: Release
) -> None:
    (package / "data" / "README.md").unlink()
    assert release(package) == 0
    said = json.loads((tmp_path / "dist/harbour-case-1.0.0/release.json").read_text(encoding="utf-8"))
    assert [(one["tool"], one["valid"], one["errors"]) for one in said["validation"]] == [
        ("casetrail", True, 0),
        ("casetrail, row models", True, 0),
        ("frictionless", True, 0),
    ]
    assert said["missing"] == [
        {"path": "data/README.md", "reason": "the package has no data/README.md with its method"}
    ]
    assert not (tmp_path / "dist/harbour-case-1.0.0/data/README.md").exists()
    assert {one["name"]: one["rows"] for one in said["tables"]}["evidence"] == 46


def test_an_invalid_package_is_not_released(
    package: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    edit(package / "data" / "events.csv", "protest", "protset")
    assert release(package) == 1
    assert not (tmp_path / "dist").exists()
    told = capfd.readouterr().err
    assert "protset" in told and "nothing was released" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"name": "harbour-case"', '"name": "../harbour"', "a release takes its name from 'name'"),
        ('"version": "1.0.0"', '"version": "1/0"', "'version' is '1/0'"),
        ('"version": "1.0.0",', "", "does not say 'version'"),
        ('"created": "2025-06-01T00:00:00Z"', '"created": "last June"', "does not say 'created'"),
        ('"title": "The harbour case, an invented one"', '"title": ""', "does not say 'title'"),
    ],
)
def test_what_the_descriptor_must_say(
    package: Path, tmp_path: Path, release: Release, capfd: Captured, old: str, new: str, told: str
) -> None:
    edit(package / "datapackage.json", old, new)
    assert release(package) == 1
    assert told in capfd.readouterr().err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("changelog", "told"),
    [
        (
            "## harbour-case 1.0.1 (2025-06-01)\n",
            "the newest heading of the dataset is '## harbour-case 1.0.1",
        ),
        ("## harbour-case 1.0.0 (2025-06-02)\n", "datapackage.json has version 1.0.0, created 2025-06-01"),
        ("## harbour-case 2 (2026-01-01)\n## harbour-case 1.0.0 (2025-06-01)\n", "newest heading"),
        (
            "## harbour-tool 1.0.0 (2025-06-01)\n",
            "no heading of the dataset; write '## harbour-case 1.0.0 (2025-06-01)'",
        ),
        (None, "CHANGELOG.md cannot be read"),
    ],
)
def test_the_changelog_must_agree(
    package: Path, release: Release, capfd: Captured, changelog: str | None, told: str
) -> None:
    path = package / "CHANGELOG.md"
    path.unlink()
    if changelog is not None:
        path.write_text(changelog, encoding="utf-8")
    assert release(package) == 1
    assert told in capfd.readouterr().err


def test_frictionless_has_a_veto(package: Path, tmp_path: Path, release: Release, capfd: Captured) -> None:
    # XML Schema, and so the standard, has years before the common era; frictionless has not.
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    del descriptor["caseProfile"]
    (package / "more.csv").write_text("id,founded\n1,-0044\n", encoding="utf-8")
    fields = [{"name": "id", "type": "string"}, {"name": "founded", "type": "year"}]
    descriptor["resources"].append(
        {"name": "more", "type": "table", "path": "more.csv", "schema": {"fields": fields}}
    )
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert main(["validate", str(package)]) == 0
    assert release(package) == 1
    told = capfd.readouterr().err
    assert "casetrail accepts the package and frictionless" in told and "nothing is released" in told
    assert list((tmp_path / "dist").iterdir()) == []


def test_the_row_models_have_a_veto(
    package: Path, tmp_path: Path, release: Release, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses = RowVerdict(rows=3, refused=1, first=("events, row 2: date: there is no month 13",))
    monkeypatch.setattr("casetrail.release.build.row_verdict", lambda package: refuses)
    assert release(package) == 1
    told = capfd.readouterr().err
    assert "the row models refuse 1 row" in told and "events, row 2: date: there is no month 13" in told
    assert list((tmp_path / "dist").iterdir()) == []


@pytest.mark.parametrize("founded", ["1844", "-0044"])
def test_a_large_package_is_judged_meanwhile(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, founded: str
) -> None:
    descriptor = json.loads((three_rows / "datapackage.json").read_text(encoding="utf-8"))
    fields = [{"name": "id", "type": "integer"}, {"name": "founded", "type": "year"}]
    descriptor["resources"].append(
        {
            "name": "more",
            "type": "table",
            "path": "more.csv",
            "schema": {"fields": fields, "primaryKey": ["id"]},
        }
    )
    (three_rows / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    rows = "".join(f"{number},{founded if number == 900 else 2000}\n" for number in range(1000))
    (three_rows / "more.csv").write_text(f"id,founded\n{rows}", encoding="utf-8")
    assert release(three_rows) == (0 if founded == "1844" else 1)
    if founded != "1844":
        assert "more: Type error in the cell" in capfd.readouterr().err
        assert list((tmp_path / "dist").iterdir()) == []


@pytest.mark.parametrize("name", ["../outside", "a/b", "..", "/etc/x", "a\\\\b"])
def test_a_resource_whose_name_leads_elsewhere(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, name: str
) -> None:
    edit(three_rows / "datapackage.json", '"name": "buoys", "type"', f'"name": "{name}", "type"')
    assert release(three_rows) == 1
    assert not (tmp_path / "dist").exists()
    assert "cannot give its name to a file" in capfd.readouterr().err


def test_a_zip_is_not_released_from(built: Path, release: Release, capfd: Captured) -> None:
    assert release(built.with_name(f"{built.name}.zip")) == 2
    assert "unpack it" in capfd.readouterr().err


def test_the_same_again_changes_nothing(
    package: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    assert release(package) == 0
    folder = tmp_path / "dist" / "harbour-case-1.0.0"
    before = (folder.stat().st_ino, contents(tmp_path / "dist"))
    capfd.readouterr()
    assert release(package) == 0
    assert "is there already, byte for byte" in capfd.readouterr().out
    assert (folder.stat().st_ino, contents(tmp_path / "dist")) == before


def test_a_release_of_the_release_says_the_same(built: Path, tmp_path: Path, release: Release) -> None:
    assert release(built) == 0
    again = json.loads((tmp_path / "dist/harbour-case-1.0.0/release.json").read_text(encoding="utf-8"))
    first = json.loads((built / "release.json").read_text(encoding="utf-8"))
    assert again["contentHash"] == first["contentHash"]
    assert again["tables"] == first["tables"]


def test_only_a_build_with_the_same_content_is_replaced(
    package: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    assert release(package) == 0
    edit(package / "LICENSE-DATA", "Do as you like.", "Ask first.")
    assert release(package) == 0
    folder = tmp_path / "dist" / "harbour-case-1.0.0"
    assert (folder / "LICENSE").read_text(encoding="utf-8") == "Ask first.\n"
    edit(package / "data" / "events.csv", "March at the harbour", "The march")
    before = contents(tmp_path / "dist")
    capfd.readouterr()
    assert release(package) == 1
    error = capfd.readouterr().err
    assert "with other content" in error and "give the dataset a new version" in error and "--force" in error
    assert contents(tmp_path / "dist") == before
    assert release(package, "--force") == 0
    assert main(["verify", str(folder)]) == 0
    assert main(["verify", f"{folder}.zip"]) == 0
    assert sorted(one.name for one in (tmp_path / "dist").iterdir()) == [folder.name, f"{folder.name}.zip"]


def test_a_zip_without_its_folder_is_replaced_by_the_same_content_alone(
    three_rows: Path, tmp_path: Path, release: Release
) -> None:
    assert release(three_rows) == 0
    shutil.rmtree(tmp_path / "dist" / "buoys-1.0.0")
    assert release(three_rows) == 0
    shutil.rmtree(tmp_path / "dist" / "buoys-1.0.0")
    edit(three_rows / "buoys.csv", "green", "yellow")
    assert release(three_rows) == 1


def add_a_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")


def change_a_file(folder: Path) -> None:
    edit(folder / "README.md", "Buoys", "My buoys")


def put_a_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    add_a_file(folder)


def put_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("mine", encoding="utf-8")


def put_a_link(folder: Path) -> None:
    shutil.move(folder, folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))


def change_the_zip(folder: Path) -> None:
    folder.with_name(f"{folder.name}.zip").write_bytes(b"mine")


def put_a_folder_for_the_zip(folder: Path) -> None:
    path = folder.with_name(f"{folder.name}.zip")
    path.unlink()
    path.mkdir()
    add_a_file(path)


@pytest.mark.parametrize(
    "change",
    [
        add_a_file,
        change_a_file,
        put_a_folder,
        put_a_file,
        put_a_link,
        change_the_zip,
        put_a_folder_for_the_zip,
    ],
)
def test_what_casetrail_did_not_make_stays(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, change: Callable[[Path], None]
) -> None:
    dist = tmp_path / "dist"
    assert release(three_rows) == 0
    change(dist / "buoys-1.0.0")
    before = contents(dist)
    # With another content and with the same: neither is written.
    assert release(three_rows) == 2
    edit(three_rows / "buoys.csv", "green", "yellow")
    assert release(three_rows) == 2
    error = capfd.readouterr().err
    assert "casetrail did not write it, or it was changed since" in error and "--force" in error
    assert contents(dist) == before
    assert release(three_rows, "--force") == 0
    assert main(["verify", str(dist / "buoys-1.0.0")]) == 0
    assert main(["verify", str(dist / "buoys-1.0.0.zip")]) == 0
    assert [one.name for one in dist.iterdir() if one.name.startswith(".")] == []
    if change is put_a_link:
        assert (dist / "elsewhere" / "SHA256SUMS").is_file() and not (dist / "buoys-1.0.0").is_symlink()


def denied(*arguments: object) -> None:
    raise OSError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.parametrize("earlier", [True, False])
def test_where_the_zip_cannot_be_put_there_nothing_is_changed(
    three_rows: Path,
    tmp_path: Path,
    release: Release,
    capfd: Captured,
    monkeypatch: pytest.MonkeyPatch,
    earlier: bool,
) -> None:
    (tmp_path / "dist").mkdir()
    if earlier:
        assert release(three_rows) == 0
        edit(three_rows / "buoys.csv", "green", "yellow")
    before = contents(tmp_path / "dist")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", denied)
        assert release(three_rows, "--force") == 2
    error = capfd.readouterr().err
    assert "permission denied" in error and "Nothing was changed" in error
    assert contents(tmp_path / "dist") == before
    assert [one.name for one in (tmp_path / "dist").iterdir() if one.name.startswith(".")] == []


def test_where_the_last_sync_fails_nobody_says_that_nothing_was_changed(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = output_folder.sync
    with monkeypatch.context() as patch:
        patch.setattr(
            output_folder, "sync", lambda path: denied() if path == tmp_path / "dist" else real(path)
        )
        assert release(three_rows) == 2
    error = capfd.readouterr().err
    assert "cannot be brought to the disk (permission denied)" in error and "Nothing" not in error
    assert main(["verify", str(tmp_path / "dist" / "buoys-1.0.0.zip")]) == 0


def test_an_earlier_version_stays(package: Path, tmp_path: Path, release: Release) -> None:
    assert release(package) == 0
    before = contents(tmp_path / "dist")
    edit(package / "datapackage.json", '"version": "1.0.0"', '"version": "1.0.1"')
    edit(package / "CHANGELOG.md", "harbour-case 1.0.0", "harbour-case 1.0.1")
    assert release(package) == 0
    after = contents(tmp_path / "dist")
    assert {path: data for path, data in after.items() if path in before} == before
    assert "harbour-case-1.0.1/SHA256SUMS" in after


def test_rights_do_not_depend_on_the_umask(three_rows: Path, tmp_path: Path, release: Release) -> None:
    old = os.umask(0o077)
    try:
        assert release(three_rows) == 0
    finally:
        os.umask(old)
    folder = tmp_path / "dist" / "buoys-1.0.0"
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in [folder, folder / "data"]} == {0o755}
    assert folder.with_name("buoys-1.0.0.zip").stat().st_mode & 0o777 == 0o644


def test_two_at_once(three_rows: Path, tmp_path: Path, release: Release, capfd: Captured) -> None:
    (tmp_path / "dist").mkdir()
    handle = os.open(tmp_path / "dist", os.O_RDONLY)
    try:
        fcntl = pytest.importorskip("fcntl")
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert release(three_rows) == 2
        assert "another release is being built in" in capfd.readouterr().err
        assert list((tmp_path / "dist").iterdir()) == []
    finally:
        os.close(handle)
    assert release(three_rows) == 0


def test_many_at_once_leave_one_whole_release(three_rows: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "casetrail",
        "release",
        str(three_rows),
        "--output",
        str(tmp_path / "dist"),
    ]
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert sorted(run.wait() for run in runs)[0] == 0
    assert {run.returncode for run in runs} <= {0, 2}
    assert main(["verify", str(tmp_path / "dist" / "buoys-1.0.0")]) == 0
    assert sorted(one.name for one in (tmp_path / "dist").iterdir()) == ["buoys-1.0.0", "buoys-1.0.0.zip"]


def in_child(command: list[str], before: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, preexec_fn=before, capture_output=True, text=True)


def command(package: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "casetrail", "release", str(package), "--output", str(output), "--force"]


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("limit", [100, 3_000, 8_000, 20_000, 100_000])
def test_a_file_that_may_not_grow(three_rows: Path, tmp_path: Path, release: Release, limit: int) -> None:
    resource = pytest.importorskip("resource")
    assert release(three_rows) == 0
    before = contents(tmp_path / "dist")
    edit(three_rows / "buoys.csv", "green", "yellow")
    done = in_child(
        command(three_rows, tmp_path / "dist"),
        lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    told = one_line(done)
    # SQLite does not say which error it met.
    assert "file too large" in told or ".sqlite: input/output error" in told
    assert "Nothing was changed" in told
    assert contents(tmp_path / "dist") == before


@pytest.mark.parametrize("kilobytes", [4, 16, 64, 100, 200])
def test_a_full_disk(three_rows: Path, tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    size = f"size={kilobytes}k"
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", size, "tmpfs", disk], capture_output=True).returncode
    ):
        pytest.skip("mounting is not allowed here")
    try:
        told = one_line(in_child(command(three_rows, disk), lambda: None))
        assert "no space left on device" in told
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(
    getattr(os, "geteuid", int)() != 0 or os.name == "nt", reason="only root can become somebody else"
)
def test_a_folder_without_the_right_to_write(three_rows: Path, tmp_path: Path, release: Release) -> None:
    assert release(three_rows) == 0
    before = contents(tmp_path / "dist")
    edit(three_rows / "buoys.csv", "green", "yellow")
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o005 != 0o005:  # pytest makes its folders for their owner alone
            path.chmod(0o755)
    (tmp_path / "told").touch(0o666)
    child = os.fork()
    if child == 0:  # Everything is imported by now: somebody else may not read where it lies.
        code = 99
        with contextlib.suppress(BaseException):
            handle = os.open(tmp_path / "told", os.O_WRONLY)
            os.dup2(handle, 2)
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            os.setuid(NOBODY)
            code = main(["release", str(three_rows), "--output", str(tmp_path / "dist")])
            sys.stderr.flush()
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert told.count("\n") == 1 and "permission denied" in told and "Nothing was changed" in told
    assert contents(tmp_path / "dist") == before


def test_a_target_that_is_a_file(three_rows: Path, tmp_path: Path, release: Release, capfd: Captured) -> None:
    (tmp_path / "dist").write_text("not a folder", encoding="utf-8")
    assert release(three_rows) == 2
    assert "cannot be written" in capfd.readouterr().err
    assert (tmp_path / "dist").read_text(encoding="utf-8") == "not a folder"


def test_what_killed_runs_left_is_swept(three_rows: Path, tmp_path: Path, release: Release) -> None:
    assert release(three_rows) == 0
    dist = tmp_path / "dist"
    earlier = contents(dist / "buoys-1.0.0")
    # A run that was killed half-way, and one that was killed where folders cannot be exchanged in one step.
    (dist / ".buoys-0.8.0.casetrail-staging" / "buoys-0.8.0").mkdir(parents=True)
    shutil.copytree(dist / "buoys-1.0.0", dist / ".buoys-0.9.0.casetrail-aside")
    edit(three_rows / "datapackage.json", '"version": "1.0.0"', '"version": "1.1.0"')
    assert release(three_rows) == 0
    assert contents(dist / "buoys-0.9.0") == earlier
    assert [one.name for one in dist.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("address", ["https://example.org/datapackage.json", "s3://bucket/case"])
def test_no_release_is_made_from_an_address(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", address]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        f"casetrail: '{address}' is an address, and a release is made where its package is kept"
    )
    assert said.count("\n") == 1
