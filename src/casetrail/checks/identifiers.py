"""Personal identifiers in running text: numbers and addresses by which a person can be found.

A number counts only when its own rules say that it can be one: an IIN and a Chinese identity number have a
real date and a right check digit. Web addresses and dates are taken out of the text first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

MAY_HOLD = r"(?:[0-9].{0,3}){7}[0-9]|@|[A-Za-z][0-9]{7}"
"""RE2: what a text has somewhere when it holds an identifier; most texts are proved clean by it."""

_URL = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+|\bdoi:\S+", re.IGNORECASE)
_DATE = re.compile(r"(?<![0-9])[12][0-9]{3}-[0-9]{2}(?:-[0-9]{2})?(?![0-9])")
# The parts of an address are as long as RFC 5321 lets them be, so that no long text is tried in every way.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,63}")
_IIN = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_CHINESE = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_INTERNATIONAL = re.compile(r"(?<![\w+])\+ ?[1-9](?:[ ().\u00a0-]{0,2}[0-9]){7,14}(?![0-9])")
_DOMESTIC = re.compile(r"(?<![\w+])8[ (\u00a0-]{0,2}7[0-9]{2}(?:[ ()\u00a0-]{0,2}[0-9]){7}(?![0-9])")
_DOCUMENT = re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]{1,2}[ №]?[0-9]{7,8}|[0-9]{8,9})(?![0-9A-Za-z])")
_KAZAKH_PASSPORT = re.compile(r"(?<![0-9A-Za-z])N[0-9]{8}(?![0-9A-Za-z])")
_DOCUMENT_WORD = re.compile(
    r"passport|identity card|\bID (?:card|number|no)|паспорт|удостоверени|төлқұжат|жеке куәлік|护照|身份证",
    re.IGNORECASE,
)
_WORD_BEFORE = 40


def identifiers(text: str) -> Iterator[tuple[str, str]]:
    """The identifiers in a text: kind (`iin`, `telephone`, `email`, `document-number`) and the text found."""
    rest = _URL.sub(" ", text)
    for match in _EMAIL.finditer(rest):
        yield "email", match[0]
    rest = _DATE.sub(" ", _EMAIL.sub(" ", rest))
    for match in _IIN.finditer(rest):
        if is_iin(match[0]):
            yield "iin", match[0]
    for match in _CHINESE.finditer(rest):
        if is_chinese_number(match[0]):
            yield "document-number", match[0]
    for pattern in (_INTERNATIONAL, _DOMESTIC):
        for match in pattern.finditer(rest):
            yield "telephone", match[0]
    starts: set[int] = set()
    for match in _KAZAKH_PASSPORT.finditer(rest):
        starts.add(match.start())
        yield "document-number", match[0]
    for match in _DOCUMENT.finditer(rest):
        before = rest[max(0, match.start() - _WORD_BEFORE) : match.start()]
        if match.start() not in starts and _DOCUMENT_WORD.search(before):
            yield "document-number", match[0]


def is_iin(digits: str) -> bool:
    """Whether twelve digits are a Kazakh identification number: birth date, century, check digit."""
    century = int(digits[6])
    if not 1 <= century <= 6 or not _is_day(1800 + 100 * ((century - 1) // 2) + int(digits[:2]), digits[2:6]):
        return False
    numbers = [int(digit) for digit in digits]
    check = sum(weight * number for weight, number in zip(range(1, 12), numbers[:11], strict=True)) % 11
    if check == 10:
        weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        check = sum(weight * number for weight, number in zip(weights, numbers[:11], strict=True)) % 11
    return check == numbers[11]


def is_chinese_number(text: str) -> bool:
    """Whether eighteen characters are a Chinese resident identity number: birth date and check character."""
    if not _is_day(int(text[6:10]), text[10:14]) or not 1850 <= int(text[6:10]) <= 2100:
        return False
    weighed = sum(int(digit) * pow(2, 17 - index, 11) for index, digit in enumerate(text[:17]))
    return "10X98765432"[weighed % 11] == text[17].upper()


def _is_day(year: int, month_and_day: str) -> bool:
    try:
        dt.date(year, int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return False
    return True
