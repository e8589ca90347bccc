"""The format of a table: what its files are written in."""

from __future__ import annotations

from pathlib import PurePosixPath

from casetrail.tables.file_blocks import TableSource, compression_of

JSON_FORMATS = frozenset({"json", "jsonl", "ndjson"})
PARQUET = "parquet"
SPREADSHEETS = frozenset({"xlsx", "xlsm", "ods"})
_MEDIA_TYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/tsv": "tsv",
    "application/json": "json",
    "text/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "ndjson",
    "application/vnd.apache.parquet": PARQUET,
    "application/x-parquet": PARQUET,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
DELIMITED = frozenset({"csv", "tsv", "tab", "txt", "dsv", "psv"})


def format_of(source: TableSource) -> str:
    """What the data are written in: the declared format, else what media type or path say, `csv` at last."""
    descriptor = source.descriptor
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
    path = source.path
    ending = PurePosixPath(path.removesuffix(f".{compression_of(source, path)}")).suffix
    kind = ending.lower().lstrip(".")
    return "csv" if kind in ("", "zip", "gz", "zst") else kind
