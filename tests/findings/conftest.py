"""One report that has something of everything, hostile values included; the golden files are made of it."""

from __future__ import annotations

import pytest

from casetrail.findings.excerpt import Excerpt, Source
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.report_content import CheckRun, TableSummary
from casetrail.package.excerpt_lookup import first_record

RECORDS = {
    ("data/events.csv", 3): 'ev-first-hearing,protset,"Hearing, adjourned",,2026-02-03,held',
    ("data/events.csv", 4): "ev-second-hearing,拘留,Второе заседание,,2026-02-04,held",
    ("data/events.csv", 7): "ev-third-hearing,hearing,,,2026-02-05,held",
    ("data/events.csv", 9): 'ev-\u202efourth,hearing,"first line\nsecond line",,2026-2-6,held',
    ("data/events.csv", 12): f"ev-long,{'h' * 1_000_000},A title,,2026-02-07,held",
}


@pytest.fixture
def source() -> Source:
    """Looks up the records of the example as a caller would in its files."""

    def look_up(path: str, line: int) -> Excerpt | None:
        record = RECORDS.get((path, line))
        return None if record is None else first_record(record)

    return look_up


@pytest.fixture
def report() -> Report:
    """The example."""
    builder = ReportBuilder(limit=8)
    events = {"table": "events", "path": "data/events.csv"}
    add = builder.add
    add(
        Finding(
            "constraint-enum",
            "'protset' is not one of the terms of this column",
            Place(row=3, line=3, column=2, field="kind", key="ev-first-hearing", value="protset", **events),
            hint="did you mean 'protest'?",
        )
    )
    add(
        Finding(
            "constraint-enum",
            "'拘留' is not one of the terms of this column",
            Place(row=4, line=4, column=2, field="kind", key="ev-second-hearing", value="拘留", **events),
            hint="the terms are protest, detention and hearing",
        )
    )
    add(
        Finding(
            "constraint-required",
            "the title is empty, but every event has one",
            Place(row=7, line=7, column=3, field="title", key="ev-third-hearing", value="", **events),
        )
    )
    add(
        Finding(
            "type-date",
            "'2026-2-6' is not a date",
            Place(row=8, line=9, column=5, field="date", key="ev-\u202efourth", value="2026-2-6", **events),
            hint="write year, month and day with two digits each: 2026-02-06",
        )
    )
    add(
        Finding(
            "cell-too-long",
            "the cell has 1,000,000 characters; at most 32,767 are read",
            Place(row=10, line=12, column=2, field="kind", key="ev-long", value="h" * 1_000_000, **events),
        )
    )
    add(
        Finding(
            "primary-key",
            "'ev-first-hearing' is the id of two events",
            Place(
                row=11,
                line=13,
                column=1,
                field="event_id",
                key="ev-first-hearing",
                value="ev-first-hearing",
                **events,
            ),
            hint="give one of them another id",
            related=Place(path="data/events.csv", table="events", row=3, line=3, key="ev-first-hearing"),
        )
    )
    for number in range(40):
        add(
            Finding(
                "foreign-key",
                f"'pa-{number}' is not the id of any party",
                Place(
                    table="participations",
                    path="data/participations.csv",
                    row=2 + number,
                    line=2 + number,
                    column=3,
                    field="party_id",
                    key=f"pt-{number}",
                    value=f"pa-{number}",
                ),
                hint="add the party to data/parties.csv, or correct the id",
            )
        )
    add(
        Finding(
            "unknown-property",
            "'primarykey' is not a property of a table schema",
            Place(path="datapackage.json"),
            severity=Severity.WARNING,
            hint="did you mean 'primaryKey'?",
        )
    )
    add(
        Finding(
            "hostile",
            "::error::x ]]> --> <script>alert(1)</script> | `code` **bold** ##[error]y @team\n\u202eeno",
            Place(
                table='na"me<&',
                path="::set-output,x:y/%2e.csv",
                row=2,
                line=2,
                column=1,
                field="a|b",
                key="\x00\x1b[31m\ud800\uffff",
                value="]]>\r\n\u2028</style><img src=x onerror=alert(1)>",
            ),
            severity=Severity.NOTE,
            hint="www.example.org and https://example.org stay words",
        )
    )
    add(Finding("check-not-run", "the check 'references' did not run: the file of parties cannot be read"))
    builder.count("constraint-enum", 12)
    return Report.of(
        builder,
        package="example-case",
        version="1.0.0",
        tables=(
            TableSummary("events", "data/events.csv", 11),
            TableSummary("participations", "data/participations.csv", 1203),
        ),
        checks=(
            CheckRun("types", True, ("type-date",)),
            CheckRun("constraints", True, ("constraint-enum", "constraint-required")),
            CheckRun("references", False, ("foreign-key",)),
        ),
    )
