"""Whatever a workbook holds, merging it ends with findings or one sentence, and `--check` writes nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.package.package import open_package
from casetrail.workbook.write import workbook_bytes
from fuzz.rounds import ROUND, Record, damaged, ends_well, rounds

PIECES = [
    *(
        b"<",
        b">",
        b'"',
        b"</c>",
        b"<c r='A1'>",
        b"<row r='0'>",
        b"<f>",
        b"&#0;",
        b"&x;",
        b"-1",
        b"r=",
        b"\xff",
    ),
    *(
        b'<row r="99999999999">',
        b'<c r="ZZZ9" t="s"><v>7</v></c>',
        b'<mergeCell ref="A1:"/>',
        b"1e999",
        b"PK\3\4",
    ),
]
VALUES = [
    *(
        "",
        "0",
        "-1",
        "1",
        "7",
        "99999999999",
        "1e999",
        "NaN",
        "A1",
        "ZZZ9",
        "A0",
        "XFD1048576",
        "A1:A9999999",
    ),
    *(
        "A1:FXR4000",
        "A1:",
        "s",
        "str",
        "inlineStr",
        "e",
        "b",
        "d",
        "array",
        "shared",
        "true",
        "hidden",
        "x" * 300,
    ),
    *("../../x", "http://x/", "rId1", "rId999", "#REF!", "=1+1", "\u202e", "2024-02-29", "45000", "_x0000_"),
    *("[31m", "1048577", "16385", "4294967296", "float", "date", "error", "collapse"),
]


def changed(draw: Callable[[Any], Any], content: bytes) -> bytes:
    """The XML with an element or an attribute of it changed, left out or said again."""
    root = ElementTree.fromstring(content)
    elements = list(root.iter())
    for _ in range(draw(st.integers(1, 3))):
        element = elements[draw(st.integers(0, len(elements) - 1))]
        other = elements[draw(st.integers(0, len(elements) - 1))]
        way = draw(st.integers(0, 6))
        if way == 0:
            element.text = draw(st.sampled_from(VALUES))
        elif way == 1 and element.attrib:
            element.set(draw(st.sampled_from(sorted(element.attrib))), draw(st.sampled_from(VALUES)))
        elif way == 2 and element.attrib:
            del element.attrib[draw(st.sampled_from(sorted(element.attrib)))]
        elif way == 3 and len(element):
            del element[draw(st.integers(0, len(element) - 1))]
        elif way == 4 and len(element):
            element.append(element[draw(st.integers(0, len(element) - 1))])
        elif way == 5:
            element.tag = other.tag
        else:
            element.set(
                draw(st.sampled_from(["r", "t", "ref", "hidden", "s", "name", "c"])),
                draw(st.sampled_from(VALUES)),
            )
    return ElementTree.tostring(root)


def rewritten(draw: Callable[[Any], Any], workbook: bytes) -> bytes:
    """The workbook with one of its members changed."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        chosen = draw(st.sampled_from(names))
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                content = (
                    changed(draw, content) if draw(st.integers(0, 3)) else damaged(draw, content, PIECES)
                )
            new.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small package."""
    folder = tmp_path_factory.mktemp("small") / "package"
    folder.mkdir()
    schema = {
        "fields": [
            {"name": "id", "type": "string"},
            {"name": "a", "type": "string"},
            {"name": "n", "type": "integer"},
            {"name": "d", "type": "date"},
        ],
        "primaryKey": "id",
    }
    tables = [{"name": name, "path": f"{name}.csv", "schema": schema} for name in ("things", "others")]
    (folder / "datapackage.json").write_text(json.dumps({"name": "small", "resources": tables}))
    (folder / "things.csv").write_text("id,a,n,d\n1,x,1,2024-02-29\n2,y,2,\n3,,3,\n")
    (folder / "others.csv").write_text("id,a,n,d\n")
    return folder


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_any_workbook_is_merged_or_refused(
    folder: Path, tmp_path: Path, ending: str, capsys: Any, record_property: Record
) -> None:
    workbook = workbook_bytes(open_package(folder)) if ending == "xlsx" else open_document(folder)
    path = tmp_path / f"w.{ending}"
    before = {part.name: part.read_bytes() for part in folder.iterdir()}

    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        change = draws.draw(st.sampled_from([rewritten, rewritten, damaged]))
        path.write_bytes(change(draws.draw, workbook))
        write = draws.draw(st.booleans())
        ends_well(
            ["workbook", "merge", str(path), "--package", str(folder), *([] if write else ["--check"])],
            capsys,
        )
        after = {part.name: part.read_bytes() for part in folder.iterdir()}
        if write:
            for name, data in before.items():
                (folder / name).write_bytes(data)
        else:
            assert after == before

    rounds(test, record_property)


def open_document(folder: Path) -> bytes:
    """The tables as an `.ods`, written by hand as spreadsheet programs write it."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in line.split(",")
        )
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for line in (folder / "things.csv").read_text().splitlines()
    )
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="things">{rows}<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()
