"""The report as Python users have it: its renderings, its table, and how a notebook shows it."""

from __future__ import annotations

import inspect
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import casetrail
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.findings_table import SCHEMA
from casetrail.findings.place import Place
from casetrail.findings.report import DEFAULT_LIMIT, Report, ReportBuilder

MISTAKES = Path(__file__).parent.parent / "mistakes"


def test_validate_says_what_is_wrong_in_a_package() -> None:
    report = casetrail.validate(MISTAKES / "foreign-key")
    assert not report.valid
    assert [finding.code for finding in report.findings] == ["foreign-key"] == list(report.counts)
    assert {table.name for table in report.tables} and all(check.ran for check in report.checks)
    assert report.findings[0].value is not None and report.findings[0].value in report.render("text")


def test_validate_takes_the_choices_of_the_command() -> None:
    seen: list[str] = []
    package = MISTAKES / "hygiene-email"
    report = casetrail.validate(
        str(package), limit=0, hygiene=True, progress=lambda step: seen.append(step.table)
    )
    assert report.findings == () and report.counts["hygiene-email"] == 1
    assert seen
    assert "hygiene-email" not in casetrail.validate(package, hygiene=False).counts
    assert inspect.signature(casetrail.validate).parameters["limit"].default == DEFAULT_LIMIT
    with pytest.raises(casetrail.CasetrailError):
        casetrail.validate(package / "nothing")


def test_a_case_is_held_to_its_profile() -> None:
    assert "profile" in {check.name for check in casetrail.validate(MISTAKES / "_case").checks}


def test_renderings_show_the_records_of_the_files() -> None:
    report = casetrail.validate(MISTAKES / "constraint-enum")
    assert "│" in report.render()
    with pytest.raises(casetrail.CasetrailError, match="There is no format 'pdf'"):
        report.render("pdf")


def test_a_finding_of_a_later_block_differs_by_its_row_and_line_alone() -> None:
    place = Place("a.csv", 3, 4, 2, "f", "k", "v", "t", "row group 2")
    other = Place("b.csv", 7, 8, 1, "g", "l", "w", "u")
    finding = Finding("c", "it is wrong", place, Severity.WARNING, "mend it", other)
    hidden = replace(finding, place=replace(place, sensitive=True))
    for found in (finding, hidden, replace(finding, place=replace(place, line=None))):
        block, whole = ReportBuilder(), ReportBuilder()
        block.add(found)
        whole.absorb(block, 10, 20)
        line = None if found.line is None else 24
        assert whole.findings == (replace(found, place=replace(found.place, row=13, line=line)),)


def test_the_table_has_a_row_for_each_finding(report: Report) -> None:
    table = report.to_table()
    assert table.schema.equals(SCHEMA, check_metadata=True)
    assert table.num_rows == len(report.findings)
    rows = table.to_pylist()
    for row, finding in zip(rows, report.findings, strict=True):
        assert (row["code"], row["row"], row["column"], row["hint"]) == (
            finding.code,
            finding.row,
            finding.column,
            finding.hint,
        )
    assert [row["related_row"] for row in rows if row["code"] == "primary-key"] == [3]
    assert all(b"description" in column.metadata for column in table.schema)


def test_the_table_of_a_report_without_findings_has_the_same_columns() -> None:
    table = Report("p", None).to_table()
    assert table.num_rows == 0
    assert table.schema.equals(SCHEMA, check_metadata=True)
    assert isinstance(table, pa.Table)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_notebook_shows_the_verdict_and_each_group_and_runs_nothing(report: Report) -> None:
    page = Tags()
    page.feed(report._repr_html_())
    known = "div style p strong span table thead tbody tr th td small"
    assert {tag for tag, _ in page.tags} <= set(known.split())
    assert all(set(attributes) <= {"class"} for _, attributes in page.tags)
    for words in ("example-case 1.0.0", "not valid", "40 errors", "'pa-0' is not the id of any party"):
        assert words in page.words
    assert "<script>alert(1)</script>" in page.words
    assert "Did not run: references" in page.words
    assert "nothing" not in Report("p", None)._repr_html_()


def test_a_notebook_is_not_flooded() -> None:
    from casetrail.findings.finding import Finding
    from casetrail.findings.place import Place

    findings = tuple(Finding("c", "m", Place(table=f"t{number}")) for number in range(60))
    made = Report("p", None, findings=findings, counts={"c": 60}, errors=60)._repr_html_()
    assert made.count("<tr>") == 51
    assert "… and 10 more kinds of findings." in made


@pytest.mark.program("chromium")
def test_a_notebook_in_the_dark_is_readable(tmp_path: Path, report: Report, browser: Any) -> None:
    page_file = tmp_path / "notebook.html"
    body = f"<body style='background:#111;color:#eee'>{report._repr_html_()}</body>"
    page_file.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
    page: Any = browser.new_page(viewport={"width": 900, "height": 700})
    page.goto(page_file.as_uri())
    cell = page.locator(".casetrail-report td").first
    assert cell.evaluate("node => getComputedStyle(node).color") == "rgb(238, 238, 238)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 900
    page.close()
