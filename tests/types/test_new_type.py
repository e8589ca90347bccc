"""A type more is one module in `types/table_schema`: everything else follows from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

COLOUR = '''
"""`colour`: red, green and blue as `#rrggbb`."""

import pyarrow as pa

from casetrail.types.arrow_column import ArrowColumn
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import KernelResult, matches
from casetrail.types.problem import ValueProblem


class ColourType(FieldType[int]):
    """A colour as one number."""

    name = "colour"
    noun = "a colour"
    constraints = BOUNDS
    aliases = ("rgb",)
    xsd = "hexBinary"
    schema_org = "Integer"
    json_kinds = frozenset({"a number"})

    def parse(self, text: str) -> int:
        if len(text) != 7 or text[0] != "#":
            raise ValueProblem("a colour is written #rrggbb", "write # and six digits")
        try:
            return int(text[1:], 16)
        except ValueError:
            raise ValueProblem("a colour has hexadecimal digits") from None

    def write(self, value: int) -> str:
        return f"#{value:06x}"

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        return KernelResult.where(matches(texts, "#[0-9a-f]{6}"))

    def column(self) -> ArrowColumn:
        return ArrowColumn(self, pa.int32())
'''
WITH_THE_TYPE = """
import sys
from casetrail.types import table_schema
table_schema.__path__.append(sys.argv[1])
"""
COMMAND = "from casetrail.cli.main import main; sys.exit(main(sys.argv[2:]))"
VALUES = "import casetrail; print(casetrail.open('.')['t'].to_pydict())"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "colour.py").write_text(COLOUR, encoding="utf-8")
    fields = [
        {"name": "paint", "type": "colour", "constraints": {"minimum": "#000010", "unique": True}},
        {"name": "wall", "type": "rgb"},
        {"name": "size", "type": "colour", "constraints": {"minLength": 3}},
    ]
    write(tmp_path, fields, "paint,wall,size\n#ff0000,a,#FF0000\n#00000f,b,#ff00\n#FF0000,c,\n")
    return tmp_path


def write(folder: Path, fields: list[dict[str, object]], table: str) -> None:
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": fields}}
    descriptor = {"name": "paints", "version": "1.0.0", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "t.csv").write_text(table, encoding="utf-8")


def run(folder: Path, code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", WITH_THE_TYPE + code, str(folder / "types"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder).stdout


def test_a_module_more_is_a_type_more(package: Path) -> None:
    findings = json.loads(run(package, COMMAND, "validate", "--format", "json"))["findings"]
    said = {found["code"]: (found.get("row"), found["message"], found.get("hint")) for found in findings}
    assert said["schema-type-unknown"][2] == "write 'colour'"
    assert "'minLength' does not exist for the type 'colour'" in said["schema-constraint-not-applicable"][1]
    assert said["constraint-minimum"][:2] == (3, "'#00000f' is below the minimum #000010 of 'paint'")
    reason = "'#ff00' is not a colour: a colour is written #rrggbb"
    assert said["type-colour"] == (3, reason, "write # and six digits")
    assert said["constraint-unique"][0] == 4
    assert len(findings) == 5


def test_a_type_more_is_typed(package: Path) -> None:
    write(package, [{"name": "paint", "type": "colour"}], "paint\n#ff0000\n#00000F\n")
    assert run(package, VALUES) == "{'paint': [16711680, 15]}\n"
