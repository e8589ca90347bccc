"""A table by itself: a file, a pipe or standard input with a schema is checked, opened and exported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import casetrail
from casetrail.cli.main import main

SCHEMA = {
    "fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}],
    "primaryKey": ["id"],
}
GOOD, BAD = "id,n\na,1\nb,2\n", "id,n\na,1\nb,x\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a schema, a sound table and a broken one, in which commands are run."""
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, given: bytes = b"") -> tuple[int, str, str]:
    """The command in a process of its own, which is given some standard input."""
    command = [sys.executable, "-m", "casetrail", *words]
    done = subprocess.run(command, input=given, capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_table_is_checked_by_its_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "good.csv", "--schema", "schema.json"]) == 0
    assert capsys.readouterr().out == "good.csv: valid. 1 table, 2 rows, 0 errors, 0 warnings\n"
    assert main(["validate", "good.csv", "bad.csv", "--schema", "schema.json"]) == 1
    assert "\n  bad.csv:3: 'x' is not a whole number" in capsys.readouterr().out


@pytest.mark.parametrize("above", [False, True])
def test_a_pattern_is_one_table_in_parts(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, above: bool
) -> None:
    for year in (2025, 2026):
        (folder / f"y/year={year}").mkdir(parents=True)
        (folder / f"y/year={year}/part-1.csv").write_text(f"id,n\na{year % 2},1\n")
    (folder / "y/year=2026/.part-1.csv").write_text("nothing\n")
    (folder / "s.json").write_text(json.dumps({**SCHEMA, "fields": [*SCHEMA["fields"], {"name": "year"}]}))
    here = ""
    if above:
        monkeypatch.chdir(folder / "y")
        here = "../"
    command = ["validate", f"{here}y/year=*/part-?.csv", "--schema", f"{here}s.json"]
    assert main(command) == 0
    assert "valid. 1 table, 2 rows" in capsys.readouterr().out
    (folder / "y/year=2026/part-2.csv").write_text("id,n\na1,1\n")
    assert main(command) == 1
    place = "year=2026/part-2.csv" if above else "y/year=2026/part-2.csv"
    assert f"{place}:2" in capsys.readouterr().out
    assert main(["validate", f"{here}y/no-*.csv", "--schema", f"{here}s.json"]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_places_are_as_seen_from_here(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data").mkdir()
    (folder / "schemas").mkdir()
    (folder / "bad.csv").rename(folder / "data" / "bad.csv")
    broken = {**SCHEMA, "primaryKey": ["di"]}
    (folder / "schemas" / "s.json").write_text(json.dumps(broken))
    assert main(["validate", "data/bad.csv", "--schema", "schemas/s.json", "--format", "github"]) == 1
    out = capsys.readouterr().out
    assert "file=data/bad.csv,line=3" in out
    assert "file=data/../schemas/s.json" in out


@pytest.mark.parametrize("name", ["t.tsv", "t.json", "t.jsonl", "t.parquet", "t.csv.gz"])
def test_every_format_is_read(folder: Path, name: str) -> None:
    import gzip

    path = folder / name
    records = [{"id": "a", "n": 1}, {"id": "b", "n": 2}]
    if name == "t.parquet":
        pq.write_table(pa.table({"id": ["a", "b"], "n": [1, 2]}), path)
    elif name == "t.csv.gz":
        path.write_bytes(gzip.compress(GOOD.encode()))
    elif name == "t.json":
        path.write_text(json.dumps(records))
    elif name == "t.jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    else:
        path.write_text(GOOD.replace(",", "\t"))
    report = casetrail.validate(path, schema=SCHEMA)
    assert (report.valid, report.tables[0].rows) == (True, 2)
    assert casetrail.validate(path, schema={"fields": [{"name": "id"}]}).valid is False


def test_standard_input_is_a_table(folder: Path) -> None:
    code, out, _ = run("validate", "-", "--schema", "schema.json", given=BAD.encode())
    assert code == 1
    assert "\n  standard-input:3: 'x' is not a whole number" in out
    assert "row 3 │ b,x" in out
    words = ("validate", "-", "--schema", "schema.json", "--input-format")
    assert run(*words, "jsonl", given=b'{"id": "a", "n": 1}\n')[0] == 0
    assert run(*words, "tsv", given=b"id\tn\na\t1\n")[0] == 0
    parquet = folder / "t.parquet"
    pq.write_table(pa.table({"id": ["a", "b"], "n": [1, 2]}), parquet)
    assert run(*words, "parquet", given=parquet.read_bytes())[0] == 0
    assert run("validate", "good.csv", "--schema", "-", given=json.dumps(SCHEMA).encode())[0] == 0


@pytest.mark.parametrize(
    ("delimiter", "options"),
    [
        (";", ["--delimiter", ";"]),
        ("\t", ["--delimiter", "tab"]),
        ("\t", ["--delimiter", "\\t", "--encoding", "utf-16"]),
        (";", ["--delimiter=;", "--encoding", "windows-1251"]),
        (",", ["--encoding", "cp1252"]),
    ],
)
def test_another_delimiter_and_encoding_are_named(
    folder: Path, delimiter: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    encoding = options[-1] if "--encoding" in options else "utf-8"
    identifier = "é" if encoding == "cp1252" else "ж"
    text = f"id,n\n{identifier},1\n{identifier},2\n".replace(",", delimiter)
    (folder / "t.csv").write_bytes(text.encode(encoding))
    assert main(["validate", "t.csv", "--schema", "schema.json", *options]) == 1
    printed = capsys.readouterr().out
    assert f"the key '{identifier}' is already in row 2" in printed
    assert printed.count("error") == 2, printed
    assert run("validate", "-", "--schema", "schema.json", *options, given=text.encode(encoding))[0] == 1
    words = ["--to", "json", "--table", "t", "--output", "t.json"]
    assert main(["export", "t.csv", "--schema", "schema.json", *options, *words]) == 0
    assert [row["id"] for row in json.loads(Path("t.json").read_text("utf-8"))] == [identifier] * 2
    resource = {"encoding": encoding, "dialect": {"delimiter": delimiter}}
    assert casetrail.validate("t.csv", schema="schema.json", resource=resource).counts == {
        "primary-key-duplicate": 1
    }
    assert casetrail.open("t.csv", schema="schema.json", resource=resource)["t"]["n"].to_pylist() == [1, 2]


@pytest.mark.parametrize("options", [["--delimiter", ";;"], ["--delimiter", ""], ["--encoding", "rot13"]])
def test_an_option_that_says_nothing_is_refused(folder: Path, options: list[str]) -> None:
    code, out, err = run("validate", "good.csv", "--schema", "schema.json", *options)
    assert (code, out) == (2, "")
    assert "is not one character, nor tab" in err or "the encoding 'rot13' is not read" in err


def test_standard_input_may_be_large(folder: Path) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(1_400_000))
    given = f"id,n\n{rows}last,x\n".encode()
    assert len(given) > 16 << 20
    code, out, _ = run("validate", "-", "--schema", "schema.json", given=given)
    assert code == 1
    assert "standard-input:1400002: 'x' is not a whole number" in out
    assert "last,x" in out


def test_standard_input_is_a_descriptor(folder: Path) -> None:
    resource = {"name": "t", "path": "bad.csv", "type": "table", "schema": "schema.json"}
    descriptor = json.dumps({"name": "piped", "resources": [resource]}).encode()
    code, out, _ = run("validate", "-", given=descriptor)
    assert code == 1
    assert "\n  bad.csv:3: 'x' is not a whole number" in out
    assert run("validate", "-", given=GOOD.encode())[2] == (
        "casetrail: standard input holds no descriptor, which is a JSON object; to check a table, give its "
        "schema with --schema\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_a_table(folder: Path) -> None:
    os.mkfifo("pipe")
    writer = subprocess.Popen([sys.executable, "-c", "open('pipe', 'w').write(open('bad.csv').read())"])
    report = casetrail.validate("pipe", schema="schema.json")
    assert writer.wait(timeout=60) == 0
    assert [(finding.path, finding.row) for finding in report.findings] == [("pipe", 3)]


def test_a_table_is_opened_and_exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert casetrail.open("good.csv", schema="schema.json")["good"]["n"].to_pylist() == [1, 2]
    words = ["--to", "parquet", "--output", "out"]
    assert main(["export", "good.csv", "--schema", "schema.json", *words]) == 0
    assert pq.read_table("out/good.parquet")["n"].to_pylist() == [1, 2]


def test_other_processes_read_it_too(folder: Path) -> None:
    with ProcessPoolExecutor(1) as executor:
        report = casetrail.validate("bad.csv", schema="schema.json", executor=executor)
    assert report.to_json() == casetrail.validate("bad.csv", schema="schema.json").to_json()


def test_keys_of_other_tables_are_not_asked_for(folder: Path) -> None:
    key = {"fields": ["id"], "reference": {"resource": "others", "fields": ["id"]}}
    report = casetrail.validate("good.csv", schema={**SCHEMA, "foreignKeys": [key]})
    assert report.valid
    (finding,) = report.findings
    assert finding.message.endswith("so whether its keys are in 'others' is not checked")


def test_a_table_at_an_address_is_checked_where_that_is_allowed(folder: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            report = casetrail.validate(
                f"{address}/bad.csv", schema=f"{address}/schema.json", allow_remote=True
            )
        finally:
            server.shutdown()
    assert report.package == "bad.csv"
    assert [(finding.path, finding.row) for finding in report.findings] == [(f"{address}/bad.csv", 3)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["nothing.csv", "--schema", "schema.json"],
            "there is no file 'nothing.csv', which should be the table",
        ),
        (["good.csv", "--schema", "no.json"], "there is no file 'no.json', which should be the schema"),
        ([".", "--schema", "schema.json"], "'.' is a folder, and the table is a file"),
        (
            ["datapackage.json", "--schema", "schema.json"],
            "'datapackage.json' is the descriptor of a package",
        ),
        (["-", "--schema", "-"], "standard input is either the table or its schema"),
        (["good.csv", "--input-format", "csv"], "--input-format is for a table by itself"),
        (["good.csv", "--delimiter", ";"], "--delimiter is for a table by itself"),
        (["good.csv", "--encoding", "cp1252"], "--encoding is for a table by itself"),
        (["good.csv"], "a table by itself is checked with: casetrail validate 'good.csv' --schema SCHEMA"),
        (["schema.json"], "a table is checked by it with: casetrail validate TABLE --schema 'schema.json'"),
        (
            ["https://example.org/t.csv", "--schema", "schema.json"],
            "nothing is fetched unasked; allow it with",
        ),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    folder: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if words[0] == "datapackage.json":
        (folder / "datapackage.json").write_text("{}")
    assert main(["validate", *words]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_a_schema_that_is_no_schema_is_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schema.json").write_text("id,n\n")
    assert main(["validate", "good.csv", "--schema", "schema.json"]) == 1
    assert "schema.json, " in capsys.readouterr().out
