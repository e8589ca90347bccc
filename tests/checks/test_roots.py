"""One root, one finding: what follows from a finding already made is not reported again row by row."""

from __future__ import annotations

from typing import Any

import pytest

from casetrail.findings.finding import Severity
from casetrail.findings.report import Report

PEOPLE = "id,role\n" + "".join(f"p{number},judge\n" for number in range(40))
HEARINGS = "id,of\n" + "".join(f"h{number},p{number}\n" for number in range(40))


@pytest.fixture
def hearings(validated: Any) -> Any:
    """Forty hearings that refer to forty people, whose file is given."""

    def run(people: str | bytes | None, hearings: str = HEARINGS, **schema: Any) -> Report:
        key = {"fields": ["of"], "reference": {"resource": "people", "fields": ["id"]}}
        resources = [
            {
                "name": "hearings",
                "type": "table",
                "path": "a-hearings.csv",
                "schema": {
                    "fields": [{"name": "id"}, {"name": "of"}],
                    "primaryKey": ["id"],
                    "foreignKeys": [key],
                },
            },
            {
                "name": "people",
                "type": "table",
                "path": "people.csv",
                "schema": {
                    "fields": [{"name": "id"}, {"name": "role", "constraints": {"enum": ["judge"]}}],
                    "primaryKey": ["id"],
                    **schema,
                },
            },
        ]
        files: dict[str, str | bytes] = {"a-hearings.csv": hearings}
        if people is not None:
            files["people.csv"] = people
        return validated(resources, files)

    return run


@pytest.mark.parametrize(
    ("people", "root"),
    [
        (None, "path-missing"),
        ("", "file-empty"),
        (PEOPLE.replace(",", ";"), "wrong-delimiter"),
        (PEOPLE.encode("utf-16"), "file-encoding"),
        (PEOPLE.replace("id,", "", 1).replace("p0,", "", 1), "header-missing-column"),
    ],
)
def test_references_to_a_table_that_cannot_be_read_are_counted_once(
    hearings: Any, people: str | bytes | None, root: str
) -> None:
    report = hearings(people)
    assert report.findings[0].code == root
    note = report.findings[-1]
    assert (note.code, note.severity, note.table) == ("not-checked", Severity.NOTE, "people")
    assert note.message == "40 references were not checked because of what is wrong with 'people'"
    assert report.counts["not-checked"] == 1
    assert "foreign-key" not in report.counts


def test_references_to_records_that_were_left_out_are_counted_once(hearings: Any) -> None:
    report = hearings(PEOPLE.replace("p7,judge", "p7,judge,x"))
    assert report.counts == {"extra-cell": 1, "not-checked": 1}
    assert report.findings[0].code == "extra-cell"
    assert report.findings[1].message == "1 reference was not checked because of what is wrong with 'people'"


def test_an_empty_table_that_others_refer_to_is_one_error_of_that_table(hearings: Any) -> None:
    report = hearings("id,role\n")
    assert not report.valid
    assert {code: n for code, n in report.counts.items() if code != "no-records"} == {
        "referenced-table-empty": 1
    }
    found = next(one for one in report.findings if one.code == "referenced-table-empty")
    assert (found.table, found.path) == ("people", "people.csv")
    assert found.message == "the table has no record, but 40 references need its records"


def test_an_empty_table_that_nobody_refers_to_is_no_error(hearings: Any) -> None:
    assert hearings("id,role\n", "id,of\nh1,\n").valid


def test_a_finding_that_loses_no_record_hides_no_reference(hearings: Any) -> None:
    report = hearings("role,id\n" + "".join(f"judge,p{number}\n" for number in range(39)))
    assert report.counts == {"foreign-key": 1, "header-order": 1}


def test_a_missing_column_hides_neither_other_columns_nor_keys_that_do_not_need_it(hearings: Any) -> None:
    people = "id\n" + "".join(f"p{number}\n" for number in range(39)) + "p1\n"
    report = hearings(people, uniqueKeys=[["role"]])
    assert report.counts == {"foreign-key": 1, "header-missing-column": 1, "primary-key-duplicate": 1}
    report = hearings("role\n" + "clerk\n" * 39 + "judge\n")
    assert report.counts == {"constraint-enum": 39, "header-missing-column": 1, "not-checked": 1}


def test_roots_come_first_in_every_rendering(hearings: Any) -> None:
    people = PEOPLE.replace("p0,judge", "p0,clerk").replace("\np39,judge", "")
    report = hearings(people, "of,id\n" + "".join(f"p{n},h{n}\n" for n in range(40)))
    order = [one.code for one in report.findings]
    assert order == ["header-order", "constraint-enum", "foreign-key"]
    for name, start in (
        ("text", ""),
        ("github", ""),
        ("markdown", ""),
        ("html", "<section"),
        ("json", '"findings"'),
        ("sarif", '"results"'),
    ):
        made = report.render(name).partition(start)[2] if start else report.render(name)
        places = [made.index(code) for code in order]
        assert places == sorted(places), name


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
def test_a_header_that_is_missing_is_said_once_and_the_record_in_its_place_is_not_quoted(
    validated: Any, match: str
) -> None:
    fields = [{"name": name} for name in ("party_id", "name", "role")]
    schema = {"fields": fields, "fieldsMatch": match}
    report = validated(
        [{"name": "people", "type": "table", "path": "people.csv", "schema": schema}],
        {"people.csv": "pa-1,Orla Venn,judge\npa-2,Tam Ferro,judge\n"},
    )
    assert [finding.code for finding in report.findings if finding.severity is Severity.ERROR] == [
        "header-mismatch"
    ]
    assert "Orla Venn" not in report.findings[0].message
    assert "party_id,name,role" in (report.findings[0].hint or "")


def test_a_header_with_one_name_that_may_be_meant_is_a_header(validated: Any) -> None:
    fields = [{"name": name} for name in ("party_id", "name", "role")]
    report = validated(
        [{"name": "people", "type": "table", "path": "people.csv", "schema": {"fields": fields}}],
        {"people.csv": "party-id,Surname,Function\npa-1,Orla Venn,judge\n"},
    )
    assert report.counts["header-mismatch"] == 3
    assert report.tables[0].rows == 1


def test_a_table_whose_data_are_a_text_has_that_finding_and_no_other(validated: Any) -> None:
    inline = {"name": "inline", "type": "table", "data": "a,b", "schema": {"fields": [{"name": "a"}]}}
    (finding,) = validated([inline], {}).findings
    assert finding.code == "resource-property" and "an array of rows, and this is a text" in finding.message
