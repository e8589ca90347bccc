"""Typed tables of a package: from the Parquet of a release where it has one, else from the CSV."""

from __future__ import annotations

from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.describe.typed_tables import typed_table
from casetrail.exports import parquet
from casetrail.findings.error import CasetrailError
from casetrail.loading.checksums import Checksums
from casetrail.package.files import reading
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.types.table_schema.string import terms_of


def read_typed(package: Package, resource: Resource, checksums: Checksums) -> pa.Table:
    """The table with its types, its derived columns and the words of the package as metadata.

    Every file of the table is compared with its seal, the one that is read and the other: where one was
    altered, neither is passed off as the release.

    Raises:
        CasetrailError: Then, and where the schema or the type of a column cannot be read.
    """
    for path in resource.paths:
        checksums.check(path)
    path = parquet.EXPORT.path.format(table=resource.name)
    if checksums.sealed and checksums.lists(path):
        checksums.check(path)
        return _from_parquet(package, resource, path)
    if resource.has_unreadable_schema:
        raise CasetrailError(
            f"the schema of the table '{resource.name}' cannot be read, so the types of its columns are not "
            "known; `casetrail validate` says what is wrong with it",
            exit_code=1,
        )
    for finding in package.findings:
        if finding.code == "schema-type-unknown" and finding.table == resource.name:
            raise CasetrailError(
                f"{finding.path}: {finding.message}, so the table '{resource.name}' cannot be read with its "
                + (f"types; {finding.hint}" if finding.hint else "types"),
                exit_code=1,
            )
    return typed_table(package, resource, resource.schema or _all_text(resource)).read_all()


def _from_parquet(package: Package, resource: Resource, path: str) -> pa.Table:
    with reading(package.files, path), package.files.open(path) as file:
        data = file.read()
    try:
        table = parquet.parquet_file(data).read(use_threads=False)
    except (pa.ArrowException, OSError, NotImplementedError) as error:
        raise CasetrailError(
            f"'{path}' in '{package.root}' is of a form that pyarrow {pa.__version__} cannot read ({error}); "
            "install a newer pyarrow"
        ) from None
    for index, field in enumerate(table.schema):
        stated = None if resource.schema is None else resource.schema.field(field.name)
        if stated is not None and pa.types.is_dictionary(field.type):
            terms = pa.array(terms_of(stated), pa.string())
            table = table.set_column(index, field, _with_terms(table.column(index), field, terms))
    metadata = {name: text for name, text in (table.schema.metadata or {}).items() if name != b"table_schema"}
    return table.replace_schema_metadata(metadata)


def _with_terms(column: pa.ChunkedArray, field: pa.Field, terms: pa.StringArray) -> pa.ChunkedArray:
    """The column with the whole vocabulary: a Parquet without rows, or with many terms, holds less of it."""
    if all(chunk.dictionary.equals(terms) for chunk in column.chunks) and column.num_chunks:
        return column
    places = pc.index_in(column.cast(pa.string()), value_set=terms).cast(field.type.index_type)
    chunks = [
        pa.DictionaryArray.from_arrays(chunk, terms, ordered=field.type.ordered) for chunk in places.chunks
    ]
    empty = pa.DictionaryArray.from_arrays(
        pa.array([], field.type.index_type), terms, ordered=field.type.ordered
    )
    return pa.chunked_array(chunks or [empty], field.type)


def _all_text(resource: Resource) -> TableSchema:
    """The schema of a table of which nothing is said: every column text, an empty cell no value."""
    first = next(islice(resource.batches(), 1), None)
    names = [] if first is None else first.cells.schema.names
    return TableSchema(fields=tuple(FieldDescriptor(name=name, type="string") for name in names))
