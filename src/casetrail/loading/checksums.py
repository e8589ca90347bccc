"""Checksums: what a release says of its files, compared before a file is read."""

from __future__ import annotations

from casetrail.findings.error import CasetrailError
from casetrail.package.files import PackageFiles, open_path, reading
from casetrail.package.package import Package
from casetrail.package.paths import is_url
from casetrail.release.seal import SUMS, fingerprint, read_sums

_AGAIN = "download the release again"


class Checksums:
    """The checksums of a package: those of the release (`SHA256SUMS`), else those in its descriptor.

    A package that is being curated has neither; then nothing is compared. Each file is compared once.
    """

    def __init__(self, package: Package) -> None:
        self._files: PackageFiles = package.files
        self._hosts = package.resources[0].hosts if package.resources else ()
        self._sums: dict[str, str] = {}
        self._good: set[str] = set()
        self.sealed = self._files.problem(SUMS) is None
        if self.sealed:
            with reading(self._files, SUMS), self._files.open(SUMS) as file:
                self._sums = read_sums(file.read())
            self.check(self._files.descriptor)
        else:
            for resource in package.resources:
                kind, _, digest = (resource.descriptor.hash or "").partition(":")
                if kind == "sha256" and len(resource.paths) == 1:
                    self._sums[resource.path] = digest.strip().lower()

    def lists(self, path: str) -> bool:
        """Whether a checksum of the file is known."""
        return path in self._sums

    def check(self, path: str) -> None:
        """Raise a `CasetrailError` where the file is missing or is not the one that was sealed."""
        if path in self._good:
            return
        problem = None if is_url(path) else self._files.problem(path)
        if problem is not None:
            listed = f", though {SUMS} lists it" if self.sealed and path in self._sums else ""
            raise CasetrailError(f"{self._place(path)} cannot be read{listed}: {problem.reason}; {_AGAIN}")
        if self.sealed and path not in self._sums:
            raise CasetrailError(
                f"{self._place(path)} is not a file of this release: {SUMS} does not list it"
            )
        if path in self._sums:
            with reading(self._files, path), open_path(self._files, path, self._hosts) as file:
                digest = fingerprint(file).sha256
            if digest != self._sums[path]:
                list_name = SUMS if self.sealed else self._files.descriptor
                raise CasetrailError(
                    f"{self._place(path)} was altered: its SHA-256 is {digest}, but {list_name} says "
                    f"{self._sums[path]}; {_AGAIN}"
                )
        self._good.add(path)

    def _place(self, path: str) -> str:
        return f"'{path}' in '{self._files.root}'"
