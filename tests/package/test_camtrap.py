"""A package of the kind of Camtrap DP's example (version 1.0), with its schemas beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import casetrail
from casetrail.cli.main import main
from casetrail.findings.finding import Severity

MOMENT = {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z", "constraints": {"required": True}}
DEPLOYMENTS: dict[str, Any] = {
    "name": "deployments",
    "fields": [
        {
            "name": "deploymentID",
            "type": "string",
            "format": "default",
            "example": "dep1",
            "skos:broadMatch": "http://rs.tdwg.org/dwc/terms/eventID",
            "constraints": {"required": True, "unique": True},
        },
        {"name": "latitude", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        {"name": "deploymentStart", **MOMENT},
        {"name": "timestampIssues", "type": "boolean", "constraints": {"required": False}},
    ],
    "missingValues": ["", "NaN", "nan"],
    "primaryKey": "deploymentID",
}
OBSERVATIONS: dict[str, Any] = {
    "name": "observations",
    "fields": [
        {"name": "observationID", "type": "string", "constraints": {"required": True}},
        {"name": "deploymentID", "type": "string"},
        {"name": "eventStart", **MOMENT},
        {"name": "count", "type": "integer", "constraints": {"minimum": 1}},
    ],
    "missingValues": ["", "NaN", "nan"],
    "primaryKey": "observationID",
    "foreignKeys": [
        {"fields": "deploymentID", "reference": {"resource": "deployments", "fields": "deploymentID"}}
    ],
}


def resource(name: str) -> dict[str, str]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": f"{name}-table-schema.json",
    }


DESCRIPTOR = {
    "resources": [
        resource("deployments"),
        resource("observations"),
        {"name": "individuals", "data": [{"id": 1, "scientificName": "Vulpes vulpes"}]},
    ],
    "profile": "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0/camtrap-dp-profile.json",
    "name": "example",
    "created": "2023-02-06T11:23:03Z",
    "contributors": [{"title": "A. Person", "role": "contributor", "path": "https://orcid.org/0000"}],
    "version": "1.0",
    "image": "",
    "homepage": "",
    "sources": [{"title": "Agouti", "path": "https://www.agouti.eu", "version": "v3.21"}],
    "licenses": [{"name": "CC0-1.0", "scope": "data"}, {"path": "http://example.org/by", "scope": "media"}],
    "project": {"title": "MICA", "individualAnimals": False},
    "spatial": {"type": "Polygon", "bbox": [4.013, 50.699, 5.659, 51.496], "coordinates": []},
    "temporal": {"start": "2020-05-30", "end": "2021-04-18"},
    "taxonomic": [{"scientificName": "Ardea", "vernacularNames": {"en": "great herons"}}],
}


@pytest.fixture
def camtrap(tmp_path: Path) -> Path:
    """The package in a folder."""
    (tmp_path / "datapackage.json").write_text(json.dumps(DESCRIPTOR))
    for schema in (DEPLOYMENTS, OBSERVATIONS):
        (tmp_path / f"{schema['name']}-table-schema.json").write_text(json.dumps(schema))
    (tmp_path / "deployments.csv").write_text(
        "deploymentID,latitude,deploymentStart,timestampIssues\nd1,51.1,2020-05-30T02:57:37Z,false\n"
    )
    (tmp_path / "observations.csv").write_text(
        "observationID,deploymentID,eventStart,count\no1,d1,2020-05-30T04:57:37+02:00,1\no2,d1,2020-06-01T00:00:00Z,NaN\n"
    )
    return tmp_path


def test_it_is_valid_and_opens_with_its_types(camtrap: Path) -> None:
    report = casetrail.validate(camtrap)
    assert [(finding.code, finding.severity) for finding in report.findings] == [
        ("profile-not-checked", Severity.WARNING)
    ]
    assert report.verdict == "valid"
    case = casetrail.open(camtrap)
    assert case["deployments"].schema.field("latitude").type == pa.float64()
    assert case["observations"].schema.field("eventStart").type == pa.timestamp("us", "UTC")
    assert case["observations"]["count"].to_pylist() == [1, None]


def test_it_is_released_with_what_is_in_its_descriptor(
    camtrap: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    descriptor = DESCRIPTOR | {"title": "An example", "version": "1.0.0"}
    inline = {
        "name": "taxa",
        "data": [{"k": "a", "n": 1}],
        "schema": {"fields": [{"name": "k"}, {"name": "n"}]},
    }
    resources = [*DESCRIPTOR["resources"], inline]  # type: ignore[misc]
    (camtrap / "datapackage.json").write_text(json.dumps(descriptor | {"resources": resources}))
    output = tmp_path_factory.mktemp("dist")
    assert main(["release", str(camtrap), "--output", str(output)]) == 0, capsys.readouterr()
    release = output / "example-1.0.0"
    individuals = json.loads((release / "files" / "individuals.json").read_text(encoding="utf-8"))
    assert individuals == [{"id": 1, "scientificName": "Vulpes vulpes"}]
    released = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    by_name = {resource["name"]: resource for resource in released["resources"]}
    assert by_name["individuals"]["path"] == "files/individuals.json" and "data" not in by_name["individuals"]
    assert main(["verify", str(release)]) == 0
    assert casetrail.open(release)["observations"]["count"].to_pylist() == [1, None]
