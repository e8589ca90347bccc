"""Verify a copy of a release: every byte against SHA256SUMS, then what the files say against one another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report
from casetrail.package.files import DESCRIPTOR
from casetrail.package.package import Package, open_package
from casetrail.release import record
from casetrail.release.archive import Member, archive_chunks
from casetrail.release.content_hash import release_hash, table_hash
from casetrail.release.copy import Copy, ZipCopy, open_copy
from casetrail.release.seal import SIGNATURE, SUMS, Fingerprint, fingerprint, read_sums
from casetrail.release.signature import check_signature

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Verdict:
    """What is known of a copy: it is the publication where `problems` is empty.

    `notes` are sentences worth knowing; `report` is the validation of its tables, `None` where the bytes were
    wrong.
    """

    path: Path
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    report: Report | None = None

    @property
    def good(self) -> bool:
        """Whether the copy is whole, unchanged and valid."""
        return not self.problems


def verify(path: Path, allowed_signers: Path | None = None) -> Verdict:
    """Compare a copy with its own list of checksums, then its parts with each other.

    Every difference is named. What lies deeper is looked at only where every byte is right. Raises
    `CasetrailError` (exit code 2) where there is no copy or a program is missing.
    """
    copy = open_copy(path)
    verdict = Verdict(path, list(copy.problems), files=len(copy.files))
    if copy.problems and not copy.files:
        return verdict
    prints = _check_bytes(copy, verdict)
    if verdict.good:
        _check_signature(copy, allowed_signers, verdict)
    if verdict.good:
        with _telling(verdict):
            _check_agreement(copy, prints, verdict)
    return verdict


@contextmanager
def _telling(verdict: Verdict) -> Iterator[None]:
    """Turn an error inside into a problem: a copy that cannot be read as a release is a bad copy."""
    try:
        yield
    except CasetrailError as error:
        verdict.problems.append(str(error))
    except (KeyError, ValueError, TypeError) as error:
        what = f"{type(error).__name__}: {error}"
        verdict.problems.append(f"{record.NAME} or {DESCRIPTOR} is not as a release has it ({what})")


def _check_bytes(copy: Copy, verdict: Verdict) -> dict[str, Fingerprint]:
    """Every file against the list, and the list against every file."""
    prints: dict[str, Fingerprint] = {}
    if SUMS not in copy.files:
        verdict.problems.append(f"{SUMS}: missing, and without it nothing can be checked; is this a release?")
        return prints
    for path in sorted(copy.files):
        try:
            with copy.open(path) as file:
                prints[path] = fingerprint(file)
        except (OSError, BadZipFile, CasetrailError, EOFError) as error:
            verdict.problems.append(f"{path}: cannot be read: {error}")
    try:
        sums = read_sums(_read(copy, SUMS))
    except CasetrailError as error:
        verdict.problems.append(str(error))
        return prints
    for path in sorted({*sums, *copy.files} - {SUMS, SIGNATURE}):
        if path not in copy.files:
            verdict.problems.append(f"{path}: missing")
        elif path not in sums:
            verdict.problems.append(f"{path}: not part of the release")
        elif path in prints and prints[path].sha256 != sums[path]:
            verdict.problems.append(
                f"{path}: changed; its SHA-256 is {prints[path].sha256}, not {sums[path]}"
            )
    return prints


def _check_signature(copy: Copy, allowed_signers: Path | None, verdict: Verdict) -> None:
    signed = SIGNATURE in copy.files
    said = None
    with suppress(ValueError, CasetrailError, AttributeError, KeyError):
        said = json.loads(_read(copy, record.NAME)).get("signature")
    if signed != (said == SIGNATURE):
        what = "missing, and the release was signed" if not signed else "not part of the release"
        verdict.problems.append(f"{SIGNATURE}: {what}")
    elif signed:
        try:
            verdict.notes.append(check_signature(_read(copy, SUMS), _read(copy, SIGNATURE), allowed_signers))
        except CasetrailError as error:
            if error.exit_code != 1:
                raise
            verdict.problems.append(f"{SIGNATURE}: {error}")
    elif allowed_signers is not None:
        verdict.problems.append(f"{SIGNATURE}: missing; this release is not signed, so nobody vouches for it")


def _check_agreement(copy: Copy, prints: dict[str, Fingerprint], verdict: Verdict) -> None:
    """Record, descriptor, schemas, tables and their Parquet say the same, and the tables are valid."""
    from casetrail.case.validation import validate_package

    said = json.loads(_read(copy, record.NAME))
    if isinstance(copy, ZipCopy):
        _check_zip(copy, prints, date.fromisoformat(said["date"]), verdict)
    package = open_package(copy.path)
    verdict.report = validate_package(package)
    verdict.problems += [
        f"{one.path}: {one.message}" for one in verdict.report.findings if one.severity == "error"
    ]
    verdict.problems += _disagreements(copy, said, package)
    verdict.notes += [f"without {one['path']}: {one['reason']}" for one in said["missing"]]


def _disagreements(copy: Copy, said: dict[str, Any], package: Package) -> Iterator[str]:
    from casetrail.tables.typed import TypedTable

    for name, found in (
        ("name", package.descriptor.name),
        ("version", package.version),
        ("date", (package.descriptor.created or "")[:10]),
    ):
        if said[name] != found:
            yield f"{record.NAME}: '{name}' is '{said[name]}', but {DESCRIPTOR} has '{found}'"
    tables = {one["name"]: one for one in said["tables"]}
    if list(tables) != [one.name for one in package.tables]:
        yield f"{record.NAME}: its tables are not those of {DESCRIPTOR}"
        return
    for resource in package.tables:
        if resource.schema is None:
            yield f"{DESCRIPTOR}: the table '{resource.name}' has no schema"
            continue
        names = resource.schema.field_names
        stated = tables[resource.name]
        content, rows = TypedTable(resource, resource.schema).stream(partial(_hash_and_rows, names))
        if content != stated["contentHash"]:
            yield f"{resource.path}: does not say what {record.NAME} says of it (its content hash differs)"
        if rows != stated["rows"]:
            yield f"{resource.path}: {rows} rows, but {record.NAME} says {stated['rows']}"
        parquet = f"parquet/{resource.name}.parquet"
        if parquet in copy.files and _parquet_hash(copy, parquet, names) != stated["contentHash"]:
            yield f"{parquet}: does not say the same as {resource.path}"
    whole = release_hash(package.raw, {name: one["contentHash"] for name, one in tables.items()})
    if whole != said["contentHash"]:
        yield f"{DESCRIPTOR}: does not say what {record.NAME} says of it (the content hash differs)"


def _hash_and_rows(
    names: tuple[str, ...], _: pa.Schema, batches: Iterator[pa.RecordBatch]
) -> tuple[str, int]:
    rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in batches:
            rows += batch.num_rows
            yield batch

    return table_hash(names, counted()), rows


def _parquet_hash(copy: Copy, path: str, names: tuple[str, ...]) -> str:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(pa.BufferReader(_read(copy, path))) as file:
            return table_hash(names, file.iter_batches(columns=list(names)))
    except (pa.ArrowException, OSError, KeyError) as error:
        raise CasetrailError(f"{path}: cannot be read: {error}", exit_code=1) from None


def _check_zip(copy: ZipCopy, prints: dict[str, Fingerprint], day: date, verdict: Verdict) -> None:
    """Make the zip again and compare: not a bit of it, headers and all, may be another."""
    members = [
        Member(f"{copy.folder}/{path}", found.bytes, found.crc32, lambda path=path: copy.open(path))  # type: ignore[misc]
        for path, found in prints.items()
    ]
    with copy.path.open("rb") as file:
        same = all(
            file.read(len(chunk)) == chunk for chunk in archive_chunks(members, day)
        ) and not file.read(1)
    if not same:
        verdict.problems.append(
            "the zip is not as casetrail wrote it, though every file in it is right: it was packed anew or "
            "damaged between the files; unpack it and verify the folder"
        )


def _read(copy: Copy, path: str) -> bytes:
    try:
        with copy.open(path) as file:
            return file.read()
    except (OSError, BadZipFile, KeyError) as error:
        raise CasetrailError(f"{path}: cannot be read: {error}", exit_code=1) from None
