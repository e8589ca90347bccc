"""Whatever bytes a file has: a report or one sentence, and the same by each way of reading it."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import casetrail
from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.package.package import open_package
from fuzz.rounds import ROUND, Record, damaged, ends_well, in_time, judge, package, rounds

SCHEMA = {
    "fields": [
        {"name": "a", "type": "string", "constraints": {"pattern": "[a-z]+", "maxLength": 3}},
        {"name": "b", "type": "integer", "constraints": {"minimum": 0, "unique": True}},
        {"name": "c", "type": "date"},
        {"name": "d", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF"},
    ],
    "primaryKey": ["a"],
    "foreignKeys": [{"fields": ["d"], "reference": {"fields": ["a"]}}],
}
PIECES = [
    *(
        b"a,b,c,d\n",
        b",",
        b'"',
        b'""',
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\xe2\x80\xae",
    ),
    *(b";", b"1", b"x", b"2024-02-29", b"-5", b"abc", b'"a\nb"', b"\t", b" ", b"=1+1", b"\xc3\xa9", b"#"),
    *(b"abc,1,2024-02-29,\n", b"xyz,2,,abc\n", b"010101500003", b"<<<<<<< x\n", b"=======\n", b"\x1a", b"'"),
]
CSV = st.builds(
    lambda head, parts, tail: (PIECES[0] if head else b"") + b"".join(parts) + tail,
    st.booleans(),
    st.lists(st.sampled_from(PIECES), max_size=40),
    st.binary(max_size=8),
)


def descriptor(path: str = "t.csv", **more: Any) -> bytes:
    table = {"name": "t", "path": path, "type": "table", "schema": SCHEMA, **more}
    return json.dumps({"name": "x", "resources": [table]}).encode()


def zstandard(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def findings(path: Path, **options: Any) -> list[tuple[object, ...]]:
    """What is found, but for the name of the file and how its text is shown."""
    report = validate(open_package(path), options=Options(hygiene=True, debug=True, **options))
    rows = [
        (found.code, found.severity, found.row, found.line, found.column, found.field, found.value)
        for found in report.findings
    ]
    return [*rows, *report.counts.items(), *((table.name, table.rows) for table in report.tables)]


def ways(data: bytes, executor: ThreadPoolExecutor) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """The findings by each way in which the same bytes can be read."""
    with package(descriptor(), {"t.csv": data}) as folder:
        yield "at once", findings(folder)
        yield "in one thread", findings(folder, jobs=1)
        for block in (1, 7, 64):
            yield f"in blocks of {block}", findings(folder, block=block, jobs=2)
        yield "by an executor", findings(folder, block=16, executor=executor)
    # A row that is a comment keeps all records before it from being proved at once.
    exact = descriptor(dialect={"commentRows": [1_000_000]})
    with package(exact, {"t.csv": data}) as folder:
        yield "record by record", findings(folder, block=16)
    for ending, packed in (
        ("gz", gzip.compress(data, 1)),
        ("zst", zstandard(data)),
        ("zip", zip_of({"t.csv": data})),
    ):
        with package(descriptor(f"t.csv.{ending}"), {f"t.csv.{ending}": packed}) as folder:
            yield ending, findings(folder, block=16)
    with package(b"", {"p.zip": zip_of({"datapackage.json": descriptor(), "t.csv": data})}) as folder:
        yield "in a zip", findings(folder / "p.zip")


def test_the_same_bytes_have_the_same_findings_however_they_are_read(record_property: Record) -> None:
    with ThreadPoolExecutor(2) as executor:

        @ROUND
        @given(CSV)
        def test(data: bytes) -> None:
            # A file of no bytes, or that begins as one that is packed, is said to be so.
            (_, first), *others = ways(data, executor)
            for way, found in others:
                assert found == first, way

        rounds(test, record_property)


def test_any_bytes_of_data_end_in_a_report(capsys: Any, record_property: Record) -> None:
    @ROUND
    @given(CSV)
    def test(data: bytes) -> None:
        with package(descriptor(), {"t.csv": data}) as folder:
            assert judge(folder, capsys) is not None

    rounds(test, record_property)


ROWS = b"a,b,c,d\n" + b"".join(b"%s,%d,2024-02-29,\n" % (bytes([97 + n, 98]), n) for n in range(20))
ARROW = pa.table(
    {
        "a": pa.array(["ab", "abc", None]),
        "b": pa.array([1, 2, 3], pa.int64()),
        "c": pa.array([1, 2, None], pa.date32()),
        "d": pa.array(["ab", "", None]).dictionary_encode(),
    }
)


def parquet() -> bytes:
    sink = BytesIO()
    pq.write_table(ARROW, sink, compression="zstd")
    return sink.getvalue()


JSON_ROWS = json.dumps(
    [{"a": "ab", "b": 1, "c": "2024-02-29", "d": None}, {"a": "abc", "b": 2, "c": None, "d": "ab"}]
).encode()
JSON_PIECES = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"\\u0000",
        b"\\ud800",
        b"1e999",
        b"-0",
        b"01",
        b"NaN",
        b"null",
    ),
    *(b'{"a":', b"[[", b"\xff", b"\xef\xbb\xbf", b'"a"', b"9" * 400, b"//", b"'", b"\t", b"true"),
]
TABLES: dict[str, tuple[bytes, list[bytes]]] = {
    "t.json": (JSON_ROWS, JSON_PIECES),
    "t.parquet": (parquet(), []),
    "t.csv.gz": (gzip.compress(ROWS), []),
    "t.csv.zst": (zstandard(ROWS), []),
    "t.csv.zip": (zip_of({"t.csv": ROWS}), [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"../t", b"\xff\xff"]),
}


@pytest.mark.parametrize("path", TABLES)
def test_a_damaged_table_ends_in_a_report(path: str, capsys: Any, record_property: Record) -> None:
    data, pieces = TABLES[path]

    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        with package(descriptor(path), {path: damaged(draws.draw, data, pieces)}) as folder:
            assert judge(folder, capsys) is not None
            ends_well(["export", str(folder), "--to", "json", "--output", str(folder / "o")], capsys)

    rounds(test, record_property)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The zip of a release of a small package."""
    folder = tmp_path_factory.mktemp("small")
    about = {
        "title": "X",
        "version": "1.0.0",
        "created": "2026-01-01T00:00:00Z",
        "contributors": [{"title": "c"}],
    }
    (folder / "t.csv").write_bytes(ROWS)
    (folder / "datapackage.json").write_text(
        json.dumps({**json.loads(descriptor()), **about}), encoding="utf-8"
    )
    command = [sys.executable, "-m", "casetrail", "release", str(folder), "--output", str(folder / "dist")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "dist" / "x-1.0.0.zip").read_bytes()


def repacked(draw: Callable[[Any], Any], data: bytes) -> bytes:
    """The zip with other members, other words in its headers, or other bytes in one of its files."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        members = old.infolist()
        chosen = draw(st.sampled_from(range(len(members))))
        way = draw(st.integers(0, 7))
        for number, member in enumerate(members):
            content = old.read(member)
            if number == chosen:
                if way == 0:
                    continue
                if way == 1:
                    member.filename = draw(
                        st.sampled_from(["../x", "/x", "x" * 300, "x/\0", "a\\b", "::x", "X/../y"])
                    )
                elif way == 2:
                    content = damaged(draw, content)
                elif way == 3:
                    member.external_attr = draw(
                        st.sampled_from([0o120777 << 16, 0o010777 << 16, 0, 0xFFFFFFFF])
                    )
                elif way == 4:
                    member.compress_type = draw(
                        st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
                    )
                elif way == 5:
                    new.writestr(member.filename, content)
                elif way == 6:
                    member.extra = draw(st.binary(max_size=8))
                else:
                    content += draw(st.binary(min_size=1, max_size=3))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                new.writestr(member, content)
    return buffer.getvalue()


def test_a_damaged_release_is_never_taken_for_the_right_one(
    sealed: bytes, tmp_path: Path, capsys: Any, record_property: Record
) -> None:
    path = tmp_path / "x-1.0.0.zip"
    path.write_bytes(sealed)
    right = casetrail.open(path)["t"].to_pylist()

    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        pieces = [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"\0\0", b"x-9.9.9/", b"../"]
        change = draws.draw(st.sampled_from([repacked, lambda draw, data: damaged(draw, data, pieces)]))
        data = change(draws.draw, sealed)
        path.write_bytes(data)
        code, _ = ends_well(["verify", str(path)], capsys)
        assert (code == 0) == (data == sealed)
        with in_time("open"):
            try:
                rows = casetrail.open(path)["t"].to_pylist()
            except casetrail.CasetrailError as error:
                assert "\n" not in str(error)
            else:
                assert rows == right

    rounds(test, record_property)


LINES = [
    *(b"id,a\n", b"1,x\n", b"2,y\n", b"1,z\n", b"3,\n", b'"', b",", b"\n", b"\r\n", b"\xff", b"\x1b[31m"),
    *(b"<<<<<<< x\n", b"=======\n", b">>>>>>> y\n", b"id,b,a\n"),
]
TABLE = st.lists(st.sampled_from(LINES), max_size=12).map(b"".join)


def test_any_three_versions_are_merged_or_refused(
    tmp_path: Path, capsys: Any, record_property: Record
) -> None:
    paths = [str(tmp_path / name) for name in ("base.csv", "ours.csv", "theirs.csv")]

    @ROUND
    @given(st.tuples(TABLE, TABLE, TABLE), st.booleans())
    def test(versions: tuple[bytes, bytes, bytes], head: bool) -> None:
        for path, data in zip(paths, versions, strict=True):
            Path(path).write_bytes((b"id,a\n" if head else b"") + data)
        code, out = ends_well(["merge", *paths], capsys)
        assert code != 2 or not out

    rounds(test, record_property)


def test_any_bytes_of_a_signature_journal_or_list_are_refused_in_a_sentence(
    sealed: bytes, tmp_path: Path, capsys: Any, record_property: Record
) -> None:
    """Files that are not tables: of a release, and what an interrupted change leaves."""
    folder = tmp_path / "x-1.0.0"
    with zipfile.ZipFile(BytesIO(sealed)) as archive:
        archive.extractall(tmp_path)
    if not folder.exists():
        folder.mkdir()
        with zipfile.ZipFile(BytesIO(sealed)) as archive:
            archive.extractall(folder)
    names = [
        "SHA256SUMS",
        "release.json",
        "datapackage.json",
        "CITATION.cff",
        "SHA256SUMS.sig",
        ".casetrail-writing/journal.json",
    ]

    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        name = draws.draw(st.sampled_from(names))
        path = folder / name
        old = path.read_bytes() if path.exists() else None
        new = damaged(draws.draw, old or b'{"files": []}', JSON_PIECES)
        # Behind the last draw, which may be the end of a case.
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(new)
        try:
            code, _ = ends_well(["verify", str(folder)], capsys)
            assert (code == 0) == (new == old)
        finally:
            if old is None:
                path.unlink()
                if path.parent != folder:
                    shutil.rmtree(path.parent)
            else:
                path.write_bytes(old)

    rounds(test, record_property)
