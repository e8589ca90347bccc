"""Packages: opened from folders and zips, with limits, and nothing read outside."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.checks.engine import validate
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.package import package as package_module
from casetrail.package.package import Package, open_package
from casetrail.standard.json_reader import JsonError, read_document

SCHEMA = {"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"}
TABLE = {"name": "t", "path": "data/t.csv", "schema": SCHEMA}


def write(folder: Path, descriptor: Any, **files: str) -> Path:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    text = descriptor if isinstance(descriptor, str) else json.dumps(descriptor)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "data" / "t.csv").write_text("id\nx\n", encoding="utf-8")
    for name, content in files.items():
        (folder / "data" / name).write_text(content, encoding="utf-8")
    return folder


def codes(package: Package) -> list[str]:
    assert {finding.code for finding in package.findings} <= set(package_module.CODES)
    return [finding.code for finding in package.findings]


def one_table(**properties: Any) -> dict[str, Any]:
    return {"name": "p", "resources": [{**TABLE, **properties}]}


def rows(package: Package) -> list[dict[str, Any]]:
    builder = ReportBuilder()
    read = [row for batch in package.resource("t").batches(builder) for row in batch.cells.to_pylist()]
    assert not builder.severities[Severity.ERROR], builder.findings
    return read


def test_a_folder_its_descriptor_and_its_zip_are_the_same_package(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", {**one_table(), "version": "1.2.0", "x": {"y": 1}})
    flat, nested = tmp_path / "flat.zip", tmp_path / "nested.zip"
    for archive, prefix in ((flat, ""), (nested, "p-1.2.0/")):
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    made.write(file, prefix + file.relative_to(folder).as_posix())
    for where in (folder, folder / "datapackage.json", flat, nested, str(folder)):
        package = open_package(where)
        assert codes(package) == []
        assert (package.name, package.version, package.case_profile) == ("p", "1.2.0", None)
        assert package.raw["x"] == {"y": 1}
        assert rows(package) == [{"id": "x"}]


def test_schema_and_dialect_may_be_files(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        one_table(schema="data/schema.json", dialect="data/dialect.json"),
        **{"schema.json": json.dumps(SCHEMA), "dialect.json": '{"delimiter": ";"}'},
    )
    package = open_package(folder)
    assert codes(package) == []
    table = package.resource("t")
    assert (table.schema_path, table.dialect.delimiter) == ("data/schema.json", ";")
    assert table.schema is not None
    assert table.schema.primary_key == ("id",)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"path": "../t.csv"}, ["path-unsafe"]),
        ({"path": "/etc/passwd"}, ["path-unsafe"]),
        ({"path": "http://example.org/t.csv"}, ["path-remote"]),
        ({"path": "data/T.csv"}, ["path-missing"]),
        ({"path": ["data/t.csv", "http://example.org/t.csv"]}, ["resource-paths-mixed", "path-remote"]),
        ({"schema": "../schema.json"}, ["path-unsafe"]),
        ({"schema": "https://example.org/schema.json"}, ["path-remote"]),
        ({"schema": "data/t.csv"}, ["file-not-json"]),
        ({"dialect": {"delimeter": ";"}}, ["dialect-near-miss"]),
        ({"dialect": {"quoteChar": "''"}}, ["dialect-property"]),
        ({"path": 3}, ["resource-property", "resource-no-data"]),
        ({"data": []}, ["resource-path-and-data"]),
        ({"shema": {}}, []),
        ({"encodings": "utf-8"}, ["resource-near-miss"]),
        ({"name": 1}, ["resource-property"]),
    ],
)
def test_what_is_wrong_with_a_resource(tmp_path: Path, resource: dict[str, Any], expected: list[str]) -> None:
    assert codes(open_package(write(tmp_path, one_table(**resource)))) == expected


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
ROWS = [{"id": "x"}]


@pytest.mark.parametrize(
    ("resource", "severity", "message"),
    [
        ({"data": None}, ERROR, "data: this is null"),
        ({"data": 3}, ERROR, "data: this is a number"),
        ({"data": "id\nx\n"}, ERROR, "nothing says in which format"),
        ({"data": "id\nx\n", "type": "table", "format": "csv"}, ERROR, "are an array of rows"),
        ({"data": ROWS, "type": "tabel"}, WARNING, "no type 'tabel'"),
        ({"path": "data/t.csv", "type": "file"}, NOTE, "no type 'file'"),
        (
            {"data": ROWS, "licenses": [{"path": "/LICENSE"}]},
            ERROR,
            "licenses[0].path: '/LICENSE' is neither",
        ),
        ({"data": ROWS, "sources": [{"path": "../x"}]}, ERROR, "sources[0].path: '../x' is neither"),
        ({"data": ROWS, "sources": [{"path": "http://example.org/x"}], "type": "table"}, None, ""),
        ({"data": ROWS, "licenses": [{"path": ".licenses/"}, {"name": "MIT", "path": ""}]}, None, ""),
        ({"data": ROWS, "type": "table", "format": "xlsx"}, None, ""),
        ({"data": "id\nx\n", "format": "csv"}, None, ""),
        ({"data": "id\nx\n", "mediatype": "text/csv"}, None, ""),
        ({"path": "data/object.json"}, None, ""),
        ({"path": "data/t.tsv", "schema": {"fields": [{"name": "id"}, {"name": "x"}]}}, None, ""),
        ({"path": "data/t.csv", "format": "tsv"}, None, ""),
    ],
)
def test_what_the_standard_demands_of_a_resource(
    tmp_path: Path, resource: dict[str, Any], severity: Severity | None, message: str
) -> None:
    files = {"object.json": '{"a": 1}', "t.tsv": "id\tx\n1,1\t2\n"}
    package = open_package(write(tmp_path, {"resources": [{"name": "t", **resource}]}, **files))
    report = validate(package)
    assert [(finding.code, finding.severity) for finding in report.findings] == (
        []
        if severity is None
        else [("path-unsafe" if "neither" in message else "resource-property", severity)]
    )
    assert all(message in finding.message for finding in report.findings)


def test_a_key_cannot_refer_to_a_table_without_a_schema(tmp_path: Path) -> None:
    key = {"fields": "id", "reference": {"resource": "u", "fields": "id"}}
    other = {"name": "u", "path": "data/t.csv"}
    schema = {**SCHEMA, "foreignKeys": [key]}
    for loose, code in (
        (other, "schema-reference-unknown"),
        ({**other, "schema": "no.json"}, "path-missing"),
    ):
        package = open_package(write(tmp_path, {"resources": [{**TABLE, "schema": schema}, loose]}))
        assert codes(package) == [code]
        assert package.tables[0].schema is not None
        assert package.tables[0].schema.foreign_keys == ()


@pytest.mark.parametrize(
    ("properties", "severity"),
    [
        ({"scheme": "file"}, None),
        ({"unit": "kg", "x:y": 1}, None),
        ({"titles": {"ru": "А"}}, WARNING),
        ({"date": "2024-01-01"}, WARNING),
        ({"descriptoin": "x"}, ERROR),
        ({"Format": "csv"}, ERROR),
    ],
)
def test_only_what_cannot_be_a_word_of_ones_own_is_an_error(
    tmp_path: Path, properties: dict[str, Any], severity: Severity | None
) -> None:
    resource = {"name": "t", "path": "data/t.csv", **properties}
    findings = open_package(write(tmp_path, {"resources": [resource]})).findings
    assert [(finding.code, finding.severity) for finding in findings] == (
        [] if severity is None else [("resource-near-miss", severity)]
    )


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"created": "2024-01-01"}, "created: '2024-01-01' is not a date and time"),
        ({"created": "2024-02-30T10:00:00Z"}, "is not a date and time"),
        ({"created": "2024-02-20T10:00:00"}, "is not a date and time"),
        (
            {"licenses": [{"title": "mine"}, {"name": "MIT"}]},
            "licenses[0]: a licence has a 'name' or a 'path'",
        ),
        ({"contributors": [{"title": "A"}, {}]}, "contributors[1]: this is empty"),
        ({"sources": [{}]}, "sources[0]: this is empty"),
    ],
)
def test_what_the_standard_demands_of_the_words_about_a_package(
    tmp_path: Path, properties: dict[str, Any], message: str
) -> None:
    (finding,) = open_package(write(tmp_path, {**one_table(), **properties})).findings
    assert (finding.code, finding.severity) == ("descriptor-property", ERROR)
    assert message in finding.message


@pytest.mark.parametrize(
    "properties",
    [
        {"created": "1985-04-12T23:20:50.52Z"},
        {"created": "2016-12-31t23:59:60-08:00"},
        {"licenses": [{"path": "LICENSE"}], "contributors": [{"role": "author"}], "sources": [{"x": 1}]},
        {"resources": [{**TABLE, "bytes": 5.0}]},
    ],
)
def test_what_the_standard_allows(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert open_package(write(tmp_path, {**one_table(), **properties})).findings == ()


def test_a_broken_resource_hides_no_other(tmp_path: Path) -> None:
    package = open_package(
        write(tmp_path, {"resources": [3, {"path": "x"}, {**TABLE, "path": "no.csv"}, TABLE]})
    )
    assert codes(package) == [
        "resource-property",
        "resource-property",
        "path-missing",
        "resource-name-duplicate",
    ]
    missing, good = package.resources
    assert list(missing.batches(ReportBuilder())) == []
    with pytest.raises(CasetrailError, match="no such file"):
        list(missing.batches())
    assert [batch.cells.num_rows for batch in good.batches()] == [1]


def test_of_two_resources_of_one_name_the_first_is_meant(tmp_path: Path) -> None:
    other = {"fields": [{"name": "id"}, {"name": "more"}]}
    key = {"fields": "id", "reference": {"resource": "t", "fields": "more"}}
    resources = [TABLE, {**TABLE, "schema": other}]
    referring = {**TABLE, "name": "u", "schema": {**SCHEMA, "foreignKeys": [key]}}
    package = open_package(write(tmp_path, {"resources": [*resources, referring]}))
    assert codes(package) == ["resource-name-duplicate", "schema-reference-unknown"]
    assert [table.schema.field_names for table in package.tables if table.schema] == [
        ("id",),
        ("id", "more"),
        ("id",),
    ]


def test_a_table_whose_dialect_cannot_be_read_is_not_read_by_another(tmp_path: Path) -> None:
    package = open_package(write(tmp_path, one_table(dialect="data/no.json")))
    assert codes(package) == ["path-missing"]
    with pytest.raises(CasetrailError, match="dialect cannot be read"):
        list(package.resource("t").batches())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", ["descriptor-property"]),
        ('{"resources": []}', ["descriptor-no-resources"]),
        ('{"resources": {}}', ["descriptor-property"]),
        (
            '{"name": "a", "name": "b", "resources": []}',
            ["descriptor-duplicate-name", "descriptor-no-resources"],
        ),
        ('\ufeff{"resources": []}', ["descriptor-bom", "descriptor-no-resources"]),
        ('{"titel": "x", "resources": []}', ["descriptor-no-resources", "descriptor-near-miss"]),
        (
            '{"$schema": "https://example.org/own.json", "resources": []}',
            ["descriptor-no-resources", "profile-not-checked"],
        ),
    ],
)
def test_what_is_wrong_with_a_descriptor(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sorted(codes(open_package(write(tmp_path, text)))) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read as JSON"),
        ("[]", "no JSON object"),
        ("{", "line 1"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "Infinity is not JSON"),
        ('{"a": 1e999}', "larger than"),
        ('{"a": ' + "9" * 5000 + "}", "too many digits"),
        ('{"a": ' + "[" * 500 + "]" * 500 + "}", "deep"),
        ("[" * 200_000, "deep"),
        ('{"a": "\\ud800"}', "half a character"),
        ("{'a': 1}", "line 1, column 2"),
    ],
)
def test_an_unreadable_descriptor_is_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CasetrailError, match=reason):
        open_package(write(tmp_path, text))


def test_what_is_no_package_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    (tmp_path / "empty").mkdir()
    for where in ("absent", "no.zip", "empty"):
        with pytest.raises(CasetrailError, match=where):
            open_package(tmp_path / where)


def zipped(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("datapackage.json", json.dumps(one_table()))
        for name, content in members:
            made.writestr(name, content)
    return path


def test_a_member_that_is_a_link_or_stands_twice_is_not_read(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("data/t.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert codes(open_package(zipped(tmp_path / "link.zip", (link, b"/etc/passwd")))) == ["path-unsafe"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(tmp_path / "twice.zip", ("data/t.csv", b"id\n1\n"), ("data/t.csv", b"id\n2\n"))
    assert codes(open_package(twice)) == ["path-unsafe"]


def test_a_zip_that_lies_about_its_content_is_told(tmp_path: Path) -> None:
    where = zipped(tmp_path / "lies.zip", ("data/t.csv", b"id\n" + b"abcdef\n" * 1000))
    data = bytearray(where.read_bytes())
    # The size that the directory at the end states for the table, made too small.
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (50).to_bytes(4, "little")
    where.write_bytes(data)
    builder = ReportBuilder()
    list(open_package(where).resource("t").batches(builder))
    assert "path-unreadable" in builder.counts


def test_non_tables_are_not_read_as_tables(tmp_path: Path) -> None:
    package = open_package(
        write(
            tmp_path, {"resources": [TABLE, {"name": "notes", "path": "data/notes.md"}]}, **{"notes.md": "x"}
        )
    )
    assert [resource.name for resource in package.tables] == ["t"]
    assert len(package.resources) == 2


@pytest.mark.parametrize(
    "properties",
    [
        {"encoding": "utf-7"},
        {"compression": "bz2"},
        {"path": "data/t.orc"},
    ],
)
def test_what_is_not_read_yet_is_said(tmp_path: Path, properties: dict[str, Any]) -> None:
    package = open_package(write(tmp_path, one_table(**properties), **{"t.orc": "ORC"}))
    builder = ReportBuilder()
    assert list(package.resource("t").batches(builder)) == []
    assert set(builder.counts) == {"unsupported"}


def test_a_case_package_has_strict_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path, {**one_table(), "caseProfile": "1.0"})
    (folder / "data" / "t.csv").write_bytes(b"id\r\nx\r\n")
    builder = ReportBuilder()
    package = open_package(folder)
    assert package.case_profile == "1.0"
    list(package.resource("t").batches(builder))
    assert dict(builder.counts) == {"file-crlf": 1}


def test_an_unknown_resource_has_a_hint(tmp_path: Path) -> None:
    package = open_package(write(tmp_path, {"resources": [{**TABLE, "name": "events"}]}))
    with pytest.raises(CasetrailError, match="did you mean 'events'"):
        package.resource("event")


def test_a_name_that_stands_twice_is_located(tmp_path: Path) -> None:
    text = json.dumps(one_table()).replace('"type": "string"', '"type": "string", "type": "string"')
    (finding,) = open_package(write(tmp_path, text)).findings
    assert finding.message.startswith("resources[0].schema.fields[0]: the property 'type' is twice")


STANDARD = "https://datapackage.org/profiles/2.0/datapackage.json"


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({"required": ["name"]}, None),
        ({"required": ["owner"]}, "the profile refuses this: 'owner' is a required property"),
        (
            {"properties": {"resources": {"items": {"properties": {"name": {"const": "u"}}}}}},
            "resources[0].name: the profile refuses this: 'u' was expected",
        ),
        ({"allOf": [{"$ref": STANDARD}, {"properties": {"name": {"pattern": "^q"}}}]}, "the profile refuses"),
        ({"$ref": "https://example.org/x.json"}, "(Unresolvable: https://example.org/x.json); what it"),
        ({"properties": {"name": {"pattern": "(?=x)"}}}, "cannot be run safely; what it asks for"),
        ({"type": 3}, "cannot be used"),
        ("{", "cannot be read as JSON"),
    ],
)
@pytest.mark.parametrize("name", ["$schema", "profile"])
def test_a_profile_of_ones_own_is_asked(tmp_path: Path, name: str, profile: Any, message: str | None) -> None:
    text = profile if isinstance(profile, str) else json.dumps(profile)
    package = open_package(write(tmp_path, {**one_table(), name: "data/own.json"}, **{"own.json": text}))
    if message is None:
        assert package.findings == ()
        return
    (finding,) = package.findings
    assert message in finding.message
    violated = "refuses" in message
    assert finding.code == ("profile-violation" if violated else "profile-not-checked")
    assert finding.severity is (ERROR if violated else WARNING)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text('{}[]":,\\u0d8 1eE-.NaIn\n', max_size=60).map(str.encode))
def test_any_bytes_are_json_or_one_sentence(data: bytes) -> None:
    try:
        read = read_document(data)
    except JsonError as error:
        assert "\n" not in error.reason
    else:
        json.dumps(read.value, ensure_ascii=False).encode()
