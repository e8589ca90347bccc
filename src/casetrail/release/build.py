"""Build a release: validate, stage, let a second validator judge, make every file, seal, and put in its
place.

The outcome depends on the package and on the versions of the program and its libraries, on nothing else: not
on the time, the machine, the folder, the user or the locale.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from casetrail.case.row_model import RowVerdict, row_verdict
from casetrail.case.validation import validate_package
from casetrail.curate.new_case import PLACEHOLDERS
from casetrail.curate.outputs import refuse_unfit_names
from casetrail.describe.citation import Citation, citation
from casetrail.describe.data_package import release_descriptor
from casetrail.describe.dataset import CSV, FileFacts
from casetrail.describe.draft_descriptor import DRAFT
from casetrail.describe.json_document import json_document
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.sentences import counted
from casetrail.history.version_bump import predecessor, release_bump
from casetrail.package.files import FolderFiles
from casetrail.package.package import Package, open_package
from casetrail.package.paths import DESCRIPTOR
from casetrail.package.resource import Resource
from casetrail.release import changelog, release_record
from casetrail.release.archive import Member, archive_chunks
from casetrail.release.contents import make_all, plan
from casetrail.release.output_folder import OutputFolder
from casetrail.release.published import Published, check_unchanged, publish, read_published
from casetrail.release.release_record import ReleaseRecord, content_hash
from casetrail.release.released_files import read_released, released_files
from casetrail.release.seal import SIGNATURE, SUMS, Seal, fingerprint, sums_text
from casetrail.release.second_opinion import Opinion, SecondOpinion, require_frictionless
from casetrail.release.signature import sign
from casetrail.release.staged import Staged, write_canonical_csv
from casetrail.release.withheld import WithheldNames
from casetrail.standard.json_reader import read_document

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")
_RECORD = FileFacts(release_record.NAME, release_record.ABOUT, "application/json")
_SUMS = FileFacts(SUMS, "The checksum of every file but itself", "text/plain")

OnProgress = Callable[[str], None]
"""Is called with each step, in words, before it is done."""


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """What is asked for: where to, and the private files of the command line.

    `unsearched` lets files be in the release that cannot be searched for the names in `withheld`. `previous`
    is the release before, against which the version is judged; without it the newest tag. `force`
    replaces what is at the place of the release, whatever it is.
    """

    output: Path = Path("dist")
    withheld: Path | None = None
    unsearched: bool = False
    sign: Path | None = None
    publish: bool = False
    previous: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What came of it. Where `report` has errors, nothing was built and `folder` is `None`.

    `changed` is false where exactly this release was there already; `missing` says of each file that it lacks
    why.
    """

    report: Report
    folder: Path | None = None
    zip: Path | None = None
    changed: bool = False
    files: int = 0
    bytes: int = 0
    content_hash: str = ""
    opinion: Opinion | None = None
    missing: dict[str, str] = field(default_factory=dict)


def build_release(
    package: Package, options: ReleaseOptions, on_progress: OnProgress = lambda step: None
) -> ReleaseResult:
    """Build the release of a package.

    Raises:
        CasetrailError: with exit code 1 where the content forbids the release, 2 where the machine does.
    """
    require_frictionless()
    if not isinstance(package.files, FolderFiles):
        raise CasetrailError(f"'{package.root}' is a zip; unpack it and give the folder to release from")
    cited = _citation(package)
    withheld = None if options.withheld is None else WithheldNames.read(options.withheld)
    published = read_published(package.files)
    on_progress("validating the package")
    report = validate_package(package)
    if not report.valid or not all(check.ran for check in report.checks):
        return ReleaseResult(report)
    _refuse_example(report)
    _refuse_placeholders(package)
    on_progress("comparing with the version before")
    _refuse_small_bump(package, options.previous)
    output = OutputFolder(options.output, f"{package.name}-{cited.version}", force=options.force)
    with output.opened():
        return _Builder(package, options, cited, output, on_progress).build(withheld, published)


def _citation(package: Package) -> Citation:
    """Everything that the descriptor must say for a release, checked before any work is done."""
    name = package.descriptor.name
    if not name or not _NAME.fullmatch(name):
        raise CasetrailError(
            "datapackage.json: a release takes its name from 'name', which must consist of lower-case "
            "letters, digits, '.', '-' and '_'",
            exit_code=1,
        )
    cited = citation(package.descriptor)
    if not _VERSION.fullmatch(cited.version):
        message = f"datapackage.json: 'version' is '{cited.version}'; write three numbers such as 1.0.0"
        raise CasetrailError(message, exit_code=1)
    refuse_unfit_names(resource.name for resource in package.resources)
    absent = package.files.problem(changelog.NAME)
    if package.case_profile is not None or absent is None or absent.code != "path-missing":
        changelog.check_changelog(package.files, name, cited.version, cited.day)
    return cited


def _refuse_example(report: Report) -> None:
    """Refuse to publish the invented rows that a new case begins with."""
    for finding in report.findings:
        if finding.code == "worked-example":
            raise CasetrailError(f"{finding.path}: {finding.message}; {finding.hint}", exit_code=1)


def _refuse_placeholders(package: Package) -> None:
    """Refuse to publish what a draft or a new case says of itself before anybody wrote it."""
    if DRAFT.partition(".")[0] in (package.descriptor.description or ""):
        message = f"{package.files.descriptor}: it is still a draft; check it and write its 'description'"
        raise CasetrailError(message, exit_code=1)
    for path, words in PLACEHOLDERS.items():
        if package.files.problem(path) is None:
            with package.files.open(path) as file:
                text = " ".join(file.read(1 << 20).decode("utf-8", "replace").split())
            if words in text:
                message = f"{path}: it still says '{words}'; write it in your own words"
                raise CasetrailError(message, exit_code=1)


def _refuse_small_bump(package: Package, previous: Path | None) -> None:
    """Refuse a version that moved less far than the changes ask, or an id that was misused.

    The version before is the package at `previous`, else the newest tag of the git repository; the first
    version has none, and any number is large enough.
    """
    for finding in release_bump(package, predecessor(package, previous)).findings:
        if finding.severity is Severity.ERROR:
            place = f"{finding.path}: " if finding.path else ""
            hint = f"; {finding.hint}" if finding.hint else ""
            raise CasetrailError(f"{place}{finding.message}{hint}", exit_code=1)


class _Builder:
    def __init__(
        self,
        package: Package,
        options: ReleaseOptions,
        cited: Citation,
        output: OutputFolder,
        on_progress: OnProgress,
    ) -> None:
        self._package, self._options, self._cited = package, options, cited
        self._output, self._on_progress = output, on_progress
        self._seal = Seal(output.root)

    def build(self, withheld: WithheldNames | None, published: tuple[Published, ...]) -> ReleaseResult:
        self._on_progress("writing the tables")
        staged = self._stage()
        content = content_hash(staged.package.raw)
        release = Published(self._cited.version, self._cited.day, content)
        check_unchanged(published, release)
        self._refuse_other_content(content)
        with SecondOpinion(staged.root, sum(staged.rows.values())) as second:
            self._on_progress("validating the staged release, twice")
            report = self._own_opinion(staged)
            rows = self._rows_accepted(staged)
            self._on_progress("making the files")
            plan(staged, (_RECORD, _SUMS))
            make_all(staged)
            self._on_progress("waiting for the second opinion")
            opinion = self._accepted(second.wait())
        not_searched = None
        if withheld is not None:
            self._on_progress("searching for withheld names")
            not_searched = self._search(withheld)
        record = ReleaseRecord.of(
            staged,
            content_hash=content,
            report=report,
            rows=rows,
            opinion=opinion,
            not_searched=not_searched,
            signed=self._options.sign is not None,
        )
        self._write(_RECORD, record.text())
        if withheld is not None:
            self._search(withheld, _RECORD.path)
        self._on_progress("sealing")
        self._pack()
        changed = self._output.commit(_seconds(self._cited))
        if self._options.publish:
            publish(self._package.files, release)
        return ReleaseResult(
            report,
            folder=self._output.target,
            zip=self._output.zip,
            changed=changed,
            files=len(self._seal.files) + 1,
            bytes=sum(file.bytes or 0 for file in self._seal.files),
            content_hash=content,
            opinion=opinion,
            missing=staged.missing,
        )

    def _refuse_other_content(self, content: str) -> None:
        """Refuse to replace a build of the version that says something else."""
        output = self._output
        # Of the two the folder is the release; a zip beside it may be left from a run that was killed.
        path = output.target if os.path.lexists(output.target) else output.zip
        if self._options.force or not os.path.lexists(path):
            return
        record = ReleaseRecord.read(read_released(released_files(path), release_record.NAME))
        if record.content_hash != content:
            raise CasetrailError(
                f"'{path}' is version {record.version} with other content ({record.content_hash}; now "
                f"{content}), so it is not replaced; give the dataset a new version in datapackage.json, or "
                "--force where that version was shown to nobody",
                exit_code=1,
            )

    def _stage(self) -> Staged:
        """Write the tables and the descriptor, and open the package that they make."""
        (self._seal.root / "data").mkdir()
        rows: dict[str, int] = {}
        schemas: dict[str, Any] = {}
        files: dict[str, FileFacts] = {}
        builder = ReportBuilder()
        for resource in self._package.resources:
            if not resource.is_table:
                files[resource.name] = self._copy(resource)
                continue
            path = f"data/{resource.name}.csv"
            rows[resource.name] = write_canonical_csv(resource, self._seal.root / path, builder)
            files[resource.name] = self._seal.add(path, f"The table '{resource.name}' as CSV", CSV)
            schemas[resource.name] = _raw_schema(resource)
        about = FileFacts(
            DESCRIPTOR, "The dataset's own words and the schema of each table", "application/json"
        )
        self._write(about, json_document(release_descriptor(self._package.raw, schemas, files)))
        return Staged(open_package(self._seal.root), self._cited, self._package.root, rows, self._seal)

    def _copy(self, resource: Resource) -> FileFacts:
        """A file that lies beside the tables goes along as it is, under its own name."""
        about = resource.descriptor.title or f"The file '{resource.name}' that belongs to the tables"
        if resource.descriptor.has_data:
            # Data in the descriptor, whatever they are, are a file of JSON.
            facts = FileFacts(f"files/{resource.name}.json", about, "application/json")
            (self._seal.root / "files").mkdir(exist_ok=True)
            return self._write(facts, json_document(resource.descriptor.data))
        if len(resource.paths) != 1:
            message = f"the resource '{resource.name}' is no table and not one file; a release cannot hold it"
            raise CasetrailError(message, exit_code=1)
        path = f"files/{resource.name}{Path(resource.path).suffix}"
        target = self._seal.root / path
        target.parent.mkdir(exist_ok=True)
        with resource.open() as file, target.open("wb") as out:
            while chunk := file.read(1 << 20):
                out.write(chunk)
        mediatype = resource.descriptor.mediatype or "application/octet-stream"
        return self._seal.add(path, about, mediatype)

    def _own_opinion(self, staged: Staged) -> Report:
        """Our own verdict on what is about to be released."""
        report = validate_package(staged.package)
        if not report.valid:
            first = next(finding for finding in report.findings if finding.severity is Severity.ERROR)
            raise CasetrailError(
                f"the staged release is not valid though the package is: {first.path}: {first.message}",
                exit_code=1,
            )
        return report

    def _rows_accepted(self, staged: Staged) -> RowVerdict | None:
        """The verdict of the row models of a case, where it is a good one."""
        if staged.package.case_profile is None:
            return None
        verdict = row_verdict(staged.package)
        if verdict.refused:
            refused = counted(verdict.refused, "row")
            raise CasetrailError(
                f"the row models refuse {refused} though the checks accept the package: "
                f"{'; '.join(verdict.first)}",
                exit_code=1,
            )
        return verdict

    def _accepted(self, opinion: Opinion) -> Opinion:
        """The opinion, where it is a good one; each of the two validators can stop a release."""
        if not opinion.valid:
            raise CasetrailError(
                f"casetrail accepts the package and {opinion.tool} {opinion.version} does not, so nothing is "
                f"released: {counted(opinion.errors, 'error')}, the first: {'; '.join(opinion.first)}",
                exit_code=1,
            )
        return opinion

    def _search(self, withheld: WithheldNames, path: str | None = None) -> dict[str, str]:
        """Search the files for withheld names; which of them cannot be searched, and why."""
        search = withheld.search(self._seal.root, path)
        if search.hits:
            more = f" and {len(search.hits) - 5} more" if len(search.hits) > 5 else ""
            raise CasetrailError(
                f"withheld names are in the release, so it is not built: {'; '.join(search.hits[:5])}{more}",
                exit_code=1,
            )
        if search.not_searched and not self._options.unsearched:
            reasons = [f"{file}: {reason}" for file, reason in search.not_searched.items()]
            more = f" and {len(reasons) - 5} more" if len(reasons) > 5 else ""
            raise CasetrailError(
                f"files cannot be searched for withheld names, so the release is not built: "
                f"{'; '.join(reasons[:5])}{more}; look at them yourself, then give --allow-unsearched",
                exit_code=1,
            )
        return search.not_searched

    def _write(self, facts: FileFacts, text: str) -> FileFacts:
        (self._seal.root / facts.path).write_bytes(text.encode())
        return self._seal.add(facts.path, facts.about, facts.mediatype)

    def _pack(self) -> None:
        """Write the list of checksums, sign it where that is asked for, and pack everything."""
        sums = self._seal.root / SUMS
        sums.write_bytes(sums_text({file.path: file.sha256 or "" for file in self._seal.files}).encode())
        extra = [SUMS]
        if self._options.sign is not None:
            sign(sums, self._options.sign)
            extra.append(SIGNATURE)
        members = [
            self._member(file.path, file.bytes or 0, self._seal.crc32[file.path]) for file in self._seal.files
        ]
        for name in extra:
            with (self._seal.root / name).open("rb") as file:
                of_file = fingerprint(file)
            members.append(self._member(name, of_file.bytes, of_file.crc32))
        with self._output.packed.open("wb") as out:
            for chunk in archive_chunks(members, self._cited.day):
                out.write(chunk)

    def _member(self, path: str, size: int, crc32: int) -> Member:
        root = self._seal.root
        return Member(path, size, crc32, lambda: (root / path).open("rb"))


def _raw_schema(resource: Resource) -> Any:
    """The schema of a table as its author wrote it, every property kept; as read, where there is no such
    text.
    """
    schema = resource.descriptor.table_schema
    if isinstance(schema, str):
        with resource.files.open(schema) as file:
            return read_document(file.read()).value
    if schema is None:
        raise CasetrailError(
            f"the table '{resource.name}' has no schema; a release says of every column what it means",
            exit_code=1,
        )
    return schema


def _seconds(cited: Citation) -> int:
    """Midnight of the day of the release, UTC, in seconds since 1970."""
    return int(datetime.combine(cited.day, time(), UTC).timestamp())
