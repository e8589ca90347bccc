"""Whatever a descriptor says, every command ends with a report or with one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casetrail.tables.csv_writer import csv_bytes
from field_samples import SAMPLES
from fuzz.rounds import ROUND, Record, ends_well, judge, package, rounds

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([2**63, -(2**63), 10**400, 1e308])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = [
    "name",
    "path",
    "type",
    "schema",
    "fields",
    "primaryKey",
    "foreignKeys",
    "reference",
    "resource",
    "resources",
    "constraints",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "pattern",
    "missingValues",
    "dialect",
    "delimiter",
    "encoding",
    "data",
    "hash",
    "bytes",
    "format",
    "categories",
    "categoriesOrdered",
    "uniqueKeys",
    "fieldsMatch",
    "t.csv",
    "t",
    "a",
    "b",
    "integer",
    "date",
    "table",
    "jsonSchema",
    "compression",
    "header",
    "headerRows",
    "commentRows",
    "commentChar",
    "lineTerminator",
    "quoteChar",
    "escapeChar",
    "nullSequence",
    "itemKeys",
    "sheetName",
    "caseProfile",
    "1.0",
    "profile",
    "$schema",
    "../x",
    "a.json",
    "rules",
    "when",
    "then",
    "together",
    "ordered",
    "idPrefix",
    "label",
    "evidenced",
    "rdfType",
    "example",
    "unit",
    "groupChar",
    "decimalChar",
    "bareNumber",
    "trueValues",
    "itemType",
    "delimiter",
    "dateOrders",
    "created",
    "version",
    "licenses",
    "contributors",
    "sources",
    "roles",
    "email",
    "title",
    "description",
    "homepage",
    "image",
    "keywords",
    "id",
    "any",
    "default",
    "fastest",
    "equal",
    "subset",
    "partial",
    "{x}",
    "{0}",
    "*.csv",
    "data:text/csv,x",
    "http://[",
    "%59",
    "a|b",
    "([",
    "\\p{L}+",
    "(?=a)",
    "2026-01-01T00:00:00Z",
    "md5:0",
    "sha256:x",
]

# Properties that a part may have, right or nearly so.
CONSTRAINTS = st.fixed_dictionaries(
    {},
    optional={
        "required": st.booleans(),
        "unique": st.booleans(),
        "minLength": st.integers(-1, 5) | st.just(2**63),
        "maxLength": st.integers(-1, 5),
        "minimum": JSON,
        "maximum": JSON,
        "exclusiveMaximum": JSON,
        "pattern": st.sampled_from(
            ["[a-z]+", "(", r"\d{3}", "[a-z-[b]]", "(?=a)b", "^a$", r"\p{Lu}", "a{9999}"]
        ),
        "enum": st.lists(JSON, max_size=4),
        "jsonSchema": JSON | st.just({"properties": {"a": {"type": "integer"}}, "$ref": "#"}),
    },
)
RULE = st.fixed_dictionaries(
    {"name": st.sampled_from(["a-rule", "A", ""]), "description": st.text(max_size=5)},
    optional={
        "when": st.fixed_dictionaries(
            {"column": st.sampled_from(["a0", "a1", "x"])}, optional={"filled": JSON}
        )
        | JSON,
        "then": JSON | st.just({"column": "a0", "oneOf": ["x", 1, None]}),
        **{
            shape: st.lists(st.sampled_from(["a0", "a1", "a2", "x"]), max_size=3)
            for shape in ("together", "atMostOne", "exactlyOne", "differ", "ordered")
        },
    },
)
DIALECT = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from([",", ";", "\t", "|", "", ",,", '"', "\n", "é", "\0"]),
        "quoteChar": st.sampled_from(['"', "'", "", None, ","]),
        "doubleQuote": st.booleans(),
        "escapeChar": st.sampled_from(["\\", '"', ""]),
        "header": st.booleans(),
        "headerRows": st.lists(st.integers(-1, 4), max_size=3),
        "headerJoin": st.sampled_from([" ", "", "-"]),
        "commentRows": st.lists(st.integers(-1, 4), max_size=3),
        "commentChar": st.sampled_from(["#", "", "##", ","]),
        "lineTerminator": st.sampled_from(["\n", "\r\n", "\r", "", "x"]),
        "nullSequence": st.sampled_from(["", "-", "N"]),
        "skipInitialSpace": st.booleans(),
        "property": st.sampled_from(["a", "", "x.y"]),
        "itemType": st.sampled_from(["array", "object", "x"]),
        "itemKeys": st.lists(st.text(max_size=2), max_size=2),
    },
)
KEYS = st.lists(st.sampled_from(["a0", "a1", "a2", "x", "{}", ""]), max_size=3) | st.just("a0")
COMMANDS = [
    ["cite", "{}"],
    ["cite", "{}", "--style", "bibtex"],
    ["cite", "{}", "--style", "datacite"],
    ["codebook", "{}"],
    ["codebook", "{}", "--format", "html"],
    ["format", "{}", "--check"],
    ["schemas", "{}", "--check"],
    ["page", "{}", "--output", "{}/page.html"],
    ["show", "x", "--package", "{}"],
    ["diff", "{}", "{}"],
    ["sources", "check", "{}"],
    ["workbook", "write", "{}", "--output", "{}/w.xlsx"],
    *(
        ["export", "{}", "--to", form, "--output", "{}/o"]
        for form in ("json", "sqlite", "parquet", "ftm", "ical")
    ),
    *(
        ["validate", "{}", "--format", form]
        for form in ("text", "github", "sarif", "junit", "html", "markdown")
    ),
]


def a_package(draw: Callable[[Any], Any]) -> tuple[dict[str, Any], bytes]:
    """A descriptor of a table with fields of any types, nearly right, and rows that are nearly values."""
    samples = draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=3))
    fields = []
    for number, sample in enumerate(samples):
        field = {"name": f"a{number}", **sample.stated}
        if draw(st.integers(0, 1)):
            field["constraints"] = draw(CONSTRAINTS)
        if draw(st.integers(0, 5)) == 0:
            field["missingValues"] = draw(st.lists(st.sampled_from(["", "-", "x"]) | JSON, max_size=2))
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields}
    for name in ("primaryKey", "uniqueKeys"):
        if draw(st.integers(0, 4)) == 0:
            schema[name] = draw(KEYS) if name == "primaryKey" else [draw(KEYS)]
    if draw(st.integers(0, 5)) == 0:
        reference = {"fields": draw(KEYS), "resource": draw(st.sampled_from(["", "t", "x"]))}
        schema["foreignKeys"] = [{"fields": draw(KEYS), "reference": reference}]
    if draw(st.integers(0, 4)) == 0:
        schema["rules"] = draw(st.lists(RULE, max_size=2))
    if draw(st.integers(0, 6)) == 0:
        schema["fieldsMatch"] = draw(
            st.sampled_from(["exact", "equal", "subset", "superset", "partial", ["x"]])
        )
    table: dict[str, Any] = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    if draw(st.integers(0, 4)) == 0:
        table["dialect"] = draw(DIALECT)
    if draw(st.integers(0, 8)) == 0:
        table["encoding"] = draw(
            st.sampled_from(["utf-8", "utf-16", "latin-1", "x", "base64", "idna", "cp037"])
        )
    descriptor = {
        "name": "x",
        "title": "X",
        "version": "1.0.0",
        "created": "2026-01-01T00:00:00Z",
        "contributors": [{"title": "c"}],
        "resources": [table],
    }
    rows = [
        [draw(sample.texts) if draw(st.integers(0, 9)) else draw(st.text(max_size=6)) for sample in samples]
        for _ in range(draw(st.integers(0, 4)))
    ]
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    return descriptor, csv_bytes([field["name"] for field in fields], rows)


def mutated(draw: Callable[[Any], Any], value: Any) -> Any:
    """The JSON value with some of its parts changed into others."""
    chance = draw(st.integers(0, 40))
    if chance == 0:
        return draw(JSON)
    if chance == 1:
        return draw(st.sampled_from(WORDS))
    if isinstance(value, dict):
        result = {key: mutated(draw, part) for key, part in value.items() if draw(st.integers(0, 25))}
        if draw(st.integers(0, 7)) == 0:
            result[draw(st.sampled_from(WORDS))] = draw(st.one_of(JSON, st.sampled_from(WORDS)))
        return result
    if isinstance(value, list):
        parts = [mutated(draw, part) for part in value if draw(st.integers(0, 25))]
        return parts * 2 if parts and draw(st.integers(0, 25)) == 0 else parts
    return value


def test_any_descriptor_ends_in_a_report_or_a_sentence(capsys: Any, record_property: Record) -> None:
    @ROUND
    @given(data=st.data())
    def test(data: st.DataObject) -> None:
        described, rows = a_package(data.draw)
        if data.draw(st.booleans()):
            described = mutated(data.draw, described)
        descriptor = json.dumps(described).encode()
        if data.draw(st.integers(0, 15)) == 0:
            at = data.draw(st.integers(0, len(descriptor)))
            descriptor = descriptor[:at] + data.draw(st.binary(max_size=4)) + descriptor[at:]
        with package(descriptor, {"t.csv": rows}) as folder:
            judge(folder, capsys)

    rounds(test, record_property)


def test_no_descriptor_breaks_another_command(capsys: Any, record_property: Record) -> None:
    @ROUND
    @given(data=st.data())
    def test(data: st.DataObject) -> None:
        described, rows = a_package(data.draw)
        if data.draw(st.booleans()):
            described = mutated(data.draw, described)
        command = data.draw(st.sampled_from(COMMANDS))
        with package(json.dumps(described).encode(), {"t.csv": rows}) as folder:
            before = {path.name: path.read_bytes() for path in folder.iterdir()}
            ends_well([part.format(folder) for part in command], capsys)
            assert {name: (folder / name).read_bytes() for name in before} == before

    rounds(test, record_property)


HOSTILE = [
    *("", "x", "2026-13-45", "[..", "=1+1", "\x1b[31m", "\u202e", "<script>", '"', "a\nb", "é" * 300),
    *("ev-nobody", "http://[", "-", "9" * 50, "{title}", "\0", "'; --", "2026-01-23/..", "99:99"),
    *("Mars/Olympus", "xx", "Zzzz"),
]
CASE_COMMANDS = [
    ["validate", "{}", "--format", "text"],
    ["show", "ev-20250301-march", "--package", "{}"],
    ["show", "--disputed", "--package", "{}"],
    ["show", "--as-of", "2026-01-01", "--package", "{}"],
    ["show", "--find", "harbour", "--package", "{}"],
    ["show", "--todo", "--package", "{}"],
    ["page", "{}", "--output", "{}/page.html"],
    ["codebook", "{}"],
    ["sources", "check", "{}"],
    ["diff", "{}", "{}"],
    ["format", "{}", "--check"],
    ["workbook", "write", "{}", "--output", "{}/w.xlsx"],
    *(
        ["export", "{}", "--to", form, "--output", "{}/o"]
        for form in ("json", "sqlite", "parquet", "ftm", "ical")
    ),
]


def test_no_cell_of_a_case_breaks_a_command(harbour_case: Path, capsys: Any, record_property: Record) -> None:
    from casetrail.package.package import open_package

    whole = open_package(harbour_case)
    tables = {
        table.path: [list(batch) for batch in rows_of(harbour_case / table.path)] for table in whole.tables
    }

    @ROUND
    @given(data=st.data())
    def test(data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(tables)))
        rows = [list(row) for row in tables[path]]
        for _ in range(data.draw(st.integers(1, 3))):
            row = data.draw(st.integers(0, len(rows) - 1))
            column = data.draw(st.integers(0, len(rows[row]) - 1))
            way = data.draw(st.integers(0, 12))
            if way == 0 and len(rows) > 1:
                del rows[row]
            elif way == 1:
                rows.append(list(rows[row]))
            elif way == 2 and len(rows[0]) > 1:
                rows = [cells[:column] + cells[column + 1 :] for cells in rows]
            else:
                other = data.draw(st.sampled_from(tables[path]))
                rows[row][column] = data.draw(
                    st.sampled_from(HOSTILE) | st.text(max_size=8).map(encodable) | st.sampled_from(other)
                )
        try:
            (harbour_case / path).write_bytes(csv_bytes(rows[0], rows[1:]))
            command = data.draw(st.sampled_from(CASE_COMMANDS))
            ends_well([part.format(harbour_case) for part in command], capsys)
        finally:
            (harbour_case / path).write_bytes(csv_bytes(tables[path][0], tables[path][1:]))

    rounds(test, record_property)


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def rows_of(path: Path) -> list[list[str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
