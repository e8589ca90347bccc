"""`format`: one form for every table, and not one value changed on the way."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casetrail.curate.format import Formatted, format_package
from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package

FIELDS = [{"name": "id", "type": "string"}, {"name": "a", "type": "string"}, {"name": "b", "type": "string"}]


def write_package(
    folder: Path, data: bytes, *, schema: dict[str, object] | None = None, **properties: object
) -> Path:
    schema = {"fields": FIELDS, "primaryKey": ["id"]} if schema is None else schema
    resource = {"name": "table", "path": "table.csv", "schema": schema, **properties}
    text = json.dumps({"name": "small", "resources": [resource]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "table.csv").write_bytes(data)
    return folder


def formatted(folder: Path, *, write: bool = True) -> tuple[Formatted, bytes]:
    outcome = format_package(open_package(folder), write=write)
    return outcome, (folder / "table.csv").read_bytes()


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            list(',;"\r\n\t =+-@é\u0301\u0327\u0344\u1100\u1161\u212b\ufeff\u202e\u200b\u2028\x85\x1c')
        ),
        st.characters(codec="utf-8", exclude_characters="\x00"),
    ),
    max_size=10,
)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@given(
    st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=8),
    st.permutations(["id", "a", "b"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
@example([("", "", "")], ["id", "a", "b"], "\n", False, True)
@example([("\r", "\n", "\r\n")], ["b", "a", "id"], "\r\n", True, True)
@settings(max_examples=80, deadline=None)
def test_values_stay_and_the_form_is_final(
    rows: list[tuple[str, str, str]], header: list[str], line_end: str, bom: bool, quote_all: bool
) -> None:
    def cell(text: str) -> str:
        # Not the csv module: with LF as line end it leaves a carriage return unquoted.
        quoted = quote_all or any(mark in text for mark in ',"\r\n')
        return '"' + text.replace('"', '""') + '"' if quoted else text

    records = [[dict(zip(["id", "a", "b"], row, strict=True))[name] for name in header] for row in rows]
    data = "".join(",".join(map(cell, record)) + line_end for record in [header, *records]).encode()
    with TemporaryDirectory() as name:
        folder = write_package(Path(name), (b"\xef\xbb\xbf" if bom else b"") + data)
        outcome, first = formatted(folder)
        assert not outcome.refused, outcome.findings
        read = list(csv.reader(io.StringIO(first.decode(), newline=""), strict=True))
        assert read[0] == ["id", "a", "b"]
        wanted = sorted((tuple(map(nfc, row)) for row in rows), key=lambda row: row[0])
        assert [tuple(row) for row in read[1:]] == wanted
        again, second = formatted(folder)
        assert second == first
        assert again.changed == ()
        assert formatted(folder, write=False)[0].changed == ()


def test_the_canonical_form(tmp_path: Path) -> None:
    folder = write_package(tmp_path, b'\xef\xbb\xbfb,"id",a\r\n"x",2,"1,5"\r\ne\xcc\x81,1,"""q"""\r\n3,10,')
    outcome, data = formatted(folder)
    assert data.decode() == 'id,a,b\n1,"""q""",é\n10,,3\n2,"1,5",x\n'
    assert outcome.changed == ("table.csv",)


def test_whole_numbers_as_keys_are_ordered_by_size(tmp_path: Path) -> None:
    fields = [{"name": "id", "type": "integer"}, {"name": "a", "type": "string"}]
    schema = {"fields": fields, "primaryKey": "id"}
    data = formatted(write_package(tmp_path, b"id,a\n10,x\n9,y\n-1,z\n", schema=schema))[1]
    assert data == b"id,a\n-1,z\n9,y\n10,x\n"


def test_without_a_key_the_order_of_rows_stays(tmp_path: Path) -> None:
    data = formatted(write_package(tmp_path, b"id,a,b\n2,,\n1,,\n", schema={"fields": FIELDS}))[1]
    assert data == b"id,a,b\n2,,\n1,,\n"


def test_the_delimiter_of_the_dialect_stays(tmp_path: Path) -> None:
    folder = write_package(tmp_path, b'id;"a";b\n"1";2,5;"x;y"\n', dialect={"delimiter": ";"})
    assert formatted(folder)[1] == b'id;a;b\n1;2,5;"x;y"\n'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'id,a,b\n1,"open,2\n3,4,5\n', "quote-not-closed"),
        (b'id,a,b\n1,x"y,2\n', "quote-in-cell"),
        (b"id,a,b\n1,2\n", "missing-cell"),
        (b"id,a,b\n1,2,3,4\n", "extra-cell"),
        (b"id,a,b\n1,\xff,3\n", "not-utf-8"),
        (b"id,a,b\n1,\x00,3\n", "nul-byte"),
        (b"id,a,b\n1,2\r2,3\n", "lone-cr"),
        (b"id,a,b\n1,2,3\r\n", "mixed-line-ends"),
        (b"id,a,b\n\n1,2,3\n", "blank-line"),
        (b"id;a;b\n1;2;3\n", "wrong-delimiter"),
        (b"id,a,b,c\n1,2,3,4\n", "header-extra-column"),
        (b"id,a\n1,2\n", "header-missing-column"),
        (b"id,a,a\n1,2,3\n", "header-duplicate-column"),
        (b"", "file-empty"),
        ("id,a,b\n1,2,3\n".encode("utf-16"), "file-encoding"),
    ],
)
def test_what_cannot_be_read_without_guessing_is_named_and_left(
    tmp_path: Path, data: bytes, code: str
) -> None:
    outcome, after = formatted(write_package(tmp_path, data))
    assert outcome.refused
    assert code in {finding.code for finding in outcome.findings}
    assert after == data


def test_one_bad_table_holds_back_all(tmp_path: Path) -> None:
    write_package(tmp_path, b"b,a,id\n1,2,3\n")
    descriptor = json.loads((tmp_path / "datapackage.json").read_text())
    descriptor["resources"].append({**descriptor["resources"][0], "name": "bad", "path": "bad.csv"})
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    (tmp_path / "bad.csv").write_bytes(b'id,a,b\n1,"x\n')
    outcome, data = formatted(tmp_path)
    assert outcome.refused
    assert data == b"b,a,id\n1,2,3\n"


def test_a_table_of_another_kind_is_left(tmp_path: Path) -> None:
    write_package(tmp_path, b"id,a,b\n1,2,3\n")
    descriptor = json.loads((tmp_path / "datapackage.json").read_text())
    descriptor["resources"].append({"name": "more", "type": "table", "path": "more.json"})
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    (tmp_path / "more.json").write_text("[]")
    outcome = formatted(tmp_path)[0]
    assert (outcome.left, outcome.unchanged, outcome.refused) == (("more.json",), ("table.csv",), False)


def test_a_zip_is_checked_and_never_written(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    write_package(folder, b"b,a,id\n1,2,3\n")
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.iterdir():
            file.write(path, path.name)
    assert format_package(open_package(archive), write=False).changed == ("table.csv",)
    with pytest.raises(CasetrailError, match="unpack it"):
        format_package(open_package(archive))


def test_permissions_stay_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = write_package(tmp_path, b"b,a,id\n1,2,3\n")
    (folder / "table.csv").chmod(0o640)
    formatted(folder)
    assert (folder / "table.csv").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["datapackage.json", "table.csv"]


def test_a_link_inside_the_package_stays_a_link(tmp_path: Path) -> None:
    folder = write_package(tmp_path, b"b,a,id\n1,2,3\n")
    (folder / "table.csv").rename(folder / "real.csv")
    (folder / "table.csv").symlink_to("real.csv")
    formatted(folder)
    assert (folder / "table.csv").is_symlink()
    assert (folder / "real.csv").read_bytes() == b"id,a,b\n3,2,1\n"


@pytest.mark.parametrize(
    ("dialect", "data"),
    [
        ({"commentChar": "#"}, b"id,a,b\n# a remark\n1,2,3\n"),
        ({"escapeChar": "\\"}, b"id,a,b\n1,2\\,5,3\n"),
        ({"nullSequence": "-"}, b"id,a,b\n1,-,3\n"),
        ({"header": False}, b"1,2,3\n"),
        ({"skipInitialSpace": True}, b"id, a, b\n1, 2, 3\n"),
    ],
)
def test_a_dialect_that_the_canonical_form_does_not_have_is_left(
    tmp_path: Path, dialect: dict[str, object], data: bytes
) -> None:
    outcome, after = formatted(write_package(tmp_path, data, dialect=dialect))
    assert [finding.code for finding in outcome.findings] == ["format-not-possible"]
    assert after == data
