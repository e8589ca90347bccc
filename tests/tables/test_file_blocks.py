"""Files that are packed, in another encoding, or several to a table."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import open_package

SCHEMA = {"fields": [{"name": "id"}, {"name": "name"}]}


def read(folder: Path, files: dict[str, bytes], **properties: Any) -> tuple[list[Any], tuple[Finding, ...]]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    resource = {"name": "t", "path": next(iter(files)), "schema": SCHEMA, **properties}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    package = open_package(folder)
    assert package.findings == ()
    builder = ReportBuilder()
    records = [
        (batch.path, batch.row(index), batch.line(index), *cells.values())
        for batch in package.resource("t").batches(builder)
        for index, cells in enumerate(batch.cells.to_pylist())
    ]
    return records, builder.findings


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("_", "."), content)
    return data.getvalue()


TEXT = "id,name\n1,Ünal\n2,Әлия\n"
ROWS = [(2, 2, "1", "Ünal"), (3, 3, "2", "Әлия")]


def test_a_header_alone_is_a_note(tmp_path: Path) -> None:
    records, found = read(tmp_path, {"t.csv": b"id,name\n"})
    assert records == []
    assert [(f.code, f.severity) for f in found] == [("no-records", Severity.NOTE)]


def test_a_zip_whose_file_has_no_name_is_one_finding(tmp_path: Path) -> None:
    before, name, behind = zipped(t_csv=TEXT.encode()).rpartition(b"t.csv")
    records, found = read(tmp_path, {"t.csv.zip": before + b"\0" + name[1:] + behind})
    assert records == []
    assert [finding.code for finding in found] == ["path-unreadable"]


@pytest.mark.parametrize(
    ("files", "properties"),
    [
        ({"t.csv.gz": gzip.compress(TEXT.encode())}, {}),
        ({"t.csv.zip": zipped(t_csv=TEXT.encode())}, {}),
        ({"t.zip": zipped(t_csv=TEXT.encode(), x_csv=b"x")}, {"innerpath": "t.csv", "format": "csv"}),
        ({"t.bin": gzip.compress(TEXT.encode())}, {"compression": "gzip", "format": "csv"}),
        ({"t.csv": TEXT.encode("utf-16")}, {"encoding": "UTF-16"}),
        ({"t.csv": TEXT.encode("gb18030")}, {"encoding": "GB18030"}),
        ({"t.csv.gz": gzip.compress(TEXT.encode("utf-16-le"))}, {"encoding": "utf-16le"}),
        ({"t.csv": TEXT.encode()}, {"encoding": "UTF-8"}),
    ],
)
def test_packed_and_encoded_files_have_the_same_cells(
    tmp_path: Path, files: dict[str, bytes], properties: dict[str, Any]
) -> None:
    path = next(iter(files))
    assert read(tmp_path, files, **properties) == ([(path, *row) for row in ROWS], ())


def test_the_same_byte_is_another_letter_in_another_encoding(tmp_path: Path) -> None:
    data = b"id,name\n1,\xe4\n"
    assert read(tmp_path, {"t.csv": data}, encoding="windows-1252")[0][0][-1] == "ä"
    assert read(tmp_path, {"t.csv": data}, encoding="windows-1251")[0][0][-1] == "д"


def test_a_byte_that_the_encoding_does_not_have_is_told_in_its_place(tmp_path: Path) -> None:
    records, found = read(tmp_path, {"t.csv": b"id,name\n1,\x81\n2,b\n"}, encoding="windows-1252")
    assert records == [("t.csv", 3, 3, "2", "b")]
    assert [(f.code, f.row, f.line, f.column) for f in found] == [("not-utf-8", 2, 2, 2)]
    assert "0x81 is not windows-1252" in found[0].message


def test_ascii_means_ascii(tmp_path: Path) -> None:
    records, found = read(tmp_path, {"t.csv": TEXT.encode()}, encoding="us-ascii")
    assert (len(records), {f.code for f in found}, {f.row for f in found}) == (0, {"not-utf-8"}, {2, 3})


@pytest.mark.parametrize("encoding", ["rot13", "zlib", "unicode_escape", "idna", "../x", "no such", "os"])
def test_what_is_no_encoding_of_text_is_not_run(tmp_path: Path, encoding: str) -> None:
    assert [f.code for f in read(tmp_path, {"t.csv": b"id,name\n"}, encoding=encoding)[1]] == ["unsupported"]


@pytest.mark.parametrize(
    ("name", "data", "properties", "code"),
    [
        ("t.csv.gz", b"id,name\n", {}, "path-unreadable"),
        ("t.csv.gz", gzip.compress(TEXT.encode() * 1000)[:-30], {}, "path-unreadable"),
        ("t.csv.zip", b"id,name\n", {}, "path-unreadable"),
        ("t.csv.zip", zipped(), {}, "path-unreadable"),
        ("t.csv.zip", zipped(a_csv=b"a", b_csv=b"b"), {}, "path-unreadable"),
        # A member whose name is said to be UTF-8 and is not.
        ("t.csv.zip", zipped(**{"é": b"a"}).replace("é".encode(), b"\xce\x20"), {}, "path-unreadable"),
        ("t.csv", b"\xff\xff\xff", {"encoding": "utf-16"}, "file-encoding"),
    ],
)
def test_damaged_files_are_findings(
    tmp_path: Path, name: str, data: bytes, properties: dict[str, Any], code: str
) -> None:
    assert code in [f.code for f in read(tmp_path, {name: data}, **properties)[1]]


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("t.csv.gz", TEXT.encode(), "pack it again, or name it without .gz"),
        ("t.csv.gz", gzip.compress(TEXT.encode()) + b"more", "pack it again, or name it without .gz"),
        ("t.csv.gz", gzip.compress(TEXT.encode())[:-8] + bytes(8), "cut off or damaged"),
        ("t.csv.gz", gzip.compress(TEXT.encode())[:-9], "cut off or damaged"),
        ("t.csv.zst", TEXT.encode(), "cut off or damaged"),
        ("t.csv.zst", pa.compress(TEXT.encode(), codec="zstd", asbytes=True)[:-4], "cut off or damaged"),
    ],
    ids=["plain", "followed", "checksum", "cut", "plain-zstd", "cut-zstd"],
)
def test_what_is_not_packed_soundly_has_a_remedy(tmp_path: Path, name: str, data: bytes, remedy: str) -> None:
    (finding,) = [f for f in read(tmp_path, {name: data})[1] if f.code == "path-unreadable"]
    assert remedy in (finding.hint or "")


def test_several_files_are_one_table_whether_they_repeat_the_header_or_not(tmp_path: Path) -> None:
    paths = ["a.csv", "b.csv", "c.csv"]
    files = {"a.csv": b"id,name\n1,x\n", "b.csv": b"id,name\n2,y\n", "c.csv": b"3,z\n4\n5,w\n"}
    records, found = read(tmp_path, files, path=paths)
    assert records == [
        ("a.csv", 2, 2, "1", "x"),
        ("b.csv", 2, 2, "2", "y"),
        ("c.csv", 1, 1, "3", "z"),
        ("c.csv", 3, 3, "5", "w"),
    ]
    assert [(f.code, f.path, f.line) for f in found] == [("missing-cell", "c.csv", 2)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="koi8-r", exclude_characters='\r\n\0",')), max_size=20),
    st.sampled_from(["koi8-r", "utf-16", "utf-32-be", "gb18030"]),
)
def test_any_text_survives_its_encoding(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], encoding: str
) -> None:
    text = "id,name\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names))
    folder = tmp_path_factory.mktemp("encoded")
    records, found = read(folder, {"t.csv": text.encode(encoding)}, encoding=encoding)
    assert [record[-1] for record in records] == names
    assert not [f for f in found if f.severity is not Severity.NOTE]
