"""A draft: a package with some files replaced in memory, to be validated before anything is written."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from casetrail.case.validation import validate_package
from casetrail.findings.finding import Finding, Severity
from casetrail.package.files import PackageFiles
from casetrail.package.package import Package, package_in
from casetrail.package.paths import PathProblem


class DraftFiles:
    """The files of a package, some of them with new contents."""

    def __init__(self, files: PackageFiles, contents: Mapping[str, bytes]) -> None:
        self._files = files
        self._contents = contents

    @property
    def root(self) -> Path:
        """The folder or zip of the package."""
        return self._files.root

    @property
    def descriptor(self) -> str:
        """The path of the descriptor."""
        return self._files.descriptor

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`."""
        return None if path in self._contents else self._files.problem(path)

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches; a draft has no new ones."""
        return self._files.matching(pattern)

    def open(self, path: str) -> IO[bytes]:
        """The new content where there is one, else the file."""
        return io.BytesIO(self._contents[path]) if path in self._contents else self._files.open(path)

    def size(self, path: str) -> int:
        """The size in bytes."""
        return len(self._contents[path]) if path in self._contents else self._files.size(path)


def draft(package: Package, contents: Mapping[str, bytes]) -> Package:
    """The package as it would be with these contents; its data come from files that exist already."""
    return package_in(DraftFiles(package.files, contents))


def new_errors(package: Package, contents: Mapping[str, bytes]) -> list[Finding]:
    """The errors that the package would have with these contents and does not have now.

    What is wrong already does not prevent an addition that is right.
    """
    after = _errors(draft(package, contents))
    if not after:
        return []
    known = Counter(map(_identity, _errors(package)))
    errors = []
    for finding in after:
        identity = _identity(finding)
        if known[identity]:
            known[identity] -= 1
        else:
            errors.append(finding)
    return errors


def _errors(package: Package) -> list[Finding]:
    report = validate_package(package)
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def _identity(finding: Finding) -> tuple[str | None, ...]:
    """What makes two findings the same though rows have moved."""
    return (finding.code, finding.table, finding.key, finding.field, finding.value, finding.message)
