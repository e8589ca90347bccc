"""What is made to cost time or memory ends soon, in little of it, with a named finding: one test a class.

Each runs in a process whose processor time and memory the system bounds, far above what is needed and far
below what the same took without its limit.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import casetrail
from casetrail.standard import limits
from fuzz.parsers import PARSERS

resource = pytest.importorskip("resource")

SECONDS = 30
"""Seconds of the processor after which the system ends a run; each takes a few at most."""
MEMORY = 4 << 30
"""Bytes of address space, of which libraries take more than they use."""
ROOT = Path(__file__).parent.parent.parent
LONG = "a" * 20_001


def package(folder: Path, resources: list[dict[str, Any]], files: dict[str, bytes], **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    text = json.dumps({"name": "x", **more, "resources": resources})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def table(field: dict[str, Any] | None = None, path: str = "t.csv", **more: Any) -> list[dict[str, Any]]:
    schema = {"fields": [{"name": "a", "type": "string", **(field or {})}], **more.pop("schema", {})}
    return [{"name": "t", "type": "table", "path": path, "schema": schema, **more}]


def codes(path: Path, *arguments: str) -> set[str]:
    """The finding codes of `validate`, or its one sentence."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    done = subprocess.run(
        [sys.executable, "-m", "casetrail", "validate", str(path), "--format", "json", *arguments],
        capture_output=True,
        text=True,
        preexec_fn=bounded,
    )
    assert done.returncode in (0, 1, 2), f"ended by signal {-done.returncode}"
    assert "Traceback" not in done.stderr and "mistake in casetrail" not in done.stderr
    return set(json.loads(done.stdout)["counts"]) if done.stdout else {done.stderr}


def doubling() -> dict[str, Any]:
    definitions: dict[str, Any] = {
        f"d{number}": {"allOf": [{"$ref": f"#/$defs/d{number + 1}"}] * 2} for number in range(20)
    }
    return {"$defs": {**definitions, "d20": {}}, "$ref": "#/$defs/d0"}


CELLS = {
    "date of eight blanks": (
        {"type": "date", "format": "%Y        %m-%d"},
        "2024" + " " * 60 + "x",
        {"type-date"},
    ),
    "datetime of T": ({"type": "datetime"}, "T" * 200_000, {"type-datetime"}),
    "a schema that doubles": (
        {"type": "object", "constraints": {"jsonSchema": doubling()}},
        "{}",
        {"schema-json-schema-invalid"},
    ),
    "a long misspelling of a term": (
        {"constraints": {"enum": [LONG + "x"]}},
        LONG + "y",
        {"constraint-enum"},
    ),
    "@": ({}, "x@" + "a" * 50_000, set()),
    "no @": ({}, "a" * 50_000 + "@", set()),
    "dots behind @": ({}, "a@" + "a." * 30_000, set()),
    "@ and http": ({}, "x@" + "http" * 20_000, set()),
    "sevens": ({}, "8-7" * 30_000, set()),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell(tmp_path: Path, kind: str) -> None:
    field, cell, expected = CELLS[kind]
    path = package(tmp_path, table(field), {"t.csv": f"a\n{cell}\n".replace("{}", '"{}"').encode()})
    assert codes(path, "--hygiene") == expected


def test_long_names_are_no_near_misses(tmp_path: Path) -> None:
    fields = {"name": LONG + "x"}
    path = package(tmp_path, table(fields), {"t.csv": f"{LONG}y\n1\n".encode()}, **{LONG: 1})
    assert "header-mismatch" in codes(path)
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"name": "x", "resources": table(path="b" * 4003)}))
        for number in range(20):
            archive.writestr("b" * 4003 + str(number), "a\n1\n")
    assert "path-missing" in codes(tmp_path / "p.zip")


@pytest.mark.parametrize("quote", [b"", b'"x",', b'x"y,'])
def test_sixty_million_cells_in_one_record(tmp_path: Path, quote: bytes) -> None:
    data = gzip.compress(b"a\n" + quote + b"," * 60_000_000 + b"\n2\n", 1)
    found = codes(package(tmp_path, table(path="t.csv.gz"), {"t.csv.gz": data}))
    assert found <= {"extra-cell", "misplaced-quote", "quote-in-cell"} and found


@pytest.mark.parametrize("kind", ["array", "object"])
def test_large_cells_are_not_kept(tmp_path: Path, kind: str) -> None:
    cells = (f"[{number}{',0' * 1_000_000}]" for number in range(12))
    rows = "".join(f'"{cell}"\n' if kind == "array" else f'"{{""a"":{cell}}}"\n' for cell in cells)
    path = package(
        tmp_path, table({"type": kind}, "t.csv.gz"), {"t.csv.gz": gzip.compress(f"a\n{rows}".encode(), 1)}
    )
    assert codes(path) == set()


@pytest.mark.parametrize("part", ["1,", "[1,1],"])
def test_large_cells_of_too_many_values(tmp_path: Path, part: str) -> None:
    """Each is refused by a count that takes a fraction of the time that reading it would take."""
    cells = (f"[{part * (15_000_000 // len(part))}{number}]" for number in range(12))
    data = gzip.compress(("a\n" + "".join(f'"{cell}"\n' for cell in cells)).encode(), 1)
    path = package(tmp_path, table({"type": "array"}, "t.csv.gz"), {"t.csv.gz": data})
    assert codes(path) == {"type-array"}


def test_commas_in_texts_of_a_cell_are_no_values(tmp_path: Path) -> None:
    cell = '"[' + '""' + "," * (limits.MAX_JSON_VALUES + 10) + '""]"'
    path = package(tmp_path, table({"type": "array"}), {"t.csv": f"a\n{cell}\n".encode()})
    assert codes(path) == set()


def test_a_json_table_of_too_many_values(tmp_path: Path) -> None:
    data = b"[[" + b"[]," * (limits.MAX_JSON_VALUES + 10) + b"[]]]"
    assert codes(package(tmp_path, table(path="t.json"), {"t.json": data})) == {"json-syntax"}


def test_a_json_table_of_many_small_records(tmp_path: Path) -> None:
    data = b"[" + b",".join([b'{"a":"x"}'] * 700_000) + b"]"
    assert data.count(b"{") + data.count(b",") > 1_000_000
    path = package(tmp_path, table(path="t.json"), {"t.json": data})
    assert codes(path) == set()


def test_a_descriptor_of_too_many_values(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", b'{"x":[' + b"[]," * 20_000_000 + b'[]],"resources":[]}')
    (sentence,) = codes(tmp_path / "p.zip")
    assert f"it holds more than {limits.MAX_JSON_VALUES:,} values" in sentence


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_a_table_that_unpacks_to_too_much(tmp_path: Path, ending: str) -> None:
    data = b"a\n" + b"1\n" * (150 << 20)
    path = tmp_path / f"t.csv.{ending}"
    if ending == "gz":
        path.write_bytes(gzip.compress(data, 6))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("t.csv", data)
    assert codes(package(tmp_path, table(path=path.name), {})) == {"file-too-large"}


def test_ten_thousand_tables(tmp_path: Path) -> None:
    resources = [{**table()[0], "name": f"t{number}"} for number in range(10_000)]
    assert codes(package(tmp_path, resources, {"t.csv": b"a\n1\n"})) == set()


NUMBERS = count(100)


def processor_seconds(run: Callable[[str], None], text: str, times: int) -> float:
    best = 1e9
    # A collection goes through all that earlier tests left.
    gc.disable()
    try:
        for _ in range(times):
            # Another text each time, since what is remembered takes no time.
            other = f"{text}{next(NUMBERS)}"
            start = time.process_time()
            run(other)
            best = min(best, time.process_time() - start)
    finally:
        gc.enable()
    return best


SHAPES = ("{}", "x@{}", "T{}+00")
UNITS = (
    "a",
    "a.",
    "@",
    "T",
    "`",
    "`` ",
    "\\`",
    "8-7",
    "+7 ",
    "http://",
    "www.",
    "1,",
    " ",
    "<b",
    "AB1234567 ",
    "·",
    "(",
    "[",
    "{",
    '"',
    "%Y",
    "2024-",
    "[..",
    "\\p{L}",
    "ж",
    "\n",
)


@pytest.mark.parametrize("name", PARSERS)
def test_time_grows_with_the_length_and_no_faster(name: str) -> None:
    """Sixteen times the text takes at most sixty times the time: a square would take 256 times."""
    parse, refusals = PARSERS[name]

    def run(text: str) -> None:
        with contextlib.suppress(*refusals):
            parse(text)

    for shape in SHAPES:
        for unit in UNITS:
            texts = [shape.format(unit * (length // len(unit))) for length in (1_000, 16_000)]
            long = processor_seconds(run, texts[1], 1)
            if long > 0.02:
                # What takes some time is measured with more care.
                long, short = processor_seconds(run, texts[1], 3), processor_seconds(run, texts[0], 3)
                assert long < 60 * max(short, 0.001), (shape, unit, short, long)


def test_every_limit_is_documented_with_its_value() -> None:
    page = (ROOT / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", page, re.MULTILINE))
    values = {
        name: value for name, value in vars(limits).items() if name[0] != "_" and isinstance(value, int)
    }
    shown = {
        name: f"{value >> 20} MiB" if value >= 1 << 20 and value % (1 << 20) == 0 else f"{value:,}"
        for name, value in values.items()
    }
    assert documented == shown


def test_what_is_known_of_wrong_values_keeps_no_frames(tmp_path: Path) -> None:
    """An exception that is kept keeps the frames that it passed: twelve objects for each value."""
    rows = "".join(f"x{number}\n" for number in range(2_000))
    (tmp_path / "t.csv").write_text(f"n\n{rows}")
    schema = {"fields": [{"name": "n", "type": "integer"}]}

    def frames() -> int:
        return sum(isinstance(known, TracebackType) for known in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = frames()
        report = casetrail.validate(tmp_path / "t.csv", schema=schema, limit=10_000)
        assert frames() - before < 100
    finally:
        gc.enable()
    assert report.counts == {"type-integer": 2_000}


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_work_is_done_by_nobody(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "t.csv").write_text("n\n1\n")
    with pytest.raises(ValueError, match=f"jobs is {jobs}, and at least 1 is needed"):
        casetrail.validate(tmp_path / "t.csv", schema={"fields": [{"name": "n"}]}, jobs=jobs)
