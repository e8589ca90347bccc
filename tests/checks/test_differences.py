"""Where casetrail and `frictionless` judge differently: each difference with its reason, and seen to be so.

The packages stand in `differences.json`; `docs/reference/differences.md` is written from it, by the last test
with CASETRAIL_WRITE_EXPECTED=1.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pytest

from casetrail.checks.engine import validate
from casetrail.package.package import open_package

DIFFERENCES = json.loads((Path(__file__).parent / "differences.json").read_text(encoding="utf-8"))
REFUSED = ["descriptor refused"]
BROKEN_OFF = ["broken off by an error of the library"]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference["name"])
def test_the_two_differ_as_the_document_says(
    difference: dict[str, Any], tmp_path: Path, write: Callable[..., Path]
) -> None:
    resource = {
        "name": "t",
        "type": "table",
        "path": "t.csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "skipInitialSpace": False},
        "schema": {"fields": difference["fields"], **difference.get("schema", {})},
        **difference.get("resource", {}),
    }
    files = {"t.csv": difference["text"], **difference.get("files", {})}
    write(tmp_path, [resource, *difference.get("others", [])], files, **difference.get("descriptor", {}))
    assert sorted(validate(open_package(tmp_path)).counts) == sorted(difference["casetrail"])
    assert theirs(tmp_path) == difference["frictionless"]
    assert difference["frictionless"] != difference["casetrail"]


def theirs(folder: Path) -> list[str]:
    try:
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    except frictionless.FrictionlessException:
        return REFUSED
    except (TypeError, re.error):
        return BROKEN_OFF
    return sorted({error.type for part in (report, *report.tasks) for error in part.errors})


def test_the_document_has_them_all(root: Path) -> None:
    path = root / "docs" / "reference" / "differences.md"
    head, mark, rows = path.read_text(encoding="utf-8").partition("|---|---|---|---|---|\n")
    if os.environ.get("CASETRAIL_WRITE_EXPECTED") == "1":
        path.write_text(head + mark + _rows(), encoding="utf-8")
        rows = _rows()
    assert rows == _rows()


def _rows() -> str:
    return "".join(
        f"| {one['what']} | {one['clause']} | {_said(one['frictionless'])} | {_said(one['casetrail'])} "
        f"| `{one['name']}` |\n".replace("a|b", "a\\|b")
        for one in DIFFERENCES
    )


def _said(codes: list[str]) -> str:
    if codes == REFUSED:
        return "the whole package is refused"
    if codes == BROKEN_OFF:
        return "it breaks off with an error of its own"
    return ", ".join(f"`{code}`" for code in codes) or "valid"
