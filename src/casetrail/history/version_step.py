"""Whether a package's version moved far enough since its predecessor; if not, a release is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.history.compare import Comparison, compare
from casetrail.history.revision import holds, is_shallow, open_revision, repository_of, version_tags
from casetrail.history.step import DataVersion, Step, read_version
from casetrail.package.files import FolderFiles
from casetrail.package.package import Package, open_package

CODES = {
    "version-missing": "The package has no version of three numbers, so that no step can be told.",
    "version-step-too-small": "The version did not move as far as the changes since the last one ask.",
    "version-goes-back": "The version is smaller than that of the predecessor.",
    "version-first": "There is no earlier version, so that every version is large enough.",
    "version-history-cut": "The repository was fetched without its history, so that tags may be missing.",
}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The version before: how it is named to the reader, and its package."""

    label: str
    package: Package


def required_step(old: Package, new: Package) -> Step:
    """The smallest step of the version that the changes from `old` to `new` ask."""
    return compare(old, new).step


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
class ReleaseStep:
    """How far a package has come since its predecessor, and whether its version says so.

    `previous` is how the predecessor is named, `None` for the first version; `minimum` is the smallest
    version that may be released, `None` where it cannot be told. Errors among `findings` refuse a release.
    """

    previous: str | None
    version: str | None
    step: Step
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
        asked = "nothing" if self.step is Step.NONE else f"a {self.step.word} step"
        state = "may be released" if self.enough else "may not be released"
        least = "" if self.minimum is None else f" (the least is {self.minimum})"
        return f"Since {self.previous} the changes ask for {asked}{least}; version {self.version} {state}."


def check_version(package: Package, before: Predecessor | None) -> list[Finding]:
    """What speaks against releasing the package under its version after `before`; errors refuse a release.

    The first version has no predecessor, which a note says. Ids that vanished or came back are told as well.
    """
    return list(release_step(package, before).findings)


def release_step(package: Package, before: Predecessor | None) -> ReleaseStep:
    """Compare a package with its predecessor."""
    spot = package.files.descriptor
    version = read_version(package.version)
    if before is None:
        findings = [_first(package)] if version is not None else [_unreadable(package, spot)]
        return ReleaseStep(None, package.version, Step.NONE, None, tuple(findings))
    comparison = compare(before.package, package, labels=(before.label, f"version {package.version}"))
    findings = list(comparison.findings)
    earlier = read_version(before.package.version)
    wanted = None if earlier is None else earlier.after(comparison.step)
    if version is None:
        findings.append(_unreadable(package, spot))
    elif earlier is None or wanted is None:
        message = f"the predecessor {before.label} has the version {_quoted(before.package.version)}"
        hint = "compare with a release whose version has three numbers"
        findings.append(
            Finding("version-missing", message, Place(path=spot), severity=Severity.WARNING, hint=hint)
        )
    elif version < earlier:
        message = f"the version is {version}, but {before.label} is {earlier} already"
        hint = f'set "version" to {max(wanted, earlier.after(Step.PATCH))} or higher'
        findings.append(
            Finding("version-goes-back", message, Place(path=spot, value=str(version)), hint=hint)
        )
    elif not _enough(comparison.step, earlier, version):
        message = (
            f"the version is {version}, but the changes since {before.label} ({earlier}) ask for a "
            f"{comparison.step.word} step: {_cause(comparison)}"
        )
        hint = f'set "version" to {wanted} or higher, and say in CHANGELOG.md what changed'
        findings.append(
            Finding("version-step-too-small", message, Place(path=spot, value=str(version)), hint=hint)
        )
    minimum = None if wanted is None else str(wanted)
    return ReleaseStep(before.label, package.version, comparison.step, minimum, tuple(findings))


def _unreadable(package: Package, spot: str) -> Finding:
    """Versions of other packages may have a form of their own, of which no step can be told."""
    severity = Severity.WARNING if package.case_profile is None else Severity.ERROR
    message = f"the version is {_quoted(package.version)}, not three numbers, so that no step can be told"
    return Finding(
        "version-missing", message, Place(path=spot), severity=severity, hint='write "version": "1.0.0"'
    )


def _enough(step: Step, earlier: DataVersion, version: DataVersion) -> bool:
    if step is Step.MAJOR:
        return version.major > earlier.major
    if step is Step.MINOR:
        return version[:2] > earlier[:2]
    return version > earlier if step is Step.PATCH else version >= earlier


def _cause(comparison: Comparison) -> str:
    """The first of the changes that ask for the largest step, in words."""
    step = comparison.step
    for change in comparison.schema_changes:
        if change.step is step:
            where = f"table {change.table}: " if change.table else ""
            return where + (f"column {change.column}: " if change.column else "") + change.sentence
    counts = comparison.counts()
    words = {Step.MAJOR: "removed", Step.MINOR: "added", Step.PATCH: "changed"}[step]
    parts = [
        f"{number} in {table}"
        for table, kinds in counts.items()
        if (number := sum(count for kind, count in kinds.items() if kind.value == words))
    ]
    return f"rows {words}: {', '.join(parts)}"


def _first(package: Package) -> Finding:
    spot = package.files.descriptor
    _, repository = _repository(package)
    if repository is None:
        message = "no earlier version is known here, where there is no git repository"
        hint = "name the release before with --previous, where there is one"
        return Finding("version-first", message, Place(path=spot), severity=Severity.NOTE, hint=hint)
    if is_shallow(repository):
        message = "this copy of the repository has no history, so that no earlier version can be told"
        hint = "fetch the tags (`git fetch --tags --unshallow`), or name the predecessor with --previous"
        return Finding("version-history-cut", message, Place(path=spot), severity=Severity.WARNING, hint=hint)
    message = "there is no earlier version to compare with: this is the first"
    return Finding("version-first", message, Place(path=spot), severity=Severity.NOTE)


def _quoted(version: str | None) -> str:
    return "missing" if version is None else f"'{version[:40]}'"
