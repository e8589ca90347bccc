"""datapackage.json of a release: the package's own words, schemas inlined, each file sealed by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casetrail.describe.dataset import CSV, FileFacts

DIALECT: dict[str, Any] = {"delimiter": ",", "skipInitialSpace": False}
"""How every table of a release is written. Said though it is the default: some readers else guess."""


def release_descriptor(
    raw: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]], files: Mapping[str, FileFacts]
) -> dict[str, Any]:
    """The descriptor of a release, from the raw one of the package.

    `tables` has the schema of each table by the name of its resource, as JSON has it; `files` the file of
    each resource. Every property of the package stays, known or not ("Custom Properties"); of a
    resource only what says where and how its data are written is replaced (`path`, `format`, `mediatype`,
    `encoding`, `dialect`, `bytes`, `hash` with `sha256:` as "Data Resource" has it), and `schema` is inlined.
    """
    resources = [_resource(resource, tables, files) for resource in raw["resources"]]
    return {**raw, "resources": resources}


def _resource(
    raw: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]], files: Mapping[str, FileFacts]
) -> dict[str, Any]:
    name = raw["name"]
    file = files[name]
    facts: dict[str, Any] = {"path": file.path}
    if name in tables:
        facts |= {"format": "csv", "mediatype": CSV, "encoding": "utf-8", "dialect": DIALECT}
    facts |= {"bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    if name in tables:
        facts["schema"] = tables[name]
    # What the release writes itself comes at the place where the package has it, the rest at the end.
    gone = ("url", "data", "compression")
    kept = {key: facts.get(key, value) for key, value in raw.items() if key not in gone}
    return {**kept, **facts}
