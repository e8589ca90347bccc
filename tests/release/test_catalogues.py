"""What the catalogue records and load.R of a release say: people, licence, files, columns, types."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main

TIDES = Path(__file__).parent / "packages" / "tides"

# Of each column of the readings: its type in CSVW, in Croissant, and in R.
COLUMNS = {
    "reading_id": ("integer", "sc:Integer", "integer"),
    "station_id": ("string", "sc:Text", "text"),
    "label": ("string", "sc:Text", "text"),
    "boats": ({"base": "integer", "minimum": 0}, "sc:Integer", "integer"),
    "level": ("number", "sc:Float", "number"),
    "calm": ("boolean", "sc:Boolean", "boolean"),
    "day": ("date", "sc:Date", "date"),
    "at": ("datetime", "sc:DateTime", "datetime"),
    "clock": ("time", "sc:Time", "text"),
    "season": ("gYear", "sc:Integer", "integer"),
    "month": ("gYearMonth", "sc:Text", "text"),
    "span": ("duration", "sc:Text", "text"),
    "spot": ("string", "sc:Text", "text"),
    "more": ("json", "sc:Text", "text"),
    "force": ("string", "sc:Text", "factor"),
    "seen": ("string", "sc:Text", "text"),
}
ORLA = "https://orcid.org/0000-0002-1825-0097"
PDDL = "https://opendatacommons.org/licenses/pddl/"
TITLE = 'Tides & {storms} of Saltmouth_Bay: 100% "measured" #2 — тәулік 潮'


@pytest.fixture(scope="module")
def tides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("tides")
    assert main(["release", str(TIDES), "--output", str(output)]) == 0
    return output / "tides-of-saltmouth-1.2.0"


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def sha256(folder: Path, name: str) -> str:
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_croissant(tides: Path) -> None:
    document = read(tides, "croissant.json")
    assert (document["name"], document["alternateName"]) == ("tides-of-saltmouth", TITLE)
    assert (document["version"], document["datePublished"]) == ("1.2.0", "2024-02-29")
    assert document["license"] == PDDL
    assert [(one["@type"], one["name"]) for one in document["creator"]] == [
        ("Person", "Orla B. Venn"),
        ("Person", "Li Wave"),
    ]
    assert document["publisher"]["@type"] == "Organization"
    files = {one["@id"]: one for one in document["distribution"]}
    assert set(files) == {"parquet/readings.parquet", "parquet/stations.parquet"}
    for path, one in files.items():
        assert one["sha256"] == sha256(tides, path)
        assert one["contentSize"] == f"{(tides / path).stat().st_size} B"
        assert one["encodingFormat"] == "application/x-parquet"
    readings, stations = document["recordSet"]
    assert readings["key"] == {"@id": "readings/reading_id"}
    assert stations["key"] == {"@id": "stations/station_id"}
    fields = {one["name"]: one for one in readings["field"]}
    assert {name: one["dataType"] for name, one in fields.items()} == {
        name: types[1] for name, types in COLUMNS.items()
    }
    assert fields["level"]["description"] == "Height over the mark. Unit: metres."
    assert fields["level"]["source"] == {
        "fileObject": {"@id": "parquet/readings.parquet"},
        "extract": {"column": "level"},
    }


def test_csvw(tides: Path) -> None:
    document = read(tides, "csvw-metadata.json")
    assert document["dc:title"] == TITLE and document["dc:license"] == PDDL
    assert document["dc:creator"] == ["Orla B. Venn", "Li Wave"]
    readings, stations = document["tables"]
    assert (readings["url"], stations["url"]) == ("data/readings.csv", "data/stations.csv")
    columns = {one["name"]: one for one in readings["tableSchema"]["columns"]}
    assert {name: one["datatype"] for name, one in columns.items()} == {
        name: types[0] for name, types in COLUMNS.items()
    }
    # A column of the primary key and one that says so are required; no other is.
    assert [name for name, one in columns.items() if one["required"]] == ["reading_id", "station_id"]
    assert columns["boats"]["null"] == ["", "-"]
    assert "null" not in stations["tableSchema"]["columns"][0]
    assert readings["tableSchema"]["primaryKey"] == ["reading_id"]
    assert readings["tableSchema"]["foreignKeys"] == [
        {
            "columnReference": ["station_id"],
            "reference": {"resource": "data/stations.csv", "columnReference": ["station_id"]},
        }
    ]
    assert stations["tableSchema"]["foreignKeys"][0]["reference"]["resource"] == "data/stations.csv"


def test_ro_crate(tides: Path) -> None:
    graph = {one["@id"]: one for one in read(tides, "ro-crate-metadata.json")["@graph"]}
    root = graph["./"]
    assert root["name"] == TITLE and root["datePublished"] == "2024-02-29"
    assert root["identifier"] == "https://doi.org/10.5072/saltmouth.1.2.0"
    assert root["isPartOf"] == {"@id": "https://doi.org/10.5072/saltmouth"}
    assert root["license"] == {"@id": PDDL} and graph[PDDL]["name"] == "Public Domain Dedication"
    assert [graph[one["@id"]]["name"] for one in root["author"]] == ["Orla B. Venn", "Li Wave"]
    assert graph[ORLA] == {
        "@id": ORLA,
        "@type": "Person",
        "name": "Orla B. Venn",
        "affiliation": "Harbour & Sons",
    }
    assert graph[root["publisher"]["@id"]]["@type"] == "Organization"
    parts = {one["@id"] for one in root["hasPart"]}
    present = {path.relative_to(tides).as_posix() for path in tides.rglob("*") if path.is_file()}
    assert parts == present - {"ro-crate-metadata.json"}
    for path in parts - {"release.json", "SHA256SUMS"}:
        assert graph[path]["sha256"] == sha256(tides, path), path
        assert graph[path]["contentSize"] == str((tides / path).stat().st_size), path
    assert graph["files/chart.bin"]["encodingFormat"] == "application/x-chart"
    # What is written after the crate is named without a size that could only be wrong.
    assert "sha256" not in graph["release.json"] and "sha256" not in graph["SHA256SUMS"]


def test_schema_org(tides: Path) -> None:
    document = read(tides, "schema-org.jsonld")
    assert (document["@type"], document["name"]) == ("Dataset", TITLE)
    assert document["@id"] == document["identifier"] == "https://doi.org/10.5072/saltmouth.1.2.0"
    assert document["license"] == PDDL
    assert document["creator"][0] == {
        "@type": "Person",
        "name": "Orla B. Venn",
        "givenName": "Orla Jean-Marie",
        "familyName": "Venn",
        "affiliation": {"@type": "Organization", "name": "Harbour & Sons"},
        "url": ORLA,
    }
    assert document["publisher"]["name"] == "Saltmouth Tide Office"
    downloads = {one["contentUrl"]: one for one in document["distribution"]}
    assert set(downloads) == {"data/readings.csv", "data/stations.csv"}
    for path, one in downloads.items():
        assert one["sha256"] == sha256(tides, path) and one["encodingFormat"] == "text/csv"
    variables = {one["name"]: one for one in document["variableMeasured"]}
    assert {name.removeprefix("readings.") for name in variables if name.startswith("readings.")} == set(
        COLUMNS
    )
    assert variables["readings.level"]["unitText"] == "metres"


def test_load_r(tides: Path) -> None:
    script = (tides / "load.R").read_text(encoding="ascii")
    readings = script[script.index('name = "readings"') : script.index('name = "stations"')]
    for kind, path in (("md5", "data/readings.csv"), ("json_md5", "json/readings.json")):
        digest = hashlib.md5((tides / path).read_bytes()).hexdigest()
        assert f'{kind} = "{digest}"' in readings
    columns = dict(re.findall(r'list\(name = "(\w+)", type = "(\w+)"', readings))
    expected = {name: types[2] for name, types in COLUMNS.items()}
    assert columns == expected | {"seen_earliest": "date", "seen_latest": "date"}
    assert 'name = "seen_earliest", type = "date", derived = TRUE, json = TRUE' in readings
    assert (
        'ordered = TRUE, labels = structure(c("low", "high"), names = c("Low", "Gale")), '
        'definitions = structure(c("A breeze."), names = c("low"))'
    ) in readings
    assert 'name = "boats", type = "integer", missing = c("", "-"), unit = "boats"' in readings


@pytest.mark.parametrize(
    ("name", "table_of"),
    [
        ("croissant.json", lambda document: {one["name"]: one["field"] for one in document["recordSet"]}),
        (
            "csvw-metadata.json",
            lambda document: {
                Path(one["url"]).stem: one["tableSchema"]["columns"] for one in document["tables"]
            },
        ),
    ],
)
def test_every_column_of_a_case_is_described(built: Path, name: str, table_of: Any) -> None:
    tables = table_of(read(built, name))
    for resource in read(built, "datapackage.json")["resources"]:
        fields = resource["schema"]["fields"]
        described = tables[resource["name"]]
        assert [one["name"] for one in described] == [field["name"] for field in fields]
        for field, one in zip(fields, described, strict=True):
            assert field["description"] in (one.get("description") or one["dc:description"])


def test_a_case_of_which_less_is_known(built: Path) -> None:
    """One contributor, neither a person nor an organization for certain; no DOI."""
    name = "Harbour case contributors"
    croissant = read(built, "croissant.json")
    # Croissant knows persons and organizations only.
    assert "creator" not in croissant and name in croissant["citeAs"]
    assert read(built, "schema-org.jsonld")["creator"] == [{"@type": "Thing", "name": name}]
    graph = {one["@id"]: one for one in read(built, "ro-crate-metadata.json")["@graph"]}
    assert graph["#agent-1"] == {"@id": "#agent-1", "@type": "Thing", "name": name}
    assert "identifier" not in graph["./"]
    assert read(built, "csvw-metadata.json")["dc:creator"] == [name]
