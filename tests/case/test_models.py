"""The models: each column is stated whole, and each rule gives one verdict however it is asked."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from casetrail.case.columns import key_pattern
from casetrail.case.row import Row, RowRuleBroken
from casetrail.case.schemas import facts_of, references, table_schema, vocabulary_of
from casetrail.case.tables import MODELS, TABLES
from casetrail.case.vocabulary import Vocabulary
from casetrail.checks.row_rules import RowRule, unknown_columns
from casetrail.types.edtf import parse_edtf

COLUMNS = [(model, name) for model in MODELS for name in model.model_fields]
RULES = [(model, rule) for model in MODELS for rule in model.TABLE.rules]


def ids(pair: tuple[type[Row], object]) -> str:
    model, other = pair
    return f"{model.TABLE.name}.{other if isinstance(other, str) else other.name}"


@pytest.mark.parametrize("column", COLUMNS, ids=ids)
def test_a_column_says_what_it_means_and_gives_an_example_that_it_accepts(
    column: tuple[type[Row], str],
) -> None:
    model, name = column
    info = model.model_fields[name]
    facts = facts_of(info)
    assert info.description and info.description.endswith(".")
    field = next(one for one in table_schema(model)["fields"] if one["name"] == name)
    assert field["constraints"]["required"] is info.is_required()
    cells = {name: facts.example}
    with pytest.raises(ValidationError) as caught:
        model.from_text({**cells, "no_such_column": "x"})
    # Everything else is missing, but the example itself is not among what is wrong.
    assert name not in {error["loc"][0] for error in caught.value.errors() if error["loc"]}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.TABLE.name)
def test_a_table_has_its_prefix_its_key_first_and_a_note_last(model: type[Row]) -> None:
    names = list(model.model_fields)
    assert names[0] == model.TABLE.key
    assert names[-1] == "note"
    assert re.fullmatch(key_pattern(model.TABLE.prefix), facts_of(model.model_fields[names[0]]).example)
    for column, table in references(model):
        assert facts_of(model.model_fields[column]).example.startswith(f"{TABLES[table].TABLE.prefix}-")


def test_the_terms_that_must_exist_are_there_each_with_a_definition() -> None:
    wanted = {
        (
            "events",
            "kind",
        ): "protest detention court_decision hearing indictment diplomatic_note expert_report "
        "summons security_measure media_accusation press_conference",
        ("events", "status"): "scheduled held postponed alleged",
        ("events", "access"): "open partly_open closed",
        ("responses", "kind"): "statement joint_statement denial monitoring expert_opinion interview",
        ("demands", "demand"): "release drop_charges due_process respect_obligations respect_lawful_activity "
        "open_hearing",
        ("measures", "kind"): "custody house_arrest administrative_arrest fine",
        ("parties", "disclosure"): "public_role named_by_rights_body unnamed withheld",
        ("evidence", "certainty"): "stated alleged inferred",
        ("disagreements", "state"): "settled open compatible",
        ("sources", "derivation"): "copy translation digest relay",
        ("sources", "read"): "full part not_seen",
    }
    for (table, column), terms in wanted.items():
        vocabulary = vocabulary_of(TABLES[table].model_fields[column])
        assert vocabulary is not None
        assert set(terms.split()) <= {term.value for term in vocabulary}
    vocabularies = {
        vocabulary
        for model, name in COLUMNS
        if (vocabulary := vocabulary_of(model.model_fields[name])) is not None
    }
    for vocabulary in vocabularies:
        assert issubclass(vocabulary, Vocabulary)
        for term in vocabulary:
            assert term.definition.endswith("."), f"{vocabulary.__name__}.{term} has no definition"


def test_every_rule_has_its_own_name_and_speaks_of_columns_that_are_there() -> None:
    names = [rule.name for _, rule in RULES]
    assert len(names) == len(set(names))
    for model in MODELS:
        assert unknown_columns(model.TABLE.rules, model.model_fields) == []


def _cell(model: type[Row], name: str) -> st.SearchStrategy[str]:
    info = model.model_fields[name]
    vocabulary = vocabulary_of(info)
    if vocabulary is not None:
        return st.sampled_from(["", *(term.value for term in vocabulary)])
    example = facts_of(info).example
    others = ["", example]
    if example.isdigit():
        others += ["1", "7", "12", "120"]
    if name in ("date", "published", "accessed"):
        others += ["2026-01", "2026-01-23", "2026-01-23?", "[2026-01-01..2026-01-23]"]
    if name == "as_written":
        others += ["one two three four five", "one two three four five six", "a\u00a0b c d e f"]
    return st.sampled_from(others)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize(
    "model", [model for model in MODELS if model.TABLE.rules], ids=lambda m: m.TABLE.name
)
def test_kernel_exact_test_and_pydantic_agree(model: type[Row], data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(
            st.fixed_dictionaries({name: _cell(model, name) for name in model.model_fields}),
            min_size=1,
            max_size=5,
        )
    )
    batch = pa.table(
        {name: pa.array([row[name] for row in rows], pa.string()) for name in model.model_fields}
    )
    for rule in model.TABLE.rules:
        for proved, row in zip(rule.mask(batch.to_batches()[0]).to_pylist(), rows, strict=True):
            exact = rule.holds(row)
            # A kernel may leave a row to the exact test, but never accept what that refuses.
            assert exact or not proved, f"{rule.name} proves what it refuses: {row}"
    for row in rows:
        _pydantic_agrees(model, row)


def _pydantic_agrees(model: type[Row], row: dict[str, str]) -> None:
    broken = next((rule for rule in model.TABLE.rules if not rule.holds(row)), None)
    try:
        model.from_text(row)
    except ValidationError as error:
        causes = [one.get("ctx", {}).get("error") for one in error.errors()]
        rules: list[RowRule] = [cause.rule for cause in causes if isinstance(cause, RowRuleBroken)]
        if rules:
            assert rules == [broken]
        else:
            # A cell was refused before the rules could be asked: a required one is empty.
            assert any(one["loc"] for one in error.errors())
    else:
        assert broken is None


@given(st.text(alphabet="0123456789-/?~%.[],", max_size=24))
@settings(deadline=None, max_examples=200)
def test_the_model_takes_a_date_exactly_when_edtf_does(text: str) -> None:
    try:
        parse_edtf(text)
        good = True
    except ValueError:
        good = text == ""
    cells = {
        "response_id": "re-a",
        "kind": "statement",
        "stance": "neutral",
        "summary": "A.",
        "signatories_known": "none",
    }
    try:
        TABLES["responses"].from_text({**cells, "date": text})
        taken = True
    except ValidationError:
        taken = False
    assert taken is good
