"""Table Schema: both versions are read, and what makes no sense is told without hiding the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.finding import Finding, Severity
from casetrail.package.sound_schema import CODES, Judged, T, judge_references, judge_schema
from casetrail.standard.model import DescriptorLocation, read_model
from casetrail.standard.schema import Category, FieldDescriptor, MissingValue, TableSchema

LOCATION = DescriptorLocation("schema.json", table="t")


def read(raw: Any) -> tuple[TableSchema | None, list[Finding]]:
    schema, findings = read_model(TableSchema, raw, LOCATION, kind="schema")
    if schema is not None:
        schema, more = judged(judge_schema(schema, LOCATION))
        findings += more
    assert {finding.code for finding in findings} <= set(CODES)
    return schema, findings


def judged(parts: Judged[T]) -> tuple[T, list[Finding]]:
    findings: list[Finding] = []
    while True:
        try:
            findings.append(next(parts))
        except StopIteration as end:
            return end.value, findings


def only(raw: Any) -> Finding:
    _, findings = read(raw)
    assert len(findings) == 1, findings
    return findings[0]


def fields(*given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"fields": list(given), **more}


A, B = {"name": "a", "type": "string"}, {"name": "b", "type": "integer"}


def test_version_one_and_two_mean_the_same() -> None:
    old, found_old = read(
        fields(
            A,
            B,
            primaryKey="a",
            foreignKeys=[{"fields": "b", "reference": {"resource": "", "fields": "a"}}],
            missingValues=["", "-"],
        )
    )
    new, found_new = read(
        fields(
            A,
            B,
            primaryKey=["a"],
            foreignKeys=[{"fields": ["b"], "reference": {"fields": ["a"]}}],
            missingValues=[{"value": ""}, {"value": "-"}],
        )
    )
    assert found_old == found_new == []
    assert old is not None
    assert new is not None
    assert old.primary_key == new.primary_key == ("a",)
    assert old.missing_values == new.missing_values
    assert old.foreign_keys[0].reference.resource == new.foreign_keys[0].reference.resource == ""
    assert old.foreign_keys[0].fields == ("b",)


@pytest.mark.parametrize("written", ["subset", ["subset"]])
def test_fields_match_is_read_as_the_text_and_as_the_json_schema_have_it(written: Any) -> None:
    schema, findings = read(fields(A, fieldsMatch=written))
    assert findings == []
    assert schema is not None
    assert schema.fields_match == "subset"


def test_defaults_are_those_of_the_standard() -> None:
    schema, _ = read(fields({"name": "x"}))
    assert schema is not None
    field = schema.fields[0]
    assert (field.type, field.format, schema.fields_match) == ("any", "default", "exact")
    assert schema.missing(field) == ("",)
    assert not schema.required(field)


def test_missing_values_of_a_field_replace_those_of_the_schema() -> None:
    schema, _ = read(fields(A, {"name": "b", "missingValues": ["-"]}, missingValues=["", "NA"]))
    assert schema is not None
    assert [schema.missing(field) for field in schema.fields] == [("", "NA"), ("-",)]


def test_what_is_read_is_written_as_it_was() -> None:
    raw = fields(
        {"name": "a", "type": "string", "constraints": {"minLength": 2}, "unit": "m", "rdfType": "x"},
        primaryKey=["a"],
        missingValues=[{"value": "-", "label": "refused"}],
        project={"deep": [1, {"x": None}]},
    )
    schema, findings = read(raw)
    assert findings == []
    assert schema is not None
    assert schema.to_json() == raw


def test_python_builds_a_schema_with_its_own_names() -> None:
    schema = TableSchema(
        fields=(FieldDescriptor(name="a", type="string", categories=(Category(value="x", label="X"),)),),
        primary_key=("a",),
        missing_values=(MissingValue(value=""),),
    )
    assert schema.to_json() == {
        "fields": [{"name": "a", "type": "string", "categories": [{"value": "x", "label": "X"}]}],
        "missingValues": [{"value": ""}],
        "primaryKey": ["a"],
    }


def test_a_python_name_in_json_is_a_near_miss_and_not_obeyed() -> None:
    schema, findings = read(fields(A, primary_key=["a"]))
    assert schema is not None
    assert schema.primary_key == ()
    assert [(f.code, f.hint) for f in findings] == [("schema-near-miss", "did you mean 'primaryKey'?")]


@pytest.mark.parametrize(
    ("raw", "code", "field", "hint"),
    [
        (fields(A, primarykey="a"), "schema-near-miss", None, "did you mean 'primaryKey'?"),
        (fields({**A, "constrains": {}}), "schema-near-miss", "a", "did you mean 'constraints'?"),
        (
            fields({**A, "constraints": {"minlength": 1}}),
            "schema-near-miss",
            "a",
            "did you mean 'minLength'?",
        ),
        (fields({"name": "a", "type": "int"}), "schema-type-unknown", "a", "write 'integer'"),
        (fields({"name": "a", "type": "strin"}), "schema-type-unknown", "a", "did you mean 'string'?"),
        (fields({**B, "constraints": {"pattern": "x"}}), "schema-constraint-not-applicable", "b", None),
        (fields({**A, "constraints": {"minimum": 1}}), "schema-constraint-not-applicable", "a", None),
        (fields({**A, "constraints": {"minLength": "1"}}), "schema-property", "a", None),
        (fields({**A, "constraints": {"required": 1}}), "schema-property", "a", None),
        (fields({**A, "constraints": {"minLength": -1}}), "schema-property", "a", None),
        (fields({**A, "constraints": {"enum": []}}), "schema-property", "a", None),
        (
            fields({**A, "constraints": {"minLength": 3, "maxLength": 2}}),
            "schema-constraint-contradiction",
            "a",
            None,
        ),
        (fields({**A, "trueValues": ["x"]}), "schema-property-not-applicable", "a", None),
        (
            fields({**A, "categories": ["x"], "constraints": {"enum": ["y"]}}),
            "schema-enum-not-in-categories",
            "a",
            None,
        ),
        (fields({**A, "categories": ["x", "x"]}), "schema-value-duplicate", "a", None),
        (fields(A, missingValues=["", ""]), "schema-value-duplicate", None, None),
        (fields(A, A), "schema-field-duplicate", "a", None),
        (fields(), "schema-no-fields", None, None),
        (fields(A, fieldsMatch="sub"), "schema-property", None, None),
        (fields(A, primaryKey=["c"]), "schema-reference-unknown", None, None),
        (fields(A, uniqueKeys=[["a", "z"]]), "schema-reference-unknown", None, None),
        (
            fields(A, B, foreignKeys=[{"fields": ["a", "b"], "reference": {"resource": "x", "fields": "a"}}]),
            "schema-reference-length",
            None,
            None,
        ),
        (fields(A, foreignKeys=[{"fields": "a"}]), "schema-property", None, None),
        (fields({"nam": "a"}), "schema-property", None, None),
        (fields("a"), "schema-property", None, None),
        ({"fields": {}}, "schema-property", None, None),
        ({}, "schema-property", None, None),
        ([], "schema-property", None, None),
        (3, "schema-property", None, None),
    ],
)
def test_each_mistake_is_told_once(raw: Any, code: str, field: str | None, hint: str | None) -> None:
    found = only(raw)
    assert (found.code, found.field, found.path, found.table) == (code, field, "schema.json", "t")
    if hint is not None:
        assert found.hint == hint


def test_one_mistake_hides_no_other() -> None:
    schema, findings = read(
        fields(
            {"name": "a", "type": 3, "constraints": {"required": "yes", "minLength": 2}},
            {"name": "b", "type": "string", "constraints": {"enum": "x"}, "title": 7},
            primaryKey=7,
            foreignKeys=[{"fields": "b", "reference": {}}, {"fields": "b", "reference": {"fields": "a"}}],
        )
    )
    assert len(findings) == 7 - 1 + 1  # type, required, enum, title, primaryKey, reference, minLength of any
    assert schema is not None
    assert schema.fields[1].constraints.enum is None
    assert len(schema.foreign_keys) == 1


def test_an_unknown_property_of_ones_own_is_no_finding() -> None:
    assert read(fields({**A, "unit": "kg", "x:note": 1}, project="y", notes=["z"]))[1] == []


def test_a_known_property_beside_a_similar_one_of_ones_own_is_no_finding() -> None:
    assert read(fields({**A, "title": "A", "titles": {"ru": "А"}}))[1] == []


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        (fields(A, missingValues=["", {"value": "-"}]), "schema-property"),
        (fields({**A, "missingValues": [{"value": ""}, "-"]}), "schema-property"),
        (fields({**A, "categories": ["x", {"value": "y"}]}), "schema-property"),
        (
            fields(A, missingValues=[{"value": "", "label": "x"}, {"value": "-", "label": "x"}]),
            "schema-value-duplicate",
        ),
    ],
)
def test_missing_values_and_categories_are_all_alike(schema: Any, code: str) -> None:
    assert only(schema).code == code


def references(raw: Any, **targets: Any) -> list[Finding]:
    schemas = {name: None if target is None else read(target)[0] for name, target in targets.items()}
    schema, findings = read(raw)
    assert findings == []
    assert schema is not None
    return judged(judge_references(schema, LOCATION, schemas))[1]


KEYED = fields(A, primaryKey="a")


@pytest.mark.parametrize(
    ("resource", "field", "found"),
    [
        ("keyed", "a", []),
        ("none", "a", []),
        ("keyd", "a", [("schema-reference-unknown", Severity.ERROR, "did you mean 'keyed'?")]),
        ("keyed", "b", [("schema-reference-unknown", Severity.ERROR, None)]),
        (
            "loose",
            "a",
            [("schema-reference-not-unique", Severity.WARNING, "declare it as the primary key of 'loose'")],
        ),
    ],
)
def test_references_to_other_tables(resource: str, field: str, found: list[Any]) -> None:
    raw = fields(A, B, foreignKeys=[{"fields": "b", "reference": {"resource": resource, "fields": field}}])
    got = references(raw, keyed=KEYED, loose=fields(A), none=None)
    assert [(f.code, f.severity, f.hint) for f in got] == found


def test_the_usable_part_has_known_types_and_keys_only() -> None:
    schema, _ = read(
        fields(
            {"name": "a", "type": "int", "constraints": {"minimum": 3, "required": True}},
            {"name": "b", "type": "string", "constraints": {"pattern": "x"}},
            primaryKey="c",
            uniqueKeys=[["a"], ["z"]],
            foreignKeys=[
                {"fields": "a", "reference": {"fields": "b"}},
                {"fields": "z", "reference": {"fields": "b"}},
                {"fields": "a", "reference": {"resource": "gone", "fields": "b"}},
            ],
        )
    )
    assert schema is not None
    good, _ = judged(judge_references(schema, LOCATION, {"t": schema}))
    assert [field.type for field in good.fields] == ["any", "string"]
    assert good.fields[0].constraints.minimum is None
    assert good.fields[0].constraints.required
    assert good.fields[1].constraints.pattern == "x"
    assert (good.primary_key, good.unique_keys) == ((), (("a",),))
    assert len(good.foreign_keys) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
PROPERTIES = st.sampled_from(
    [
        "name",
        "type",
        "fields",
        "constraints",
        "minLength",
        "enum",
        "categories",
        "missingValues",
        "reference",
        "primaryKey",
        "uniqueKeys",
        "foreignKeys",
        "resource",
        "value",
        "label",
        "fieldsMatch",
        "format",
        "pattern",
    ]
)
SCHEMA_LIKE = st.recursive(
    JSON | st.sampled_from(["a", "b", "string", "integer"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PROPERTIES, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(PROPERTIES, SCHEMA_LIKE, max_size=6))
def test_any_json_is_a_schema_or_has_findings(raw: dict[str, Any]) -> None:
    schema, findings = read(raw)
    if schema is None:
        assert findings
    else:
        judged(judge_references(schema, LOCATION, {"a": schema}))


def test_a_broken_key_does_not_take_its_neighbour_along() -> None:
    good = {"fields": ["a"], "reference": {"resource": "t", "fields": ["b"]}}
    schema, findings = read_model(
        TableSchema, fields(A, B, foreignKeys=[{"fields": 3}, good]), LOCATION, kind="schema"
    )
    assert [finding.message.partition(":")[0] for finding in findings] == [
        "foreignKeys[0].fields",
        "foreignKeys[0]",
    ]
    assert schema is not None
    assert [key.fields for key in schema.foreign_keys] == [("a",)]


def test_a_near_miss_behind_a_broken_entry_keeps_its_place() -> None:
    _, findings = read(fields({**A, "categories": [{"value": 1.5}, {"value": "x", "lable": "X"}]}))
    assert [finding.message.partition(": ")[0] for finding in findings] == [
        "fields[0].categories[0].value",
        "fields[0].categories[1]",
    ]
    assert [finding.field for finding in findings] == ["a", "a"]
