"""How the table of a resource is read: which reader it needs, and what is not read yet."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Ledger
from casetrail.package.csv_form import CsvForm, unsupported
from casetrail.package.reader import CsvOptions, CsvReader
from casetrail.package.structure import Reporter
from casetrail.package.text import TextBatch

if TYPE_CHECKING:
    from casetrail.package.resource import Resource

_UTF_8 = frozenset({"utf-8", "utf8", "utf_8", "us-ascii", "ascii"})
_DELIMITED = frozenset({"csv", "tsv", "tab", "txt", "dsv", "psv"})


def read_table(
    resource: Resource, ledger: Ledger | None, *, observer: Callable[[bytes], object] | None = None
) -> Iterator[TextBatch]:
    """The records of a resource as text batches; see `Resource.batches`."""
    resource.rows_read = 0
    if resource.obstacle is not None:
        if ledger is None:
            raise CasetrailError(f"the table '{resource.name}' cannot be read: {resource.obstacle}")
        return
    reporter = Reporter(resource.name, resource.path, ledger)
    if not _can_be_read(resource, reporter):
        return
    options = CsvOptions(
        CsvForm.of(resource.dialect),
        schema=resource.schema,
        strict_bytes=resource.case_package,
        observer=observer,
    )
    try:
        with resource.open() as file:
            reader = CsvReader(file, options, reporter)
            for batch in reader.batches():
                resource.rows_read = reader.records
                yield batch
    except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
        reporter.add("path-unreadable", f"the file cannot be read to its end ({reason})")


def _can_be_read(resource: Resource, reporter: Reporter) -> bool:
    """Report every part of the standard that this resource needs and that is not read yet."""
    good = True
    for what in _not_yet(resource):
        good = False
        message = f"{what} is a part of the standard that is not read yet, so the table was not checked"
        reporter.add("unsupported", message)
    return good


def _not_yet(resource: Resource) -> Iterator[str]:
    descriptor = resource.descriptor
    if descriptor.has_data:
        yield "inline data"
    if len(resource.paths) > 1:
        yield "a resource of several files"
    if resource.encoding not in _UTF_8:
        yield f"the encoding '{resource.encoding}'"
    endings = PurePosixPath(resource.path).suffixes
    ending = endings[-1].lower().lstrip(".") if endings else ""
    if ending in ("gz", "zip") or descriptor.compression is not None:
        yield f"the compression '{descriptor.compression or ending}'"
    elif (descriptor.format or ending).lower() not in (*_DELIMITED, ""):
        yield f"the format '{(descriptor.format or ending)[:40]}'"
    for name, value in unsupported(resource.dialect):
        yield f"the dialect property '{name}' with the value {value}"
