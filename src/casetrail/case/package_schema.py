"""Package schema: the JSON Schema of the `datapackage.json` of a case, for tools that do not know casetrail.

It extends the schema of the standard, as a profile of a Data Package does (standard: `data-package.mdx`,
"$schema"). It says which tables a case has and, where a schema is in the descriptor, which keys, columns,
constraints and terms; a schema in a file of its own is out of its reach, as are rows, evidence and rules.
"""

from __future__ import annotations

from typing import Any

from casetrail.case.profile import FieldSpec, Profile

STANDARD = "https://datapackage.org/profiles/2.0/datapackage.json"


def package_schema(known: Profile) -> dict[str, Any]:
    """The JSON Schema (draft 7, as that of the standard) of a version of the profile."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{known.title} {known.version}",
        "description": known.description,
        "allOf": [{"$ref": STANDARD}],
        "type": "object",
        "required": ["name", "title", "version", "created", "contributors", "caseProfile", "resources"],
        "properties": {
            "caseProfile": {"const": known.version},
            "resources": {
                "type": "array",
                "allOf": [
                    *({"contains": _named(name)} for name in known.names if name in known.required),
                    *({"items": {"if": _named(name), "then": _table(known, name)}} for name in known.names),
                ],
            },
        },
    }


def _named(name: str) -> dict[str, Any]:
    return {"type": "object", "required": ["name"], "properties": {"name": {"const": name}}}


def _table(known: Profile, name: str) -> dict[str, Any]:
    """A resource that is a table of the profile: it has its keys, and its columns among others."""
    spec = known.tables[name]
    columns = [{"contains": _column(field)} for field in spec.fields]
    stated: dict[str, Any] = {
        "fields": {"type": "array", "allOf": columns},
        "primaryKey": {"enum": [spec.key, [spec.key]]},
    }
    if spec.id_prefix is not None:
        stated["idPrefix"] = {"const": spec.id_prefix}
    schema = {"if": {"type": "object"}, "then": {"required": list(stated), "properties": stated}}
    return {"required": ["schema"], "properties": {"type": {"const": "table"}, "schema": schema}}


def _column(field: FieldSpec) -> dict[str, Any]:
    """A column of this name and type, which allows no more than the profile does and has all its terms."""
    stated: dict[str, Any] = {"name": {"const": field.name}, "type": {"const": field.type}}
    limits = field.constraints
    constraints: dict[str, Any] = {
        name: {"const": value}
        for name, value in (
            ("required", limits.required or None),
            ("unique", limits.unique or None),
            ("pattern", limits.pattern),
        )
        if value is not None
    }
    if constraints:
        stated["constraints"] = {"required": list(constraints), "properties": constraints}
    if field.vocabulary:
        terms: dict[str, Any] = {"allOf": [{"contains": _term([value])} for value in field.vocabulary]}
        if not field.extensible:
            terms["items"] = _term(list(field.vocabulary))
        stated["categories"] = {"type": "array", **terms}
    return {"type": "object", "required": list(stated), "properties": stated}


def _term(values: list[Any]) -> dict[str, Any]:
    """One of these terms, by itself or with its words."""
    words = {"type": "object", "required": ["value"], "properties": {"value": {"enum": values}}}
    return {"anyOf": [{"enum": values}, words]}
