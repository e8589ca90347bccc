"""The engine: one pass, every check told whether it ran, the same report however fast the threads were."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from casetrail.checks.check import Options, PackageCheck, TableCheck
from casetrail.checks.engine import validate
from casetrail.checks.table import Table, TableProgress
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package, open_package
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch

FIELDS = [{"name": "id"}, {"name": "n", "type": "integer"}]
IO_COUNTS = Path("/proc/self/io")
"""Where Linux says how many bytes this process has read."""


@pytest.fixture
def package(tmp_path: Path, write: Any) -> Package:
    """Two tables of 200,000 and 3 records; every hundredth record of the first has a fault."""
    rows = "".join(f"r{number},{'x' if number % 100 == 7 else number}\n" for number in range(200_000))
    resources = [
        {
            "name": name,
            "type": "table",
            "path": f"{name}.csv",
            "schema": {"fields": FIELDS, "primaryKey": ["id"]},
        }
        for name in ("long", "short")
    ]
    write(tmp_path, resources, {"long.csv": "id,n\n" + rows, "short.csv": "id,n\na,1\nb,y\na,3\n"})
    return open_package(tmp_path)


class Probe(PackageCheck):
    """A check across tables that notes what it is given, and fails where it is told to."""

    name = "probe"

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.steps: list[str] = []
        self.rows: dict[str, int] = {}

    def open(self, package: Package, builder: ReportBuilder) -> None:
        self.note("open")

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        self.note("on_table")
        return [ProbeOfTable(self, table)]

    def finish(self, builder: ReportBuilder) -> None:
        self.note("finish")
        builder.add(Finding("probe-done", "all tables were seen"))

    def note(self, step: str) -> None:
        if step not in self.steps:
            self.steps.append(step)
        if step == self.fails:
            raise ZeroDivisionError("the probe was told to fail")


class ProbeOfTable(TableCheck):
    """Its part on one table."""

    def __init__(self, probe: Probe, table: Table) -> None:
        self.probe, self.table = probe, table

    def look(self, batch: TextBatch, table: Table) -> tuple[TextBatch, int]:
        self.probe.note("look")
        return batch, batch.cells.num_rows

    def take(self, given: tuple[TextBatch, int], rows: int, lines: int) -> None:
        self.probe.note("take")
        batch, more = given[0].shifted(rows, lines), given[1]
        assert batch.row(0) == self.probe.rows.get(self.table.name, 0) + 2
        self.probe.rows[self.table.name] = self.probe.rows.get(self.table.name, 0) + more

    def finish(self) -> None:
        self.probe.note("finish table")


def test_a_check_across_tables_sees_every_record_once(package: Package) -> None:
    probe = Probe()
    report = validate(package, extra_checks=[probe])
    assert probe.steps == ["open", "on_table", "look", "take", "finish table", "finish"]
    assert probe.rows == {"long": 200_000, "short": 3}
    assert report.counts == {"primary-key-duplicate": 1, "probe-done": 1, "type-integer": 2001}
    assert all(check.ran for check in report.checks)


@pytest.mark.parametrize("step", ["open", "on_table", "look", "take", "finish table", "finish"])
def test_a_check_that_fails_has_not_run_and_the_others_have(package: Package, step: str) -> None:
    report = validate(package, extra_checks=[Probe(step)])
    assert {check.name: check.ran for check in report.checks}["probe"] is False
    assert sum(not check.ran for check in report.checks) == 1
    assert report.counts["type-integer"] == 2001
    found = next(one for one in report.findings if one.code == "check-not-run")
    assert "ZeroDivisionError: the probe was told to fail" in found.message
    assert not report.valid


def test_with_debug_the_error_of_a_check_passes(package: Package) -> None:
    with pytest.raises(ZeroDivisionError):
        validate(package, options=Options(debug=True), extra_checks=[Probe("look")])


def test_every_run_gives_the_same_report(package: Package) -> None:
    first, second = (validate(package, options=Options(limit=50)) for _ in range(2))
    assert first == second
    assert [one.row for one in first.findings if one.code == "type-integer" and one.table == "long"] == [
        number * 100 + 9 for number in range(50)
    ]
    assert first.counts["type-integer"] == 2001


def test_progress_is_told_from_start_to_end(package: Package) -> None:
    steps: list[TableProgress] = []
    validate(package, options=Options(progress=steps.append))
    rows = [step.rows for step in steps if step.table == "long"]
    assert rows == sorted(rows) and (rows[0], rows[-1]) == (0, 200_000)
    assert [step for step in steps if not step.parts][-1] == TableProgress("short", 3)


def test_a_row_rule_is_explained_row_by_row(tmp_path: Path, write: Any) -> None:
    rule = {
        "name": "time-with-zone",
        "description": "A time needs its zone.",
        "hint": "fill both cells",
        "together": ["time", "zone"],
    }
    fields = [{"name": "id"}, {"name": "time"}, {"name": "zone", "missingValues": ["-"]}]
    schema = {"fields": fields, "primaryKey": ["id"], "rules": [rule]}
    write(
        tmp_path,
        [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}],
        {"t.csv": "id,time,zone\na,,-\nb,10:00,-\nc,10:00,Z\nd,,Z\n"},
    )
    report = validate(open_package(tmp_path))
    found = [one for one in report.findings if one.code == "time-with-zone"]
    assert [(one.row, one.key, one.field, one.value, one.hint) for one in found] == [
        (3, "b", "time", "10:00", "fill both cells"),
        (5, "d", "time", "", "fill both cells"),
    ]
    assert report.meanings["time-with-zone"] == "A time needs its zone."


def test_a_case_error_of_a_check_is_its_cause_in_plain_words(package: Package) -> None:
    class Refusing(Probe):
        def open(self, package: Package, builder: ReportBuilder) -> None:
            raise CasetrailError("the rule speaks of a table that is not there")

    report = validate(package, extra_checks=[Refusing()])
    (found,) = [one for one in report.findings if one.code == "check-not-run"]
    assert found.message == "the check 'probe' could not run: the rule speaks of a table that is not there"


def test_missing_values_of_a_field_replace_those_of_the_schema(one_table: Any) -> None:
    fields = [
        {"name": "a", "type": "integer", "missingValues": [{"value": "-", "label": "not asked"}]},
        {"name": "b", "type": "integer", "constraints": {"required": True}},
    ]
    report = one_table(fields, "a,b\n-,1\n,NA\nNA,\n", {"missingValues": ["", "NA"]})
    assert [(one.code, one.row, one.field) for one in report.findings] == [
        ("type-integer", 3, "a"),
        ("constraint-required", 3, "b"),
        ("type-integer", 4, "a"),
        ("constraint-required", 4, "b"),
    ]


def test_bytes_and_hash_are_those_of_the_file(tmp_path: Path, write: Any) -> None:
    import hashlib

    text = b"id,n\na,1\n"
    for declared, code in (
        ({"bytes": 9}, None),
        ({"bytes": 8}, "bytes-mismatch"),
        ({"hash": hashlib.md5(text).hexdigest()}, None),
        ({"hash": "sha256:" + hashlib.sha256(text).hexdigest().upper()}, None),
        ({"hash": "sha1:" + "0" * 40}, "hash-mismatch"),
        ({"hash": "blake9:00"}, "hash-unsupported"),
    ):
        resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": FIELDS}, **declared}
        report = validate(open_package(write(tmp_path, [resource], {"t.csv": text})))
        assert list(report.counts) == ([code] if code else []), declared


@pytest.mark.skipif(not IO_COUNTS.exists(), reason="needs the counts of Linux")
def test_for_its_size_alone_a_file_is_not_read(tmp_path: Path, write: Any) -> None:
    def bytes_read() -> int:
        return int(IO_COUNTS.read_text(encoding="ascii").split()[1])

    package = write(tmp_path, [{"name": "f", "path": "f.bin", "bytes": 1}], {})
    with (package / "f.bin").open("wb") as file:
        file.truncate(64 << 20)
    before = bytes_read()
    report = validate(open_package(package))
    assert bytes_read() - before < 16 << 20
    (finding,) = report.findings
    assert finding.message == "the file has 67,108,864 bytes, but the descriptor says 1"


def test_a_package_of_no_tables_is_valid(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    descriptor = {"name": "x", "resources": [{"name": "a", "path": "a.txt", "format": "txt"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    report = validate(open_package(tmp_path))
    assert (report.valid, report.tables) == (True, ())


def test_columns_that_begin_wrong_are_counted_exactly(one_table: Any) -> None:
    def dates(*texts: str) -> tuple[int, int]:
        lines = "".join(f"r{index},{text}\n" for index, text in enumerate(texts))
        report = one_table(
            [{"name": "id", "type": "string"}, {"name": "day", "type": "date"}], "id,day\n" + lines
        )
        return report.counts["type-date"], len(report.findings)

    wrong = ["13/11/2025"] * 2500
    assert dates(*wrong) == (2500, 1000)
    assert dates(*wrong, "2025-11-13", "2025-02-30", "", *wrong) == (5001, 1000)
    assert dates(*[""] * 2500, *["2025-11-13"] * 2500, "0000-01-01", *wrong[:5]) == (6, 6)


def test_a_value_far_from_all_of_many_has_a_remedy_too(one_table: Any) -> None:
    listed = [f"kind-{number:02}" for number in range(23)]
    fields = [{"name": "kind", "type": "string", "constraints": {"enum": listed}}]
    (finding,) = one_table(fields, "kind\nvigil\n").findings
    assert (
        finding.hint == "write one of the values that the schema lists for the field, or add this one to them"
    )
    fields[0]["constraints"] = {"enum": listed[:2]}
    (finding,) = one_table(fields, "kind\nvigil\n").findings
    assert finding.hint == "write 'kind-00' or 'kind-01'"
