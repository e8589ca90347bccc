"""A release is accepted by those who did not write it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Judge = Callable[[str, Path], Any]


def test_frictionless_accepts_the_package(release: Path) -> None:
    program = Path(sys.executable).with_name("frictionless")
    done = subprocess.run(
        [program, "validate", "datapackage.json", "--json"], cwd=release, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["valid"]) == (0, True), done.stdout[:2000]
    tables = [one for one in report["tasks"] if one["type"] == "table"]
    assert {one["name"] for one in tables} == {path.stem for path in (release / "data").glob("*.csv")}


def test_the_descriptor_follows_the_schema_of_the_standard(release: Path, judge: Judge) -> None:
    assert judge("data_package", release) == {"errors": []}


def test_the_source_descriptor_follows_the_schema_of_the_standard(root: Path, judge: Judge) -> None:
    assert judge("data_package", root) == {"errors": []}


def test_the_schema_of_the_standard_can_refuse(tides: Path, tmp_path: Path, judge: Judge) -> None:
    descriptor = json.loads((tides / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["licenses"] = "none"
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert judge("data_package", tmp_path)["errors"]


def test_cffconvert_accepts_the_citation_file(release: Path, cffconvert: Callable[[Path], str]) -> None:
    assert "Citation metadata are valid according to schema version 1.2.0." in cffconvert(
        release / "CITATION.cff"
    )


def test_cffconvert_accepts_that_of_the_repository(root: Path, cffconvert: Callable[[Path], str]) -> None:
    assert "Citation metadata are valid" in cffconvert(root / "CITATION.cff")


def test_cffconvert_can_refuse(tides: Path, tmp_path: Path, cffconvert: Callable[[Path], str]) -> None:
    text = (tides / "CITATION.cff").read_text(encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(text.replace("type: dataset", "type: tables"), encoding="utf-8")
    assert "Citation metadata are valid" not in cffconvert(tmp_path / "CITATION.cff")


def test_datacite_accepts_the_record(release: Path, judge: Judge) -> None:
    assert judge("datacite_record", release) == {"errors": []}


def test_croissant_is_valid_and_every_record_set_loads(release: Path, judge: Judge) -> None:
    found = judge("croissant", release)
    assert found["errors"] == []
    descriptor = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    tables = {one["name"]: one["path"] for one in descriptor["resources"] if "schema" in one}
    assert list(found["records"]) == list(tables)
    for name in tables:
        expected = json.loads((release / "json" / f"{name}.json").read_text(encoding="utf-8"))
        loaded = found["records"][name]
        assert len(loaded) == len(expected)
        for record, row in zip(loaded, expected, strict=True):
            for key, value in record.items():
                assert _same(value, row[key.removeprefix(f"{name}/")]), (key, value)


def _same(loaded: Any, value: Any) -> bool:
    """Whether the reader has the value: dates come as moments, an object as its JSON."""
    if isinstance(value, dict):
        return bool(json.loads(loaded) == value)
    if isinstance(value, str) and value != loaded:
        when = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?|[0-9:]{8}")
        return when.fullmatch(value) is not None and _moment(loaded) == _moment(value)
    return bool(loaded == value and isinstance(loaded, bool) == isinstance(value, bool))


def _moment(text: str) -> datetime | str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.replace(tzinfo=found.tzinfo or UTC)


def test_croissant_changes_no_value(tides: Path, judge: Judge) -> None:
    first, second, third = judge("croissant", tides)["records"]["readings"]
    assert (second["readings/label"], third["readings/label"][:3]) == ("007", "NA;")
    assert (first["readings/boats"], third["readings/boats"]) == (0, None)
    assert (first["readings/calm"], second["readings/calm"]) == (None, True)
    assert (first["readings/clock"], second["readings/day"]) == ("00:00:00", None)


def test_the_crate_opens_and_has_every_file(release: Path, judge: Judge) -> None:
    crate = judge("crate", release)
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert set(crate["files"]) == files - {"ro-crate-metadata.json"}
    assert crate["absent"] == []
    sums = {name: digest for name, digest in crate["files"].items() if digest is not None}
    # What is written after the crate has no checksum there.
    assert set(crate["files"]) - set(sums) == {"release.json", "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest, name
    assert crate["license"].startswith("http")


def test_csvw_reads_every_table_with_its_types(tides: Path, judge: Judge) -> None:
    found = judge("csvw_tables", tides)
    assert found["warnings"] == []
    first, second, third = found["tables"]["data/readings.csv"]
    assert first["reading_id"] == ["int", "1"]
    assert first["label"] == ["str", "=1+1, 潮 é"]
    assert (first["level"], second["level"], third["level"]) == (["float", "-2.5"], ["float", "0.1"], None)
    assert (second["label"], second["calm"], second["day"]) == (["str", "007"], ["bool", "True"], None)
    assert third["label"] == ["str", 'NA; with "quotes"\nand a line']
    assert third["day"] == ["datetime", "2024-02-29 00:00:00"]
    assert third["at"] == ["datetime", "2024-02-29 10:00:00+00:00"]
    assert third["span"] == ["timedelta", "1 day, 2:00:00"]
    assert third["more"][0] == "OrderedDict"
    assert third["seen"] == ["str", "2024-02"]
    assert found["tables"]["data/stations.csv"][1]["near"] == ["str", "st-1"]


def test_csvw_reads_every_table_of_a_case(harbour: Path, judge: Judge) -> None:
    found = judge("csvw_tables", harbour)
    assert found["warnings"] == []
    for path in sorted((harbour / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        read = found["tables"][f"data/{path.name}"]
        assert len(read) == len(rows), path.name
        for row, record in zip(rows, read, strict=True):
            assert {key for key, cell in row.items() if cell} == {
                key for key, value in record.items() if value
            }
    (charge,) = found["tables"]["data/charges.csv"]
    assert (charge["people"], charge["article"]) == (["int", "5"], ["str", "12"])


def test_schema_org_is_read_without_a_network(tides: Path, judge: Judge) -> None:
    found = judge("schema_org", tides)
    assert found["id"] == "https://doi.org/10.5072/saltmouth.1.2.0"
    assert found["name"].startswith("Tides & {storms} of Saltmouth_Bay")
    assert (found["version"], found["published"]) == ("1.2.0", "2024-02-29")
    assert found["license"] == [["URIRef", "https://opendatacommons.org/licenses/pddl/"]]
    assert found["creators"] == ["Li Wave", "Orla B. Venn"]
    assert found["downloads"] == ["data/readings.csv", "data/stations.csv"]
    assert found["foreign"] == ["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]


def test_schema_org_of_a_case(harbour: Path, judge: Judge) -> None:
    found = judge("schema_org", harbour)
    assert (found["name"], found["version"]) == ("The harbour case, an invented one", "1.0.0")
    assert len(found["downloads"]) == len(list((harbour / "data").glob("*.csv")))


@pytest.fixture(scope="module")
def references(tides: Path, judge: Judge) -> Any:
    return judge("references", tides)


TITLE = 'Tides & {storms} of Saltmouth_Bay: 100% "measured" #2 — тәулік 潮'


def test_bibtexparser_reads_the_citation_back(references: Any) -> None:
    read = references["bibtex"]
    assert (read["failed"], read["type"]) == ([], "dataset")
    assert read["authors"] == ["Orla Jean-Marie Venn", "Li de Wave"]
    assert (read["title"], read["year"], read["version"]) == (TITLE, "2024", "1.2.0")
    assert (read["doi"], read["publisher"]) == ("10.5072/saltmouth.1.2.0", "Saltmouth Tide Office")


def test_rispy_reads_the_citation_back(references: Any) -> None:
    read = references["ris"]
    assert read["type_of_reference"] == "DATA"
    assert read["authors"] == ["Venn, Orla Jean-Marie", "de Wave, Li"]
    assert (read["title"], read["year"], read["edition"]) == (TITLE, "2024", "1.2.0")
    assert (read["doi"], read["keywords"]) == ("10.5072/saltmouth.1.2.0", ["tides", "100% sea", "Ебб"])


def test_a_csl_processor_reads_the_citation_back(references: Any) -> None:
    read = references["csl"]
    assert read["line"].startswith("Venn, O.J.-M. and de Wave, L. (2024)")
    assert TITLE in read["line"] and "https://doi.org/10.5072/saltmouth.1.2.0" in read["line"]
    item = read["item"]
    assert (item["type"], item["version"], item["issued"]) == (
        "dataset",
        "1.2.0",
        {"date-parts": [[2024, 2, 29]]},
    )


def test_all_three_read_an_organization_back(harbour: Path, judge: Judge) -> None:
    read = judge("references", harbour)
    assert [name.strip("{}") for name in read["bibtex"]["authors"]] == ["Harbour case contributors"]
    assert read["ris"]["authors"] == ["Harbour case contributors"]
    assert read["csl"]["line"].startswith("Harbour case contributors (2025)")
    for one in (read["bibtex"]["doi"], read["ris"].get("doi"), read["csl"]["item"].get("DOI")):
        assert one is None
