"""Withheld names are found in every file of a release, whatever its format, and stop it."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from casetrail.cli.main import main
from casetrail.release.file_texts import texts_of
from casetrail.release.withheld import WithheldNames
from casetrail.standard import limits

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
    # A path that holds the name is not said.
    shown = "the path of file 1 of 1" if name.startswith("bolat") else f"deep/{name}"
    assert search.search(tmp_path / "release").hits == [f"{shown} (line 3 of the list)"]
    assert not search.search(tmp_path / "release").not_searched


WAYS = {
    "another mark between": "Bolat/Exampleuly",
    "brackets": "Bolat (Exampleuly)",
    "quotation marks": '"Bolat" Exampleuly',
    "semicolon": "Bolat; Exampleuly",
    "an ending": "Bolat's Exampleuly",
    "plus": "Bolat+Exampleuly",
    "bar": "Bolat|Exampleuly",
    "colon": "Bolat: Exampleuly",
    "minus": "Bolat\u2212Exampleuly",
    "NUL": "Bolat\0Exampleuly",
    "line break": "Bolat\nExampleuly",
    "an initial": "Bolat M. Exampleuly",
    "last word first": "Exampleuly, Bolat",
    "declined": "u Bolatа Exampleulya",
    "letters apart": "B o l a t  E x a m p l e u l y",
    "grapheme joiner": "Bo\u034flat Exampleuly",
    "variation selector": "Bo\ufe0flat Exampleuly",
    "hangul filler": "Bo\u3164lat Exampleuly",
    "halfwidth filler": "Bo\uffa0lat Exampleuly",
    "khmer vowel": "Bo\u17b4lat Exampleuly",
    "braille blank": "Bo\u2800lat Exampleuly",
    "enclosing mark": "Bo\u20ddlat Exampleuly",
    "soft hyphen": "Bo\u00adlat Exampleuly",
    "tag letter": "Bo\U000e0061lat Exampleuly",
    "zero width": "Bo\u200blat Exampleuly",
    "Cyrillic look-alikes": "Воlаt Ехаmрlеulу",
    "Greek look-alikes": "Βοlατ Εxαmρleuly",
    "small capitals": "ʙᴏʟᴀᴛ ᴇxᴀᴍᴘʟᴇᴜʟʏ",
    "Cyrillic": "Болат Экзамплеулы",
    "full width": "Ｂｏｌａｔ Ｅｘａｍｐｌｅｕｌｙ",
    "mathematical": "𝐁𝐨𝐥𝐚𝐭 𝐄𝐱𝐚𝐦𝐩𝐥𝐞𝐮𝐥𝐲",
    "JSON": r'{"name": "Bol\u0061t Exampleuly"}',
    "JSON in parts": '{"given": "Bolat", "family": "Exampleuly"}',
    "R": r'"Bol\x61t Exampleuly"',
    "braced escape": r"Bol\u{61}t Exampleuly",
    "HTML": "Bol&#97;t <i>Example</i>uly",
    "HTML in HTML": "Bol&amp;#97;t Exampleuly",
    "XML in cells": "<c><v>Bolat</v></c><c><v>Exampleuly</v></c>",
    "address": "?q=Bol%61t%20Exampleuly",
    "address in address": "?q=Bol%2561t%2520Exampleuly",
    "BibTeX": r"author = {{B}ol{\'a}t Ex{\"a}mpleuly}",
    "BibTeX command": r"Bol\v{a}t Exampleuly",
    "octal": r"Bol\141t Exampleuly",
    "octal of fewer digits": r"Bolat Exampleuly",
    "JSON in JSON": "".join(f"\\\\u{ord(letter):04x}" for letter in "Bolat Exampleuly"),
    "name of a character": r"Bol\N{LATIN SMALL LETTER A}t Exampleuly",
    "RTF": r"Bol\'61t Exampleuly",
    "old address": "Bol%u0061t Exampleuly",
    "address four times": "Bol%25252561t%25252520Exampleuly",
    "comment within": "Bo<!-- a > b -->lat Exampleuly",
    "CDATA": "<v>Bo<![CDATA[lat]]> Exampleuly</v>",
    "long tag": f"Bo<i title='{3000 * 'x'}'>lat Exampleuly",
    "quoted-printable": "=42=6F=6C=61=74=20=45=78=61=6D=70=6C=65=75=6C=79",
    "base64": "data:text/plain;base64,U2VlbjogQm9sYXQgRXhhbXBsZXVseS4=",
    "base64 of UTF-16": base64.b64encode("Bolat Exampleuly".encode("utf-16-le")).decode(),
    "mail": "=?utf-8?B?Qm9sYXQgRXhhbXBsZXVseQ==?=",
    "hexadecimal": b"Bolat Exampleuly".hex(),
    "hexadecimal in pairs": b"Bolat Exampleuly".hex(":"),
    "flags": "🇧🇴🇱🇦🇹 🇪🇽🇦🇲🇵🇱🇪🇺🇱🇾",
    "squares": "🅱🅾🅻🅰🆃 🅴🆇🅰🅼🅿🅻🅴🆄🅻🆈",
    "tags alone": "".join(chr(0xE0000 + ord(letter)) for letter in "Bolat Exampleuly"),
    "from right to left": "\u202e" + "Bolat Exampleuly"[::-1] + "\u202c",
    "columns": "id,given,family\n1,Bolat,Exampleuly\n",
    "columns, last first": "id,family,given\n1,Exampleuly,Bolat\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_found_however_it_is_written(way: str) -> None:
    names = WithheldNames({1: "Nobody There", 2: "Bolat Exampleuly"})
    if way == "Cyrillic":
        names = WithheldNames({1: "Nobody There", 2: "Bolat Ekzampleuly"})
    assert names.lines_in(f"Seen: {WAYS[way]}, twice.") == {2}


def in_gzip(data: bytes) -> bytes:
    return gzip.compress(data)


def in_zip(data: bytes, name: str = "a.bin") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


def in_tar(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("a.bin")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


TEXT = "Seen by Bolat Exampleuly."
FILES = {
    "gz": in_gzip(TEXT.encode()),
    "bz2": bz2.compress(TEXT.encode()),
    "xz": lzma.compress(TEXT.encode()),
    "tar": in_tar(TEXT.encode()),
    "tar.gz": in_gzip(in_tar(TEXT.encode())),
    "zip in zip in zip in zip": in_zip(in_zip(in_zip(in_zip(TEXT.encode())))),
    "gz in zip": in_zip(in_gzip(TEXT.encode())),
    "the name of a member": in_zip(b"", "Bolat-Exampleuly.txt"),
    "zip behind a prefix": b"#!/bin/sh\n" + in_zip(TEXT.encode()),
    "the prefix of a zip": TEXT.encode() + in_zip(b""),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 of Cyrillic": "Болат Экзамплеулы".encode("utf-16"),
    "utf-32": TEXT.encode("utf-32"),
    "with a mark": TEXT.encode("utf-8-sig"),
    "longer than a piece": b"x " * (1 << 21) + TEXT.encode() + b" y" * (1 << 21),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_packed_or_encoded_is_searched(tmp_path: Path, kind: str) -> None:
    (tmp_path / "f.dat").write_bytes(FILES[kind])
    name = "Bolat Ekzampleuly" if "Cyrillic" in kind else "Bolat Exampleuly"
    search = WithheldNames({1: name}).search(tmp_path)
    assert search.hits == ["f.dat (line 1 of the list)"] and search.not_searched == {}


def encrypted() -> bytes:
    data = bytearray(in_zip(b"secret"))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


NOT_SEARCHED = {
    "encrypted zip": (encrypted(), "encrypted"),
    "damaged gz": (in_gzip(b"x" * 1000)[:-20], "cannot be opened"),
    "damaged zip": (in_zip(b"x" * 1000).replace(b"PK\3\4", b"PK\3\5"), "damaged"),
    "a bomb": (in_gzip(bytes(limits.MAX_SEARCHED + 1)), "comes to more than"),
    "ten deep": (reduce(lambda data, _: in_gzip(data), range(10), TEXT.encode()), "8 deep"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "of a format that is opened"),
    "an old encoding": ("Протокол".encode("cp1251"), "nor of a format"),
    "bytes without a mark": ("Протокол".encode("utf-16-le"), "control characters"),
}


@pytest.mark.parametrize("kind", NOT_SEARCHED)
def test_what_cannot_be_searched_is_named(tmp_path: Path, kind: str) -> None:
    data, reason = NOT_SEARCHED[kind]
    (tmp_path / "f.dat").write_bytes(data)
    search = WithheldNames({1: "Bolat Exampleuly"}).search(tmp_path)
    assert search.hits == [] and reason in search.not_searched["f.dat"]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16-le", "utf-16-be"])
def test_in_other_encodings_a_name_is_found_all_the_same(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "f.dat").write_bytes("Сказал Болат Экзамплеулы.".encode(encoding))
    assert WithheldNames({1: "Болат Экзамплеулы"}).search(tmp_path).hits == ["f.dat (line 1 of the list)"]


def test_columns_beside_each_other(tmp_path: Path) -> None:
    columns = {"x": ["a", "b"], "given": ["Ana", "Bolat"], "family": ["Lima", "Exampleuly"]}
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    with sqlite3.connect(tmp_path / "t.sqlite") as database:
        database.execute("create table t (x, given, family, b)")
        rows = [(*row, b"") for row in zip(*columns.values(), strict=True)]
        database.executemany("insert into t values (?, ?, ?, ?)", rows)
        database.execute("insert into t values (null, null, null, ?)", (in_gzip(b"Zoe Otherwise"),))
    database.close()
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    for at, row in enumerate([("Exampleuly", "x"), ("Bolat", "y"), *zip(*columns.values(), strict=True)]):
        sheet.write_row(at, 0, row)
    book.close()
    hits = WithheldNames({1: "Exampleuly Bolat", 2: "Zoe Otherwise"}).search(tmp_path).hits
    assert [hit.partition(" of")[0] for hit in hits] == [
        "t.parquet (line 1",
        "t.sqlite (line 1",
        "t.sqlite (line 2",
        "t.xlsx (line 1",
    ]


def test_a_file_that_cannot_be_searched_stops_the_release_unless_told(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    (three_rows / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    path = three_rows / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "map", "path": "map.png"})
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    listed = str(names(tmp_path, NAME))
    assert release(three_rows, "--withheld", listed) == 1
    error = capfd.readouterr().err
    assert "files/map.png: it is neither text" in error and "--allow-unsearched" in error
    assert release(three_rows, "--withheld", listed, "--allow-unsearched") == 0
    record = json.loads((tmp_path / "dist/buoys-1.0.0/release.json").read_text(encoding="utf-8"))
    assert [file["path"] for file in record["withheldNames"]["notSearched"]] == ["files/map.png"]
    assert main(["verify", str(tmp_path / "dist/buoys-1.0.0")]) == 0


def test_no_message_has_the_name_not_even_in_a_path(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured
) -> None:
    path = three_rows / "datapackage.json"
    text = path.read_text(encoding="utf-8").replace(
        '"name": "buoys", "type"', '"name": "bolat-maree", "type"'
    )
    path.write_text(text, encoding="utf-8")
    listed = str(names(tmp_path, NAME))
    assert release(three_rows, "--withheld", listed) == 1
    said = "".join(capfd.readouterr()).casefold()
    assert "the path of file" in said and "bolat" not in said and "maree" not in said
    # Nor has a message that comes before the search.
    (three_rows / "buoys.csv").write_text("buoy_id,colour\nBolat Marée,red\nBolat Marée,red\n")
    assert release(three_rows, "--withheld", listed) == 1
    said = "".join(capfd.readouterr()).casefold()
    assert "a line with a withheld name is not shown" in said and "bolat" not in said


def test_short_names_are_whole_words(tmp_path: Path) -> None:
    search = WithheldNames({1: "Ana", 2: "王芳", 3: "Rinal"})
    assert search.lines_in("Banana") == set()
    assert search.lines_in("said Ana, and left") == {1}
    assert search.lines_in("据王芳说") == {2}
    assert search.lines_in("urinals; ordinal") == set()
    assert search.lines_in("by RINAL") == {3}


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=4, max_size=12),
    st.text(),
    st.text(),
)
def test_a_name_is_found_wherever_it_stands(name: str, before: str, after: str) -> None:
    assert WithheldNames({1: name}).lines_in(f"{before} {name} {after}") == {1}
    assert WithheldNames({1: name}).lines_in(f"{before} {name.upper()} {after}") == {1}


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
            assert any(text.strip() for text in texts_of(path, print)), path.name
    search = WithheldNames({1: "Orla Venn"}).search(built)
    assert search.not_searched == {}
    found = {hit.partition(" (")[0] for hit in search.hits}
    expected = {"data/parties.csv", "parquet/parties.parquet", "json/parties.json", "harbour-case.sqlite"}
    assert found >= expected | {"index.html"}
    assert not {name for name in found if name.endswith((".md", ".cff", ".jsonld"))}
