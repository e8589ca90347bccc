"""Tables of many files: patterns of paths, columns whose value is in a path, and packed parts."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casetrail
from casetrail.checks import engine
from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.package.package import open_package
from casetrail.tables import file_formats
from casetrail.tables.file_formats import read_blocks

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


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("id,year,w", "table: 'v' is missing, 'w' is not among them"),
        ("id,v,year", "table, which has the same in another order"),
        ("id,year", "table: 'v' is missing"),
        ("id,w,x,y", "table: 'year', 'v' are missing, 'w', 'x', 'y' are not among them"),
        ("id,year,v,w", "table: 'w' is not among them"),
    ],
    ids=["renamed", "moved", "fewer", "others", "more"],
)
def test_a_part_with_other_columns_is_one_finding(tmp_path: Path, header: str, words: str) -> None:
    texts = [{"name": name, "type": "string"} for name in ("id", "year", "v")]
    folder = described(tmp_path / "p", "data/part-*.csv", texts)
    second = f"{header}\n" + ",".join("x" for _ in header.split(",")) + "\n"
    write(folder, **{"data__part-1_csv": "id,year,v\n1,2025,a\n", "data__part-2_csv": second})
    (finding,) = casetrail.validate(folder).findings
    assert (finding.code, finding.path, finding.row) == ("header-mismatch", "data/part-2.csv", 1)
    assert finding.message.endswith(words)


@pytest.mark.parametrize(
    ("ending", "how"),
    [
        *((ending, "has other columns") for ending in ("csv", "csv.gz")),
        *((ending, "is none") for ending in ("csv", "csv.gz", "parquet")),
        *((ending, "is cut off") for ending in ("csv.gz", "parquet")),
    ],
)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_the_parts_beside_a_broken_one_are_checked(
    tmp_path: Path, ending: str, how: str, elsewhere: bool
) -> None:
    folder = described(tmp_path / "p", f"part-*.{ending}")
    for number in range(4):
        ids = range(number * 50, number * 50 + 50)
        first = 0 if number != 1 else 50
        cells = {"id": [first, *ids[1:]], "year": [2025] * 50, "v": ["a"] * 50}
        if number == 1 and how == "has other columns":
            cells = {"id": cells["id"], "w": cells["v"]}
        path = folder / f"part-{number}.{ending}"
        if ending == "parquet":
            pq.write_table(pa.table(cells), path, row_group_size=20)
        else:
            rows = [tuple(cells), *zip(*cells.values(), strict=True)]
            text = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
            path.write_bytes(gzip.compress(text, mtime=0) if ending.endswith("gz") else text)
        if number == 1 and how != "has other columns":
            path.write_bytes(path.read_bytes()[:-20] if how == "is cut off" else b"%PDF-1.4 a document")
    others: dict[str, Any] = {"fields": [{"name": "part", "type": "integer"}]}
    others["foreignKeys"] = [{"fields": ["part"], "reference": {"resource": "t", "fields": ["id"]}}]
    descriptor = json.loads((folder / "datapackage.json").read_text())
    other = {"name": "other", "type": "table", "path": "other.csv", "schema": others}
    descriptor["resources"].append(other)
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "other.csv").write_text("part\n51\n52\n99\n101\n151\n")
    with ThreadPoolExecutor(2) as executor:
        options = Options(executor=executor) if elsewhere else Options(jobs=2)
        report = validate(open_package(folder), options=options)
    (broken,) = [finding for finding in report.findings if finding.path == f"part-1.{ending}"]
    assert broken.row == (1 if how == "has other columns" else None)
    # The other parts are checked, and what leads to the broken one may lead somewhere.
    duplicates = [(f.path, f.row) for f in report.findings if f.code == "primary-key-duplicate"]
    assert duplicates == [(f"part-2.{ending}", 2), (f"part-3.{ending}", 2)]
    assert report.counts == {broken.code: 1, "primary-key-duplicate": 2, "not-checked": 1}
    assert report.to_json() == validate(open_package(folder), options=Options(jobs=1)).to_json()


def test_a_part_may_leave_the_header_out(tmp_path: Path) -> None:
    folder = described(tmp_path / "p", "data/part-*.csv")
    write(folder, **{"data__part-1_csv": "id,year,v\n1,2025,a\n", "data__part-2_csv": "2,2025,v\n"})
    assert casetrail.open(folder)["t"].column("v").to_pylist() == ["a", "v"]


def test_a_pattern_that_matches_nothing_is_a_missing_file(tmp_path: Path, place: Any) -> None:
    (finding,) = casetrail.validate(place(described(tmp_path / "p", "data/part-*.csv"))).findings
    assert (finding.code, finding.value) == ("path-missing", "data/part-*.csv")
    assert finding.message.endswith("no file matches it")


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


PACKED_ROWS = st.lists(
    st.sampled_from(
        ["1,2025,a\n", "2,x,b\n", "3,2025\n", '4,2025,"c\n', '5,2025,"d\nd"\n', "6,2025,e,f\n", "\n"]
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(
    parts=st.lists(PACKED_ROWS, min_size=2, max_size=5),
    cut=st.none() | st.integers(0, 4),
    missing=st.none() | st.integers(0, 4),
    headless=st.sets(st.integers(1, 4)),
    jobs=st.integers(2, 5),
    limit=st.sampled_from([1, 3, 1000]),
    ahead=st.sampled_from([1, 64]),
)
def test_parts_that_are_unpacked_side_by_side_change_no_byte_of_the_report(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[list[str]],
    cut: int | None,
    missing: int | None,
    headless: set[int],
    jobs: int,
    limit: int,
    ahead: int,
) -> None:
    names = [f"part-{number}.csv.{'zst' if number % 3 == 2 else 'gz'}" for number in range(len(parts))]
    folder = described(tmp_path_factory.mktemp("packed"), names)
    for number, (name, rows) in enumerate(zip(names, parts, strict=True)):
        text = ("" if number in headless else "id,year,v\n") + "".join(rows)
        packed = (
            gzip.compress(text.encode(), mtime=0)
            if name.endswith("gz")
            else pa.compress(text.encode(), "zstd", asbytes=True)
        )
        if number != missing:
            (folder / name).write_bytes(packed[: len(packed) - 9] if number == cut else packed)
    package = open_package(folder)
    expected = validate(package, options=Options(limit=limit, jobs=1)).to_json()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_formats, "available_cores", lambda: jobs)
        patch.setattr(engine, "read_blocks", partial(read_blocks, ahead=ahead))
        report = validate(package, options=Options(limit=limit, jobs=jobs, block=25))
    assert report.to_json() == expected


def test_a_reading_that_is_given_up_leaves_no_thread(tmp_path: Path) -> None:
    names = [f"part-{number}.csv.gz" for number in range(4)]
    folder = described(tmp_path / "p", names)
    for name in names:
        rows = "".join(f"{number},2025,text\n" for number in range(20_000))
        (folder / name).write_bytes(gzip.compress(f"id,year,v\n{rows}".encode()))
    batches = open_package(folder).resource("t").batches()
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("casetrail")]


def test_a_packed_file_that_is_cut_off_has_a_remedy(tmp_path: Path) -> None:
    folder = described(tmp_path / "p", "t.csv.gz")
    (folder / "t.csv.gz").write_bytes(gzip.compress(b"id,year,v\n1,2025,text\n")[:20])
    (finding,) = validate(open_package(folder)).findings
    assert finding.code == "path-unreadable"
    assert finding.hint == "fetch or pack the file again: it is cut off or damaged"
