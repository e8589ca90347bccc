"""Whether a package's version moved far enough since its predecessor; if not, a release is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casetrail.curate.row_changes import count_changes
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.history.bump import Bump, read_version
from casetrail.history.compare import BUMPS, Comparison, compare
from casetrail.history.revision import holds, is_shallow, open_revision, repository_of, version_tags
from casetrail.package.files import FolderFiles
from casetrail.package.package import Package, open_package

CODES = {
    "version-missing": (
        "The package has no version of three numbers, so that no bump can be seen. "
        'Write one into `datapackage.json`, such as "version": "1.0.0".'
    ),
    "version-bump-too-small": (
        "The version did not move as far as the changes since the last one ask. "
        "Set the version that is named, or a higher one, and say in `CHANGELOG.md` what changed."
    ),
    "version-goes-back": (
        "The version is smaller than that of the predecessor. "
        "Set a version that is higher than every one that was released."
    ),
    "version-first": (
        "There is no earlier version to compare with, so that every version is large enough. "
        "There is nothing to mend; if there was a release before, name it with `--previous`."
    ),
    "version-history-cut": (
        "The repository was fetched without its history, so that tags may be missing. "
        "Fetch them with `git fetch --tags --unshallow`, or name the last release with `--previous`."
    ),
}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The version before: how it is named to the reader, and its package."""

    label: str
    package: Package


def predecessor(package: Package, previous: Path | None = None) -> Predecessor | None:
    """The version before this one: the package at `previous`, else the newest tag of the git repository.

    A tag that names this very version, with nothing different in it, is that of the package itself, and the
    one before it counts. `None` makes this version the first.
    """
    if previous is not None:
        return Predecessor(str(previous), open_package(previous))
    for tagged in _tagged(package):
        own = tagged.package.version == package.version and compare(tagged.package, package).same
        if not own:
            return tagged
    return None


def names_release(name: str, package: str) -> bool:
    """Whether a name that is given for a version is that of a release: a path, or the tag of a version."""
    return Path(name).exists() or read_version(name.removeprefix(f"{package}-")) is not None


def newest_tagged(package: Package) -> Predecessor | None:
    """The newest tagged version of the package, be it this very one; `None` where no tag names one."""
    return next(_tagged(package), None)


def _tagged(package: Package) -> Iterator[Predecessor]:
    """The tagged versions of the package, the newest first; tags of before it was at its place left out."""
    place, repository = _repository(package)
    if repository is not None:
        for _, tag in version_tags(repository, package.name):
            if holds(repository, tag, place):
                yield Predecessor(tag, open_revision(repository, tag, place))


def _repository(package: Package) -> tuple[Path, Path | None]:
    """Where the descriptor of the package is, and the git repository that holds it."""
    place = package.root / package.files.descriptor
    return place, repository_of(place) if isinstance(package.files, FolderFiles) else None


@dataclass(frozen=True, slots=True)
class ReleaseBump:
    """How far a package has come since its predecessor, and whether its version says so.

    `previous` is how the predecessor is named, and `earlier` its version, `None` for the first version;
    `minimum` is the smallest version that may be released, `None` where it cannot be seen. Errors among
    `findings` refuse a release.
    """

    previous: str | None
    earlier: str | None
    version: str | None
    bump: Bump
    minimum: str | None
    findings: tuple[Finding, ...]

    @property
    def enough(self) -> bool:
        """Whether nothing speaks against a release under this version."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def sentence(self) -> str:
        """How far the version must move, in a sentence."""
        if self.previous is None:
            first = next((finding.message for finding in self.findings), "no earlier version is known")
            return f"{first[:1].upper()}{first[1:]}."
        asked = "nothing" if self.bump is Bump.NONE else f"a {self.bump.word} version bump"
        if self.bump is not Bump.NONE and self.minimum is not None:
            asked += f", {self.earlier} → {self.minimum}"
        state = "may be released" if self.enough else "may not be released"
        return f"Since {self.previous} the changes ask for {asked}; version {self.version} {state}."


def findings_of(comparison: Comparison, release: ReleaseBump | None) -> tuple[Finding, ...]:
    """What is wrong: since the release where one is known, which has what is wrong with the ids as well."""
    return comparison.findings if release is None or release.previous is None else release.findings


def release_bump(
    package: Package, before: Predecessor | None, comparison: Comparison | None = None
) -> ReleaseBump:
    """Compare a package with its predecessor (or take the comparison of the two that is there).

    The first version has no predecessor, which a note says.

    Raises:
        CasetrailError: One of the two cannot be read without guessing, so that they cannot be compared.
    """
    version = read_version(package.version)
    if before is None:
        finding = _first(package) if version is not None else _unreadable(package)
        return ReleaseBump(None, None, package.version, Bump.NONE, None, (finding,))
    if comparison is None:
        comparison = compare(before.package, package, labels=(before.label, f"version {package.version}"))
    findings = list(comparison.findings)
    earlier = read_version(before.package.version)
    minimum = None if earlier is None else earlier.after(comparison.bump)
    if version is None:
        findings.append(_unreadable(package))
    elif earlier is None or minimum is None:
        message = f"the predecessor {before.label} has the version {_quoted(before.package.version)}"
        hint = "compare with a release whose version has three numbers"
        findings.append(_finding(package, "version-missing", message, hint, Severity.WARNING))
    elif version < earlier:
        message = f"the version is {version}, but {before.label} is {earlier} already"
        hint = f'set "version" to {max(minimum, earlier.after(Bump.PATCH))} or higher'
        findings.append(_finding(package, "version-goes-back", message, hint))
    elif version < minimum:
        message = (
            f"the version is {version}, but the changes since {before.label} ({earlier}) ask for a "
            f"{comparison.bump.word} version bump: {_cause(comparison)}"
        )
        hint = f'set "version" to {minimum} or higher, and say in CHANGELOG.md what changed'
        findings.append(_finding(package, "version-bump-too-small", message, hint))
    least = None if minimum is None else str(minimum)
    bump = comparison.bump
    return ReleaseBump(before.label, before.package.version, package.version, bump, least, tuple(findings))


def _finding(
    package: Package, code: str, message: str, hint: str | None, severity: Severity = Severity.ERROR
) -> Finding:
    """A finding about the version in the descriptor."""
    place = Place(path=package.files.descriptor, value=package.version)
    return Finding(code, message, place, severity=severity, hint=hint)


def _unreadable(package: Package) -> Finding:
    """Versions of other packages may have a form of their own, of which no bump can be seen."""
    severity = Severity.WARNING if package.case_profile is None else Severity.ERROR
    message = f"the version is {_quoted(package.version)}, not three numbers, so that no bump can be seen"
    return _finding(package, "version-missing", message, 'write "version": "1.0.0"', severity)


def _cause(comparison: Comparison) -> str:
    """The first of the changes that ask for the largest bump, in words."""
    for change in comparison.schema_changes:
        if change.bump is comparison.bump:
            where = f"table {change.table}: " if change.table else ""
            return where + (f"column {change.column}: " if change.column else "") + change.sentence
    counts = count_changes(comparison.row_changes)
    kind = next(kind for kind, bump in BUMPS.items() if bump is comparison.bump)
    parts = [f"{count[kind]} in {table}" for table, count in counts.items() if count[kind]]
    return f"rows {kind.value}: {', '.join(parts)}"


def _first(package: Package) -> Finding:
    _, repository = _repository(package)
    if repository is None:
        message = "no earlier version is known here, where there is no git repository"
        hint = "name the release before with --previous, where there is one"
        return _finding(package, "version-first", message, hint, Severity.NOTE)
    if is_shallow(repository):
        message = "this copy of the repository has no history, so that earlier versions may be missing"
        hint = "fetch the tags (`git fetch --tags --unshallow`), or name the predecessor with --previous"
        return _finding(package, "version-history-cut", message, hint, Severity.WARNING)
    message = "there is no earlier version to compare with: this is the first"
    return _finding(package, "version-first", message, None, Severity.NOTE)


def _quoted(version: str | None) -> str:
    return "missing" if version is None else f"'{version[:40]}'"
