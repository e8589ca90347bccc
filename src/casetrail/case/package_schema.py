"""Package schema: the JSON Schema of the `datapackage.json` of a case, for tools that do not know casetrail.

It extends the schema of the standard, as a profile of a Data Package does (standard: `data-package.mdx`,
"$schema"). It says which tables a case has and, where a schema is in the descriptor, which columns; a schema
in a file of its own is out of its reach, as are rows, evidence and rules.
"""

from __future__ import annotations

from typing import Any

from casetrail.case.profile import Profile

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
    """A resource that is a table of the profile: its columns are there, with their types, among others."""
    columns = [
        {
            "contains": {
                "type": "object",
                "required": ["name", "type"],
                "properties": {"name": {"const": field.name}, "type": {"const": field.type}},
            }
        }
        for field in known.tables[name].fields
    ]
    schema = {
        "if": {"type": "object"},
        "then": {"required": ["fields"], "properties": {"fields": {"type": "array", "allOf": columns}}},
    }
    return {"required": ["schema"], "properties": {"type": {"const": "table"}, "schema": schema}}
