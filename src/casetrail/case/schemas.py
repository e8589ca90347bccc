"""Table Schemas from the models: what `schemas/*.json` holds, and whether it still agrees.

Each follows Table Schema 2 (`table-schema.mdx`). What the standard has no property for is kept beside
it: `unit` and `source` of a field, the `description` and `origin` of a category, `freeText`, and `rowRules`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from casetrail.case.columns import ColumnFacts, References, TableType
from casetrail.case.row import Row
from casetrail.case.tables import MODELS
from casetrail.case.vocabulary import Vocabulary
from casetrail.findings.error import CasetrailError

SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def table_schema(model: type[Row]) -> dict[str, Any]:
    """The Table Schema of a table, as JSON has it.

    A column that may be empty says `"required": false`: nothing is left to a default that a reader must know.
    """
    table = model.TABLE
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "name": table.name,
        "title": table.title,
        "description": _first_sentence(model),
        "fields": [_field(name, info) for name, info in model.model_fields.items()],
        "missingValues": [""],
        "primaryKey": [table.key],
    }
    foreign_keys = [
        {
            "fields": [name],
            "reference": {"resource": "" if target == table.name else target, "fields": [_key_of(target)]},
        }
        for name, target in references(model)
    ]
    if foreign_keys:
        schema["foreignKeys"] = foreign_keys
    if table.rules:
        schema["rowRules"] = [
            {"name": rule.name, "description": rule.sentence, "condition": rule.words} for rule in table.rules
        ]
    return schema


def references(model: type[Row]) -> Iterator[tuple[str, str]]:
    """The pairs (column, table) of the model's foreign keys."""
    for name, info in model.model_fields.items():
        for fact in _annotations(info):
            if isinstance(fact, References):
                yield name, fact.table


def free_text_columns(model: type[Row]) -> tuple[str, ...]:
    """The columns of prose, in which hygiene looks for personal identifiers."""
    return tuple(name for name, info in model.model_fields.items() if facts_of(info).free_text)


def edtf_columns(model: type[Row]) -> tuple[str, ...]:
    """The columns of EDTF dates."""
    return tuple(name for name, info in model.model_fields.items() if _table_type(info).rdf_type)


def facts_of(info: FieldInfo) -> ColumnFacts:
    """What `column` stated of a field."""
    extra = info.json_schema_extra
    facts = extra["facts"] if isinstance(extra, dict) else None
    if not isinstance(facts, ColumnFacts):
        raise TypeError("a column of a table is stated with `column`")
    return facts


def vocabulary_of(info: FieldInfo) -> type[Vocabulary] | None:
    """The vocabulary whose terms may stand in the column, if it has one."""
    for part in _annotations(info):
        if isinstance(part, type) and issubclass(part, Vocabulary):
            return part
    return None


def _field(name: str, info: FieldInfo) -> dict[str, Any]:
    facts = facts_of(info)
    kind = _table_type(info)
    vocabulary = vocabulary_of(info)
    field: dict[str, Any] = {"name": name, "type": kind.type}
    if kind.format is not None:
        field["format"] = kind.format
    field["title"] = name.removesuffix("_id").replace("_", " ").capitalize()
    field["description"] = info.description
    # A text for numbers too: the standard's own JSON Schema has it so.
    field["example"] = facts.example
    if kind.rdf_type is not None:
        field["rdfType"] = kind.rdf_type
    if facts.unit is not None:
        field["unit"] = facts.unit
    if facts.source is not None:
        field["source"] = facts.source
    if facts.free_text:
        field["freeText"] = True
    constraints: dict[str, Any] = {"required": info.is_required()}
    if kind.pattern is not None:
        constraints["pattern"] = kind.pattern
    if kind.minimum is not None:
        constraints["minimum"] = kind.minimum
    if vocabulary is not None:
        constraints["enum"] = [term.value for term in vocabulary]
    field["constraints"] = constraints
    if vocabulary is not None:
        field["categories"] = [_category(term) for term in vocabulary]
        field["categoriesOrdered"] = vocabulary.is_ordered()
    return field


def _category(term: Vocabulary) -> dict[str, str]:
    category = {
        "value": term.value,
        "label": term.value.replace("_", " ").capitalize(),
        "description": term.definition,
    }
    if term.origin is not None:
        category["origin"] = term.origin
    return category


def _annotations(info: FieldInfo) -> Iterator[Any]:
    yield from info.metadata
    yield from _unfold(info.annotation)


def _unfold(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        yield from metadata
        yield from _unfold(inner)
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _unfold(part)
    else:
        yield annotation


def _table_type(info: FieldInfo) -> TableType:
    for part in _annotations(info):
        if isinstance(part, TableType):
            return part
    return TableType("string")


def _key_of(table: str) -> str:
    return next(model.TABLE.key for model in MODELS if model.TABLE.name == table)


def _first_sentence(model: type[Row]) -> str:
    return " ".join((model.__doc__ or "").split())


def schema_text(model: type[Row]) -> str:
    """The file `schemas/<table>.json`: JSON with two blanks of indentation and a final line feed."""
    return json.dumps(table_schema(model), ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[str]:
    """Write the schema of every table that is not there already in this form; the names of those written."""
    stale = drifted_schemas(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for model in MODELS:
            if model.TABLE.name in stale:
                (folder / f"{model.TABLE.name}.json").write_bytes(schema_text(model).encode())
    except OSError as error:
        raise CasetrailError(
            f"{folder} cannot be written: {error.strerror}. Choose another folder."
        ) from error
    return stale


def drifted_schemas(folder: Path) -> list[str]:
    """The tables whose committed schema is absent or differs from the model."""
    stale = []
    for model in MODELS:
        path = folder / f"{model.TABLE.name}.json"
        if not path.is_file() or path.read_bytes() != schema_text(model).encode():
            stale.append(model.TABLE.name)
    return stale
