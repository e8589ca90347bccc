"""Verify a copy of a release: every byte against SHA256SUMS, then what the files say against one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa

from casetrail.describe.typed_tables import typed_table
from casetrail.exports import parquet
from casetrail.exports.export import of_size
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report
from casetrail.package.package import Package, open_package
from casetrail.package.paths import DESCRIPTOR
from casetrail.release import release_record
from casetrail.release.archive import Member, archive_chunks
from casetrail.release.release_record import ReleaseRecord, content_hash
from casetrail.release.released_files import (
    ReleasedFiles,
    ReleasedZip,
    compare_bytes,
    read_released,
    released_files,
)
from casetrail.release.seal import SIGNATURE, SUMS, Fingerprint
from casetrail.release.signature import check_signature
from casetrail.tables.typed import TypedTable


@dataclass
class VerificationResult:
    """What is known of a copy: it is the publication where `problems` is empty.

    `notes` are sentences worth knowing; `content_hash` is that of the copy; `report` is the validation of its
    tables, `None` where the bytes differ.
    """

    path: Path
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    content_hash: str = ""
    report: Report | None = None

    @property
    def good(self) -> bool:
        """Whether the copy is whole, unchanged and valid."""
        return not self.problems


def verify(path: Path, allowed_signers: Path | None = None) -> VerificationResult:
    """Compare a copy with its own list of checksums, then its parts with each other.

    Every difference is named. What lies deeper is looked at only where every byte is right.

    Raises:
        CasetrailError: There is no copy or a program is missing (exit code 2).
    """
    release = released_files(path)
    verdict = VerificationResult(path, files=len(release.files))
    if release.problems and not release.files:
        verdict.problems += release.problems
        return verdict
    prints, verdict.problems = compare_bytes(release)
    if not verdict.good:
        return verdict
    try:
        record = ReleaseRecord.read(read_released(release, release_record.NAME))
        verdict.content_hash = record.content_hash
        _check_signature(release, record, allowed_signers, verdict)
        if verdict.good:
            _check_agreement(release, record, prints, verdict)
    except CasetrailError as error:
        if error.exit_code != 1:
            raise
        verdict.problems.append(str(error))
    return verdict


def _check_signature(
    release: ReleasedFiles, record: ReleaseRecord, allowed_signers: Path | None, verdict: VerificationResult
) -> None:
    signed = SIGNATURE in release.files
    if signed != (record.signature is not None):
        reason = "missing, and the release was signed" if not signed else "not part of the release"
        verdict.problems.append(f"{SIGNATURE}: {reason}")
    elif signed:
        sums, signature = read_released(release, SUMS), read_released(release, SIGNATURE)
        try:
            verdict.notes.append(check_signature(sums, signature, allowed_signers))
        except CasetrailError as error:
            raise CasetrailError(f"{SIGNATURE}: {error}", exit_code=error.exit_code) from None
    elif allowed_signers is not None:
        verdict.problems.append(f"{SIGNATURE}: missing; this release is not signed, so nobody vouches for it")
    else:
        verdict.notes.append(
            "not signed: nobody vouches for it; compare the content hash with one that the publisher gives"
        )


def _check_agreement(
    release: ReleasedFiles, record: ReleaseRecord, prints: dict[str, Fingerprint], verdict: VerificationResult
) -> None:
    """Record, descriptor, schemas, tables and their Parquet say the same, and the tables are valid."""
    from casetrail.case.validation import validate_package

    if isinstance(release, ReleasedZip):
        _check_zip(release, prints, record.date, verdict)
    else:
        _check_folder_name(release, record, verdict)
    package = open_package(release.path)
    verdict.report = validate_package(package)
    verdict.problems += [
        f"{finding.path}: {finding.message}"
        for finding in verdict.report.findings
        if finding.severity == "error"
    ]
    verdict.problems += _other_words(record, package)
    if verdict.report.valid:
        verdict.problems += _other_values(release, record, package, verdict.report)
    verdict.notes += [f"without {absent.path}: {absent.reason}" for absent in record.missing]


def _check_folder_name(release: ReleasedFiles, record: ReleaseRecord, verdict: VerificationResult) -> None:
    """A folder may be renamed, but not to another version."""
    right = f"{record.name}-{record.version}"
    name = release.path.resolve().name
    if name != right and name.startswith(f"{record.name}-"):
        verdict.problems.append(
            f"the folder is called '{name}', but {release_record.NAME} says that it is '{right}'; rename it"
        )


def _other_words(record: ReleaseRecord, package: Package) -> Iterator[str]:
    """Where the record and the descriptor, the schemas and the hashes in it do not say the same."""
    for name, recorded, described in (
        ("name", record.name, package.descriptor.name),
        ("version", record.version, package.version),
        ("date", record.date.isoformat(), (package.descriptor.created or "")[:10]),
    ):
        if recorded != described:
            yield f"{release_record.NAME}: '{name}' is '{recorded}', but {DESCRIPTOR} has '{described}'"
    if content_hash(package.raw) != record.content_hash:
        yield f"{DESCRIPTOR}: does not say what {release_record.NAME} says of it (the content hash differs)"


def _other_values(
    release: ReleasedFiles, record: ReleaseRecord, package: Package, report: Report
) -> Iterator[str]:
    """Where the record, the tables and their Parquet do not say the same."""
    recorded = [(table.name, table.path, table.rows) for table in record.tables]
    if recorded != [(table.name, table.path, table.rows) for table in report.tables]:
        yield f"{release_record.NAME}: its tables are not those of {DESCRIPTOR}, or have other numbers"
    for resource in package.tables:
        path = parquet.EXPORT.path.format(table=resource.name)
        if path in release.files:
            typed = typed_table(package, resource)
            if not _same_values(typed, read_released(release, path), path):
                yield f"{path}: does not say the same as {resource.path}"


def _same_values(table: TypedTable, data: bytes, path: str) -> bool:
    """Whether a Parquet file has the values of the table, whoever wrote it and in whatever groups."""
    try:
        with parquet.parquet_file(data) as file:

            def consume(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> bool:
                if file.schema_arrow.names != schema.names:
                    return False
                plain = pa.schema([(field.name, _value_type(field.type)) for field in schema])
                runs = zip_longest(_runs(batches, plain), _runs(file.iter_batches(), plain))
                return all(ours is not None and ours.equals(theirs) for ours, theirs in runs)

            return table.stream(consume)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise CasetrailError(f"{path}: cannot be read: {error}", exit_code=1) from None


def _runs(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in tables of one size, terms as texts and floats by their bits, so that NaN equals NaN."""
    cast = (
        pa.RecordBatch.from_arrays(
            [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)],
            schema=schema,
        )
        for batch in batches
    )
    for run in of_size(cast, schema, parquet.ROWS_PER_GROUP):
        yield pa.table([_bits(column) for column in run.columns], run.column_names)


def _bits(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type != pa.float64():
        return column
    return pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _check_zip(
    release: ReleasedZip, prints: dict[str, Fingerprint], day: date, verdict: VerificationResult
) -> None:
    """Make the zip again and compare: not a bit of it, headers and all, may be another."""
    members = [
        Member(path, of_file.bytes, of_file.crc32, partial(release.open, path))
        for path, of_file in prints.items()
    ]
    with release.path.open("rb") as file:
        same = all(
            file.read(len(chunk)) == chunk for chunk in archive_chunks(members, day)
        ) and not file.read(1)
    if not same:
        verdict.problems.append(
            "the zip is not as casetrail wrote it, though every file in it is right: it was packed anew or "
            "damaged between the files; unpack it and verify the folder"
        )
