"""A full disk is never taken for a dataset that has no such file."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from casetrail.findings.error import CasetrailError
from casetrail.release.machine import machine_error


def in_other_words(error: BaseException) -> CasetrailError:
    try:
        try:
            raise error
        except Exception:
            raise CasetrailError("something cannot be held") from None
    except CasetrailError as told:
        return told


def test_an_error_of_the_file_system_is_found_behind_other_words() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert machine_error(in_other_words(full)) is full
    assert machine_error(in_other_words(in_other_words(full))) is full


def test_what_the_content_does_not_allow_is_none() -> None:
    assert machine_error(CasetrailError("too many columns")) is None
    assert machine_error(in_other_words(ValueError("32,768 characters"))) is None


def test_a_database_that_may_not_grow(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "t.sqlite")
    database.execute("pragma max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as raised:
        database.execute("create table t as select randomblob(100000) as a")
    database.close()
    found = machine_error(in_other_words(raised.value))
    assert found is not None and found.errno == errno.ENOSPC


def test_two_names_that_a_database_takes_for_one() -> None:
    database = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as raised:
        database.execute("create table t (a, A)")
    assert machine_error(in_other_words(raised.value)) is None
    database.close()
