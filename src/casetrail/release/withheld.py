"""Withheld names: every file of a release is searched for them, whatever its format, before anyone sees it.

A name is reported by the file and the line of the private list, never by itself. What is searched, and what
cannot be, is listed in docs/reference/releases.md, "Withheld names".
"""

from __future__ import annotations

import base64
import contextlib
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from casetrail.case.name_folding import fold_name, name_pattern, searchable, skeleton
from casetrail.findings.error import CasetrailError
from casetrail.release.file_texts import texts_of

_SHORT = 6
"""Letters below which a name is sought as a whole word: no release is refused for `Ana` in an analysis."""
_LONG = 10
"""Letters from which on nothing else could be meant, whatever lies between them."""
_BETWEEN = r" ?(?:\w{1,2} )?"
"""What may be between two words of a name: nothing, an initial, an ending."""
_FILLERS = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
_BLANKS = re.compile(r"[\s_]+")


@dataclass
class WithheldSearch:
    """What a search came to: where a name is, by file and line of the list; which files were not searched."""

    hits: list[str] = field(default_factory=list)
    not_searched: dict[str, str] = field(default_factory=dict)


class WithheldNames:
    """The names of a private file, one a line; lines that are empty or start with `#` are passed over.

    A name is found whatever its case, accents and script, with its last word first, whatever parts its words,
    with invisible characters in it, and in letters that look like its own. A name of fewer than six letters
    is found as a whole word only, unless its script writes no blanks.
    """

    def __init__(self, names: dict[int, str]) -> None:
        self._patterns = {
            line: tuple(name_pattern(order, _SHORT, between=_BETWEEN) for order in _orders(name))
            for line, name in names.items()
        }
        self._letters = {line: tuple(_letters(name)) for line, name in names.items()}

    @classmethod
    def read(cls, path: Path) -> WithheldNames:
        """Read the file.

        Raises:
            CasetrailError: It cannot be read or names nobody.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = (getattr(error, "strerror", None) or "it is not UTF-8").lower()
            raise CasetrailError(f"the list of withheld names '{path}' cannot be read: {reason}") from None
        names = {
            n: name for n, line in enumerate(lines, start=1) if (name := line.strip()) and name[0] != "#"
        }
        if any(not fold_name(name) for name in names.values()):
            raise CasetrailError(f"the list of withheld names '{path}' has a line without letters; mend it")
        if not names:
            raise CasetrailError(
                f"the list of withheld names '{path}' names nobody; leave --withheld out instead"
            )
        return cls(names)

    def lines_in(self, text: str) -> set[int]:
        """The lines of the list whose names are in the text, however it is escaped."""
        lines: set[int] = set()
        for reading in dict.fromkeys(readings(text)):
            clean = _FILLERS.sub("", reading)
            for look in dict.fromkeys((clean, skeleton(clean))):
                form = searchable(look)
                letters = form.replace(" ", "")
                lines |= {
                    line
                    for line, patterns in self._patterns.items()
                    if any(pattern.search(form) for pattern in patterns)
                    or any(name in letters for name in self._letters[line])
                }
        return lines

    def masked(self, text: str) -> str:
        """The text with each line left out that holds one of the names."""
        lines = (
            "(a line with a withheld name is not shown)" if self.lines_in(line) else line
            for line in text.split("\n")
        )
        return "\n".join(lines)

    def search(self, root: Path, only: str | None = None) -> WithheldSearch:
        """Search all files below the folder, or one of them."""
        result = WithheldSearch()
        paths = (
            [only]
            if only
            else sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        )
        for number, name in enumerate(paths, start=1):
            in_path, lines = self.lines_in(name), set()
            shown = f"the path of file {number} of {len(paths)}" if in_path else name
            result.hits += [f"{shown} (line {line} of the list)" for line in sorted(in_path)]

            def skip(reason: str, shown: str = shown) -> None:
                result.not_searched.setdefault(shown, reason)

            for text in texts_of(root / name, skip):
                lines |= self.lines_in(text)
            shown = shown.replace("the path of ", "")
            result.hits += [f"{shown} (line {line} of the list)" for line in sorted(lines)]
        # What is in a path is mended first: the other files follow from it.
        result.hits.sort(key=lambda hit: not hit.startswith("the path of "))
        return result


def _orders(name: str) -> Iterator[str]:
    """The words as written, last first, first last, turned around; in their own letters and look-alikes."""
    for form in dict.fromkeys((name, skeleton(name))):
        words = _BLANKS.sub(" ", form).split()
        orders = (words, [words[-1], *words[:-1]], [*words[1:], words[0]], words[::-1])
        yield from dict.fromkeys(" ".join(order) for order in orders)


def _letters(name: str) -> Iterator[str]:
    """The letters of a long name without what parts its words."""
    for order in _orders(name):
        for form in searchable(order).split("\n"):
            letters = form.replace(" ", "")
            if len(letters) >= _LONG:
                yield letters


_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|[\\%]u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})"
    r"|\\'([0-9a-fA-F]{2})"
)
_OCTAL = re.compile(r"\\([0-3][0-7]{2}|[0-7]{1,2})")
_NAMED = re.compile(r"\\N\{([A-Z0-9 -]{1,90})\}")
_LINE_BREAK = re.compile(r"\\[nrt]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_KEY = re.compile(r'"(?:[^"\\\n]|\\.){0,200}"\s{0,20}:')
_TAG = re.compile(r"<!--.{0,2000}?-->|<!\[CDATA\[|\]\]>|<[^<>]{0,10000}>", re.DOTALL)
_QUOTED = re.compile(r"(?:=[0-9A-F]{2}){2,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{2}(?:[: ]?[0-9a-fA-F]{2}){3,}")
_OTHER_LETTERS = {
    first + at: chr(ord("A") + at) for first in (0x1F150, 0x1F170, 0x1F1E6) for at in range(26)
} | {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
"""Letters in circles, squares and flags, and those that only tag others."""
_MARKED = re.compile("[" + "".join(map(chr, _OTHER_LETTERS)) + "]")
_TEX = re.compile(r"\\(?:[A-Za-z]{1,20} ?|[^A-Za-z\s])|[{}]")


def readings(text: str) -> Iterator[str]:
    """The text, and each other text that a reader may see in it."""
    yield text
    plain = text
    if "\\" in plain or "%u" in plain:
        plain = _ESCAPE.sub(_character, _LINE_BREAK.sub(" ", plain))
        plain = _NAMED.sub(_named, _OCTAL.sub(lambda match: chr(int(match[1], 8)), plain))
        plain = _SURROGATES.sub(_joined, plain).replace("\\", "")
        yield plain
    for _ in range(8):  # What is escaped may be escaped again, as in a page that quotes a page.
        before = plain
        plain = html.unescape(unquote(plain)) if "%" in plain or "&" in plain else plain
        if plain == before:
            break
        yield plain
    if _QUOTED.search(text):
        yield unquote(_QUOTED.sub(lambda match: match[0].replace("=", "%"), text))
    if _MARKED.search(text):
        yield text.translate(_OTHER_LETTERS)
    if "\u202e" in text:
        yield text[::-1]
    yield from _encoded(text)
    if "<" in plain:
        yield html.unescape(_TAG.sub("", plain))
    if '":' in plain or '" :' in plain:
        # Names of properties part what is read together: {"given": "Bolat", "family": "Example"}.
        yield _KEY.sub(" ", plain)
    if "{" in text or "\\" in text:
        yield _TEX.sub("", text)


def _encoded(text: str) -> Iterator[str]:
    """What is in base64 or hexadecimal, where it is text in UTF-8: of other bytes anything could be read."""
    texts: list[str] = []
    for runs, decode in ((_BASE64, _of_base64), (_HEXADECIMAL, bytes.fromhex)):
        for match in runs.finditer(text):
            with contextlib.suppress(ValueError):
                texts.append(decode(match[0].replace(":", " ")).decode())
    if texts:
        yield "\n".join(texts)


def _of_base64(run: str) -> bytes:
    run = run[: len(run) - (len(run) % 4 == 1)]
    return base64.b64decode(run.replace("-", "+").replace("_", "/") + "=" * (-len(run) % 4))


def _named(match: re.Match[str]) -> str:
    try:
        return unicodedata.lookup(match[1])
    except KeyError:
        return " "


def _character(match: re.Match[str]) -> str:
    code = int(next(filter(None, match.groups())), 16)
    return chr(code) if code < 0x110000 else " "


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")
