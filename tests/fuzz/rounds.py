"""How a fuzz test runs: rounds of cases, each round with others, until its time is over.

CASETRAIL_FUZZ_SECONDS sets how long each test runs: a second by default, minutes under `make fuzz`.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st

from casetrail.cli.main import main

SECONDS = float(os.environ.get("CASETRAIL_FUZZ_SECONDS", "1"))
CASES = 100 if SECONDS > 10 else 25
FIRST = int(os.environ.get("CASETRAIL_FUZZ_SEED", "0"))
LONGEST = 10
"""Seconds of the processor that no case may take: that of a second, with room for a busy machine."""
ROUND = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)

Record = Callable[[str, object], None]


def rounds(test: Callable[[], None], record: Record, share: float = 1) -> None:
    """Run a test of some cases again and again, for a share of the time; how many is recorded as `cases`."""
    started, number = time.monotonic(), 0
    while number == 0 or time.monotonic() - started < SECONDS * share:
        seed(FIRST + number)(test)()
        number += 1
    record("cases", CASES * number)


@contextmanager
def in_time(what: object) -> Iterator[None]:
    """Fail where what is done inside takes too long."""
    started = time.process_time()
    yield
    seconds = time.process_time() - started
    assert seconds < LONGEST, f"{seconds:.1f} s of the processor: {what!r:.500}"


@contextmanager
def package(descriptor: bytes, files: dict[str, bytes], name: str = "datapackage.json") -> Iterator[Path]:
    """A folder with these files, for as long as it is looked at."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        (folder / name).write_bytes(descriptor)
        for path, data in files.items():
            (folder / path).write_bytes(data)
        yield folder
    finally:
        shutil.rmtree(folder)


def ends_well(arguments: Sequence[str], capsys: Any) -> tuple[int, str]:
    """Run a command, which ends with 0, 1 or 2 and says what is wrong in a sentence, not in Python's words.

    Its exit code and what it printed.
    """
    capsys.readouterr()
    with in_time(arguments):
        code = main(list(arguments))
    printed = capsys.readouterr()
    assert code in (0, 1, 2), arguments
    assert "mistake in casetrail" not in printed.err, (arguments, printed.err)
    assert "Traceback" not in printed.err
    assert code != 2 or len(printed.err.splitlines()) <= 1, printed.err
    return code, printed.out


def judge(path: Path, capsys: Any, *options: str) -> dict[str, Any] | None:
    """What `validate` says: a report in which no check broke, or `None` after one sentence."""
    code, out = ends_well(["validate", str(path), "--format", "json", "--hygiene", *options], capsys)
    if not out:
        assert code == 2
        return None
    report: dict[str, Any] = json.loads(out)
    broken = [
        finding["message"]
        for finding in report["findings"]
        if "could not run: " in finding["message"] and "Error: " in finding["message"]
    ]
    assert broken == []
    assert sum(report["counts"].values()) >= len(report["findings"])
    assert report["valid"] or code != 0
    return report


def damaged(draw: Callable[[Any], Any], data: bytes, pieces: Sequence[bytes] = ()) -> bytes:
    """The bytes with a few of them changed, left out, said twice or followed by others."""
    result = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(result) - 1, 0)))
        end = at + draw(st.integers(0, 12))
        way = draw(st.integers(0, 6))
        if way == 0:
            result[at:at] = result[at:end]
        elif way == 1:
            del result[at:end]
        elif way == 2 and pieces:
            result[at:end] = draw(st.sampled_from(list(pieces)))
        elif way == 3:
            result[at : at + 4] = draw(st.sampled_from([0, 1, 0x7FFFFFFF, 0xFFFFFFFF])).to_bytes(4, "little")
        elif way == 4:
            del result[at:]
        else:
            result[at:end] = draw(st.binary(min_size=1, max_size=4))
    return bytes(result)
