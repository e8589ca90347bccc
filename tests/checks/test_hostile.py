"""Packages made to do harm: each gets a named finding or one sentence, soon and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]
MEMORY = 900
"""MiB that no run may exceed; a start alone takes about 100."""
SECONDS = 60

WATCHER = """
import sys
seen = []
def watch(event, args):
    if event == "open" and isinstance(args[0], str) and "outside" in args[0]:
        seen.append(f"opened {args[0]}")
    elif event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen", "os.system"):
        seen.append(f"{event} {args}")
sys.addaudithook(watch)
from casetrail.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(seen, file=sys.stderr)
sys.exit(code)
"""


@dataclass
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str
    watched: str
    seconds: float
    memory: int

    @property
    def codes(self) -> set[str]:
        """The finding codes of the report."""
        return set(json.loads(self.out)["counts"])


def run(package: Path, *arguments: str) -> Ended:
    """Validate in a process of its own that is watched for what it opens and whom it calls."""
    started = time.monotonic()
    command = [sys.executable, "-c", WATCHER, "validate", str(package), "--format", "json", *arguments]
    out, err = package.parent / "out", package.parent / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
    *lines, watched = err.read_text(encoding="utf-8").splitlines()
    ended = Ended(
        os.waitstatus_to_exitcode(status),
        out.read_text(encoding="utf-8"),
        "\n".join(lines),
        watched,
        time.monotonic() - started,
        usage.ru_maxrss // 1024,
    )
    assert "Traceback" not in ended.err
    assert ended.watched == "[]"
    assert ended.memory < MEMORY
    assert ended.seconds < SECONDS
    return ended


def one(path: str = "t.csv", fields: Any = None, **more: Any) -> list[dict[str, Any]]:
    schema = {"fields": fields or [{"name": "a"}]}
    return [{"name": "t", "type": "table", "path": path, "schema": schema, **more}]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the package, which no package may reach."""
    path = tmp_path / "outside.csv"
    path.write_text("a\nsecret\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "path",
    [
        "../outside.csv",
        "data/../../outside.csv",
        "{absolute}",
        "file://{absolute}",
        "%2e%2e/outside.csv",
        "..%2foutside.csv",
        "%252e%252e%252foutside.csv",
        "..\\outside.csv",
        "~/outside.csv",
        "/dev/zero",
        "/proc/self/environ",
        "C:\\outside.csv",
        "a\0b",
    ],
)
@pytest.mark.parametrize("where", ["data", "schema", "dialect"])
def test_no_path_leads_out(path: str, where: str, tmp_path: Path, write: Write, outside: Path) -> None:
    path = path.format(absolute=outside)
    resources = one(path) if where == "data" else one(**{where: path})
    ended = run(write(tmp_path / "package", resources, {"t.csv": "a\nb\n"}))
    assert ended.code == 1
    assert "path-unsafe" in ended.codes
    assert "secret" not in ended.out


def test_no_link_leads_out(tmp_path: Path, write: Write, outside: Path) -> None:
    package = write(tmp_path / "package", one("data/t.csv"), {})
    (package / "data").symlink_to(tmp_path)
    (tmp_path / "t.csv").symlink_to(outside)
    ended = run(package)
    assert ended.code == 1
    assert ended.codes == {"path-unsafe"}


def test_a_pipe_is_not_waited_for(tmp_path: Path, write: Write) -> None:
    package = write(tmp_path / "package", one(), {})
    os.mkfifo(package / "t.csv")
    assert run(package).codes == {"path-not-a-file"}


@pytest.mark.parametrize("where", ["path", "schema", "dialect", "$schema", "profile"])
def test_nothing_is_fetched_unasked(where: str, tmp_path: Path, write: Write) -> None:
    url = "https://example.org/whatever.json"
    if where in ("$schema", "profile"):
        package = write(tmp_path / "package", one(), {"t.csv": "a\nb\n"}, **{where: url})
        assert run(package).codes <= {"profile-not-checked"}
        return
    resources = one(url) if where == "path" else one(**{where: url})
    assert "path-remote" in run(write(tmp_path / "package", resources, {"t.csv": "a\nb\n"})).codes


def test_a_json_schema_fetches_nothing(tmp_path: Path, write: Write) -> None:
    constraint = {"jsonSchema": {"$ref": "https://example.org/schema.json"}}
    fields = [{"name": "a", "type": "object", "constraints": constraint}]
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": 'a\n"{}"\n'}))
    assert ended.codes == {"schema-json-schema-invalid"}


@pytest.mark.parametrize(
    "constraint",
    [
        {"pattern": "(a+)+b"},
        {"pattern": "(a|aa)+b"},
        {"pattern": "(.*)*(.*)*(.*)*b"},
    ],
)
def test_no_pattern_makes_it_hang(constraint: dict[str, Any], tmp_path: Path, write: Write) -> None:
    fields = [{"name": "a", "type": "string", "constraints": constraint}]
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": "a\n" + "a" * 30_000 + "\n"}))
    assert ended.codes == {"constraint-pattern"}
    assert ended.seconds < 20


@pytest.mark.parametrize("keyword", ["pattern", "patternProperties"])
def test_no_pattern_of_a_json_schema_makes_it_hang(keyword: str, tmp_path: Path, write: Write) -> None:
    inner: Any = {"(a+)+b": False} if keyword == "patternProperties" else "(a+)+b"
    schema = {"additionalProperties": {keyword: inner}, "propertyNames": {"pattern": "(a+)+b"}}
    fields = [{"name": "a", "type": "object", "constraints": {"jsonSchema": schema}}]
    long = "a" * 30_000
    text = f'a\n"{{""{long}"": ""{long}""}}"\n'
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": text}))
    assert ended.codes <= {"constraint-json-schema", "schema-json-schema-invalid"}
    assert ended.code == 1


def test_deep_json_is_refused_in_a_sentence(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "datapackage.json").write_text('{"a":' * 100_000 + "1" + "}" * 100_000, encoding="utf-8")
    ended = run(package)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("kind", ["array", "object", "geojson", "list"])
def test_deep_json_in_a_cell_is_a_finding(kind: str, tmp_path: Path, write: Write) -> None:
    text = "a\n" + ("[" * 200_000 if kind != "object" else "{a:".replace("a", '""a""') * 100_000) + "\n"
    if kind == "object":
        text = 'a\n"' + '{""a"":' * 100_000 + '"\n'
    ended = run(write(tmp_path / "package", one(fields=[{"name": "a", "type": kind}]), {"t.csv": text}))
    assert ended.codes <= {f"type-{kind}"}


def test_a_schema_that_contains_itself_is_a_finding(tmp_path: Path, write: Write) -> None:
    schema = {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}
    fields = [{"name": "a", "type": "object", "constraints": {"jsonSchema": schema}}]
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": 'a\n"{}"\n'}))
    assert ended.code == 1


def test_twenty_million_rows_of_one_byte(tmp_path: Path, write: Write) -> None:
    package = write(tmp_path / "package", one(), {"t.csv": b"a\n" + b"b\n" * 20_000_000})
    ended = run(package)
    assert ended.code == 0
    assert json.loads(ended.out)["tables"][0]["rows"] == 20_000_000


def test_fifty_million_empty_lines(tmp_path: Path, write: Write) -> None:
    package = write(
        tmp_path / "package",
        one(fields=[{"name": "a"}, {"name": "b"}]),
        {"t.csv": b"a,b\n1,2\n" + b"\n" * 50_000_000},
    )
    ended = run(package)
    assert ended.code == 1
    assert json.loads(ended.out)["counts"] == {"blank-line": 50_000_000}


@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_without_end(quoted: bool, tmp_path: Path) -> None:
    # Packed, for the disk's sake; unpacked it has 256 MiB.
    with zipfile.ZipFile(tmp_path / "package.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("datapackage.json", json.dumps({"name": "x", "resources": one()}))
        with packed.open("t.csv", "w", force_zip64=True) as file:
            file.write(b'a\n"' if quoted else b"a\n")
            for _ in range(256):
                file.write(b"x" * 1024 * 1024)
    ended = run(tmp_path / "package.zip")
    assert ended.code == 1
    assert "cell-too-long" in ended.codes


def test_ten_thousand_columns(tmp_path: Path, write: Write) -> None:
    names = [f"c{number}" for number in range(10_000)]
    fields = [{"name": name, "type": "integer", "constraints": {"minimum": 0}} for name in names]
    rows = [
        ",".join(names),
        *(",".join("1" for _ in names) for _ in range(20)),
        ",".join("-1" for _ in names),
    ]
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": "\n".join(rows) + "\n"}))
    report = json.loads(ended.out)
    assert report["counts"] == {"constraint-minimum": 10_000}
    assert len(report["findings"]) == 1000


def test_a_hundred_thousand_findings_of_many_kinds(tmp_path: Path, write: Write) -> None:
    fields = [
        {"name": "a", "type": "integer", "constraints": {"unique": True}},
        {"name": "b", "type": "date", "constraints": {"required": True}},
        {"name": "c", "type": "string", "constraints": {"enum": ["x"], "maxLength": 3, "pattern": "x+"}},
    ]
    rows = "".join(f"{number % 9}x,,{number}\n" for number in range(1000, 101_000))
    ended = run(write(tmp_path / "package", one(fields=fields), {"t.csv": "a,b,c\n" + rows}))
    report = json.loads(ended.out)
    assert report["counts"]["type-integer"] == report["counts"]["constraint-required"] == 100_000
    assert len(report["findings"]) < 6000
    assert len(ended.out) < 5_000_000


@pytest.mark.parametrize("hostile", ["names", "twice", "size", "encrypted", "cut"])
def test_a_zip_that_lies(hostile: str, tmp_path: Path, outside: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("datapackage.json", json.dumps({"name": "x", "resources": one()}))
        packed.writestr("../outside.csv" if hostile == "names" else "t.csv", "a\nb\n")
        if hostile == "twice":
            with pytest.warns(UserWarning, match="Duplicate name"):
                packed.writestr("t.csv", "a\nc\n")
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\1\2")
    if hostile == "size":
        data[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    if hostile == "encrypted":
        data[entry + 8] |= 1
    if hostile == "cut":
        data = data[: len(data) // 2]
    path.write_bytes(bytes(data))
    ended = run(path)
    assert ended.code in (1, 2)
    assert ended.codes if ended.out else len(ended.err.splitlines()) == 1


def test_control_characters_of_a_stranger_do_not_reach_the_terminal(tmp_path: Path, write: Write) -> None:
    fields = [{"name": "a", "type": "integer"}]
    package = write(
        tmp_path / "package", one(fields=fields), {"t.csv": "a\n\x1b]0;owned\x07\n"}, title="\x1b[31m"
    )
    done = subprocess.run(
        [sys.executable, "-m", "casetrail.cli.main", "validate", str(package)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"\x1b" not in done.stdout + done.stderr
