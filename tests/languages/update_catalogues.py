"""Bring the words up to date with the source: `python tests/languages/update_catalogues.py`.

What is new has an empty translation; what changed keeps the old one, which is `fuzzy` in a catalogue and
begins with `CHECK: ` in `terms.csv`; what nobody says any more is left out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from casetrail.case.profile import PROFILES
from casetrail.languages.profile_words import texts_of
from casetrail.languages.words import CATALOGUES, ENGLISH, NAMES, TERMS, UNREVIEWED
from casetrail.standard.schema import EDTF, FieldDescriptor
from casetrail.types.registry import class_of, type_names

SOURCE = CATALOGUES.parent.parent
ROOMS = ("site", "describe", "case/views", "languages")
"""The parts of the source that say something in the language of the reader."""
METHODS = [("**.py", "python"), ("**.jinja", "jinja2"), ("**.js", "javascript")]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_n": (1, 2),
    "message": None,
    "say": None,
    "say_as": ((1, "c"), 2),
    "say_number": (1, 2),
}


def messages() -> Catalog:
    """What the page and the codebook say, in the order of the files."""
    catalog = Catalog(fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(
            SOURCE / room, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
        for path, _, text, comments, context in found:
            catalog.add(text, locations=[(f"{room}/{path}", None)], auto_comments=comments, context=context)
    for field in (
        *(FieldDescriptor(name=name, type=name) for name in type_names()),
        *(
            FieldDescriptor(name=form, type="string", format=form)
            for form in ("email", "uri", "binary", "uuid")
        ),
        FieldDescriptor(name="edtf", type="string", rdf_type=EDTF),
    ):
        catalog.add(class_of(field).description(field), locations=[("types", None)])
    return catalog


CODES = [code for code in NAMES if code != ENGLISH.code]
CATALOGUE_FILES = [CATALOGUES / code / "messages.po" for code in CODES]
TO_CHECK = "CHECK: "
"""With what a translation begins whose English text has changed since."""

Row = dict[str, str]


def documents() -> list[tuple[str, Any]]:
    """The documents of every version of the profile, by their names."""
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(PROFILES.glob("*/*.json"))]


def term_rows(documents: Iterable[tuple[str, Any]], old: list[Row]) -> list[Row]:
    """The rows of `terms.csv`: what the documents say, with what the old rows have for it."""
    known = {(row["context"], row["en"]): row for row in old}
    at_place = {place: row for row in old for place in row["where"].split()}
    rows: dict[tuple[str, str], Row] = {}
    for name, document in documents:
        for way, context, text in texts_of(document):
            where = f"{name}{way}"
            if row := rows.get((context, text)):
                row["where"] += f" {where}"
                continue
            before = known.get((context, text), at_place.get(where, {}))
            mark = TO_CHECK if before.get("en", text) != text else ""
            words = {code: before.get(code, "") for code in CODES}
            rows[context, text] = {"where": where, "context": context, "en": text} | {
                code: word and mark + word.removeprefix(mark) for code, word in words.items()
            }
    return list(rows.values())


def read_terms() -> list[Row]:
    # A spreadsheet program may have put a byte order mark before it, and other ends of lines.
    with TERMS.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def terms_text(rows: list[Row]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, ["where", "context", "en", *CODES], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_catalogue(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), locale=path.parent.name)


def updated(path: Path, template: Catalog) -> bytes:
    """The file as it has to be."""
    catalog = (
        read_catalogue(path) if path.exists() else Catalog(locale=path.parent.name, fuzzy=False, **HEADING)
    )
    catalog.update(template, no_fuzzy_matching=False, update_header_comment=False)
    catalog.obsolete.clear()
    out = BytesIO()
    write_po(out, catalog, width=100, omit_header=False, sort_output=False)
    lines = out.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not line.startswith(DATED)).encode()


HEADING: dict[str, Any] = {
    "project": "casetrail",
    "version": "1.0",
    "last_translator": f"drafted by the developers of casetrail, {UNREVIEWED} by a native speaker",
    "header_comment": "# Words of casetrail, under the licence of casetrail (MIT).",
}
DATED = ('"POT-Creation-Date', '"Generated-By', '"PO-Revision-Date')
"""Lines of the header that would be another at every run."""


def main() -> int:
    template = messages()
    for path in CATALOGUE_FILES:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(updated(path, template))
        catalog = read_catalogue(path)
        open_ones = sum(1 for one in catalog if one.id and (one.fuzzy or not all([one.string, *one.string])))
        print(f"{path.relative_to(CATALOGUES)}: {len(catalog)} messages, {open_ones} to be translated")
    rows = term_rows(documents(), read_terms())
    TERMS.write_text(terms_text(rows), encoding="utf-8", newline="")
    open_ones = sum(1 for row in rows for code in CODES if not row[code] or row[code].startswith(TO_CHECK))
    print(f"{TERMS.name}: {len(rows)} texts, {open_ones} translations to be made or checked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
