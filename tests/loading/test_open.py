"""`casetrail.open`: the same values from folder, zip and descriptor; one sentence for what is not right."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import casetrail
from casetrail import CasetrailError
from casetrail.cli.main import main


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """A release to be spoilt."""
    return Path(shutil.copytree(release, tmp_path / release.name))


def seal(folder: Path) -> None:
    """Write SHA256SUMS anew, so that only the content is wrong."""
    files = sorted(one for one in folder.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    sums = {one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}
    text = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    (folder / "SHA256SUMS").write_text(text, encoding="utf-8")


def package(folder: Path, csv: str, fields: list[dict[str, Any]] | None, **more: Any) -> Path:
    resource: dict[str, Any] = {"name": "things", "path": "things.csv"}
    if fields is not None:
        resource["schema"] = {"fields": fields}
    (folder / "things.csv").write_text(csv, encoding="utf-8")
    descriptor = {"name": "small", **more, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_folder_zip_descriptor_and_the_curated_package_hold_the_same(release: Path, root: Path) -> None:
    zipped = casetrail.open(release.with_name(f"{release.name}.zip"))
    for path in (release, str(release), release / "datapackage.json"):
        case = casetrail.open(path)
        assert case.tables == zipped.tables and (case.name, case.version) == (zipped.name, zipped.version)
        assert all(case[name].equals(zipped[name]) for name in case)
    # The dataset itself, typed from its CSV files, not from Parquet.
    curated = casetrail.open(root)
    assert all(curated[name].equals(zipped[name]) for name in zipped)
    assert curated["events"].schema.field("kind").metadata == zipped["events"].schema.field("kind").metadata


def test_a_release_of_a_table_without_rows_has_all_its_terms(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string", "categories": ["low", "high"], "categoriesOrdered": True}]
    words = {"title": "Small", "version": "1.0.0", "created": "2025-01-01T00:00:00Z"}
    folder = package(tmp_path, "a\n", fields, contributors=[{"title": "Harbour Office"}], **words)
    assert main(["release", str(folder), "--output", str(tmp_path / "dist")]) == 0
    case = casetrail.open(tmp_path / "dist" / "small-1.0.0")
    assert case["things"].num_rows == 0
    assert list(case.columns("things")["a"].labels) == ["low", "high"]
    assert case.to_pandas("things")["a"].cat.categories.tolist() == ["low", "high"]
    assert case.to_polars("things")["a"].dtype.categories.to_list() == ["low", "high"]
    described = case.to_duckdb().sql("DESCRIBE things").fetchall()
    assert described[0][1] == "ENUM('low', 'high')"


def test_a_loaded_package_is_a_mapping_of_tables(release: Path) -> None:
    case = casetrail.open(release)
    assert list(case) == list(case.tables) and len(case) == len(case.tables)
    assert "events" in case and "nonsense" not in case
    assert isinstance(case["events"], pa.Table) and case["events"] is case["events"]
    assert repr(case).startswith(f"<{case.name} {case.version}: events, parties")
    assert case.descriptor["name"] == case.name and case.title == case.descriptor["title"]


def test_words_of_the_schema_are_at_hand(release: Path) -> None:
    case = casetrail.open(release)
    columns = case.columns("events")
    assert columns["kind"].labels["court_decision"] == "Court decision"
    assert columns["kind"].definitions["court_decision"].endswith(".")
    assert columns["date"].description and columns["date_earliest"].derived_from == ("date",)
    assert case.columns("charges")["people"].unit == "persons"
    assert columns["access"].ordered and not columns["kind"].ordered
    assert case["events"].schema.metadata[b"citation"].decode() == case.citation()
    assert case.to_pandas("events").attrs["columns"]["kind"] == columns["kind"].description


@pytest.mark.parametrize("style", ["apa", "bibtex", "ris", "csl", "datacite", "cff"])
def test_citations_are_those_of_the_release(release: Path, style: str) -> None:
    names = {"bibtex": "citation.bib", "ris": "citation.ris", "csl": "citation.csl.json"}
    names |= {"datacite": "datacite.json", "cff": "CITATION.cff"}
    text = casetrail.open(release).citation(style)
    assert text and not text.endswith("\n")
    if style in names:
        assert (release / names[style]).read_text(encoding="utf-8").rstrip("\n") == text


def test_evidence_of_a_row(release: Path) -> None:
    case = casetrail.open(release)
    row_id = case["charges"]["charge_id"][0].as_py()
    found = case.evidence("charges", row_id)
    claims = [claim.evidence_id for cell in found.claims for claim in cell.claims]
    rows = case["evidence"].to_pylist()
    assert sorted(claims) == sorted(row["evidence_id"] for row in rows if row["row_id"] == row_id)


def test_any_data_package_can_be_opened(tmp_path: Path) -> None:
    case = casetrail.open(package(tmp_path, "a,b\n001,\n,NA\n", None))
    assert case["things"].to_pydict() == {"a": ["001", None], "b": [None, "NA"]}
    assert case.version is None and case.columns("things")["a"].labels == {}
    with pytest.raises(CasetrailError, match="declares no `caseProfile`"):
        case.evidence("things", "x")
    with pytest.raises(CasetrailError, match="does not say 'title'"):
        case.citation()


def test_a_table_that_changes_its_mind_is_widened(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "x", "type": "number"}]
    case = casetrail.open(
        package(tmp_path, "n,x\n1,0.5\n18446744073709551616,0.1000000000000000055\n", fields)
    )
    assert [str(one) for one in case["things"].schema.types] == ["decimal128(38, 0)", "decimal128(38, 19)"]


def spoil_missing(folder: Path) -> None:
    (folder / "data" / "events.csv").unlink()


def spoil_missing_parquet(folder: Path) -> None:
    (folder / "parquet" / "events.parquet").unlink()


def spoil_altered(folder: Path) -> None:
    path = folder / "data" / "events.csv"
    path.write_bytes(path.read_bytes().replace(b"protest", b"protezt", 1))


def spoil_altered_parquet(folder: Path) -> None:
    path = folder / "parquet" / "events.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def spoil_newer_parquet(folder: Path) -> None:
    (folder / "parquet" / "events.parquet").write_bytes(b"PAR9 of the year 2040 PAR9")
    seal(folder)


def spoil_descriptor(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Events", "Evemts", 1), encoding="utf-8")


def with_property(name: str, value: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "datapackage.json"
        raw = json.loads(path.read_text(encoding="utf-8")) | {name: value}
        path.write_text(json.dumps(raw), encoding="utf-8")
        seal(folder)

    return spoil


def spoil_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").write_bytes(b"\xff\n")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            spoil_missing,
            "'data/events.csv' in '{}' cannot be read, though SHA256SUMS lists it: there is no such ",
        ),
        (
            spoil_missing_parquet,
            "'parquet/events.parquet' in '{}' cannot be read, though SHA256SUMS lists it",
        ),
        (spoil_altered, "'data/events.csv' in '{}' was altered: its SHA-256 is "),
        (spoil_altered_parquet, "'parquet/events.parquet' in '{}' was altered: its SHA-256 is "),
        (spoil_newer_parquet, "'parquet/events.parquet' in '{}' is of a form that pyarrow "),
        (spoil_descriptor, "'datapackage.json' in '{}' was altered: its SHA-256 is "),
        (
            with_property("caseProfile", "2.0"),
            "follows version 2.0 of the Case Data Package profile, and this ",
        ),
        (
            with_property("$schema", "https://datapackage.org/profiles/3.0/datapackage.json"),
            "follows version 3 of the Data Package standard, and this casetrail reads up to version 2",
        ),
        (spoil_sums, "SHA256SUMS, line 1: this list was not written by casetrail"),
    ],
)
def test_a_release_that_is_not_right_is_told_in_one_sentence(
    copy: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(copy)
    with pytest.raises(CasetrailError) as error:
        print(casetrail.open(copy)["events"])
    assert sentence.format(copy) in str(error.value)
    assert "\n" not in str(error.value)
    # What was altered in one table does not lock the others away.
    if spoil in (spoil_missing, spoil_altered):
        assert casetrail.open(copy)["parties"].num_rows


@pytest.mark.parametrize("spoil", [spoil_missing, spoil_altered])
def test_evidence_is_not_read_from_an_altered_release(copy: Path, spoil: Callable[[Path], None]) -> None:
    spoil(copy)
    with pytest.raises(CasetrailError, match=r"data/events\.csv"):
        casetrail.open(copy).evidence("charges", "ch-174-2")


def test_a_file_that_its_descriptor_disowns_is_told_without_sums_too(tmp_path: Path) -> None:
    folder = package(tmp_path, "a\nx\n", [{"name": "a", "type": "string"}])
    path = folder / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["resources"][0]["hash"] = f"sha256:{hashlib.sha256(b'a,y').hexdigest()}"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(CasetrailError, match=r"was altered: its SHA-256 is .* but datapackage\.json says"):
        print(casetrail.open(folder)["things"])


def test_what_is_no_package_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"not a zip at all")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    (tmp_path / "datapackage.json").write_text("[]", encoding="utf-8")
    for name, sentence in (
        ("broken.zip", "cannot be read as a zip"),
        ("empty.zip", "has no datapackage.json that can be read"),
        ("nowhere", "there is no package at"),
        ("datapackage.json", "holds no JSON object"),
    ):
        with pytest.raises(CasetrailError, match=sentence):
            casetrail.open(tmp_path / name)


def test_unknown_names_come_with_the_near_one(release: Path) -> None:
    case = casetrail.open(release)
    for ask, sentence in (
        (lambda: case["event"], "has no table 'event'; did you mean 'events'?"),
        (lambda: case["zebras"], "has no table 'zebras'; its tables are events, parties"),
        (lambda: case.to_pandas("partys"), "has no table 'partys'"),
        (lambda: case.evidence("chargez", "x"), "has no table 'chargez'; did you mean 'charges'?"),
        (lambda: case.evidence("charges", "hc-174-2"), "has no row 'hc-174-2'; did you mean 'ch-174-2'?"),
        (lambda: case.citation("chicago"), "the styles are apa, bibtex"),
    ):
        with pytest.raises(CasetrailError) as error:
            ask()
        assert sentence in str(error.value)


def test_a_value_that_its_schema_does_not_allow_is_told(tmp_path: Path) -> None:
    case = casetrail.open(package(tmp_path, "n\n1\nx\n", [{"name": "n", "type": "integer"}]))
    with pytest.raises(CasetrailError, match=r"things\.csv, row 3, field 'n'.*'x' is not"):
        print(case["things"])


def imported_by(code: str, *names: str) -> set[str]:
    """Which of the modules are loaded after the code has run, in a Python of its own."""
    program = f"import sys\n{code}\nprint([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1].replace("'", '"')))


@pytest.mark.parametrize("schema", ["no.json", {"feilds": []}, 3])
def test_a_table_whose_schema_cannot_be_read_is_not_passed_off_as_text(tmp_path: Path, schema: Any) -> None:
    descriptor = {"resources": [{"name": "things", "path": "things.csv", "schema": schema}]}
    (package(tmp_path, "n\n1\n", None) / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(CasetrailError, match="the schema of the table 'things' cannot be read") as caught:
        casetrail.open(tmp_path)["things"]
    assert caught.value.exit_code == 1


def test_a_column_of_an_unknown_type_is_not_passed_off_as_text(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "intger"}]
    with pytest.raises(
        CasetrailError, match=r"there is no type 'intger', so the table 'things'.*did you mean 'integer'"
    ) as caught:
        casetrail.open(package(tmp_path, "n\n1\n", fields))["things"]
    assert caught.value.exit_code == 1


def test_the_import_is_light(release: Path) -> None:
    heavy = ("pyarrow", "pandas", "polars", "duckdb", "frictionless", "pydantic", "jinja2", "numpy")
    assert imported_by("import casetrail", *heavy) == set()
    opened = f"import casetrail\ncase = casetrail.open({str(release)!r})"
    assert imported_by(opened, "pandas", "polars", "duckdb", "frictionless", "jinja2") == set()
    assert "polars" in imported_by(f"{opened}\ncase.to_polars('events')", "polars", "duckdb")


def test_a_validation_imports_no_frames(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "number", "constraints": {"minimum": 0}}, {"name": "s"}]
    quoted = f'0,"{"long, " * 20}"\n' * 1000
    path = package(tmp_path, f"n,s\n{quoted}", fields)
    assert imported_by(f"import casetrail\nassert casetrail.validate({str(path)!r}).valid", "pandas") == set()


def test_keys_in_partitions_import_no_frames() -> None:
    script = "from casetrail.checks.key_pieces import partition_numbers as numbers"
    script += "\nfrom casetrail.types.arrow_arrays import text_array"
    script += "\nassert len(numbers(text_array(['a', 'b']), 7)) == 2"
    assert imported_by(script, "pandas") == set()


def test_a_library_that_is_not_there_is_told(release: Path) -> None:
    code = (
        "import sys, casetrail\n"
        "sys.modules['polars'] = None\n"
        f"case = casetrail.open({str(release)!r})\n"
        "try:\n    case.to_polars('events')\nexcept casetrail.CasetrailError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert "polars is not installed here; install it" in done.stdout
