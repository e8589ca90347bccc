"""A new case: an empty Case Data Package that is valid from its first minute."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from casetrail.case.profile import profile
from casetrail.case.schema_files import case_schemas
from casetrail.curate.writing import write_files
from casetrail.describe.cff import cff
from casetrail.describe.citation import citation
from casetrail.findings.error import CasetrailError
from casetrail.standard.descriptor import Descriptor
from casetrail.tables.csv_writer import csv_bytes

FIRST_VERSION = "0.1.0"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DOTTED = {"gitattributes": ".gitattributes", "gitignore": ".gitignore"}
"""Files that would have an effect where they lie among the sources of this program."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is settled about a case before its first row: its name, its title, who makes it, and the day."""

    name: str
    title: str
    contributor: str
    day: date


def write_new_case(folder: Path, case: NewCase) -> tuple[str, ...]:
    """Write the files of an empty case into a folder that is not there or empty; their paths.

    `datapackage.json`, a headed table and a schema for each table of the profile, citation, licence, method,
    change log, workflow and hooks.
    """
    if not _NAME.fullmatch(case.name):
        raise CasetrailError(
            f"'{case.name}' cannot be the name of a package; use small letters, digits, '.', '-' and '_', "
            "and begin with a letter or digit"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CasetrailError(f"'{folder}' is there already and not empty; choose another folder")
    contents = new_case_files(case)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasetrailError(f"'{folder}' cannot be made ({(error.strerror or '').lower()})") from None
    write_files(folder, contents)
    return tuple(contents)


def new_case_files(case: NewCase) -> dict[str, bytes]:
    """The files of an empty case by their paths."""
    descriptor = _descriptor(case)
    contents = {"datapackage.json": (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()}
    known = profile()
    contents |= {
        f"schemas/{name}.json": text.encode()
        for name, text in case_schemas(known.version, known.names).items()
    }
    contents |= {
        f"data/{name}.csv": csv_bytes(tuple(spec.columns), ()) for name, spec in known.tables.items()
    }
    contents["CITATION.cff"] = cff(citation(Descriptor.model_validate(descriptor))).encode()
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
        "description": "Say here what the case is, until when it is followed, and what is unknown.",
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
    found = []
    for entry in folder.iterdir():
        name = f"{path}{_DOTTED.get(entry.name, entry.name)}"
        if entry.is_dir():
            found += _texts(entry, f"{name}/")
        else:
            found.append((name, entry.read_text(encoding="utf-8")))
    return found


def _filled(text: str, case: NewCase) -> str:
    for mark, value in (
        ("@NAME@", case.name),
        ("@TITLE@", case.title),
        ("@CONTRIBUTOR@", case.contributor),
        ("@VERSION@", FIRST_VERSION),
        ("@DAY@", case.day.isoformat()),
        ("@YEAR@", str(case.day.year)),
    ):
        text = text.replace(mark, value)
    return text
