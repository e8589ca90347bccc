"""Hygiene: cells that harm their reader, hide something, or give a person away (design: "Hygiene")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.identifiers import MAY_HOLD, identifiers
from casetrail.checks.table import Sensitive, Table, WrongCells
from casetrail.findings.finding import Severity
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import distinct, text_array
from casetrail.types.problem import quoted

Fault = tuple[str, str, str | None]
"""Code, message and hint."""

_BIDI = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)
_SUSPECT = (
    r"\A[=+@\t\r-]|\A\s|\s\z|[\x{0}-\x{8}\x{B}-\x{1F}\x{7F}-\x{9F}\x{A0}\x{AD}\x{200B}\x{202A}-\x{202E}"
    r"\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}-\x{2069}\x{3000}\x{FEFF}\x{FFF9}-\x{FFFB}"
    r"\x{34F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}\x{FFA0}\x{E0000}-\x{E007F}]"
)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?%?")
_FIND_BIDI = re.compile(f"[{_BIDI}]")
_FIND_UNSEEN = re.compile(f"[{_UNSEEN}]")
_IDENTIFIERS = {
    "iin": "is by its date and check digit a Kazakh identification number (IIN)",
    "telephone": "is a telephone number",
    "email": "is an e-mail address",
    "document-number": "is the number of an identity document",
}
_REMOVE = "remove it: a table that is published must not help to find a person"


class Hygiene(PackageCheck):
    """Looks at every cell of a text field; for identifiers only at free text."""

    name = "hygiene"
    codes: ClassVar = {
        "hygiene-formula": "A spreadsheet would run the cell as a formula.",
        "hygiene-control": "A cell contains a control character or another one that cannot be seen.",
        "hygiene-bidi": "A cell contains a character that turns the direction of the text around.",
        "hygiene-mixed-script": "A word of an id mixes letters of scripts that look alike.",
        "hygiene-edge-space": "A cell begins or ends with a space.",
        "hygiene-not-nfc": "A cell has characters that Unicode writes shorter (Normalization Form C).",
        "hygiene-iin": "A text contains what is by date and check digit a Kazakh identification number.",
        "hygiene-telephone": "A text contains a telephone number.",
        "hygiene-email": "A text contains an e-mail address.",
        "hygiene-document-number": "A text contains the number of a passport or identity card.",
    }

    def sensitive(self, resource: Resource, table: Table) -> Sensitive:
        """A finding must not spread what it asks to remove."""
        free = {
            table.schema.fields[index].name for index, _, is_free in _text_columns(table.schema) if is_free
        }
        return lambda field, cell: field in free and any(identifiers(cell(field) or ""))

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """Its text fields."""
        yield _HygieneOfTable(table)


class _HygieneOfTable(TableCheck):
    def __init__(self, table: Table) -> None:
        self._columns = _text_columns(table.schema)

    def look(self, batch: TextBatch, table: Table) -> None:
        """Clean columns are proved by kernels, all at once, since each call compiles its pattern."""
        wrong: list[WrongCells] = []
        columns = [
            (index, batch.cells.column(index), is_id, is_free)
            for index, is_id, is_free in self._columns
            if pc.max(pc.binary_length(batch.cells.column(index))).as_py()
        ]
        suspects = _matches([column for _, column, _, _ in columns], _SUSPECT)
        personal = _matches([column for _, column, _, is_free in columns if is_free], MAY_HOLD)
        for index, column, is_id, is_free in columns:
            looks = [(next(suspects), _appearance)]
            plain = pc.string_is_ascii(column)
            if plain.true_count < len(plain):
                looks.append((pc.invert(plain), _scripts if is_id else _form))
            if is_free:
                looks.append((next(personal), _personal))
            for suspect, explain in looks:
                for code, texts in _faults(column, suspect, explain).items():
                    mask = pc.is_in(column, value_set=text_array(texts))
                    severity = Severity.WARNING if code == "hygiene-not-nfc" else Severity.ERROR
                    wrong.append(WrongCells(code, index, mask, partial(_describe, texts), severity))
        table.report_cells(batch, wrong)


def _matches(columns: list[pa.StringArray], pattern: str) -> Iterator[pa.BooleanArray]:
    """For each of the columns, which have the same length, the cells in which the pattern occurs."""
    if columns:
        length = len(columns[0])
        matches = pc.match_substring_regex(pa.concat_arrays(columns), pattern)
        yield from (matches.slice(start, length) for start in range(0, len(matches), length))


def _faults(
    column: pa.StringArray, suspect: pa.BooleanArray, explain: Callable[[str], Iterator[Fault]]
) -> dict[str, dict[str, Fault]]:
    """What is wrong with the texts that are suspect: the first fault of each code, by code and text."""
    faults: dict[str, dict[str, Fault]] = {}
    for text in distinct(column.filter(suspect)) if suspect.true_count else ():
        for fault in explain(text):
            faults.setdefault(fault[0], {}).setdefault(text, fault)
    return faults


def _describe(texts: dict[str, Fault], index: int, text: str) -> tuple[str, str | None]:
    _, message, hint = texts[text]
    return message, hint


def _appearance(text: str) -> Iterator[Fault]:
    if text[0] in "=+-@\t\r" and len(text) > 1 and not _NUMBER.fullmatch(text):
        message = f"{quoted(text)} begins with {quoted(text[0])}, and a spreadsheet would run it as a formula"
        yield "hygiene-formula", message, "begin the text with another character"
    if text != text.strip():
        yield (
            "hygiene-edge-space",
            f"there is a space before or after {quoted(text.strip())}",
            "remove the space",
        )
    if match := _FIND_BIDI.search(text):
        message = f"the character {_named(match[0])} turns the text around, so it does not read as written"
        yield "hygiene-bidi", message, "remove the character"
    if match := _FIND_UNSEEN.search(text):
        message = f"the character {_named(match[0])} is in the cell, and nobody can see it"
        yield "hygiene-control", message, "remove the character"


def _form(text: str) -> Iterator[Fault]:
    if not unicodedata.is_normalized("NFC", text):
        message = f"{quoted(text)} is not in Unicode Normalization Form C, so it differs from its look-alike"
        yield "hygiene-not-nfc", message, "run `casetrail format`"


def _scripts(text: str) -> Iterator[Fault]:
    yield from _form(text)
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = sorted({script for letter in word if (script := _script(letter))})
        if len(scripts) > 1:
            first, second = scripts[:2]
            odd = next(letter for letter in word if _script(letter) == first)
            message = f"{quoted(word)} mixes {first} and {second} letters ({odd} is {_named(odd)})"
            yield (
                "hygiene-mixed-script",
                message,
                f"write it in {second} letters alone" if second == "Latin" else None,
            )
            return


def _personal(text: str) -> Iterator[Fault]:
    for kind, number in identifiers(text):
        yield f"hygiene-{kind}", f"'{_masked(number)}' {_IDENTIFIERS[kind]}", _REMOVE


def _masked(number: str) -> str:
    kept = 2
    return number[:kept] + "".join("*" if letter.isalnum() else letter for letter in number[kept:])


def _script(letter: str) -> str | None:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return name.capitalize() if name in ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN") else None


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def _text_columns(schema: TableSchema) -> list[tuple[int, bool, bool]]:
    """The columns of text, of each whether it holds ids and whether it holds free text."""
    keys = _key_fields(schema)
    return [
        (index, field.name in keys or _is_id(field), field.name not in keys and _is_free_text(field))
        for index, field in enumerate(schema.fields)
        if field.type in ("string", "any")
    ]


def _key_fields(schema: TableSchema) -> frozenset[str]:
    names = set(schema.primary_key)
    for unique in schema.unique_keys:
        names.update(unique)
    for key in schema.foreign_keys:
        names.update(key.fields)
    return frozenset(names)


def _is_id(field: FieldDescriptor) -> bool:
    return field.name == "id" or field.name.endswith("_id")


def _is_free_text(field: FieldDescriptor) -> bool:
    listed = field.constraints.enum is not None or field.categories is not None
    return field.format == "default" and not (listed or field.is_edtf or _is_id(field))
