"""What each rendering promises, shown on the example report and on small ones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from sarif_kit.validate import validation_errors

from casetrail.findings.error import CasetrailError
from casetrail.findings.excerpt import Source
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.renderings import FORMATS, render
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.report_content import CheckRun, TableSummary
from casetrail.package.excerpt_lookup import first_record

PEOPLE = ("text", "html", "markdown", "junit", "github")


def report_of(*findings: Finding, limit: int = 1000, **more: object) -> Report:
    builder = ReportBuilder(limit)
    for finding in findings:
        builder.add(finding)
    return Report.of(builder, **({"package": "example", "version": "1.0.0"} | more))  # type: ignore[arg-type]


def test_an_unknown_format_is_one_sentence() -> None:
    with pytest.raises(CasetrailError, match="There is no format 'pdf'; choose one of text, json"):
        render(report_of(), "pdf")


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_good_package_is_called_valid_in_every_format(format_name: str) -> None:
    report = report_of(
        tables=(TableSummary("events", "data/events.csv", 3),), checks=(CheckRun("types", True),)
    )
    made = render(report, format_name)
    assert made.endswith("\n")
    assert "valid" in made and "not valid" not in made and "Not valid" not in made


def test_the_verdict_is_the_last_line_in_plain_words() -> None:
    warning = Finding("doubtful", "this is doubtful", severity=Severity.WARNING)
    tables = (
        TableSummary("events", "data/events.csv", 1000),
        TableSummary("parties", "data/parties.csv", 234),
    )
    made = render(report_of(warning, warning, tables=tables), "text")
    assert made.splitlines()[-1] == "example 1.0.0: valid. 2 tables, 1,234 rows, 0 errors, 2 warnings"


def test_only_a_package_without_findings_gets_nothing_but_the_verdict() -> None:
    assert (
        render(report_of(version=None), "text") == "example: valid. 0 tables, 0 rows, 0 errors, 0 warnings\n"
    )


def test_json_has_exactly_the_keys_and_order_of_the_contract(report: Report) -> None:
    made = render(report, "json")
    whole = json.loads(made)
    assert list(whole) == ["package", "version", "valid", "tables", "checks", "counts", "findings"]
    assert list(whole["tables"][0]) == ["name", "path", "rows"]
    assert list(whole["checks"][0]) == ["name", "ran"]
    keys = "code severity table path row line column field key value message hint related"
    assert all(" ".join(finding) == keys for finding in whole["findings"])
    assert whole["findings"][0]["related"] is None
    assert {"table", "path", "row", "line", "field", "key", "value"} == set(
        next(finding["related"] for finding in whole["findings"] if finding["related"])
    )
    assert "拘留" in made, "characters beyond ASCII stand as themselves"
    assert made.startswith('{\n  "package"')


@pytest.mark.parametrize("number", [1, 600])
def test_json_is_written_alike_for_few_findings_and_for_many(number: int) -> None:
    odd = 'é“ ”\\ "\b\t\r\n\x00\x1f\x7f\u2028\ud800\U0001f600/</script>'
    place = Place("a/é.csv", 3, None, 2, "f", "k", odd, "t", "row group 2")
    findings = [Finding("c", odd, place, hint=odd, related=place)] * number
    made = render(report_of(*findings, tables=(TableSummary(odd, odd, 1),)), "json")
    assert made == json.dumps(json.loads(made), ensure_ascii=False, indent=2) + "\n"
    assert len(json.loads(made)["findings"]) == number


def test_json_counts_are_exact_though_findings_are_limited(report: Report) -> None:
    whole = json.loads(render(report, "json"))
    assert whole["counts"]["foreign-key"] == 40
    assert sum(finding["code"] == "foreign-key" for finding in whole["findings"]) == 8
    assert whole["counts"]["constraint-enum"] == 14


def test_a_finding_is_short_whatever_it_quotes() -> None:
    place = Place(value="ж" * 200, key="k" * 201)
    finding = Finding("long", "m" * 1_000_000, place, hint="h" * 601, related=place)
    (made,) = json.loads(render(report_of(finding), "json"))["findings"]
    assert (made["value"], made["key"]) == ("ж" * 200, "k" * 199 + "…")
    assert (made["message"], made["hint"]) == ("m" * 599 + "…", "h" * 599 + "…")
    assert made["related"]["key"] == "k" * 199 + "…"


@pytest.mark.parametrize("format_name", PEOPLE)
def test_a_value_of_a_megabyte_is_short_for_people(format_name: str) -> None:
    huge = Finding(
        "long",
        "the value '" + "x" * 1_000_000 + "' is long",
        Place(value="x" * 1_000_000),
        hint="y" * 1_000_000,
    )
    assert len(render(report_of(huge), format_name)) < 20_000


@pytest.mark.parametrize("format_name", PEOPLE)
def test_direction_overrides_are_named_and_never_passed_on(
    format_name: str, report: Report, source: Source
) -> None:
    made = render(report, format_name, source=source)
    assert "⟨U+202E⟩" in made
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]", made)


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_rendering_can_be_written_as_utf8(format_name: str, report: Report, source: Source) -> None:
    assert render(report, format_name, source=source).encode()


def test_text_shows_five_of_a_group_and_counts_the_others() -> None:
    findings = [
        Finding("enum", f"'{n}' is no term", Place(table="t", path="t.csv", row=n, line=n, field="f"))
        for n in range(2, 102)
    ]
    made = render(report_of(*findings, limit=20), "text")
    assert made.count("is no term") == 5
    assert "Table t, column f: 100 errors (enum)" in made
    assert "… and 95 more like these." in made


def test_findings_that_say_something_else_are_not_put_together() -> None:
    place = {"table": "t", "path": "t.csv", "field": "f"}
    made = render(
        report_of(
            Finding("number", "'1,5' has a comma where a point is expected", Place(**place)),
            Finding("number", "'x' is not a number", Place(**place)),
            Finding("number", "'it's' is not a number", Place(value="it's", **place)),
        ),
        "text",
    )
    assert "Table t, column f: 1 error (number)" in made
    assert "Table t, column f: 2 errors (number)" in made


def test_what_is_only_counted_is_said_once_for_its_code() -> None:
    builder = ReportBuilder(limit=2)
    for field in ("a", "b", "c"):
        builder.add(Finding("enum", "no term", Place(table="t", field=field)))
    made = render(Report.of(builder, package="p", version=None), "text")
    assert made.count("1 more finding of the kind enum is counted but not listed.") == 1


def test_the_cell_is_marked_under_wide_characters(report: Report, source: Source) -> None:
    lines = render(report, "text", source=source).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("      row 4 │"))
    assert lines[at] == "      row 4 │ ev-second-hearing,拘留,Второе заседание,,2026-02-04,held"
    assert lines[at + 1] == "            │                   ^^^^"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_excerpts_keep_within_the_terminal(width: int) -> None:
    record = "".join(f"{'键' * 30},{'x' * n}," for n in range(60))
    finding = Finding("c", "m", Place(path="t.csv", line=2, row=2, column=80))
    made = render(report_of(finding), "text", width=width, source=lambda path, line: first_record(record))
    row = next(line for line in made.splitlines() if "│" in line)
    assert sum(2 if char == "键" else 1 for char in row) <= max(width, 60)
    assert "x" * min(39, width * 2 // 3 - 16) in row


def test_colour_only_when_it_is_asked_for(report: Report, source: Source) -> None:
    plain, coloured = (render(report, "text", colour=colour, source=source) for colour in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_github_writes_one_line_each_and_escapes_as_github_asks(report: Report, source: Source) -> None:
    lines = render(report, "github", source=source).splitlines()
    assert len(lines) == len(report.findings) + 1
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines[:-1])
    assert lines[-1].startswith("casetrail: example-case 1.0.0: not valid.")
    hostile = next(line for line in lines if "set-output" in line)
    properties = hostile.removeprefix("::notice ").split("::")[0]
    assert properties.startswith("file=%3A%3Aset-output%2Cx%3Ay/%252e.csv,line=2,title=")
    assert "\r" not in hostile


def test_a_percent_sign_survives_github() -> None:
    made = render(report_of(Finding("rate", "50%25 is not 50%", hint="write 50")), "github")
    assert made.splitlines()[0].endswith("::50%2525 is not 50%25%0A→ write 50")


def test_the_character_column_is_that_of_the_cell_in_its_line() -> None:
    finding = Finding("c", "m", Place(path="t.csv", line=5, row=3, column=3))
    look_up = lambda path, line: first_record('a,"b\nb",cell,d')  # noqa: E731
    first = render(report_of(finding), "github", source=look_up).splitlines()[0]
    assert first.startswith("::error file=t.csv,line=6,col=4,endColumn=7,title=")
    region = json.loads(render(report_of(finding), "sarif", source=look_up))["runs"][0]["results"][0][
        "locations"
    ][0]
    assert region["physicalLocation"]["region"] == {
        "startLine": 6,
        "startColumn": 4,
        "endLine": 6,
        "endColumn": 8,
    }


def test_a_line_that_no_file_has_is_left_out() -> None:
    place = Place(path="", line=0, row=0, column=1)
    report = report_of(Finding("c", "m", place, related=place))
    made = render(report, "sarif", source=lambda path, line: first_record("a,b"))
    assert validation_errors(json.loads(made)) == []
    assert "startLine" not in made
    assert ",line=" not in render(report, "github", source=lambda path, line: first_record("a,b"))


def test_no_character_column_is_claimed_without_the_record() -> None:
    finding = Finding("c", "m", Place(path="t.csv", line=5, row=3, column=3))
    assert "col=" not in render(report_of(finding), "github")
    assert "startColumn" not in render(report_of(finding), "sarif")


def test_sarif_keeps_to_its_schema(report: Report, source: Source) -> None:
    log = json.loads(render(report, "sarif", source=source, tool_version="0.0.0"))
    assert validation_errors(log) == []
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert run["invocations"][0]["executionSuccessful"] is False
    assert validation_errors(log | {"version": "2"}) != [], "the schema can refuse"


def test_junit_has_a_suite_for_each_table_and_a_case_for_each_check(report: Report) -> None:
    root = ElementTree.fromstring(render(report, "junit"))
    suites = {suite.get("name"): suite for suite in root.iter("testsuite")}
    assert list(suites) == ["the package", "events", "participations", 'na"me<&']
    assert [case.get("name") for case in suites["events"].iter("testcase")][:3] == [
        "types",
        "constraints",
        "references",
    ]
    failed = {
        case.get("name") for case in suites["events"].iter("testcase") if case.find("failure") is not None
    }
    assert failed == {"types", "constraints", "cell-too-long", "primary-key"}
    for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        assert root.get(attribute) == str(len(list(root.iter(tag))))
        assert all(suite.get(attribute) == str(len(list(suite.iter(tag)))) for suite in suites.values())


def test_junit_warnings_do_not_fail() -> None:
    report = report_of(Finding("doubtful", "this is doubtful", Place(table="t"), severity=Severity.WARNING))
    case = ElementTree.fromstring(render(report, "junit")).find(".//testcase[@name='doubtful']")
    assert case is not None and case.find("failure") is None
    assert "this is doubtful" in case.findtext("system-out", "")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_html_loads_nothing_runs_nothing_and_shows_markup_as_words(report: Report, source: Source) -> None:
    made = render(report, "html", source=source)
    page = Tags()
    page.feed(made)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "a", "svg", "base"}
    assert not any(
        name in ("href", "src", "style") or name.startswith("on") for _, a in page.tags for name in a
    )
    assert "<script>alert(1)</script>" in "".join(page.words)
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")


def test_html_opens_five_and_folds_the_others() -> None:
    findings = [
        Finding("enum", f"'{n}' is no term", Place(table="t", path="t.csv", row=n, line=n))
        for n in range(2, 12)
    ]
    made = render(report_of(*findings), "html")
    before, _, folded = made.partition("<details>")
    assert before.count("is no term") == 5 and folded.count("is no term") == 5
    assert "Show 5 more" in folded


def test_markdown_tables_hold_whatever_stands_in_a_cell(report: Report) -> None:
    made = render(report, "markdown")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(made)
    page = Tags()
    page.feed(html)
    names = [tag for tag, _ in page.tags]
    known = "h2 h3 p table thead tbody tr th td br sub details summary"
    assert set(names) <= set(re.findall(r"\w+", known))
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    assert {len(re.findall(r"<t[dh]", row)) for row in rows} == {3, 4}
    assert "<script>alert(1)</script> | `code` **bold** ##[error]y @team" in "".join(page.words)


def test_markdown_stays_within_what_github_takes() -> None:
    findings = [
        Finding(
            "c",
            "m" * 5000,
            Place(table=f"table-{n}", path="t.csv", row=2, field="f", value="|" * 5000),
            hint="h" * 5000,
        )
        for n in range(1000)
    ]
    made = render(report_of(*findings), "markdown")
    assert len(made.encode()) < 1024 * 1024
    assert "more groups of findings do not fit here" in made


@pytest.mark.parametrize("format_name", ["text", "github"])
def test_no_line_gives_a_build_service_a_command_of_a_stranger(format_name: str) -> None:
    evil = "::add-mask::1"
    report = report_of(
        Finding(
            "c",
            evil,
            Place(path=evil, line=2, table=evil, field=evil, key=evil, value=evil),
            hint="##[add-mask]1",
        ),
        package=evil,
        version=evil,
    )
    for line in render(report, format_name).splitlines():
        assert not line.lstrip().startswith(("::add-mask", "##["))
        assert "##[" not in line or (format_name == "github" and line.startswith("::error "))


def test_the_base_is_put_before_the_paths(report: Report) -> None:
    for format_name in ("text", "github", "sarif", "junit"):
        assert "some/folder/data/events.csv" in render(report, format_name, base="some/folder/")
    assert "data/events.csv" in render(report, "text", base=".")
    assert "./data" not in render(report, "text", base=".")


def test_text_and_json_load_no_template_engine() -> None:
    code = (
        "import sys; from casetrail.findings.renderings import FORMATS, render;"
        "from casetrail.findings.report import Report;"
        "made = [render(Report('p', None), name) for name in FORMATS if name != 'html'];"
        "print('jinja2' in sys.modules, any(m.startswith('pyarrow') for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_a_missing_row_to_which_many_refer_is_one_mistake_for_people_and_exact_for_programs() -> None:
    def refers(row: int, source: str) -> Finding:
        place = Place("data/evidence.csv", row, row, 6, "source_id", f"ec-{row}", source, "evidence")
        return Finding("foreign-key", f"there is no source_id '{source}' in 'sources'", place)

    report = report_of(*(refers(row, "so-gone") for row in range(2, 14)), refers(14, "so-other"))
    for format_name in ("text", "html", "markdown"):
        made = render(report, format_name)
        assert made.count("there is no source") == 2, format_name
        assert "he same in 11 more rows: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …" in made
        assert "so-other" in made and "more like these" not in made
    annotations = render(report, "github").splitlines()
    assert "so-gone" in annotations[0] and "so-other" in annotations[1] and len(annotations) == 14
    assert [finding["row"] for finding in json.loads(render(report, "json"))["findings"]] == [*range(2, 15)]
    results = json.loads(render(report, "sarif"))["runs"][0]["results"]
    assert [result["properties"]["row"] for result in results] == [*range(2, 15)]


def test_html_has_what_follows_from_one_wrong_value_under_it() -> None:
    builder = ReportBuilder()
    for table, row, value in (
        ("charges", 2, "pa-accused"),
        ("measures", 3, "pa-accused"),
        ("measures", 4, "pa-accused"),
        ("places", 5, "pa-somewhere"),
    ):
        hint = f"did you mean '{value[:6]}'?"
        place = Place(table=table, path=f"data/{table}.csv", row=row, line=row, field="party_id", value=value)
        builder.add(Finding("foreign-key", f"there is no party '{value}'", place, hint=hint))
    page = render(Report.of(builder, package="a-case", version=None), "html")
    assert page.count('<section class="error">') == 2
    folded = page.partition("<details>")[2].partition("</details>")[0]
    assert "2 more findings of the same value in other places" in folded
    assert "Table measures" in folded and "The same in 1 more row: 4" in folded and "charges" not in folded
