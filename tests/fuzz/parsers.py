"""Every parser that a cell, a name, a header or an option can reach, with the errors by which it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

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
from field_samples import SAMPLES


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
