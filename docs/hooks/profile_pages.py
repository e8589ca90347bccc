"""Makes the pages of the profile: a page for each table and each vocabulary, and the documents themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from casetrail.case.package_schema import package_schema
from casetrail.case.profile import PROFILES, FieldSpec, Profile, TableSpec, profile, profile_versions
from casetrail.describe.field_description import describe_type
from casetrail.describe.markdown_text import cell, code, paragraph, table_rows
from casetrail.describe.table_diagram import table_diagram

CODE_LISTS = {
    "time-zone": "a name of the IANA time zone database, such as `Asia/Almaty`",
    "country": "a code of ISO 3166-1, such as `KZ`",
    "language": "a tag of BCP 47, such as `kk`",
    "script": "a code of ISO 15924, such as `Cyrl`",
    "currency": "a code of ISO 4217, such as `KZT`",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and documents of each version of the profile."""
    for version in profile_versions():
        known = profile(version)
        folder = f"profile/{version}"
        made = {
            f"{folder}/index.md": _index(known),
            f"{folder}/case-data-package.schema.json": json.dumps(package_schema(known), indent=2) + "\n",
        }
        for spec in known.tables.values():
            made[f"{folder}/{spec.name}.md"] = _table(spec, known)
            for field in spec.fields:
                if field.vocabulary:
                    made[f"{folder}/{spec.name}.{field.name}.md"] = _vocabulary(spec, field, known)
        for path in sorted((PROFILES / version).glob("*.json")):
            made[f"{folder}/{path.name}"] = path.read_text(encoding="utf-8")
        for path, text in made.items():
            files.append(File.generated(config, path, content=text))
    return files


def _index(known: Profile) -> str:
    boxes = [
        {
            "name": spec.name,
            "rows": None,
            "columns": [
                {
                    "refersTo": {"table": spec.references[field.name]}
                    if field.name in spec.references
                    else None,
                    "keyOf": list(field.key_of),
                }
                for field in spec.fields
            ],
        }
        for spec in known.tables.values()
    ]
    tables = table_rows(
        ("table", "prefix", "a row is", "in every case"),
        (
            (
                f"[{spec.name}]({spec.name}.md)",
                f"`{spec.id_prefix}-`" if spec.id_prefix else "",
                cell(spec.description),
                "yes" if spec.name in known.required else "",
            )
            for spec in known.tables.values()
        ),
    )
    vocabularies = table_rows(
        ("vocabulary", "terms", "a case may add terms"),
        (
            (
                f"[{spec.name}.{field.name}]({spec.name}.{field.name}.md)",
                str(len(field.vocabulary)),
                "yes" if field.extensible else "",
            )
            for spec in known.tables.values()
            for field in spec.fields
            if field.vocabulary
        ),
    )
    return f"""# The profile, version {known.version}

{paragraph(known.description)} A package follows it by `"caseProfile": "{known.version}"` in its
`datapackage.json`.

<div class="diagram">{table_diagram(boxes, link="{}/")}</div>

A line leads from a column that holds an id to the table of that id. Rows of `evidence` are about a row of any table:
`table` and `row_id` name it.

## Tables

{tables}

## Vocabularies

{vocabularies}

## The profile for programs

- [profile.json](profile.json) lists the tables; [events.json](events.json) and so on are their Table Schemas. The
  addresses contain the version and do not change.
- [case-data-package.schema.json](case-data-package.schema.json) is a JSON Schema of the `datapackage.json` of a
  case, for tools that know Data Packages and not casetrail: which tables, keys, columns, constraints and terms there
  must be. What no JSON Schema can say, such as rules of a row and evidence, is in the pages of the tables;
  `casetrail validate` checks it all.

What a case may add of its own is in [Extend the profile](../../how-to/extend-the-profile.md).
"""


def _table(spec: TableSpec, known: Profile) -> str:
    return "\n\n".join(_table_parts(spec, known)) + "\n"


def _table_parts(spec: TableSpec, known: Profile) -> Iterator[str]:
    yield f"# {spec.name}"
    yield paragraph(spec.description)
    facts = [
        f"In every case: {'yes' if spec.name in known.required else 'no, only where there is something to say'}"
    ]
    if spec.id_prefix:
        facts.append(f"Ids begin with `{spec.id_prefix}-`")
    if spec.label:
        facts.append(f"A row is called {' or '.join(code(label) for label in spec.label)}")
    facts.append(f"Each row needs evidence: {'yes' if spec.evidenced else 'no'}")
    referring = [
        f"[{other.name}.{column}]({other.name}.md#{column})"
        for other in known.tables.values()
        for column, target in other.references.items()
        if target == spec.name
    ]
    if referring:
        facts.append(f"Its ids are in {', '.join(referring)}")
    facts.append(f"As a Table Schema: [{spec.name}.json]({spec.name}.json)")
    yield "\n".join(f"- {fact}" for fact in facts)
    yield "## Columns"
    for field in spec.fields:
        yield f"### `{field.name}` {{ #{field.name} }}"
        yield paragraph(field.description)
        yield "\n".join(f"- {fact}" for fact in _field_facts(spec, field))
    rules = list(_rules(spec))
    if rules:
        yield "## Rules"
        yield "\n".join(rules)


def _field_facts(spec: TableSpec, field: FieldSpec) -> Iterator[str]:
    if field.vocabulary:
        yield f"One of the terms of [{spec.name}.{field.name}]({spec.name}.{field.name}.md)"
    else:
        yield (
            f"{describe_type(field).capitalize()}"
            if not field.code_list
            else CODE_LISTS[field.code_list].capitalize()
        )
    yield "Required" if spec.required(field) else "May be empty"
    if field.unit:
        yield f"Unit: {field.unit}"
    if field.name in spec.references:
        target = spec.references[field.name]
        yield f"An id of [{target}]({target}.md)"
    if field.key_of:
        yield f"An id of {' or '.join(f'[{name}]({name}.md)' for name in field.key_of)}"
    if field.evidenced:
        yield "A filled cell needs evidence of its own"
    if field.free_text:
        yield "Free text: personal data are looked for"
    if field.counts:
        yield f"Counts the people of the party in `{field.counts}`, which must be a group"
    if field.origin:
        yield f"After {field.origin}"
    if field.example is not None:
        yield f"Example: {code(str(field.example))}"


def _vocabulary(spec: TableSpec, field: FieldSpec, known: Profile) -> str:
    parts = [
        f"# {spec.name}.{field.name}",
        f"{paragraph(field.description)} A column of [{spec.name}]({spec.name}.md#{field.name}).",
        "A case may add terms, each with a definition and the term that it "
        "[narrows](../../how-to/extend-the-profile.md)."
        if field.extensible
        else "The vocabulary is complete: a case adds no terms to it.",
    ]
    for value, term in field.vocabulary.items():
        parts.append(f"## `{value}` {{ #{value} }}")
        label = f"*{paragraph(term.label)}.* " if term.label else ""
        parts.append(f"{label}{paragraph(term.description)}")
        more = []
        if term.inverse:
            more.append(f"From the other end: {paragraph(term.inverse)}")
        if term.narrows:
            more.append(f"Narrows [{term.narrows}](#{term.narrows})")
        if term.origin:
            more.append(f"After {paragraph(term.origin)}")
        if more:
            parts.append("\n".join(f"- {fact}" for fact in more))
    return "\n\n".join(parts) + "\n"


def _rules(spec: TableSpec) -> Iterator[str]:
    stated = [(rule.name, rule.description, rule.words, rule.hint) for rule in spec.row_rules]
    stated += [(order.name, order.description, "", order.hint) for order in spec.date_orders]
    for name, description, words, hint in stated:
        condition = f" In the columns: {words}." if words else ""
        mend = f" To mend it: {hint}." if hint else ""
        yield f"- [`{name}`](../../findings.md#{name}): {paragraph(description + condition + mend)}"
