"""releases.csv: which versions were published, of which day, with which content; once and for all.

It is beside `datapackage.json` and is committed. A version that it lists is never built with other
content.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date

from casetrail.curate.writing import changing, write_files
from casetrail.findings.error import CasetrailError
from casetrail.package.files import PackageFiles
from casetrail.tables.csv_writer import csv_bytes

NAME = "releases.csv"
COLUMNS = ("version", "date", "content_hash")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Published:
    """One published version: its day and the hash of its content (see `content_hash`)."""

    version: str
    day: date
    content_hash: str


def read_published(files: PackageFiles) -> tuple[Published, ...]:
    """The published versions in the order of the file; none where there is none.

    Raises:
        CasetrailError: The file is not as it should be.
    """
    problem = files.problem(NAME)
    if problem is not None and problem.code == "path-missing":
        return ()
    try:
        if problem is not None:
            raise ValueError(problem.reason)
        with files.open(NAME) as file:
            rows = list(csv.reader(file.read().decode().splitlines(), strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise CasetrailError(f"{NAME} cannot be read ({error}); restore it from the repository") from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise CasetrailError(f"{NAME} must start with the columns {', '.join(COLUMNS)}")
    versions: dict[str, Published] = {}
    for number, row in enumerate(rows[1:], start=2):
        try:
            version, day, content = row
            entry = Published(version, date.fromisoformat(day), content)
        except ValueError:
            raise CasetrailError(f"{NAME}, row {number}: version, day and content hash are needed") from None
        if _HASH.fullmatch(content) is None or version in versions:
            reason = (
                "this version is there twice" if version in versions else f"'{content}' is no content hash"
            )
            raise CasetrailError(f"{NAME}, row {number}: {reason}; restore the file from the repository")
        versions[version] = entry
    return tuple(versions.values())


def check_unchanged(published: tuple[Published, ...], release: Published) -> bool:
    """Whether the release was published before.

    Raises:
        CasetrailError: That was with other content or on another day (exit code 1).
    """
    for earlier in published:
        if earlier.version == release.version:
            if earlier != release:
                same = earlier.content_hash == release.content_hash
                was, now = (
                    f"{version.day.isoformat()}, {version.content_hash}" for version in (earlier, release)
                )
                raise CasetrailError(
                    f"version {earlier.version} was published "
                    f"{'on another day' if same else 'with other content'} ({NAME}: {was}; now {now}); what "
                    "is published never changes: give the dataset a new version in datapackage.json",
                    exit_code=1,
                )
            return True
    return False


def publish(files: PackageFiles, release: Published) -> None:
    """Add the release to the file beside what others noted meanwhile; whole or not at all.

    Raises `CasetrailError` where the version was published meanwhile with other content.
    """
    with changing(files.root):
        published = read_published(files)
        if not check_unchanged(published, release):
            rows = [
                (entry.version, entry.day.isoformat(), entry.content_hash) for entry in (*published, release)
            ]
            write_files(files.root, {NAME: csv_bytes(COLUMNS, rows)})
