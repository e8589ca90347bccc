"""Tables of many files: patterns of paths, columns whose value is in a path, and packed parts."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import casetrail

FIELDS = [{"name": "id", "type": "integer"}, {"name": "year", "type": "year"}, {"name": "v"}]


def described(folder: Path, path: Any, fields: list[dict[str, Any]] = FIELDS, **more: Any) -> Path:
    """A package of one table whose descriptor names this path."""
    folder.mkdir(exist_ok=True)
    resource = {
        "name": "t",
        "type": "table",
        "path": path,
        "schema": {"fields": fields, "primaryKey": ["id"]},
    }
    text = json.dumps({"name": "p", "resources": [resource | more]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return folder


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(params=["folder", "zip"])
def place(request: pytest.FixtureRequest) -> Any:
    """The package as a folder, or as its zip."""

    def packed(folder: Path) -> Path:
        if request.param == "folder":
            return folder
        return Path(shutil.make_archive(str(folder) + "-zip", "zip", folder))

    return packed


def test_a_pattern_names_the_files_that_it_matches_in_their_order(tmp_path: Path, place: Any) -> None:
    folder = described(tmp_path / "p", "data/part-*.csv")
    for number in (2, 10, 1):
        write(folder, **{f"data__part-{number:02}_csv": f"id,year,v\n{number},2025,a\n"})
    write(folder, data__other_csv="nothing\n", data__more__part_csv="x\n")
    table = casetrail.open(place(folder))["t"]
    assert table.column("id").to_pylist() == [1, 2, 10]


def test_a_key_that_two_parts_have_is_found_in_its_part(tmp_path: Path, place: Any) -> None:
    folder = described(tmp_path / "p", "data/part-*.csv")
    write(
        folder, **{"data__part-1_csv": "id,year,v\n1,2025,a\n", "data__part-2_csv": "id,year,v\n1,2025,b\n"}
    )
    (finding,) = casetrail.validate(place(folder)).findings
    assert (finding.code, finding.path, finding.row) == ("primary-key-duplicate", "data/part-2.csv", 2)


def test_a_pattern_that_matches_nothing_is_a_missing_file(tmp_path: Path, place: Any) -> None:
    (finding,) = casetrail.validate(place(described(tmp_path / "p", "data/part-*.csv"))).findings
    assert (finding.code, finding.value) == ("path-missing", "data/part-*.csv")


@pytest.mark.parametrize("path", ["../*.csv", "/*", ".*/x.csv", "data/../../*.csv"])
def test_a_pattern_leads_nowhere_that_a_path_may_not(tmp_path: Path, path: str) -> None:
    write(tmp_path, outside_csv="id,year,v\n1,2025,a\n")
    (finding,) = casetrail.validate(described(tmp_path / "p", path)).findings
    assert finding.code == "path-unsafe"


def test_a_link_that_a_pattern_matches_stays_in_the_package(tmp_path: Path) -> None:
    write(tmp_path, outside_csv="id,year,v\n1,2025,a\n")
    folder = described(tmp_path / "p", "data/*.csv")
    (folder / "data").mkdir()
    (folder / "data" / "link.csv").symlink_to(tmp_path / "outside.csv")
    (finding,) = casetrail.validate(folder).findings
    assert finding.code == "path-unsafe"


def test_a_path_with_a_star_in_its_name_is_that_file(tmp_path: Path) -> None:
    folder = described(tmp_path / "p", "a*.csv")
    write(folder, **{"a*_csv": "id,year,v\n1,2025,a\n", "ab_csv": "id,year,v\n2,2025,a\n"})
    assert casetrail.open(folder)["t"].column("id").to_pylist() == [1]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_folder_of_a_partition_is_a_column(tmp_path: Path, place: Any, ending: str) -> None:
    folder = described(tmp_path / "p", f"data/year=*/part-*.{ending}")
    for year in (2025, 2026):
        part = folder / "data" / f"year={year}"
        part.mkdir(parents=True)
        if ending == "csv":
            (part / "part-0.csv").write_text(f"id,v\n{year},a\n", encoding="utf-8")
        else:
            pq.write_table(pa.table({"id": [year], "v": ["a"]}), part / "part-0.parquet")
    assert casetrail.validate(place(folder)).findings == ()
    table = casetrail.open(place(folder))["t"]
    assert table.column("year").to_pylist() == [2025, 2026] == table.column("id").to_pylist()


def test_a_partition_is_held_to_its_field(tmp_path: Path) -> None:
    folder = described(tmp_path / "p", "data/year=*/part.csv")
    write(folder, **{"data__year=soon__part_csv": "id,v\n1,a\n"})
    (finding,) = casetrail.validate(folder).findings
    assert (finding.code, finding.value, finding.row, finding.column) == ("type-year", "soon", 2, None)


def test_a_partition_that_the_file_has_as_well_is_a_column_too_many(tmp_path: Path) -> None:
    folder = described(tmp_path / "p", "data/year=*/part.csv")
    write(folder, **{"data__year=2025__part_csv": "id,year,v\n1,2025,a\n"})
    assert {finding.code for finding in casetrail.validate(folder).findings} == {"header-extra-column"}


@pytest.mark.parametrize("compression", [None, "zst", "zstd"])
def test_a_file_packed_with_zstandard_is_read(tmp_path: Path, compression: str | None) -> None:
    more = {} if compression is None else {"compression": compression}
    name = "t.csv.zst" if compression is None else "t.csv"
    folder = described(tmp_path / "p", name, **more)
    with pa.CompressedOutputStream(str(folder / name), "zstd") as file:
        file.write(b"id,year,v\n1,2025,a\n2,2026,b\n")
    assert casetrail.open(folder)["t"].column("id").to_pylist() == [1, 2]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_packed_file_that_is_cut_off_is_one_finding(tmp_path: Path, ending: str) -> None:
    folder = described(tmp_path / "p", f"t.csv.{ending}")
    text = "id,year,v\n" + "".join(f"{number},2025,{'x' * (number % 40)}\n" for number in range(20_000))
    path = folder / f"t.csv.{ending}"
    if ending == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        with pa.CompressedOutputStream(str(path), "zstd") as file:
            file.write(text.encode())
    path.write_bytes(path.read_bytes()[:-30])
    (finding,) = casetrail.validate(folder).findings
    assert finding.code == "path-unreadable"
