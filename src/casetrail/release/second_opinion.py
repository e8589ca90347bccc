"""The second opinion: what the `frictionless` library holds of a staged release, independently of us."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.package.paths import DESCRIPTOR

MAX_ERRORS = 5
SMALL = 500
"""Up to how many rows a package is judged in this process."""

_PACKAGE = (
    "name", "id", "title", "description", "version", "created", "keywords", "contributors", "licenses",
    "sources",
)  # fmt: skip
_RESOURCE = (
    "name", "type", "path", "title", "description", "format", "mediatype", "encoding", "dialect", "schema",
    "bytes", "hash",
)  # fmt: skip
"""What frictionless is shown. Of other properties it follows addresses and paths, whoever wrote them."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A validator's verdict: its name and version, how many errors and warnings, and the first errors in its
    words.
    """

    tool: str
    version: str
    errors: int
    warnings: int
    first: Sequence[str] = ()

    @property
    def valid(self) -> bool:
        """Whether it accepts the package."""
        return self.errors == 0


class SecondOpinion:
    """Asks frictionless about the package in a folder that we wrote ourselves; use it as a context.

    A package of many rows is judged by a program of its own, while other work goes on; for a small one the
    start of Python would cost more than the judgement.
    """

    def __init__(self, root: Path, rows: int) -> None:
        self._root = root.resolve()
        self._program: subprocess.Popen[bytes] | None = None
        self._empty = tempfile.TemporaryDirectory(prefix="casetrail-")
        if rows > SMALL:
            # Neither the working folder nor what is in it is on the program's path for modules.
            command = [sys.executable, "-P", "-m", "casetrail.release.second_opinion", str(self._root)]
            self._program = subprocess.Popen(
                command, cwd=self._empty.name, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )

    def __enter__(self) -> SecondOpinion:
        return self

    def __exit__(self, *_: object) -> None:
        if self._program is not None and self._program.poll() is None:
            self._program.kill()
            self._program.communicate()
        self._empty.cleanup()

    def wait(self) -> Opinion:
        """The verdict, once it is there.

        Raises:
            CasetrailError: Frictionless could not run.
        """
        if self._program is None:
            return judge(self._root)
        out, err = self._program.communicate()
        if self._program.returncode != 0:
            last = (err.decode(errors="replace").strip().splitlines() or ["it did not say why"])[-1]
            raise CasetrailError(f"frictionless could not judge the release: {last}")
        return Opinion(**json.loads(out))


def require_frictionless() -> None:
    """Raise `CasetrailError` where frictionless is not installed."""
    try:
        missing = importlib.util.find_spec("frictionless") is None
    except (ImportError, ValueError):
        missing = True
    if missing:
        raise CasetrailError(
            "a release is judged by frictionless too, which is not installed here; install it with "
            "`pip install 'casetrail[release]'`"
        )


def judge(root: Path) -> Opinion:
    """Let frictionless validate the package, in this process.

    It follows links and fetches addresses that a descriptor names, so it is given a descriptor without them.
    """
    from frictionless import FrictionlessException, Package, system

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    descriptor = _known(json.loads((root / DESCRIPTOR).read_bytes()))
    errors: list[str] = []
    warnings = 0
    with system.use_context(trusted=False, onerror="ignore"):
        here = Path.cwd()
        # It takes paths relative to the working folder for safe, and absolute ones not.
        os.chdir(root)
        try:
            report = Package.from_descriptor(descriptor).validate()
        except FrictionlessException as error:
            errors += [reason.message for reason in error.reasons or [error.error]]
        else:
            errors += [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
            errors += [error.message for error in report.errors]
            warnings = report.stats.get("warnings") or 0
            errors += [""] * ((report.stats.get("errors") or 0) - len(errors))
        finally:
            os.chdir(here)
    return Opinion("frictionless", version("frictionless"), len(errors), warnings, tuple(errors[:MAX_ERRORS]))


_PROBLEM_NAME = re.compile(r"[^a-z0-9._-]")
_CONSTRAINTS = (
    "required", "unique", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum",
)  # fmt: skip


def _known(descriptor: dict[str, Any]) -> dict[str, Any]:
    """The descriptor with the properties that the standard knows, as frictionless can judge them.

    What it refuses though the standard does not is left out or written as it asks (docs/differences.md).
    """
    names = {
        resource["name"]: f"{_PROBLEM_NAME.sub('-', resource['name'].lower())}-{index}"
        for index, resource in enumerate(descriptor["resources"])
        if isinstance(resource["name"], str) and _PROBLEM_NAME.search(resource["name"])
    }
    package = {name: descriptor[name] for name in _PACKAGE if name in descriptor}
    for person in package.get("contributors") or []:
        person.pop("email", None)
    return package | {"resources": [_resource(resource, names) for resource in descriptor["resources"]]}


def _resource(resource: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    known = {name: resource[name] for name in _RESOURCE if name in resource}
    for name in ("dialect", "schema"):
        if isinstance(known.get(name), str):
            del known[name]
    if known.get("type") != "table":
        known.pop("type", None)
    known["name"] = names.get(known["name"], known["name"])
    if "schema" in known:
        known["schema"] = _schema(known["schema"], names)
    return known


def _schema(schema: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    known = dict(schema)
    if isinstance(known.get("fieldsMatch"), list):
        known["fieldsMatch"] = known["fieldsMatch"][0]
    for field in known["fields"]:
        field.pop("example", None)
        stated = field.get("constraints") or {}
        for name in set(stated).difference(_CONSTRAINTS):
            del stated[name]
    if isinstance(known.get("foreignKeys"), list):
        known["foreignKeys"] = [_foreign_key(key, names) for key in known["foreignKeys"]]
    return known


def _foreign_key(key: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    reference = dict(key["reference"])
    if reference.get("resource") in names:
        reference["resource"] = names[reference["resource"]]
    return {**key, "reference": reference}


if __name__ == "__main__":
    print(json.dumps(asdict(judge(Path(sys.argv[1])))))
