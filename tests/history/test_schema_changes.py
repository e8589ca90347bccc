"""Each change of a schema asks for its bump: nothing that may break a reader passes as small."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrail.history.bump import Bump
from casetrail.history.compare import compare
from casetrail.package.package import open_package

BASE: dict[str, Any] = {
    "name": "small",
    "title": "Small",
    "licenses": [{"name": "CC-BY-4.0"}],
    "resources": [
        {
            "name": "table",
            "path": "table.csv",
            "schema": {
                "fields": [
                    {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
                    {
                        "name": "kind",
                        "type": "string",
                        "description": "What kind.",
                        "constraints": {"required": False, "enum": ["one", "two"], "maxLength": 9},
                        "categories": [{"value": "one", "label": "One"}, {"value": "two"}],
                    },
                    {"name": "size", "type": "integer", "unit": "m", "constraints": {"minimum": 1}},
                    {"name": "day", "type": "date", "constraints": {"maximum": "2025-12-31"}},
                ],
                "primaryKey": ["id"],
                "rules": [{"name": "r", "description": "R.", "then": {"column": "kind", "filled": True}}],
            },
        },
        {"name": "other", "path": "other.csv", "schema": {"fields": [{"name": "id", "type": "string"}]}},
    ],
}


def field(descriptor: dict[str, Any], index: int) -> dict[str, Any]:
    found: dict[str, Any] = descriptor["resources"][0]["schema"]["fields"][index]
    return found


def write(folder: Path, descriptor: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    for resource in descriptor["resources"]:
        names = [one["name"] for one in resource["schema"]["fields"]]
        (folder / resource["path"]).write_text(",".join(names) + "\n")
    return folder


def schema(descriptor: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = descriptor["resources"][0]["schema"]
    return found


CHANGES: list[tuple[str, Bump, Callable[[dict[str, Any]], object]]] = [
    ("package-renamed", Bump.MAJOR, lambda d: d.update(name="other")),
    ("licence-changed", Bump.MAJOR, lambda d: d.update(licenses=[{"name": "CC0-1.0"}])),
    ("wording-changed", Bump.PATCH, lambda d: d.update(title="Smaller")),
    ("table-removed", Bump.MAJOR, lambda d: d["resources"].pop()),
    ("table-added", Bump.MINOR, lambda d: d["resources"].append({**d["resources"][1], "name": "third"})),
    ("file-renamed", Bump.MAJOR, lambda d: d["resources"][0].update(path="moved.csv")),
    ("column-removed", Bump.MAJOR, lambda d: schema(d)["fields"].pop()),
    ("column-added", Bump.MINOR, lambda d: schema(d)["fields"].append({"name": "new", "type": "string"})),
    ("columns-moved", Bump.MINOR, lambda d: schema(d)["fields"].reverse()),
    ("type-changed", Bump.MAJOR, lambda d: field(d, 2).update(type="number")),
    ("missing-changed", Bump.MAJOR, lambda d: schema(d).update(missingValues=["", "NA"])),
    ("meaning-changed", Bump.MAJOR, lambda d: field(d, 2).update(unit="km")),
    ("meaning-changed", Bump.MAJOR, lambda d: field(d, 0).update(rdfType="http://example.org/x")),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 1)["constraints"].update(required=True)),
    ("key-changed", Bump.MAJOR, lambda d: schema(d).pop("primaryKey")),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 1)["constraints"].update(unique=True)),
    ("term-removed", Bump.MAJOR, lambda d: field(d, 1)["constraints"].update(enum=["one"])),
    ("term-added", Bump.MINOR, lambda d: field(d, 1)["constraints"].update(enum=["one", "two", "three"])),
    ("terms-moved", Bump.MINOR, lambda d: field(d, 1)["constraints"].update(enum=["two", "one"])),
    ("constraint-loosened", Bump.MINOR, lambda d: field(d, 1)["constraints"].update(maxLength=10)),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 1)["constraints"].update(maxLength=8)),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 1)["constraints"].update(minLength=1)),
    ("constraint-loosened", Bump.MINOR, lambda d: field(d, 2)["constraints"].update(minimum=0)),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 2)["constraints"].update(minimum=2)),
    ("constraint-loosened", Bump.MINOR, lambda d: field(d, 3)["constraints"].update(maximum="2026-01-01")),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 3)["constraints"].update(maximum="2025-01-01")),
    ("constraint-tightened", Bump.MAJOR, lambda d: field(d, 0)["constraints"].update(pattern="[a-y]+")),
    ("constraint-loosened", Bump.MINOR, lambda d: field(d, 0)["constraints"].pop("pattern")),
    ("wording-changed", Bump.PATCH, lambda d: field(d, 1).update(description="Which kind.")),
    ("wording-changed", Bump.PATCH, lambda d: field(d, 1)["categories"][0].update(label="First")),
    ("key-changed", Bump.MAJOR, lambda d: schema(d).update(primaryKey=["id", "kind"])),
    ("constraint-tightened", Bump.MAJOR, lambda d: schema(d).update(uniqueKeys=[["kind"]])),
    (
        "constraint-tightened",
        Bump.MAJOR,
        lambda d: schema(d).update(
            foreignKeys=[{"fields": ["id"], "reference": {"resource": "other", "fields": ["id"]}}]
        ),
    ),
    ("constraint-loosened", Bump.MINOR, lambda d: schema(d).update(rules=[])),
    ("constraint-tightened", Bump.MAJOR, lambda d: schema(d)["rules"].append({"name": "s"})),
    ("constraint-tightened", Bump.MAJOR, lambda d: schema(d).update(dateOrders=[{"name": "o"}])),
    ("constraint-tightened", Bump.MAJOR, lambda d: schema(d)["rules"][0].update(then={"column": "day"})),
    ("wording-changed", Bump.PATCH, lambda d: schema(d)["rules"][0].update(description="S.")),
]


@pytest.mark.parametrize(("kind", "bump", "change"), CHANGES)
def test_each_change_has_its_kind_and_bump(
    tmp_path: Path, kind: str, bump: Bump, change: Callable[[dict[str, Any]], object]
) -> None:
    descriptor = copy.deepcopy(BASE)
    change(descriptor)
    old, new = write(tmp_path / "old", BASE), write(tmp_path / "new", descriptor)
    found = compare(open_package(old), open_package(new)).schema_changes
    assert (kind, bump) in {(one.kind, one.bump) for one in found}
    if kind not in ("missing-changed", "key-changed"):
        assert len(found) == 1, found


def test_what_does_not_change_the_data_is_no_change(tmp_path: Path) -> None:
    descriptor = copy.deepcopy(BASE)
    descriptor |= {"version": "2.0.0", "created": "2026-01-01T00:00:00Z"}
    descriptor["resources"][0] |= {"bytes": 12, "hash": "sha256:00"}
    old, new = write(tmp_path / "old", BASE), write(tmp_path / "new", descriptor)
    comparison = compare(open_package(old), open_package(new))
    assert comparison.same
    assert comparison.bump is Bump.NONE
