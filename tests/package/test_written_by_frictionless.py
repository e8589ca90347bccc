"""What the `frictionless` library writes of files is read, and judged as it judges it."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pytest

import casetrail.checks.engine
from casetrail.package.package import open_package

FILES = {
    "table.csv": "id,name\n1,x\n2,y\n",
    "tabs.tsv": "id\tname\n1\tx\n2\ty\n",
    "semicolons.csv": "id;name\n1;x\n2;y\n",
    "records.json": '[{"id": 1, "name": "x"}]',
    "object.json": '{"id": 1}',
    "map.geojson": '{"type": "FeatureCollection", "features": []}',
    "notes.txt": "hello\n",
    "notes.md": "# hello\n",
}


@pytest.mark.parametrize("name", FILES)
def test_what_it_describes_is_valid_for_both(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text(FILES[name])
    monkeypatch.chdir(tmp_path)
    resource = frictionless.describe(name).to_descriptor()
    assert resource["scheme"] == "file"
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    assert frictionless.Package("datapackage.json").validate().valid
    package = open_package(tmp_path)
    report = casetrail.checks.engine.validate(package)
    assert (report.errors, report.warnings) == (0, 0), report.findings
    assert [table.rows for table in report.tables] == ([2] if name.endswith("sv") else [])
    for table in package.tables:
        (batch,) = table.batches()
        assert batch.cells.to_pylist() == [{"id": "1", "name": "x"}, {"id": "2", "name": "y"}]


def test_its_words_for_a_dialect_are_those_of_the_standard(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"rows": [{"id": 1, "x": 2}]}')
    (tmp_path / "t.csv").write_text("id;x\n'1;1';NULL\n")
    csv = {"csv": {"delimiter": ",", "quoteChar": "'", "nullSequence": "NULL"}, "delimiter": ";"}
    resources = [
        {"name": "j", "path": "t.json", "dialect": {"json": {"property": "rows", "keys": ["x"]}}},
        {"name": "c", "path": "t.csv", "dialect": csv, "schema": {"fields": [{"name": "id"}, {"name": "x"}]}},
    ]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
    package = open_package(tmp_path)
    assert package.findings == ()
    cells = [next(table.batches()).cells.to_pylist() for table in package.tables]
    assert cells == [[{"x": "2"}], [{"id": "1;1", "x": "NULL"}]]
    assert package.tables[1].schema is not None
    assert [entry.value for entry in package.tables[1].schema.missing_values] == ["", "NULL"]
