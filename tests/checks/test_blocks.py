"""Blocks: the report is the same, byte for byte, for any number of jobs and any size of the blocks."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import casetrail
from casetrail.checks import key_pieces, spill
from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.checks.handle import Handle
from casetrail.checks.key_pieces import BlockKeys
from casetrail.package.package import open_package
from casetrail.types.arrow_arrays import text_array

PIECES = st.sampled_from(
    [
        *(b",", b",", b"\n", b"\n", b'"', b'""', b'","', b'"\n"', b"\r\n", b"\r", b"\0", b"#", b"\\", b" "),
        *(b"a", b"bc", b"\xc3\xa9", b"\xe9", b"\xef\xbb\xbf", b"<<<<<<< HEAD\n"),
        *(b"1,2,a\n", b'"1",x,b\n', b"1,2,a\n3,4,c\n", b'"p\nq",5,r\n', b'1,"x""y",\n', b"7,2.5,a\r\n"),
    ]
)
BODIES = st.lists(PIECES, max_size=40).map(b"".join)
DIALECTS: list[dict[str, Any]] = [
    {},
    {"commentChar": "#"},
    {"commentRows": [3, 5]},
    {"escapeChar": "\\", "quoteChar": '"'},
    {"doubleQuote": False},
    {"skipInitialSpace": True},
    {"lineTerminator": ";"},
    {"header": False},
]
RULE = {"name": "both-or-none", "description": "Both are filled.", "together": ["n", "c"]}
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "constraints": {"required": True, "maxLength": 3}},
    {"name": "n", "type": "integer", "constraints": {"minimum": 3, "required": True}},
    {"name": "c", "constraints": {"enum": ["a", "b"], "maxLength": 1, "unique": True}},
]
SCHEMA: dict[str, Any] = {
    "fields": FIELDS,
    "primaryKey": ["id"],
    "uniqueKeys": [["n", "c"]],
    "foreignKeys": [{"fields": ["c"], "reference": {"fields": ["id"]}}],
    "rules": [RULE],
}


@settings(max_examples=150, deadline=None)
@given(
    body=BODIES,
    dialect=st.sampled_from(DIALECTS),
    block=st.integers(1, 60),
    jobs=st.integers(2, 4),
    limit=st.sampled_from([1, 2, 1000]),
    packed=st.sampled_from([None, "whole", "cut"]),
    on_disk=st.booleans(),
)
@example(body=b'1,"2\n,a\n' * 9, dialect={}, block=20, jobs=3, limit=2, packed=None, on_disk=True)
@example(body=b"1,x,c\n1,y,d\n" * 30, dialect={}, block=15, jobs=3, limit=2, packed=None, on_disk=True)
@example(body=b'1,2,"a\nb"\n' * 30, dialect={}, block=13, jobs=4, limit=1000, packed="cut", on_disk=False)
def test_jobs_and_blocks_change_no_byte_of_the_report(
    tmp_path_factory: pytest.TempPathFactory,
    write: Any,
    body: bytes,
    dialect: dict[str, Any],
    block: int,
    jobs: int,
    limit: int,
    packed: str | None,
    on_disk: bool,
) -> None:
    data, name = b"id,n,c\n" + body, "t.csv"
    if packed is not None:
        data, name = gzip.compress(data, mtime=0), "t.csv.gz"
        data = data[: len(data) - 9] if packed == "cut" else data
    folder = tmp_path_factory.mktemp("blocks")
    resource = {"name": "t", "type": "table", "path": name, "dialect": dialect, "schema": SCHEMA}
    write(folder, [resource], {name: data})
    package = open_package(folder)
    expected = validate(package, options=Options(limit=limit, jobs=1, hygiene=True)).to_json()
    with pytest.MonkeyPatch.context() as patch:
        if on_disk:
            # As if the keys filled the memory.
            patch.setattr(spill, "THRESHOLD", 0)
            patch.setattr(Handle, "at_once", 100)
        for options in (
            Options(limit=limit, jobs=1, hygiene=True, block=block),
            Options(limit=limit, jobs=jobs, hygiene=True, block=block),
        ):
            assert validate(package, options=options).to_json() == expected


def test_the_first_cells_are_described_whatever_column_they_are_in(tmp_path: Path, write: Any) -> None:
    fields = [{"name": name, "type": "integer"} for name in "abc"]
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": fields}}
    write(tmp_path, [resource], {"t.csv": "a,b,c\n" + "1,x,2\nx,x,x\n" * 5})
    report = casetrail.validate(tmp_path, limit=5, jobs=2)
    assert report.counts["type-integer"] == 20
    assert [(found.row, found.field) for found in report.findings if found.code == "type-integer"] == [
        (2, "b"),
        (3, "a"),
        (3, "b"),
        (3, "c"),
        (4, "b"),
    ]


def test_a_long_broken_file_is_the_same_for_every_job(tmp_path: Path, write: Any) -> None:
    lines = [f'{n},"{n}\n",a' if n % 7 else f"{n},x,b" for n in range(40_000)]
    lines[20_000] = '20000,"1,a'
    lines[30_000] = '30000,1",a'
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA}
    write(tmp_path, [resource], {"t.csv": "id,n,c\n" + "\n".join(lines) + "\n"})
    package = open_package(tmp_path)
    reports = {
        validate(package, options=Options(jobs=jobs, block=block)).to_json()
        for jobs, block in ((1, 1 << 23), (2, 1 << 23), (2, 100_000), (5, 30_000))
    }
    assert len(reports) == 1


def test_many_keys_are_compared_in_parts_on_disk(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"{(n * 7919) % 50_000:x}" for n in range(50_000)]
    keys[100] = keys[40_000]
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA}
    lines = [f"{key},{n % 9},{keys[n // 2]}" for n, key in enumerate(keys)]
    write(tmp_path, [resource], {"t.csv": "id,n,c\n" + "\n".join(lines) + "\n"})
    expected = casetrail.validate(tmp_path).to_json()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written: list[int] = []
    keep = spill.Spill.keep
    monkeypatch.setattr(spill, "THRESHOLD", 0)
    monkeypatch.setattr(Handle, "at_once", 50_000)
    monkeypatch.setattr(
        spill.Spill, "keep", lambda self, arrays: written.append(len(arrays)) or keep(self, arrays)
    )
    report = casetrail.validate(tmp_path)
    assert report.to_json() == expected and written
    assert report.counts["primary-key-duplicate"] == 1
    assert not list(tmp_path.glob("casetrail-*"))


def test_partitions_keep_equal_keys_together_and_are_even() -> None:
    keys = text_array([f"key-{n % 5_000}" for n in range(10_000)])
    numbers = key_pieces.partition_numbers(keys, 3).to_pylist()
    assert numbers[:5_000] == numbers[5_000:]
    assert all(1_000 < numbers.count(number) < 1_500 for number in range(8))


def test_keys_of_one_ending_are_not_all_in_one_partition() -> None:
    keys = text_array([f"{n:06}/the same ending of all of them" for n in range(8_000)])
    numbers = key_pieces.partition_numbers(keys, 3).to_pylist()
    assert all(800 < numbers.count(number) < 1_200 for number in range(8))


def test_many_blocks_are_few_bundles_in_their_order() -> None:
    blocks = [BlockKeys.of(text_array(["a"] * (1 + number % 7))) for number in range(5_000)]
    bundles = key_pieces.bundles(blocks)
    assert len(bundles) <= 128
    assert [block for bundle in bundles for block in bundle] == blocks
    assert [len(bundle) for bundle in key_pieces.bundles(blocks[:3])] == [1, 1, 1]
    assert len(key_pieces.bundles(blocks[:3], 3)) == 2
