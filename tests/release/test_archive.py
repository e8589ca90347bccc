"""The zip: read by others as what went in, and the same however often it is made."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casetrail.release.archive import Member, archive_chunks

DAY = date(2026, 11, 30)


def packed(files: dict[str, bytes], day: date = DAY) -> bytes:
    members = [Member(n, len(d), zlib.crc32(d), lambda d=d: io.BytesIO(d)) for n, d in files.items()]  # type: ignore[misc]
    return b"".join(archive_chunks(members, day))


NAMES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=6))
def test_others_read_what_went_in(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(files))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(files)
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {one.date_time for one in archive.infolist()} <= {(2026, 11, 30, 0, 0, 0)}


def test_the_order_in_which_files_come_is_no_difference() -> None:
    files = {"b": b"2", "a": b"1", "B": b"3"}
    assert packed(files) == packed(dict(reversed(files.items())))


def test_more_files_than_the_plain_form_can_count() -> None:
    files = {f"{number:05}": b"" for number in range(65_600)}
    data = packed(files)
    assert b"PK\6\6" in data and b"PK\6\7" in data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 65_600


def test_a_day_before_zips_had_dates() -> None:
    with zipfile.ZipFile(io.BytesIO(packed({"a": b""}, date(1950, 5, 1)))) as archive:
        assert archive.infolist()[0].date_time[0] == 1980
