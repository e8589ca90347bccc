"""What a finding asks to remove, no rendering spreads: not the value, not the message, not the record."""

from __future__ import annotations

from typing import Any

import pytest

from casetrail.findings.excerpt import Excerpt
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.renderings import FORMATS
from casetrail.findings.report import Report

ADDRESS = "aigerim.secret@example.org"
TELEPHONE = "+7 701 123 45 67"


def made_of(report: Report) -> dict[str, str]:
    """Everything that a report can be turned into."""
    made = {name: report.render(name) for name in FORMATS}
    return made | {"notebook": report._repr_html_(), "table": str(report.to_table().to_pydict())}


@pytest.mark.parametrize("secret", [ADDRESS, TELEPHONE])
@pytest.mark.parametrize(
    "cell",
    ["{}", " {} ", "{}\u202e", "={}", "write to {} or call, and say that it was in the paper of yesterday"],
)
def test_a_personal_identifier_is_in_no_rendering(one_table: Any, secret: str, cell: str) -> None:
    fields = [
        {"name": "id"},
        {"name": "n", "type": "integer"},
        {"name": "note", "type": "string", "constraints": {"pattern": "[a-z]*", "maxLength": 4}},
    ]
    text = f'id,n,note\na,x,"{cell.format(secret)}"\nb,y,good\n'
    report = one_table(fields, text, {"primaryKey": ["id"]}, hygiene=True)
    assert {"constraint-pattern", "constraint-max-length", "type-integer"} <= set(report.counts)
    assert report.counts.keys() & {"hygiene-email", "hygiene-telephone"}
    for name, made in made_of(report).items():
        assert secret not in made, name
        assert secret.strip("+")[:12] not in made, name
    # The other record and the other cell are shown as before.
    assert "b,y,good" in report.render("text")
    assert next(one for one in report.findings if one.code == "type-integer").value == "x"


def test_a_sensitive_cell_in_a_column_of_unique_values_is_masked(one_table: Any) -> None:
    fields = [{"name": "id"}, {"name": "contact", "type": "string", "constraints": {"unique": True}}]
    report = one_table(
        fields, f"id,contact\na,{ADDRESS}\nb,{ADDRESS}\n", {"primaryKey": ["id"]}, hygiene=True
    )
    assert report.counts["constraint-unique"] == 1
    for name, made in made_of(report).items():
        assert ADDRESS not in made, name


def test_beyond_the_limit_no_record_of_the_file_is_shown(one_table: Any) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "note", "type": "string"}]
    rows = "".join(f"x,{number}{ADDRESS}\n" for number in range(6))
    report = one_table(fields, f"n,note\n{rows}", None, hygiene=True, limit=3)
    assert report.counts["hygiene-email"] == 6
    for name, made in made_of(report).items():
        assert ADDRESS not in made, name


def test_a_finding_about_a_sensitive_cell_keeps_nothing_of_it() -> None:
    value = "Aigerim O'Brien, " + "x" * 300
    place = Place(path="t.csv", row=2, line=2, column=1, field="name", value=value, sensitive=True)
    finding = Finding("c", f"'{value[:39]}…' is no name; not '{value}'", place, hint=f"delete '{value}'")
    assert finding.value is None
    assert "Aigerim" not in finding.message + str(finding.hint)
    assert finding.message.startswith("'…' is no name")


def test_only_the_sensitive_record_is_hidden() -> None:
    from casetrail.findings.excerpt import without_sensitive

    findings = [Finding("c", "m", Place(path="t.csv", line=2, sensitive=True))]
    source = without_sensitive(lambda path, line: Excerpt("a,b", ((0, 1), (2, 3))), findings, {"c": 1})
    assert source("t.csv", 2) is None
    assert source("t.csv", 3) is not None and source("u.csv", 2) is not None
