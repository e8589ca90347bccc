"""The JSON Schema of the `datapackage.json` of a case takes two real cases, and names what one lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
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


def events(document: dict[str, Any]) -> Any:
    """The schema of the table of events."""
    return next(resource for resource in document["resources"] if resource["name"] == "events")["schema"]


def column(document: dict[str, Any], name: str) -> Any:
    """A column of the events."""
    return next(field for field in events(document)["fields"] if field["name"] == name)


FIELDS = "$.resources[0].schema.fields"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda case: case.update(caseProfile="9"), "$.caseProfile"),
        (lambda case: case["resources"].remove(case["resources"][-3]), "$.resources"),
        (lambda case: events(case)["fields"].remove(column(case, "title")), FIELDS),
        (lambda case: column(case, "date").update(type="date"), FIELDS),
        (lambda case: column(case, "title")["constraints"].pop("required"), FIELDS),
        (lambda case: column(case, "event_id")["constraints"].update(pattern=".*"), FIELDS),
        (lambda case: column(case, "kind")["categories"].pop(), FIELDS),
        (lambda case: column(case, "status")["categories"].append({"value": "cancelled_twice"}), FIELDS),
        (lambda case: events(case).update(primaryKey="title"), "$.resources[0].schema.primaryKey"),
        (lambda case: events(case).update(idPrefix="xx"), "$.resources[0].schema.idPrefix"),
    ],
)
def test_what_a_case_lacks_is_named(change: Callable[[Any], object], place: str) -> None:
    document = descriptor(ROOT)
    change(document)
    assert errors(document) == [place]


def test_a_case_may_add_columns_and_terms() -> None:
    document = descriptor(ROOT)
    events(document)["fields"].append({"name": "weather", "type": "string"})
    column(document, "kind")["categories"].append({"value": "vigil", "narrows": "protest"})
    assert errors(document) == []
