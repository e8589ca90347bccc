"""One verdict: kernels, exact tests and row models say the same of every column and every rule.

Rows are made up for each table of the profile and for the tables that a case adds. What `validate` says comes
from the kernels, with the exact tests behind them; what the model says comes from pydantic. Loosening a
constraint or a rule in one of them alone is found (see the tests at the end).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from casetrail.case.profile import FieldSpec, TableSpec, profile
from casetrail.case.row_model import row_model
from casetrail.case.rules.codes import CodeRules
from casetrail.checks import conditions, row_rules
from casetrail.checks.engine import validate
from casetrail.checks.missing import Missing
from casetrail.package.package import open_package
from casetrail.types.arrow_arrays import text_array

TABLES = profile().tables
MODELS = {name: row_model(table) for name, table in TABLES.items()}
ODD = (
    *("", "x", " ", "0", "-1", "1.5", "12", "2025", "2025-13", "2025-02-30", "2025-04-03/..", "[..2025]"),
    *(
        "KZ",
        "ZZ",
        "ZZZ",
        "Zzzq",
        "kk-Cyrl",
        "kk-Zzzz-XX",
        "Asia/Almata",
        "Europe/Lisbon",
        "Latn",
        "EUR",
        "https://a.example/1",
    ),
    *("ev-a", "pa-a", "EV-a", "ev-", "one two three four five six", "a\u00a0b c d e f", "Ω"),
    *("45.023", "91", "-180.01"),
)
"""Texts that stand in some columns and not in others."""
OF_TWO_CELLS = "name-of-another-script"
"""A check of a case that no column and no rule states."""


def near(field: FieldSpec) -> list[str]:
    """Texts that may or may not stand in a column: its example, its terms, and what is only nearly so."""
    texts = [str(field.example), *field.vocabulary, *(f"{term}s" for term in list(field.vocabulary)[:2])]
    for text in (str(field.example),):
        texts += [text.upper(), text + "-", text + " ", text[1:], text.replace("-", "_")]
    return [*texts, *ODD]


@cache
def rows_of(name: str) -> st.SearchStrategy[list[dict[str, str]]]:
    table = TABLES[name]
    cells = {
        field.name: st.one_of(st.just(str(field.example)), st.just(""), st.sampled_from(near(field)))
        for field in table.fields
    }
    return st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=12)


def document(table: TableSpec, folder: Path, rows: list[dict[str, str]]) -> Path:
    """A package with this one table: its schema without what is about other tables."""
    schema = {
        name: value for name, value in table.to_json().items() if name not in ("foreignKeys", "dateOrders")
    }
    resource = {"name": table.name, "type": "table", "path": "table.csv", "schema": schema}
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text(
        json.dumps({"name": "p", "resources": [resource]}), encoding="utf-8"
    )
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table.columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def checked(table: TableSpec, folder: Path, rows: list[dict[str, str]]) -> list[set[str]]:
    """What `validate` refuses in each row: columns, and rules by their names."""
    report = validate(
        open_package(document(table, folder, rows)), extra_checks=[CodeRules({table.name: table})]
    )
    rules = {rule.name for rule in table.row_rules}
    refused: list[set[str]] = [set() for _ in rows]
    for finding in report.findings:
        assert finding.row is not None, finding
        if finding.code not in ("primary-key-duplicate", "constraint-unique", OF_TWO_CELLS):
            refused[finding.row - 2].add(finding.code if finding.code in rules else str(finding.field))
    return refused


def modelled(table: TableSpec, rows: list[dict[str, str]]) -> list[set[str]]:
    """What the model refuses in each row: columns, or where these are good the rules that are broken."""
    model = MODELS.get(table.name) if table is TABLES.get(table.name) else row_model(table)
    assert model is not None
    refused: list[set[str]] = []
    for row in rows:
        try:
            model.from_text(row)
            refused.append(set())
        except ValidationError as error:
            refused.append({str(one["loc"][0] if one["loc"] else one["type"]) for one in error.errors()})
    return refused


def differences(
    by_checks: TableSpec, by_model: TableSpec, folder: Path, rows: list[dict[str, str]]
) -> Iterator[str]:
    """Where kernels, exact tests and the model say different things of a row."""
    said = zip(rows, checked(by_checks, folder, rows), modelled(by_model, rows), strict=True)
    for row, checks, model in said:
        wrong = checks & set(by_checks.columns)
        if wrong != model & set(by_model.columns):
            yield f"{wrong} and {model} of {row}"
        elif not wrong and checks != model:
            yield f"{checks} and {model} of {row}"
    missing = {field.name: Missing(by_checks, field) for field in by_checks.fields}
    cells = {name: missing[name].without(text_array([row[name] for row in rows])) for name in missing}
    for rule in by_checks.row_rules:
        exact = [rule.holds({name: row[name] or None for name in row}) for row in rows]
        proved = rule.mask(cells).to_pylist()
        for row, kernel, test in zip(rows, proved, exact, strict=True):
            # Only the kernel of an order leaves to the exact test what is no plain number.
            plain = all(row[name].isdecimal() or not row[name] for name in rule.columns)
            ordered = isinstance(rule.then, row_rules.Ordered)
            if kernel is not test and (kernel or plain or not ordered):
                yield f"{rule.name}: {kernel} and {test} of {row}"


@pytest.mark.parametrize("name", TABLES)
def test_kernels_exact_tests_and_the_model_agree(name: str, tmp_path: Path) -> None:
    @settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(rows_of(name))
    def agree(rows: list[dict[str, str]]) -> None:
        assert list(differences(TABLES[name], TABLES[name], tmp_path / "p", rows)) == []

    agree()


def sample(table: TableSpec) -> dict[str, str]:
    """A row in which every cell is the example of its column."""
    return {field.name: str(field.example) for field in table.fields}


@pytest.mark.parametrize("name", TABLES)
def test_they_agree_on_every_text_of_every_column(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    rows = [{**sample(table), field.name: text} for field in table.fields for text in near(field)]
    assert list(differences(table, table, tmp_path / "p", rows)) == []


LOOSER: dict[str, Any] = {
    "required": False, "pattern": None, "minimum": None, "maximum": None, "enum": None,
}  # fmt: skip


def loosened(table: TableSpec) -> Iterator[tuple[str, TableSpec, list[dict[str, str]]]]:
    """The table with one constraint of one column loosened, and rows that show it."""
    for place, field in enumerate(table.fields):
        changes: list[tuple[str, dict[str, Any]]] = [
            (name, {"constraints": field.constraints.but(**{name: looser})})
            for name, looser in LOOSER.items()
            if getattr(field.constraints, name) not in (None, False)
            and not (name == "required" and field.name == table.key)
            # A list of codes says more than their form.
            and not (name == "pattern" and field.code_list is not None)
        ]
        if field.code_list is not None:
            changes.append(("codeList", {"code_list": None}))
        for name, update in changes:
            if name == "enum":
                update["categories"] = None
            fields = (*table.fields[:place], field.but(**update), *table.fields[place + 1 :])
            looser_table = TableSpec.of({**table.to_json(), "fields": [f.to_json() for f in fields]})
            texts = [""] if name == "required" else near(field)
            yield (
                f"{field.name}.{name}",
                looser_table,
                [{**sample(table), field.name: text} for text in texts],
            )


@pytest.mark.parametrize("name", TABLES)
def test_a_constraint_that_is_loosened_on_one_side_is_found(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    tried = 0
    for what, looser, rows in loosened(table):
        assert any(differences(table, looser, tmp_path / "p", rows)), f"{what} of the model"
        assert any(differences(looser, table, tmp_path / "p", rows)), f"{what} of the checks"
        tried += 1
    assert tried >= len([field for field in table.fields if field.constraints.required]) - 1


MISTAKES = Path(__file__).parents[1] / "mistakes"
RULES = [(table, rule) for table in TABLES.values() for rule in table.row_rules]


def rows_of_mistake(table: TableSpec, rule: str) -> list[dict[str, str]]:
    """The rows of the invented case as the mistake of this name changes them."""
    with (MISTAKES / "_case" / "data" / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
        rows = {row[table.key]: row for row in csv.DictReader(file)}
    changes = json.loads((MISTAKES / rule / "patch.json").read_text("utf-8"))[table.name]
    blank = dict.fromkeys(table.columns, "")
    return [{**blank, table.key: key, **rows.get(key, {}), **cells} for key, cells in changes.items()]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda one: one.name)
def test_every_rule_is_broken_alike_and_one_that_is_loosened_is_found(
    table: TableSpec, rule: row_rules.RowRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of_mistake(table, rule.name)
    assert any(rule.name in refused for refused in modelled(table, rows))
    assert list(differences(table, table, tmp_path / "p", rows)) == []
    kept = [one for one in table.rules or () if one["name"] != rule.name]
    looser = TableSpec.of({**table.to_json(), "rules": kept})
    assert any(differences(table, looser, tmp_path / "p", rows)), "the model"
    assert any(differences(looser, table, tmp_path / "p", rows)), "the checks"
    for half in [type(rule.then)]:
        for method, always in (("mask", all_proved), ("holds", lambda condition, row: True)):
            with monkeypatch.context() as loose:
                loose.setattr(half, method, always)
                assert any(differences(table, table, tmp_path / "p", rows)), f"{half.__name__}.{method}"


def all_proved(condition: conditions.Condition, batch: conditions.Columns) -> Any:
    """A kernel that proves every row."""
    column = next(iter(batch.values()))
    import pyarrow.compute as pc

    return pc.or_(pc.is_valid(column), pc.is_null(column))
