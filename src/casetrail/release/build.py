"""Build a release: validate, stage, let a second validator judge, make every file, seal, and put in its
place.

The outcome depends on the package and on the versions of the program and its libraries, on nothing else: not
on the time, the machine, the folder, the user or the locale.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from casetrail.describe.citation import Citation, citation
from casetrail.describe.data_package import release_descriptor
from casetrail.describe.dataset import CSV, FileFacts
from casetrail.describe.json_text import json_text
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report, ReportBuilder
from casetrail.package.files import DESCRIPTOR, FolderFiles
from casetrail.package.package import Package, open_package
from casetrail.package.paths import path_problem
from casetrail.package.resource import Resource
from casetrail.release import changelog, record
from casetrail.release.archive import Member, archive_chunks
from casetrail.release.content_hash import release_hash, table_hash
from casetrail.release.contents import make_all, planned
from casetrail.release.place import Place
from casetrail.release.published import Published, check_unchanged, publish, read_published
from casetrail.release.seal import SIGNATURE, SUMS, fingerprint, sums_text
from casetrail.release.second_opinion import Opinion, SecondOpinion
from casetrail.release.signature import sign
from casetrail.release.staged import Staged
from casetrail.release.tables import write_canonical_csv
from casetrail.release.version import refuse_small_step
from casetrail.release.withheld import WithheldNames
from casetrail.standard.schema import TableSchema

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")
_RECORD = FileFacts(record.NAME, record.ABOUT, "application/json")
_SUMS = FileFacts(SUMS, "The checksum of every file but itself", "text/plain")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: where to, and the private files of the command line."""

    output: Path = Path("dist")
    withheld: Path | None = None
    sign: Path | None = None
    publish: bool = False
    previous: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. Where `report` has errors, nothing was built and `folder` is `None`.

    `changed` is false where exactly this release stood there already; `missing` has the pairs (path, reason).
    """

    report: Report
    folder: Path | None = None
    zip: Path | None = None
    changed: bool = False
    files: int = 0
    bytes: int = 0
    content_hash: str = ""
    opinion: Opinion | None = None
    missing: tuple[tuple[str, str], ...] = ()
    published: bool = False


Tell = Callable[[str], None]


def build_release(package: Package, wish: Wish, tell: Tell = lambda step: None) -> Outcome:
    """Build the release of a package; `tell` hears of each step.

    Raises `CasetrailError`: with exit code 1 where the content forbids the release, 2 where the machine does.
    """
    from casetrail.case.validation import validate_package

    source = package.root if isinstance(package.files, FolderFiles) else None
    if source is None:
        raise CasetrailError(f"'{package.root}' is a zip; unpack it and give the folder to release from")
    cited = _citation(package, source)
    withheld = None if wish.withheld is None else WithheldNames.read(wish.withheld)
    published = read_published(source)
    tell("validating the package")
    report = validate_package(package)
    if not report.valid or not all(check.ran for check in report.checks):
        return Outcome(report)
    tell("comparing with the version before")
    refuse_small_step(package, wish.previous)
    place = Place(wish.output, f"{package.name}-{cited.version}")
    with place.opened():
        return _Builder(package, wish, cited, source, place, tell).build(withheld, published)


def _citation(package: Package, source: Path) -> Citation:
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
    for one in package.resources:
        problem = path_problem(f"data/{one.name}.csv")
        if problem is not None or "/" in one.name:
            raise CasetrailError(
                f"datapackage.json: the resource '{one.name}' cannot give its name to a file; "
                "use lower-case letters, digits, '.', '-' and '_'",
                exit_code=1,
            )
    if package.case_profile is not None or (source / changelog.NAME).exists():
        changelog.check_changelog(source, name, cited.version, cited.day)
    return cited


class _Builder:
    def __init__(
        self, package: Package, wish: Wish, cited: Citation, source: Path, place: Place, tell: Tell
    ) -> None:
        self._package, self._wish, self._cited, self._source = package, wish, cited, source
        self._place, self._tell = place, tell

    def build(self, withheld: WithheldNames | None, published: tuple[Published, ...]) -> Outcome:
        staged, descriptor = self._stage()
        with SecondOpinion(staged.root, sum(staged.rows.values())) as second:
            self._tell("validating the staged release, twice")
            report = self._own_opinion(staged)
            tables = {one.name: self._hash(one) for one in staged.package.tables}
            content = release_hash(descriptor, tables)
            release = Published(self._cited.version, self._cited.day, content)
            known = check_unchanged(published, release)
            self._tell("making the files")
            staged.planned = planned(staged, (_RECORD, _SUMS))
            missing = make_all(staged)
            self._tell("waiting for the second opinion")
            opinion = self._accepted(second.wait())
        text = record.record(
            staged,
            content_hash=content,
            tables=tables,
            report=report,
            opinion=opinion,
            missing=missing,
            withheld_searched=withheld is not None,
            signed=self._wish.sign is not None,
        )
        self._write(staged, _RECORD, text)
        if withheld is not None:
            self._tell("searching for withheld names")
            self._search(withheld)
        self._tell("sealing")
        self._seal(staged)
        changed = self._place.commit(_seconds(self._cited))
        if self._wish.publish and not known:
            publish(self._source, published, release)
        return Outcome(
            report,
            folder=self._place.target,
            zip=self._place.zip,
            changed=changed,
            files=len(staged.files) + 1,
            bytes=sum(one.bytes or 0 for one in staged.files),
            content_hash=content,
            opinion=opinion,
            missing=tuple(missing),
            published=known or self._wish.publish,
        )

    def _stage(self) -> tuple[Staged, dict[str, Any]]:
        """Write the tables and the descriptor, and open the package that they make."""
        self._tell("writing the tables")
        root, rows = self._place.root, {}
        (root / "data").mkdir()
        draft = Staged(root, self._package, self._cited, self._source, {})
        schemas: dict[str, Any] = {}
        resources: dict[str, FileFacts] = {}
        builder = ReportBuilder()
        for one in self._package.resources:
            if one.is_table:
                path = f"data/{one.name}.csv"
                rows[one.name] = write_canonical_csv(one, root / path, builder)
                resources[one.name] = draft.seal(path, f"The table '{one.name}' as CSV", CSV)
                schemas[one.name] = _raw_schema(one)
            else:
                resources[one.name] = self._copy(one, draft)
        descriptor = release_descriptor(self._package.raw, schemas, resources)
        about = FileFacts(
            DESCRIPTOR, "The dataset's own words and the schema of each table", "application/json"
        )
        self._write(draft, about, json_text(descriptor))
        staged = Staged(root, open_package(root), self._cited, self._source, rows)
        staged.files, staged.crc32 = draft.files, draft.crc32
        return staged, descriptor

    def _copy(self, resource: Resource, draft: Staged) -> FileFacts:
        """A file that lies beside the tables goes along as it is, under its own name."""
        target = self._place.root / "files" / resource.name
        if len(resource.paths) != 1:
            message = f"the resource '{resource.name}' is no table and not one file; a release cannot hold it"
            raise CasetrailError(message, exit_code=1)
        target.parent.mkdir(exist_ok=True)
        path = target.with_name(resource.name + Path(resource.path).suffix)
        with resource.open() as file, path.open("wb") as out:
            while chunk := file.read(1 << 20):
                out.write(chunk)
        mediatype = resource.descriptor.mediatype or "application/octet-stream"
        about = resource.descriptor.title or f"The file '{resource.name}' that belongs to the tables"
        return draft.seal(f"files/{path.name}", about, mediatype)

    def _own_opinion(self, staged: Staged) -> Report:
        """Our own verdict on what is about to be released."""
        from casetrail.case.validation import validate_package

        report = validate_package(staged.package)
        if not report.valid:
            first = report.findings[0]
            raise CasetrailError(
                f"the staged release is not valid though the package is: {first.path}: {first.message}",
                exit_code=1,
            )
        return report

    def _accepted(self, opinion: Opinion) -> Opinion:
        """The opinion, where it is a good one; each of the two validators can stop a release."""
        if not opinion.valid:
            told = "; ".join(opinion.first)
            raise CasetrailError(
                f"casetrail accepts the package and {opinion.tool} {opinion.version} does not, so nothing is "
                f"released: {opinion.errors} errors, the first: {told}",
                exit_code=1,
            )
        return opinion

    def _hash(self, resource: Resource) -> str:
        from casetrail.tables.typed import TypedTable

        schema = resource.schema or TableSchema(fields=())
        return TypedTable(resource, schema).stream(lambda _, batches: table_hash(schema.field_names, batches))

    def _search(self, withheld: WithheldNames) -> None:
        found = withheld.search(self._place.root)
        if found:
            places = "; ".join(f"{name} (line {line} of the list)" for name, line in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise CasetrailError(
                f"withheld names stand in the release, so it is not built: {places}{more}", exit_code=1
            )

    def _write(self, staged: Staged, facts: FileFacts, text: str) -> None:
        (staged.root / facts.path).write_bytes(text.encode())
        staged.seal(facts.path, facts.about, facts.mediatype)

    def _seal(self, staged: Staged) -> None:
        """Write the list of checksums, sign it where that is asked for, and pack everything."""
        sums = staged.root / SUMS
        sums.write_bytes(sums_text({one.path: one.sha256 or "" for one in staged.files}).encode())
        extra = [SUMS]
        if self._wish.sign is not None:
            sign(sums, self._wish.sign)
            extra.append(SIGNATURE)
        members = [self._member(one.path, one.bytes or 0, staged.crc32[one.path]) for one in staged.files]
        for name in extra:
            with (staged.root / name).open("rb") as file:
                found = fingerprint(file)
            members.append(self._member(name, found.bytes, found.crc32))
        with self._place.packed.open("wb") as out:
            for chunk in archive_chunks(members, self._cited.day):
                out.write(chunk)

    def _member(self, path: str, size: int, crc32: int) -> Member:
        root = self._place.root
        return Member(f"{root.name}/{path}", size, crc32, lambda: (root / path).open("rb"))


def _raw_schema(resource: Resource) -> Any:
    """The schema of a table as its author wrote it, every property kept; as read, where there is no such
    text.
    """
    from casetrail.standard.json_reader import read_document

    given = resource.descriptor.table_schema
    if isinstance(given, str):
        with resource.files.open(given) as file:
            return read_document(file.read()).value
    if given is None:
        raise CasetrailError(
            f"the table '{resource.name}' has no schema; a release says of every column what it means",
            exit_code=1,
        )
    return given


def _seconds(cited: Citation) -> int:
    """Midnight of the day of the release, UTC, in seconds since 1970."""
    return int(datetime.combine(cited.day, time(), UTC).timestamp())
