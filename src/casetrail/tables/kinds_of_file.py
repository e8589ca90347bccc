"""Kinds of files that are no text table, told apart by how they begin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindOfFile:
    """What a file is, after "the file is", and what to do with it."""

    words: str
    hint: str


_UTF_16 = KindOfFile("UTF-16 or UTF-32, not UTF-8", 'save it as UTF-8; Excel calls that "CSV UTF-8"')
# The marks are in lower-case letters.
_KINDS = (
    ((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"), _UTF_16),
    (
        (b"pk\x03\x04", b"\xd0\xcf\x11\xe0"),
        KindOfFile("a spreadsheet, or packed; it is not text", "open it and save it as CSV in UTF-8"),
    ),
    ((b"%pdf-",), KindOfFile("a PDF, not a table", "put the table itself there, as CSV in UTF-8")),
    (
        (b"<!doctype html", b"<html"),
        KindOfFile("a web page, not a table", "download the table itself; the page may say why it is not"),
    ),
    (
        (b"version https://git-lfs.",),
        KindOfFile("a pointer of Git LFS, not the table", "fetch the table with `git lfs pull`"),
    ),
)
_START = 256


def kind_of_file(data: bytes) -> KindOfFile | None:
    """The kind of a file that begins with the data; `None` where it may be a table."""
    start = data[:_START].lower()
    for marks, kind in _KINDS:
        if start.startswith(marks):
            return kind
    # UTF-16 without its mark: every other byte of Latin text is NUL.
    pairs = len(start) // 2
    if pairs >= 4 and max(start[::2].count(0), start[1::2].count(0)) > pairs // 2:
        return _UTF_16
    return None
