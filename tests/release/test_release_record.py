"""release.json and the content hash: worked out a second time, and unmoved by how a file is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]
Release = Callable[..., int]


def of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "release.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def resealed(folder: Path) -> None:
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    sums = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in files
        if name != "SHA256SUMS"
    }
    text = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    (folder / "SHA256SUMS").write_text(text, encoding="utf-8")


def test_anybody_can_work_out_the_content_hash(built: Path) -> None:
    descriptor = json.loads((built / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        data = (built / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        for name in ("path", "format", "mediatype", "encoding", "dialect", "bytes"):
            resource.pop(name)
    text = json.dumps(descriptor, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert of(built)["contentHash"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_it_is_of_the_content_alone(three_rows: Path, tmp_path: Path, release: Release) -> None:
    def content_hash(output: str) -> str:
        assert release(three_rows, output=tmp_path / output) == 0
        return str(of(tmp_path / output / "buoys-1.0.0")["contentHash"])

    first = content_hash("first")
    (three_rows / "buoys.csv").rename(three_rows / "other.csv")
    descriptor = (
        (three_rows / "datapackage.json").read_text(encoding="utf-8").replace("buoys.csv", "other.csv")
    )
    (three_rows / "datapackage.json").write_text(json.dumps(json.loads(descriptor)), encoding="utf-8")
    assert content_hash("moved") == first
    (three_rows / "LICENSE").write_text("Do as you like.\n", encoding="utf-8")
    assert content_hash("with another file") == first
    (three_rows / "other.csv").write_text("buoy_id,colour\nb-1,red\nb-2,\nb-3,blue\n", encoding="utf-8")
    assert content_hash("another cell") != first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"date": "2024-05-01"', '"date": "May"', "release.json is not as a release has it: date: "),
        ('"rows": 3', '"rows": "3"', "release.json is not as a release has it: tables.0.rows: "),
        ('"rows": 3', '"rows": 4', "its tables are not those of datapackage.json, or have other numbers"),
        (
            '"contentHash": "sha256:',
            '"contentHash": "md5:',
            "release.json is not as a release has it: contentHash",
        ),
        ('"missing": [', '"absent": [', "release.json is not as a release has it: missing: field required"),
    ],
)
def test_a_record_that_is_none(
    three_rows: Path, tmp_path: Path, release: Release, capfd: Captured, old: str, new: str, said: str
) -> None:
    assert release(three_rows) == 0
    folder = tmp_path / "dist" / "buoys-1.0.0"
    text = (folder / "release.json").read_text(encoding="utf-8")
    assert old in text
    (folder / "release.json").write_text(text.replace(old, new), encoding="utf-8")
    resealed(folder)
    assert main(["verify", str(folder)]) == 1
    assert said in capfd.readouterr().out


def wide(folder: Path) -> Path:
    """A package with a column of each kind that Parquet holds in a way of its own."""
    folder.mkdir()
    rows = ["id,kind,n,day,clock,when,flag,tags,exact"]
    rows += ["1,low,NaN,2024-02-29,15:00:00,2024-02-29T10:00:00Z,true,a;b,0.12345678901234567890"]
    rows += ["2,high,-0.0,,,,false,,1"]
    rows += ["3,,1E21,2024-03-01,15:30:01,1969-12-31T23:59:59Z,,c,2"]
    (folder / "wide.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "kind", "type": "string", "categories": ["high", "low", "none"]},
        {"name": "n", "type": "number"},
        {"name": "day", "type": "date"},
        {"name": "clock", "type": "time"},
        {"name": "when", "type": "datetime"},
        {"name": "flag", "type": "boolean"},
        {"name": "tags", "type": "list", "delimiter": ";"},
        {"name": "exact", "type": "number"},
    ]
    descriptor = {
        "name": "wide",
        "title": "Wide",
        "version": "1.0.0",
        "created": "2024-05-01T00:00:00Z",
        "contributors": [{"title": "Buoy Office"}],
        "resources": [
            {
                "name": "wide",
                "type": "table",
                "path": "wide.csv",
                "schema": {"fields": fields, "primaryKey": ["id"]},
            }
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_parquet_is_held_against_the_csv_value_by_value(
    tmp_path: Path, release: Release, capfd: Captured
) -> None:
    package = wide(tmp_path / "wide")
    assert release(package) == 0
    folder = tmp_path / "dist" / "wide-1.0.0"
    path = folder / "parquet" / "wide.parquet"
    table = parquet.read_table(path)
    # Whoever writes it, in whatever groups: the same values are the same.
    parquet.write_table(table, path, compression="gzip", row_group_size=1, use_dictionary=False)
    resealed(folder)
    assert main(["verify", str(folder)]) == 0
    for name in table.column_names:
        # The values of one column, each a row further on.
        index, turned = table.column_names.index(name), table.column(name).take([2, 0, 1])
        parquet.write_table(table.set_column(index, table.schema.field(name), turned), path)
        resealed(folder)
        capfd.readouterr()
        assert main(["verify", str(folder)]) == 1, name
        assert "parquet/wide.parquet: does not say the same as data/wide.csv" in capfd.readouterr().out
