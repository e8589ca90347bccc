"""Every parser that a cell, a name, a header or an option can reach: a value or its own refusal, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.case import name_folding
from casetrail.case.label_template import label_parts
from casetrail.case.standard_codes import check_code
from casetrail.case.views.known_since import parse_day, published_by
from casetrail.checks.identifiers import identifiers
from casetrail.checks.patterns import pattern_of
from casetrail.checks.xml_schema_regex import PatternNotRun, PatternProblem
from casetrail.curate import spelling
from casetrail.describe import agent, citation, markdown_text
from casetrail.findings.error import CasetrailError
from casetrail.findings.markdown import escaped
from casetrail.findings.visible import clipped, visible, visible_lines
from casetrail.history.bump import read_version
from casetrail.package import paths
from casetrail.release.changelog import changes_of
from casetrail.release.seal import read_sums
from casetrail.site.safe_text import embedded, language_tag, language_words, reveal_invisible, web_address
from casetrail.standard.conflict_marker import is_conflict_marker
from casetrail.standard.json_reader import JsonError, read_document
from casetrail.standard.near_miss import near_miss
from casetrail.tables.partition import partition_of
from casetrail.types import hints, zones
from casetrail.types.edtf import compare, parse_edtf
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.safe_json_schema import JsonSchema, JsonSchemaProblem
from casetrail.types.strptime import StrptimePattern
from field_samples import SAMPLES, TEXTS
from fuzz.rounds import ROUND, Record, in_time, rounds

UNITS = [
    *("a", " ", "T", "@", "`", "\\", "(", "[", "{", '"', "0", "-", "%", "+", "<", "/", "?", "~", "[..", ".."),
    *(",", "a|", "(a*)*", "\\p{L}", "[^", "%Y", "2024-", "8-7", "http", "ж", "汉", "\u0301", "\u202e"),
    *("\ud800", "\0", "\n", "://", "10.1/"),
]
ODD = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(UNITS), max_size=12).map("".join),
    # Pumped, for what would take more than linear time.
    st.builds(
        lambda head, unit, times, tail: head + unit * times + tail,
        st.text(max_size=3),
        st.lists(st.sampled_from(UNITS), min_size=1, max_size=2).map("".join),
        st.sampled_from([10, 1000, 5000]),
        st.text(max_size=3),
    ),
)


def edtf(text: str) -> None:
    compare(parse_edtf(text), parse_edtf("2024-02-29"))


def pattern(text: str) -> None:
    pattern_of(text).mask(pa.array(["", "abc", "2024-02-29", "a" * 200]))


def date_format(text: str) -> None:
    StrptimePattern(text).parse("2024-02-29 10:00")


def date_text(text: str) -> None:
    StrptimePattern("%Y  %m %d %B %z").parse(text)


def json_bytes(text: str) -> None:
    read_document(text.encode("utf-8", "surrogatepass"))


def json_schema(text: str) -> None:
    schema = JsonSchema({"properties": {"a": {"pattern": text}}, "$ref": text, "enum": [text]})
    schema.violations({"a": "b"})


PARSERS: dict[str, tuple[Callable[[str], Any], tuple[type[Exception], ...]]] = {
    "edtf": (edtf, (ValueProblem,)),
    "pattern": (pattern, (PatternProblem, PatternNotRun)),
    "date format": (date_format, (ValueProblem, FieldProblem)),
    "date by a format": (date_text, (ValueProblem,)),
    "json": (json_bytes, (JsonError,)),
    "json schema": (json_schema, (JsonSchemaProblem,)),
    "day of --as-of": (parse_day, (CasetrailError,)),
    "published": (lambda text: published_by(text, parse_edtf("2024-02-29").earliest), (ValueProblem,)),
    "doi": (citation.doi_of, ()),
    "web address": (agent.web_address, ()),
    "link of a page": (web_address, ()),
    "path": (paths.path_problem, ()),
    "link": (paths.link_problem, ()),
    "url": (paths.is_url, ()),
    "names of files": (lambda text: paths.unfit_names([text, text.upper()]), ()),
    "pattern of paths": (lambda text: paths.matching_paths(text, ["data/a.csv", "b" * 300]), ()),
    "partition": (lambda text: partition_of(text, None), (CasetrailError,)),
    "label": (label_parts, (ValueError,)),
    "zone": (zones.zone, (ValueError,)),
    "language": (lambda text: check_code("language", text), (ValueProblem,)),
    "script": (lambda text: check_code("script", text), (ValueProblem,)),
    "country": (lambda text: check_code("country", text), (ValueProblem,)),
    "version": (read_version, ()),
    "changelog": (lambda text: changes_of("x", text), (CasetrailError,)),
    "sums": (lambda text: read_sums(text.encode("utf-8", "surrogatepass")), (CasetrailError,)),
    "conflict marker": (lambda text: is_conflict_marker(text.encode("utf-8", "surrogatepass")), ()),
    "identifiers": (lambda text: list(identifiers(text)), ()),
    "markdown": (lambda text: markdown_text.cell(text) + markdown_text.code(text) + escaped(text), ()),
    "link in markdown": (lambda text: markdown_text.link(text, text.encode("utf-8", "replace").decode()), ()),
    "near miss": (lambda text: near_miss(text, [text[1:], "x" + text, "abc"]), ()),
    "hints": (
        lambda text: [
            hint(text)
            for hint in (
                hints.date,
                hints.time,
                hints.datetime,
                hints.integer,
                hints.number,
                hints.spreadsheet,
            )
        ],
        (),
    ),
    "folding": (lambda text: name_folding.name_pattern(text or "x", 3).search(text), ()),
    "slug": (lambda text: (spelling.slug(text), spelling.script_of(text)), ()),
    "likeness": (lambda text: spelling.alike(text, "abc"), ()),
    "visible": (lambda text: (visible(text, 100), visible_lines(text), clipped(text, 20)), ()),
    "page": (lambda text: (embedded(text), reveal_invisible(text)), ()),
    "words of a language": (lambda text: (language_tag(text), language_words(text)), ()),
    **{f"{sample.name} (type)": (sample.type.parse, (ValueProblem,)) for sample in SAMPLES},
}


@pytest.mark.parametrize("name", PARSERS)
def test_any_text_is_parsed_or_refused_soon(name: str, record_property: Record) -> None:
    parse, refusals = PARSERS[name]
    own = [sample.texts for sample in SAMPLES if name == f"{sample.name} (type)"]

    @ROUND
    @given(st.one_of(ODD, TEXTS, *own))
    def test(text: str) -> None:
        with in_time(text):
            try:
                parse(text)
            except refusals as refusal:
                assert str(refusal)

    rounds(test, record_property, 1 / 15)


KEYWORDS = [
    *("allOf", "anyOf", "not", "items", "properties", "$defs", "if", "then", "additionalProperties"),
    *("patternProperties", "propertyNames", "contains", "uniqueItems", "minLength", "multipleOf", "$id"),
]
LEAVES: list[Any] = [True, False, {}, {"type": "integer"}, {"$ref": "#"}, {"$ref": "#/$defs/a"}]
SCHEMAS = st.recursive(
    st.sampled_from([*LEAVES, {"pattern": "(a+)+b"}]),
    lambda inner: st.dictionaries(
        st.sampled_from(KEYWORDS),
        st.one_of(
            inner,
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["a", "(b*)*"]), inner, max_size=2),
            st.sampled_from([0, -1, 2**70, "x", None]),
        ),
        max_size=3,
    ),
    max_leaves=8,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)


def test_any_json_schema_judges_or_is_refused_soon(record_property: Record) -> None:
    @ROUND
    @given(SCHEMAS, VALUES)
    def test(schema: Any, value: Any) -> None:
        with in_time(json.dumps([schema, value])):
            try:
                JsonSchema(schema).violations(value)
            except JsonSchemaProblem as refusal:
                assert str(refusal)

    rounds(test, record_property)
