"""Bring the catalogues up to date with the source: `python tests/languages/update_catalogues.py`.

What is new has an empty translation, what changed a `fuzzy` one, what nobody says any more is left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from casetrail.case.profile import PROFILES
from casetrail.languages.profile_words import texts_of
from casetrail.languages.words import CATALOGUES, ENGLISH, NAMES, UNREVIEWED
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


def terms() -> Catalog:
    """What the documents of the profile say: names and meanings of tables, columns, terms and rules."""
    catalog = Catalog(fuzzy=False)
    for path in sorted(PROFILES.glob("*/*.json")):
        for where, context, text in texts_of(json.loads(path.read_text(encoding="utf-8"))):
            catalog.add(text, locations=[(f"{path.stem}{where}", None)], context=context or None)
    return catalog


KINDS = {"messages": messages, "terms": terms}


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


def files() -> Iterator[tuple[Path, Catalog]]:
    """Each file of a catalogue with what has to be in it."""
    for kind, made in KINDS.items():
        template = made()
        for code in NAMES:
            if code != ENGLISH.code:
                yield CATALOGUES / code / f"{kind}.po", template


def main() -> int:
    for path, template in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(updated(path, template))
        catalog = read_catalogue(path)
        open_ones = sum(1 for one in catalog if one.id and (one.fuzzy or not all([one.string, *one.string])))
        print(f"{path.relative_to(CATALOGUES)}: {len(catalog)} messages, {open_ones} to be translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
