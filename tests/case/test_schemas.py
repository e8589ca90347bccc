"""The schemas: derived from the models, committed, and good for others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from frictionless import Schema

from casetrail.case.schemas import drifted_schemas, schema_text, table_schema, write_schemas
from casetrail.case.tables import MODELS, TABLES
from casetrail.standard.schema import EDTF


def test_the_committed_schemas_agree_with_the_models(root: Path) -> None:
    assert drifted_schemas(root / "schemas") == []


def test_a_changed_schema_is_drift_and_is_written_anew(tmp_path: Path) -> None:
    assert write_schemas(tmp_path) == [model.TABLE.name for model in MODELS]
    path = tmp_path / "places.json"
    path.write_text(path.read_text().replace("border_crossing", "border"))
    assert drifted_schemas(tmp_path) == ["places"]
    assert write_schemas(tmp_path) == ["places"]
    assert path.read_text() == schema_text(TABLES["places"])


def test_every_vocabulary_is_published_as_enum_and_as_categories() -> None:
    for model in MODELS:
        for field in table_schema(model)["fields"]:
            if "enum" in field["constraints"]:
                assert [one["value"] for one in field["categories"]] == field["constraints"]["enum"]
                assert all(one["description"] for one in field["categories"])
                assert isinstance(field["categoriesOrdered"], bool)


def test_dates_are_marked_as_edtf() -> None:
    marked = {
        (model.TABLE.name, field["name"])
        for model in MODELS
        for field in table_schema(model)["fields"]
        if field.get("rdfType") == EDTF
    }
    assert marked == {
        ("events", "date"),
        ("responses", "date"),
        ("measures", "date"),
        ("relations", "date"),
        ("sources", "published"),
        ("sources", "accessed"),
    }


def test_frictionless_accepts_each_schema() -> None:
    for model in MODELS:
        schema = Schema.from_descriptor(json.loads(schema_text(model)))
        assert schema.field_names == list(model.model_fields)


def test_the_command_checks_and_writes(tmp_path: Path, root: Path) -> None:
    def casetrail(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "casetrail", "schemas", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    absent = casetrail("--check")
    assert absent.returncode == 1
    assert "schemas/events.json differs from its model; run `casetrail schemas`." in absent.stdout
    assert casetrail().returncode == 0
    assert casetrail("--check").returncode == 0
    (tmp_path / "file").write_text("")
    blocked = casetrail("file")
    assert blocked.returncode == 2
    assert blocked.stderr.count("\n") == 1 and "cannot be written" in blocked.stderr
