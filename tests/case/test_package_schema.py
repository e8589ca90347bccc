"""The JSON Schema of the `datapackage.json` of a case takes two real cases, and names what one lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from casetrail.case.package_schema import STANDARD, package_schema
from casetrail.case.profile import profile

ROOT = Path(__file__).parents[2]


def errors(descriptor: dict[str, Any]) -> list[str]:
    """What the schema says; that of the standard, which it extends, is not at hand and takes anything."""
    registry = Registry().with_resource(STANDARD, DRAFT7.create_resource({}))
    validator = Draft7Validator(package_schema(profile()), registry=registry)
    return [error.json_path for error in validator.iter_errors(descriptor)]


def descriptor(folder: Path) -> dict[str, Any]:
    """A descriptor with its schemas in it."""
    document: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in document["resources"]:
        resource["schema"] = json.loads((folder / resource["schema"]).read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("folder", [ROOT, ROOT / "examples" / "almaty-airport"], ids=["atajurt", "airport"])
def test_a_case_satisfies_it(folder: Path) -> None:
    Draft7Validator.check_schema(package_schema(profile()))
    assert errors(descriptor(folder)) == []
    assert errors(json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))) == []


def test_what_a_case_lacks_is_named() -> None:
    document = descriptor(ROOT)
    assert errors(document | {"caseProfile": "9"}) == ["$.caseProfile"]
    without = [resource for resource in document["resources"] if resource["name"] != "evidence"]
    assert errors(document | {"resources": without}) == ["$.resources"]
    del document["resources"][0]["schema"]["fields"][1]
    assert errors(document) == ["$.resources[0].schema.fields"]
