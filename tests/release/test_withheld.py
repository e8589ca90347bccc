"""Withheld names are found in every file of a release, whatever its format, and stop it."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from casetrail.release.withheld import WithheldNames, texts_of

Release = Callable[..., int]
Captured = pytest.CaptureFixture[str]

NAME = "Bolat Marée"


def names(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "private.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_clean_release_says_that_it_was_searched(
    three_rows: Path, tmp_path: Path, release: Release
) -> None:
    assert release(three_rows, "--withheld", str(names(tmp_path, "# private", "", NAME))) == 0
    said = json.loads((tmp_path / "dist/buoys-1.0.0/release.json").read_text(encoding="utf-8"))
    assert said["withheldNames"]["searched"] is True
    assert release(three_rows) == 0
    said = json.loads((tmp_path / "dist/buoys-1.0.0/release.json").read_text(encoding="utf-8"))
    assert said["withheldNames"]["searched"] is False


@pytest.mark.parametrize(
    "written", ["Bolat Marée", "BOLAT  MAREE", "bolat-maree", "Bolat\u00a0Mare\u0301e", "bolat_marée"]
)
def test_a_name_in_the_data_stops_the_release(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, written: str
) -> None:
    data = three_rows / "buoys.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("green", f"of {written}, red"), encoding="utf-8")
    data.write_text(
        data.read_text(encoding="utf-8").replace(f"of {written}, red", f'"of {written}, red"'),
        encoding="utf-8",
    )
    assert release(three_rows, "--withheld", str(names(tmp_path, "Somebody Else", NAME))) == 1
    told = capfd.readouterr().err
    assert "data/buoys.csv (line 2 of the list)" in told
    # What is private stays so, in the message too.
    assert "bolat" not in told.casefold()
    assert list((tmp_path / "dist").iterdir()) == []


def test_a_name_in_the_words_of_the_descriptor(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    path = three_rows / "datapackage.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"Buoys"', '"Buoys of Bolat Mar\\u00e9e"'), encoding="utf-8"
    )
    assert release(three_rows, "--withheld", str(names(tmp_path, NAME))) == 1
    told = capfd.readouterr().err
    assert "CITATION.cff (line 1" in told


def in_parquet(path: Path) -> None:
    table = pa.table({"a": pa.array(["x", f"by {NAME}"]).dictionary_encode()})
    parquet.write_table(table, path, compression="zstd")


def in_parquet_metadata(path: Path) -> None:
    field = pa.field("a", pa.int32(), metadata={"description": f"Seen by {NAME}."})
    parquet.write_table(pa.table({"a": [1]}, schema=pa.schema([field])), path)


def in_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table t (a text)")
        database.execute("insert into t values (?)", (NAME,))
    database.close()


def in_a_workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_string(0, 0, NAME)
    book.close()


def in_a_zip_in_a_zip(path: Path) -> None:
    inner = path.with_name("inner.zip")
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.txt", NAME)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "inner.zip")
    inner.unlink()


def in_ascii_json(path: Path) -> None:
    path.write_text(json.dumps({"deep": [{NAME: 1}]}, ensure_ascii=True), encoding="utf-8")


def in_html_entities(path: Path) -> None:
    path.write_text("<p><b>Bolat</b> Mar&eacute;e</p>", encoding="utf-8")


def in_an_address(path: Path) -> None:
    path.write_text("https://harbour.example/Bolat%20Mar%C3%A9e", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.parquet", in_parquet),
        ("m.parquet", in_parquet_metadata),
        ("t.sqlite", in_sqlite),
        ("t.xlsx", in_a_workbook),
        ("t.zip", in_a_zip_in_a_zip),
        ("t.json", in_ascii_json),
        ("t.html", in_html_entities),
        ("t.txt", in_an_address),
        ("bolat-maree.txt", lambda path: path.write_text("nothing inside", encoding="utf-8")),
    ],
)
def test_every_format_is_opened(tmp_path: Path, name: str, write: Callable[[Path], object]) -> None:
    (tmp_path / "release" / "deep").mkdir(parents=True)
    write(tmp_path / "release" / "deep" / name)
    search = WithheldNames({3: NAME, 4: "Nobody There"})
    assert search.search(tmp_path / "release") == [(f"deep/{name}", 3)]


def test_short_names_are_whole_words(tmp_path: Path) -> None:
    search = WithheldNames({1: "Ana", 2: "王芳", 3: "Rinal"})
    assert search.found_in("Banana") == set()
    assert search.found_in("said Ana, and left") == {1}
    assert search.found_in("据王芳说") == {2}
    assert search.found_in("urinals; ordinal") == set()
    assert search.found_in("by RINAL") == {3}


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=4, max_size=12),
    st.text(),
    st.text(),
)
def test_a_name_is_found_wherever_it_stands(name: str, before: str, after: str) -> None:
    assert WithheldNames({1: name}).found_in(f"{before} {name} {after}") == {1}
    assert WithheldNames({1: name}).found_in(f"{before} {name.upper()} {after}") == {1}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "names nobody"),
        ("# only a remark\n", "names nobody"),
        ("---\n", "a line without letters"),
        (None, "cannot be read"),
    ],
)
def test_a_list_that_is_none(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, content: str | None, told: str
) -> None:
    path = tmp_path / "private.txt"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert release(three_rows, "--withheld", str(path)) == 2
    assert told in capfd.readouterr().err
    assert not (tmp_path / "dist").exists()


def test_every_file_of_a_release_has_text_that_is_searched(built: Path) -> None:
    for path in sorted(built.rglob("*")):
        if path.is_file():
            assert any(text.strip() for text in texts_of(path)), path.name
    words = "Orla Venn"
    found = {name for name, _ in WithheldNames({1: words}).search(built)}
    expected = {"data/parties.csv", "parquet/parties.parquet", "json/parties.json", "harbour-case.sqlite"}
    assert found >= expected | {"index.html"}
    assert not {name for name in found if name.endswith((".md", ".cff", ".jsonld"))}
