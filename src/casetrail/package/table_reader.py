"""How the table of a resource is read: which reader it needs, and what is not read yet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.report import Ledger
from casetrail.package.csv_file import CsvOptions
from casetrail.package.csv_form import CsvForm
from casetrail.package.layout import Layout
from casetrail.package.reader import CsvReader
from casetrail.package.sources import UTF_8, SourceProblem, compression_of, encoding_of, open_source
from casetrail.package.structure import Reporter
from casetrail.package.text import TextBatch

if TYPE_CHECKING:
    from casetrail.package.resource import Resource

_DELIMITED = frozenset({"csv", "tsv", "tab", "txt", "dsv", "psv"})


def read_table(resource: Resource, ledger: Ledger | None) -> Iterator[TextBatch]:
    """The records of a resource as text batches; see `Resource.batches`."""
    resource.rows_read = 0
    if resource.obstacle is not None:
        if ledger is None:
            raise CasetrailError(f"the table '{resource.name}' cannot be read: {resource.obstacle}")
        return
    reporter = Reporter(resource.name, resource.path, ledger)
    if _can_be_read(resource, reporter):
        yield from _read_files(resource, ledger)


def _read_files(resource: Resource, ledger: Ledger | None) -> Iterator[TextBatch]:
    """The files of a delimited table one after the other, as one large table (standard: "Multiple Files")."""
    options = CsvOptions(
        CsvForm.of(resource.dialect), schema=resource.schema, strict_bytes=resource.case_package
    )
    encoding = encoding_of(resource)
    layout: Layout | None = None
    done = 0
    empty = True
    for path in resource.paths:
        shown = "UTF-8" if encoding in UTF_8 and encoding != "ascii" else str(resource.descriptor.encoding)
        reporter = Reporter(resource.name, path, ledger, shown)
        several = path if len(resource.paths) > 1 else None
        try:
            with open_source(resource, path) as file:
                reader = CsvReader(file, options, reporter, layout=layout)
                for batch in reader.batches():
                    resource.rows_read = done + reader.records
                    yield batch if several is None else replace(batch, path=several)
        except SourceProblem as problem:
            reporter.add(problem.code, problem.reason, hint=problem.hint)
            return
        except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
            reporter.add("path-unreadable", f"the file cannot be read to its end ({reason})")
            return
        done += reader.records
        empty = empty and reader.complete and reader.rows_met == 0
        layout = reader.layout
        if layout is None:
            return
    if empty:
        message = "the table has a header and no record"
        reporter = Reporter(resource.name, resource.path, ledger)
        reporter.add("no-records", message, row=1, line=1, severity=Severity.NOTE)


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
    if encoding_of(resource) is None:
        yield f"the encoding '{resource.encoding[:40]}'"
    for path in resource.paths:
        compression = compression_of(resource, path)
        if compression not in (None, "gz", "zip"):
            yield f"the compression '{compression[:40]}'"
        ending = PurePosixPath(path.removesuffix(f".{compression}")).suffix.lower().lstrip(".")
        kind = (descriptor.format or ending).lower()
        if kind not in (*_DELIMITED, "", compression):
            yield f"the format '{kind[:40]}'"
