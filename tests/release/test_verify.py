"""A copy of a release is proved whole, or every difference is named."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]


def files_of(release: Path) -> list[str]:
    return [path.relative_to(release).as_posix() for path in sorted(release.rglob("*")) if path.is_file()]


def zip_of(release: Path) -> Path:
    return release.with_name(f"{release.name}.zip")


def resealed(release: Path) -> None:
    """Write SHA256SUMS anew, as a forger would who changed a file."""
    lines = [
        f"{hashlib.sha256((release / name).read_bytes()).hexdigest()}  {name}\n"
        for name in files_of(release)
        if name != "SHA256SUMS"
    ]
    (release / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def packed(
    target: Path, members: dict[str, bytes], *, mode: int = 0o100644, kind: int = zipfile.ZIP_STORED
) -> Path:
    with zipfile.ZipFile(target, "w", kind) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2025, 6, 1, 0, 0, 0))
            info.external_attr, info.create_system, info.compress_type = mode << 16, 3, kind
            archive.writestr(info, data)
    return target


def test_folder_and_zip_are_whole(built: Path, capfd: Captured) -> None:
    assert main(["verify", str(built)]) == 0
    assert main(["verify", str(zip_of(built))]) == 0
    out = capfd.readouterr().out
    assert out.count("whole, unchanged and valid") == 2


def test_a_folder_may_be_renamed(copy: Path) -> None:
    assert main(["verify", str(copy.rename(copy.with_name("from-the-court")))]) == 0


def test_a_folder_is_not_called_as_another_version(copy: Path, capfd: Captured) -> None:
    assert main(["verify", str(copy.rename(copy.with_name("harbour-case-9.9.9")))]) == 1
    assert "says that it is 'harbour-case-1.0.0'" in capfd.readouterr().out


def test_the_zip_is_a_data_package_itself(copy: Path) -> None:
    with zipfile.ZipFile(zip_of(copy)) as archive:
        assert set(archive.namelist()) == set(files_of(copy))
    report = frictionless.Package(str(zip_of(copy))).validate()
    assert report.valid, report.flatten(["message"])
    assert {"parties", "events"} <= {task.name for task in report.tasks}
    assert main(["validate", str(zip_of(copy))]) == 0


def test_it_says_whether_anybody_vouches_and_for_what(built: Path, capfd: Captured) -> None:
    record = json.loads((built / "release.json").read_text(encoding="utf-8"))
    for path in (built, zip_of(built)):
        assert main(["verify", str(path)]) == 0
        out = capfd.readouterr().out
        assert "not signed: nobody vouches for it" in out and record["contentHash"] in out


def test_one_bit_of_any_file_is_found(copy: Path, capfd: Captured) -> None:
    chance = random.Random(7)
    for name in files_of(copy):
        path = copy / name
        data = path.read_bytes()
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        assert main(["verify", str(copy)]) == 1, name
        # Which bit of the list is wrong nobody can tell: the file that it speaks of is named.
        assert name == "SHA256SUMS" or name in capfd.readouterr().out
        path.write_bytes(data)
    assert main(["verify", str(copy)]) == 0


def test_every_bit_of_the_list_counts(three_rows_release: Path) -> None:
    path = three_rows_release / "SHA256SUMS"
    data = path.read_bytes()
    line = data.index(b"\n") + 1
    for position in [*range(line), len(data) - 1]:
        for bit in range(8):
            spoilt = bytearray(data)
            spoilt[position] ^= 1 << bit
            path.write_bytes(spoilt)
            assert main(["verify", str(three_rows_release)]) == 1, (position, bit)
    path.write_bytes(data)
    assert main(["verify", str(three_rows_release)]) == 0


@pytest.fixture
def three_rows_release(three_rows: Path, tmp_path: Path) -> Path:
    assert main(["release", str(three_rows), "--output", str(tmp_path / "dist")]) == 0
    return tmp_path / "dist" / "buoys-1.0.0"


def test_each_file_dropped_or_renamed_is_found(copy: Path, capfd: Captured) -> None:
    for name in files_of(copy):
        path = copy / name
        aside = path.rename(path.with_name(f"{path.name}.bak"))
        capfd.readouterr()
        assert main(["verify", str(copy)]) == 1, name
        told = capfd.readouterr().out
        assert f"{name}: missing" in told
        if name != "SHA256SUMS":
            assert f"{name}.bak: not part of the release" in told
        kept = aside.read_bytes()
        aside.unlink()
        assert main(["verify", str(copy)]) == 1, name
        path.write_bytes(kept)
    assert main(["verify", str(copy)]) == 0


@pytest.mark.parametrize(
    "name", ["extra.txt", "data/extra.csv", ".hidden", "SHA256SUMS.sig", "SHA256SUMS.bak"]
)
def test_each_file_added_is_found(copy: Path, capfd: Captured, name: str) -> None:
    (copy / name).write_text("", encoding="utf-8")
    assert main(["verify", str(copy)]) == 1
    assert f"{name}: not part of the release" in capfd.readouterr().out


def test_links_folders_and_pipes_are_found(copy: Path, capfd: Captured) -> None:
    (copy / "data" / "parties.csv").rename(copy.with_name("elsewhere.csv"))
    (copy / "data" / "parties.csv").symlink_to(copy.with_name("elsewhere.csv"))
    (copy / "empty").mkdir()
    os.mkfifo(copy / "pipe")
    assert main(["verify", str(copy)]) == 1
    told = capfd.readouterr().out
    assert "data/parties.csv: this is a link" in told
    assert "empty: this folder is empty" in told
    assert "pipe: this is no file" in told


def test_one_bit_anywhere_in_the_zip_is_found(three_rows_release: Path) -> None:
    path = zip_of(three_rows_release)
    data = path.read_bytes()
    chance = random.Random(11)
    # Every byte of the first header and of the end, and a good many between.
    places = {
        *range(60),
        *range(len(data) - 120, len(data)),
        *(chance.randrange(len(data)) for _ in range(150)),
    }
    for position in sorted(places):
        spoilt = bytearray(data)
        spoilt[position] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        assert main(["verify", str(path)]) == 1, position
    for cut in (data[:-1], data + b"\0", data[1:], b"\0" + data, data[: len(data) // 2], b""):
        path.write_bytes(cut)
        assert main(["verify", str(path)]) == 1
    path.write_bytes(data)
    assert main(["verify", str(path)]) == 0


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/outside.txt",
        "a/../../outside.txt",
        "C:/outside.txt",
        "a\\..\\..\\outside.txt",
        "a/%2e%2e/b",
    ],
)
def test_a_zip_that_reaches_out_is_refused(tmp_path: Path, capfd: Captured, name: str) -> None:
    path = packed(tmp_path / "slip.zip", {"r/SHA256SUMS": b"", name: b"!"})
    before = sorted(tmp_path.rglob("*"))
    assert main(["verify", str(path)]) == 1
    assert "refused" in capfd.readouterr().out
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_zip_is_refused(tmp_path: Path, capfd: Captured) -> None:
    path = packed(tmp_path / "link.zip", {"r/SHA256SUMS": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    assert main(["verify", str(path)]) == 1
    assert "r/SHA256SUMS: refused, it is a link" in capfd.readouterr().out


def test_a_bomb_is_refused_unread(tmp_path: Path, capfd: Captured) -> None:
    path = packed(tmp_path / "bomb.zip", {"r/SHA256SUMS": b"\0" * 50_000_000}, kind=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 60_000
    assert main(["verify", str(path)]) == 1
    assert "claim more bytes than the" in capfd.readouterr().out


def test_overlapping_members_are_refused(built: Path, tmp_path: Path) -> None:
    # All members of the directory are turned to the data of the first: each is small, together they are not.
    members = {f"r/{number}": b"x" * 1000 for number in range(100)}
    path = packed(tmp_path / "overlap.zip", members)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2")
    while at >= 0:
        struct.pack_into("<I", data, at + 42, 0)
        at = data.find(b"PK\1\2", at + 4)
    path.write_bytes(data)
    assert main(["verify", str(path)]) == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubled_and_compressed_members_are_refused(copy: Path, tmp_path: Path, capfd: Captured) -> None:
    names = {f"{copy.name}/{name}": (copy / name).read_bytes() for name in files_of(copy)}
    path = packed(tmp_path / "twice.zip", names)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{copy.name}/README.md", b"another")
    assert main(["verify", str(path)]) == 1
    assert "two members have this name" in capfd.readouterr().out
    path = packed(tmp_path / "small.zip", names, kind=zipfile.ZIP_DEFLATED)
    assert main(["verify", str(path)]) == 1
    told = capfd.readouterr().out
    assert "claim more bytes" in told or "it is compressed" in told


def test_a_zip_packed_anew_is_told_from_one_that_is_wrong(
    copy: Path, tmp_path: Path, capfd: Captured
) -> None:
    path = packed(tmp_path / "anew.zip", {n: (copy / n).read_bytes() for n in reversed(files_of(copy))})
    assert main(["verify", str(path)]) == 1
    assert "every file in it is right: it was packed anew" in capfd.readouterr().out


def forge_cell(release: Path) -> None:
    path = release / "data" / "parties.csv"
    path.write_bytes(path.read_bytes().replace(b"Orla Venn", b"Olga Venn"))
    descriptor = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    for one in descriptor["resources"]:
        data = (release / one["path"]).read_bytes()
        one["bytes"], one["hash"] = len(data), f"sha256:{hashlib.sha256(data).hexdigest()}"
    (release / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def forge_fixity(release: Path) -> None:
    path = release / "data" / "parties.csv"
    path.write_bytes(path.read_bytes().replace(b"Orla Venn", b"Olga Venn"))


def forge_parquet(release: Path) -> None:
    shutil.copy(release / "parquet" / "places.parquet", release / "parquet" / "parties.parquet")


def forge_version(release: Path) -> None:
    path = release / "datapackage.json"
    path.write_bytes(path.read_bytes().replace(b'"version": "1.0.0"', b'"version": "1.0.1"'))


def forge_title(release: Path) -> None:
    path = release / "datapackage.json"
    path.write_bytes(path.read_bytes().replace(b"The harbour case", b"The harbor case"))


def forge_schema(release: Path) -> None:
    path = release / "datapackage.json"
    path.write_bytes(path.read_bytes().replace(b'"required": true', b'"required": false', 1))


def forge_record(release: Path) -> None:
    (release / "release.json").write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    ("forge", "told"),
    [
        (forge_cell, "datapackage.json: does not say what release.json says of it"),
        (forge_fixity, "data/parties.csv"),
        (forge_parquet, "parquet/parties.parquet"),
        (forge_version, "release.json: 'version' is '1.0.0', but datapackage.json has '1.0.1'"),
        (forge_title, "datapackage.json: does not say what release.json says of it"),
        (forge_schema, "datapackage.json: does not say what release.json says of it"),
        (forge_record, "is not as a release has it"),
    ],
)
def test_a_forger_who_mends_the_list_is_found(
    copy: Path, capfd: Captured, forge: Callable[[Path], None], told: str
) -> None:
    forge(copy)
    resealed(copy)
    assert main(["verify", str(copy)]) == 1
    assert told in capfd.readouterr().out


def test_tables_are_validated_again(copy: Path, capfd: Captured) -> None:
    path = copy / "data" / "events.csv"
    path.write_bytes(path.read_bytes().replace(b",protest,", b",protset,"))
    resealed(copy)
    assert main(["verify", str(copy)]) == 1
    assert "protset" in capfd.readouterr().out


@pytest.mark.parametrize("path", ["nowhere", "nowhere.zip"])
def test_where_there_is_no_copy(tmp_path: Path, capfd: Captured, path: str) -> None:
    assert main(["verify", str(tmp_path / path)]) == 2
    assert "give the folder or the zip of a release" in capfd.readouterr().err


def test_a_folder_that_is_no_release(tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    assert main(["verify", str(tmp_path)]) == 1
    assert "SHA256SUMS: missing" in capfd.readouterr().out
