"""The documents of the profile are Table Schemas that say of each table and column what the profile needs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

PROFILE = Path(__file__).parents[2] / "src/casetrail/case/profile/1.0"
DOCUMENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PROFILE.glob("*.json"))}
TABLES = [table["name"] for table in DOCUMENTS["profile"]["tables"]]


def test_there_is_a_document_for_each_table_and_no_other() -> None:
    assert sorted([*TABLES, "profile"]) == sorted(DOCUMENTS)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_prefix_of_its_own_a_label_and_a_key(name: str) -> None:
    table = DOCUMENTS[name]
    assert table["name"] == name
    assert {"title", "description", "idPrefix", "label", "evidenced", "fields", "primaryKey"} <= set(table)
    assert [other for other in TABLES if DOCUMENTS[other]["idPrefix"] == table["idPrefix"]] == [name]
    assert table["primaryKey"] == [table["fields"][0]["name"]]


@pytest.mark.parametrize("name", TABLES)
def test_a_column_says_what_it_means_and_its_example_is_one(name: str) -> None:
    for field in DOCUMENTS[name]["fields"]:
        assert {"name", "type", "title", "description", "example", "constraints"} <= set(field)
        constraints: dict[str, Any] = field["constraints"]
        assert isinstance(constraints["required"], bool)
        terms = [category["value"] for category in field.get("categories", ())]
        assert constraints.get("enum", []) == terms
        assert all(category["description"].endswith(".") for category in field.get("categories", ()))
        assert not terms or field["example"] in terms
        assert re.fullmatch(constraints.get("pattern", ".*"), field["example"]), field["name"]


@pytest.mark.parametrize("name", TABLES)
def test_a_reference_names_the_key_of_a_table(name: str) -> None:
    for key in DOCUMENTS[name].get("foreignKeys", ()):
        target = DOCUMENTS[key["reference"]["resource"] or name]
        assert key["reference"]["fields"] == target["primaryKey"]
    for field in DOCUMENTS[name]["fields"]:
        assert set(field.get("keyOf", ())) <= set(TABLES)


def test_no_case_is_named_in_the_profile() -> None:
    text = json.dumps(DOCUMENTS, ensure_ascii=False)
    assert not re.search(r"atajurt|kazakh|almaty|taldy", text, re.IGNORECASE)
