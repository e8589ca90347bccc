"""A package made of a few lines, and what the engine says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.findings.report import Report
from casetrail.package.package import open_package

Validated = Callable[..., Report]


def write_package(
    folder: Path, resources: list[dict[str, Any]], files: Mapping[str, str | bytes], **descriptor: Any
) -> Path:
    """Write a descriptor and files."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "tried",
        **descriptor,
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(whole), encoding="utf-8")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def table(name: str, fields: list[dict[str, Any]], **schema: Any) -> dict[str, Any]:
    """The resource of one CSV file."""
    return {"name": name, "type": "table", "path": f"{name}.csv", "schema": {"fields": fields, **schema}}


@pytest.fixture(scope="session")
def write() -> Callable[..., Path]:
    """The function that writes a package."""
    return write_package


@pytest.fixture
def validated(tmp_path: Path) -> Validated:
    """Validate the tables given, with their files as texts."""

    def run(resources: list[dict[str, Any]], files: Mapping[str, str | bytes], **options: Any) -> Report:
        return validate(open_package(write_package(tmp_path, resources, files)), options=Options(**options))

    return run


@pytest.fixture
def one_table(validated: Validated) -> Validated:
    """Validate one table `t` whose columns are given by their descriptors and whose file is a text."""

    def run(fields: list[dict[str, Any]], text: str | bytes, schema: Any = None, **options: Any) -> Report:
        return validated([table("t", fields, **(schema or {}))], {"t.csv": text}, **options)

    return run
