"""A new case: a Case Data Package that is valid from its first minute, with one worked example in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from casetrail.case.profile import profile
from casetrail.case.rules.sources_read import EXAMPLE
from casetrail.case.schema_files import case_schemas
from casetrail.curate.format import canonical_bytes
from casetrail.curate.keyed_table import keyed_table
from casetrail.curate.outputs import YAML, output_file, sealed
from casetrail.curate.writing import write_files
from casetrail.describe.cff import cff
from casetrail.describe.citation import citation
from casetrail.describe.codebook import CODEBOOK, codebook_document
from casetrail.describe.codebook_markdown import markdown
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package, open_package
from casetrail.standard.descriptor import Descriptor
from casetrail.tables.csv_writer import csv_bytes, text_table

FIRST_VERSION = "0.1.0"

PLACEHOLDERS = {
    "datapackage.json": "Say here what the case is",
    "data/README.md": "Answer each question in your own words before the first release",
}
"""Files of a new case that somebody has to write, and the words that they hold until then."""

_EXAMPLE = Path(__file__).with_name("worked_example.json")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DOTTED = {"gitattributes": ".gitattributes", "gitignore": ".gitignore"}
"""Files that would have an effect where they lie among the sources of this program."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is settled about a case before its first row.

    Its name, its title, the court, the country (ISO 3166-1, may be empty), the language of most sources
    (BCP 47; the example is in English where it is empty), who makes it, and the day.
    """

    name: str
    title: str
    court: str
    country: str
    language: str
    contributor: str
    day: date


def write_new_case(folder: Path, case: NewCase) -> tuple[str, ...]:
    """Write the files of a case into a folder that is not there or empty; their paths.

    `datapackage.json`, a headed table and a schema for each table of the profile, the rows of a worked
    example, citation, licence, method, codebook, change log, workflow and hooks.

    Raises:
        CasetrailError: The folder is not empty or cannot be written, or a case cannot be called as it is.
    """
    refuse_folder(folder)
    contents = new_case_files(case)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasetrailError(f"'{folder}' cannot be made ({(error.strerror or '').lower()})") from None
    write_files(folder, contents)
    (folder / CODEBOOK).parent.mkdir()
    with output_file(folder / CODEBOOK) as file:
        file.write_bytes(sealed(markdown(codebook_document(open_package(folder)))).encode())
    return (*contents, CODEBOOK)


def refuse_folder(folder: Path) -> None:
    """Raise `CasetrailError` where no case can be begun in the folder, or be called as it is."""
    name = folder.resolve().name
    if not _NAME.fullmatch(name):
        raise CasetrailError(
            f"'{name}' cannot be the name of a package; use small letters, digits, '.', '-' and '_', "
            "and begin with a letter or digit"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CasetrailError(f"'{folder}' is there already and not empty; choose another folder")


def without_example(package: Package) -> dict[str, bytes]:
    """The files of the tables that have rows of the worked example, without these rows, by their paths.

    Raises:
        CasetrailError: A table cannot be read without guessing.
    """
    contents = {}
    for resource in package.tables:
        table = keyed_table(resource)
        kept = [row for key, row in table.by_key().items() if not EXAMPLE.search(key[0])] if table.key else []
        if table.key and len(kept) < len(table.rows):
            rows = [[row[name] for name in table.columns] for row in kept]
            contents[resource.path] = canonical_bytes(resource, text_table(table.columns, rows))
    return contents


def new_case_files(case: NewCase) -> dict[str, bytes]:
    """The files of an empty case by their paths."""
    descriptor = _descriptor(case)
    contents = {"datapackage.json": (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()}
    known = profile()
    contents |= {
        f"schemas/{name}.json": text.encode()
        for name, text in case_schemas(known.version, known.names).items()
    }
    example = json.loads(_filled(_EXAMPLE.read_text(encoding="utf-8"), case, json_text))
    for name, spec in known.tables.items():
        rows = sorted([row.get(column, "") for column in spec.columns] for row in example.get(name, ()))
        contents[f"data/{name}.csv"] = csv_bytes(tuple(spec.columns), rows)
    contents["CITATION.cff"] = sealed(cff(citation(Descriptor.of(descriptor))), YAML).encode()
    template = files("casetrail.curate").joinpath("case_template")
    contents |= {path: _filled(text, case).encode() for path, text in _texts(template, "")}
    return dict(sorted(contents.items()))


def _descriptor(case: NewCase) -> dict[str, Any]:
    contributor = {
        "title": case.contributor,
        "organization": case.contributor,
        "roles": ["creator", "publisher"],
    }
    return {
        "$schema": _PROFILE,
        "name": case.name,
        "title": case.title,
        "description": f"{PLACEHOLDERS['datapackage.json']}, until when it is followed, and what is unknown.",
        "version": FIRST_VERSION,
        "created": f"{case.day.isoformat()}T00:00:00Z",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "contributors": [contributor],
        "caseProfile": profile().version,
        "resources": [
            {
                "name": spec.name,
                "type": "table",
                "path": f"data/{spec.name}.csv",
                "title": spec.title,
                "description": spec.description,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "skipInitialSpace": False},
                "schema": f"schemas/{spec.name}.json",
            }
            for spec in profile().tables.values()
        ],
    }


def _texts(folder: Traversable, path: str) -> list[tuple[str, str]]:
    texts = []
    for entry in folder.iterdir():
        name = f"{path}{_DOTTED.get(entry.name, entry.name)}"
        if entry.is_dir():
            texts += _texts(entry, f"{name}/")
        else:
            texts.append((name, entry.read_text(encoding="utf-8")))
    return texts


def _filled(text: str, case: NewCase, written: Callable[[str], str] = str) -> str:
    """The text with what is settled in place of its marks, `written` as the text has it."""
    for mark, value in (
        ("@NAME@", case.name),
        ("@TITLE@", case.title),
        ("@COURT@", case.court),
        ("@COUNTRY@", case.country),
        # The worked example is in English where nobody says what the sources are in.
        ("@LANGUAGE@", case.language or "en"),
        ("@TOOL@", version("casetrail")),
        ("@CONTRIBUTOR@", case.contributor),
        ("@VERSION@", FIRST_VERSION),
        ("@DAY@", case.day.isoformat()),
        ("@YEAR@", str(case.day.year)),
    ):
        text = text.replace(mark, written(value))
    return text


def json_text(text: str) -> str:
    """A text as it is within the quotation marks of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
