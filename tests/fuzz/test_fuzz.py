"""Whatever bytes a package has, validation ends with a report or with one sentence.

A few seconds by default; CASETRAIL_FUZZ_SECONDS sets how long each of the two runs (`make fuzz`).
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from casetrail.cli.main import main

SECONDS = float(os.environ.get("CASETRAIL_FUZZ_SECONDS", "4"))
ROUND = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))

SCHEMA = {
    "fields": [
        {"name": "a", "type": "string", "constraints": {"pattern": "[a-z]+", "maxLength": 3}},
        {"name": "b", "type": "integer", "constraints": {"minimum": 0, "unique": True}},
        {"name": "c", "type": "date"},
        {"name": "d", "type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF"},
    ],
    "primaryKey": ["a"],
    "foreignKeys": [{"fields": ["d"], "reference": {"fields": ["a"]}}],
}
DESCRIPTOR = {"name": "x", "resources": [{"name": "t", "path": "t.csv", "type": "table", "schema": SCHEMA}]}
PIECES = [
    b"a,b,c,d\n",
    b",",
    b'"',
    b'""',
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xe2\x80\xae",
    b";",
    b"1",
    b"x",
    b"2024-02-29",
    b"-5",
    b"abc",
    b'"a\nb"',
    b"\t",
    b" ",
    b"=1+1",
    b"\xc3\xa9",
    b"010101500003",
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = [
    "name",
    "path",
    "type",
    "schema",
    "fields",
    "primaryKey",
    "foreignKeys",
    "reference",
    "resource",
    "resources",
    "constraints",
    "enum",
    "minimum",
    "pattern",
    "missingValues",
    "dialect",
    "delimiter",
    "encoding",
    "data",
    "hash",
    "bytes",
    "format",
    "categories",
    "uniqueKeys",
    "fieldsMatch",
    "t.csv",
    "t",
    "a",
    "integer",
    "date",
    "table",
    "jsonSchema",
    "compression",
    "header",
    "quoteChar",
    "caseProfile",
    "1.0",
    "profile",
    "$schema",
    "../x",
    "a.json",
]


def rounds(test: Callable[[], None]) -> None:
    """Run a test of a hundred examples again and again, each time with others, until the time is over."""
    started = time.monotonic()
    number = 0
    while number == 0 or time.monotonic() - started < SECONDS:
        seed(number)(test)()
        number += 1


def judge(descriptor: bytes, data: bytes, capsys: Any) -> dict[str, Any] | None:
    """What the command says: a report, or `None` after one sentence."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "datapackage.json").write_bytes(descriptor)
        (Path(folder) / "t.csv").write_bytes(data)
        code = main(["validate", folder, "--format", "json", "--hygiene"])
    said = capsys.readouterr()
    assert "mistake in casetrail" not in said.err
    if not said.out:
        assert code == 2
        assert len(said.err.splitlines()) == 1
        return None
    report: dict[str, Any] = json.loads(said.out)
    assert all(
        "could not run: " not in one["message"] or "Error: " not in one["message"]
        for one in report["findings"]
    )
    assert sum(report["counts"].values()) >= len(report["findings"])
    return report


def mutated(draw: Callable[[Any], Any], value: Any, depth: int = 0) -> Any:
    """The JSON value with some of its parts changed into others."""
    chance = draw(st.integers(0, 30))
    if chance == 0:
        return draw(JSON)
    if chance == 1:
        return draw(st.sampled_from(WORDS))
    if isinstance(value, dict):
        result = {
            key: mutated(draw, one, depth + 1) for key, one in value.items() if draw(st.integers(0, 25))
        }
        if draw(st.integers(0, 6)) == 0:
            result[draw(st.sampled_from(WORDS))] = draw(st.one_of(JSON, st.sampled_from(WORDS)))
        return result
    if isinstance(value, list):
        return [mutated(draw, one, depth + 1) for one in value if draw(st.integers(0, 25))]
    return value


def test_any_bytes_of_data_end_in_a_report(capsys: Any) -> None:
    @ROUND
    @given(
        parts=st.lists(st.sampled_from(PIECES), max_size=40), tail=st.binary(max_size=8), head=st.booleans()
    )
    def test(parts: list[bytes], tail: bytes, head: bool) -> None:
        data = (PIECES[0] if head else b"") + b"".join(parts) + tail
        assert judge(json.dumps(DESCRIPTOR).encode(), data, capsys) is not None

    rounds(test)


def test_any_descriptor_ends_in_a_report_or_a_sentence(capsys: Any) -> None:
    @ROUND
    @given(data=st.data())
    def test(data: st.DataObject) -> None:
        descriptor = json.dumps(mutated(data.draw, DESCRIPTOR)).encode()
        if data.draw(st.integers(0, 9)) == 0:
            at = data.draw(st.integers(0, len(descriptor)))
            descriptor = descriptor[:at] + data.draw(st.binary(max_size=4)) + descriptor[at:]
        judge(descriptor, b"a,b,c,d\nabc,1,2024-02-29,abc\nABC,-1,x,y\n", capsys)

    rounds(test)
