"""Files that are no table: what they are is said once, with what to do."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

HEADER = "id,note\na,good\nb,bad\n"


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (HEADER.encode("utf-16"), "UTF-16", "UTF-8"),
        (HEADER.encode("utf-16-le"), "UTF-16", "UTF-8"),
        (HEADER.encode("utf-16-be"), "UTF-16", "UTF-8"),
        (zipped(), "spreadsheet", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spreadsheet", "save it as CSV"),
        (b"%PDF-1.7\n", "PDF", "CSV"),
        (b"<!DOCTYPE html>\n<html>", "web page", "download"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS", "git lfs pull"),
    ],
)
def test_what_the_file_is_is_the_one_finding(one_table: Any, data: bytes, message: str, hint: str) -> None:
    report = one_table([{"name": "id"}, {"name": "note"}], data)
    (finding,) = report.findings
    assert finding.code == "file-encoding"
    assert message in finding.message and hint in finding.hint
    assert "U+0000" not in report.render("text")


@pytest.mark.parametrize("data", [HEADER.encode(), b"id,note\n\x00,\n", "id,note\nщ,\n".encode()])
def test_a_table_is_not_taken_for_another_file(one_table: Any, data: bytes) -> None:
    report = one_table([{"name": "id"}, {"name": "note"}], data)
    assert "file-encoding" not in report.counts
