"""How the table of a resource is read: which reader it needs, and what is not read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.standard.dialect import BOM, CsvForm
from casetrail.tables.batch import TextBatch
from casetrail.tables.csv_reader import CsvReader
from casetrail.tables.header import Header
from casetrail.tables.json_table import JsonTable, inline_data
from casetrail.tables.reporter import Reporter
from casetrail.tables.sources import (
    SourceProblem,
    TableSource,
    compression_of,
    encoding_of,
    open_source,
    undecodable,
)

MAX_JSON = 256 * 1024 * 1024
"""How large a file of JSON may be, which is read as a whole."""
JSON_KINDS = frozenset({"json", "jsonl", "ndjson"})
_MEDIA_TYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/tsv": "tsv",
    "application/json": "json",
    "text/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "ndjson",
}
_DELIMITED = frozenset({"csv", "tsv", "tab", "txt", "dsv", "psv"})


def read_table(resource: TableSource, builder: ReportBuilder | None) -> Iterator[TextBatch]:
    """The records of a resource as text batches; see `Resource.batches`."""
    if resource.obstacle is not None:
        if builder is None:
            name = resource.descriptor.name
            raise CasetrailError(f"the table '{name}' cannot be read: {resource.obstacle}")
        return
    reporter = Reporter(resource.descriptor.name, resource.path, builder)
    if not _can_be_read(resource, reporter):
        return
    kind = kind_of(resource)
    if resource.descriptor.has_data:
        yield from _read_inline(resource, builder, kind)
    elif kind in JSON_KINDS:
        yield from _read_json(resource, builder, by_line=kind != "json")
    else:
        yield from _read_files(resource, builder)


def _read_json(resource: TableSource, builder: ReportBuilder | None, *, by_line: bool) -> Iterator[TextBatch]:
    """The files of a table in JSON one after the other."""
    table: JsonTable | None = None
    for path in resource.descriptor.paths:
        reporter = _reporter(resource, path, builder)
        table = table or JsonTable(resource.dialect, resource.schema, by_line=by_line)
        with _told(reporter), open_source(resource, path) as file:
            text = _text_of(file, reporter, strict_bytes=resource.case_package)
            if text is None:
                return
            yield from table.batches(text, reporter)
        if not table.complete:
            return
    if table is not None:
        table.finish(Reporter(resource.descriptor.name, resource.path, builder))


def _read_inline(resource: TableSource, builder: ReportBuilder | None, kind: str) -> Iterator[TextBatch]:
    """The data that stand in the descriptor itself; lines are those of the descriptor (`"Inline Data"`)."""
    reporter = Reporter(resource.descriptor.name, resource.path, builder)
    data = resource.descriptor.data
    if isinstance(data, str) and kind not in JSON_KINDS:
        form = CsvForm.of(resource.dialect)
        yield from CsvReader(BytesIO(data.encode()), form, resource.schema, reporter).batches()
        return
    table = JsonTable(resource.dialect, resource.schema, by_line=kind in ("jsonl", "ndjson"))
    if isinstance(data, str):
        batches = table.batches(data, reporter)
    else:
        with resource.open(resource.path) as file:
            text = file.read().decode("utf-8-sig")
        start = inline_data(text, resource.descriptor.name)
        batches = table.batches(text, reporter, start, inside=True)
    yield from batches
    table.finish(reporter)


def _text_of(file: IO[bytes], reporter: Reporter, *, strict_bytes: bool) -> str | None:
    """A whole file as text; `None`, and a finding, where that cannot be."""
    parts: list[bytes] = []
    size = 0
    while size <= MAX_JSON and (part := file.read(1 << 20)):
        parts.append(part)
        size += len(part)
    data = b"".join(parts)
    if size > MAX_JSON:
        message = f"the file has more than {MAX_JSON >> 20} MiB, too many for a table in JSON"
        reporter.add(
            "file-too-large", message, hint="write the table as CSV or as JSON lines in several files"
        )
        return None
    if data.startswith(BOM):
        hint = "save it as UTF-8 without BOM"
        severity = Severity.ERROR if strict_bytes else Severity.WARNING
        message = "the file starts with a byte order mark (BOM)"
        reporter.add("file-bom", message, row=1, line=1, hint=hint, severity=severity)
        data = data[len(BOM) :]
    if not data.strip():
        reporter.add("file-empty", "the file is empty", hint="write [] for a table without records")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = undecodable(data[error.start : error.start + 3]) or data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        reporter.add("not-utf-8", f"the byte 0x{byte:02X} is not {reporter.encoding}", line=line)
        return None


@contextmanager
def _told(reporter: Reporter) -> Iterator[None]:
    """Whatever keeps a file from being read to its end becomes a finding."""
    try:
        yield
    except SourceProblem as problem:
        reporter.add(problem.code, problem.reason, hint=problem.hint)
    except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
        reporter.add("path-unreadable", f"the file cannot be read to its end ({reason})")


def _reporter(resource: TableSource, path: str, builder: ReportBuilder | None) -> Reporter:
    encoding = "UTF-8" if encoding_of(resource) == "utf-8" else str(resource.descriptor.encoding)
    return Reporter(resource.descriptor.name, path, builder, encoding)


def _read_files(resource: TableSource, builder: ReportBuilder | None) -> Iterator[TextBatch]:
    """The files of a delimited table one after the other, as one large table ("Multiple Files")."""
    form = CsvForm.of(resource.dialect)
    header: Header | None = None
    empty = True
    for path in resource.descriptor.paths:
        reporter = _reporter(resource, path, builder)
        reader: CsvReader | None = None
        with _told(reporter), open_source(resource, path) as file:
            reader = CsvReader(
                file, form, resource.schema, reporter, strict_bytes=resource.case_package, header=header
            )
            yield from reader.batches()
        if reader is None or not reader.complete:
            return
        empty = empty and reader.rows_met == 0
        header = reader.header
    # The profile asks for every table, so a case has one where there is nothing to say.
    if empty and not resource.case_package:
        message = "the table has a header and no record"
        reporter = Reporter(resource.descriptor.name, resource.path, builder)
        reporter.add("no-records", message, row=1, line=1, severity=Severity.NOTE)


def _can_be_read(resource: TableSource, reporter: Reporter) -> bool:
    """Report what this resource needs and that is not read, so that nothing is passed over in silence."""
    good = True
    for what in _not_yet(resource):
        good = False
        message = f"{what} is not read, so the table was not checked"
        reporter.add("unsupported", message)
    return good


def _not_yet(resource: TableSource) -> Iterator[str]:
    if encoding_of(resource) is None:
        yield f"the encoding '{(resource.descriptor.encoding or '')[:40]}'"
    for path in resource.descriptor.paths:
        compression = compression_of(resource, path)
        if compression not in (None, "gz", "zip"):
            yield f"the compression '{compression[:40]}'"
    kind = kind_of(resource)
    if kind not in (*_DELIMITED, *JSON_KINDS):
        yield f"the format '{kind[:40]}'"


def kind_of(resource: TableSource) -> str:
    """What the data are written in: the declared format, else what media type or path say, `csv` at last."""
    descriptor = resource.descriptor
    if descriptor.has_data and not isinstance(descriptor.data, str):
        return "json"
    if descriptor.format:
        return descriptor.format.lower()
    if descriptor.mediatype is not None:
        kind = _MEDIA_TYPES.get(descriptor.mediatype.partition(";")[0].strip().lower())
        if kind is not None:
            return kind
    if descriptor.has_data:
        return "csv"
    path = resource.path
    ending = PurePosixPath(path.removesuffix(f".{compression_of(resource, path)}")).suffix
    kind = ending.lower().lstrip(".")
    return "csv" if kind in ("", "zip", "gz") else kind
