"""Whatever a damaged workbook holds, the answer is a finding or a sentence."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package
from casetrail.workbook.merge import merge_workbook
from casetrail.workbook.write import workbook_bytes

MEMBERS = [
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
]
MEMBERS += ["xl/worksheets/sheet4.xml", "[Content_Types].xml", "xl/styles.xml"]
PIECES = [
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
]
PIECES += [
    b"",
    b'<row r="99999999999">',
    b'<c r="ZZZ9" t="s"><v>7</v></c>',
    b'<mergeCell ref="A1:"/>',
    b"1e999",
]


@dataclass
class Small:
    """A small package and its workbook."""

    folder: Path
    workbook: bytes = field(repr=False)

    def answer(self, data: bytes) -> None:
        path = self.folder.parent / "damaged.xlsx"
        path.write_bytes(data)
        before = [one.read_bytes() for one in sorted(self.folder.iterdir())]
        try:
            merge_workbook(open_package(self.folder), path, write=False)
        except CasetrailError as error:
            assert "\n" not in str(error)
        except MemoryError:
            pytest.fail("a damaged file took all memory")
        assert [one.read_bytes() for one in sorted(self.folder.iterdir())] == before


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("small") / "package"
    folder.mkdir()
    schema = {
        "fields": [{"name": "id", "type": "string"}, {"name": "a", "type": "string"}],
        "primaryKey": "id",
    }
    descriptor = {"name": "small", "resources": [{"name": "things", "path": "things.csv", "schema": schema}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "things.csv").write_text("id,a\n1,x\n2,y\n3,\n")
    return Small(folder, workbook_bytes(open_package(folder)))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_bytes_that_are_wrong(small: Small, data: st.DataObject) -> None:
    damaged = bytearray(small.workbook)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    small.answer(bytes(damaged[: data.draw(st.integers(len(damaged) // 2, len(damaged)))]))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_xml_that_is_wrong(small: Small, data: st.DataObject) -> None:
    name, piece = data.draw(st.sampled_from(MEMBERS)), data.draw(st.sampled_from(PIECES))
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(small.workbook)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == name:
                start = data.draw(st.integers(0, len(content)))
                end = data.draw(st.integers(start, min(len(content), start + 40)))
                content = content[:start] + piece + content[end:]
            new.writestr(member, content)
    with zipfile.ZipFile(buffer) as made:
        assert name in made.namelist()
    small.answer(buffer.getvalue())
