"""The tables of several packages put together, for comparison across cases."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

import pyarrow as pa

from casetrail.findings.error import CasetrailError
from casetrail.loading.loaded import LoadedPackage, load

COLUMN = "case"
"""The column that says from which package a row comes."""


def concat_packages(packages: Iterable[str | PathLike[str] | LoadedPackage]) -> dict[str, pa.Table]:
    """One Arrow table per table name; see `casetrail.concat`.

    Raises:
        CasetrailError: Two packages have one name, or a column has types that do not go together.
    """
    parts: dict[str, list[pa.Table]] = {}
    names: set[str] = set()
    for source in packages:
        package = source if isinstance(source, LoadedPackage) else load(source)
        if package.name in names:
            raise CasetrailError(f"two packages are called '{package.name}'; give one of them another name")
        names.add(package.name)
        for table in package.tables:
            parts.setdefault(table, []).append(_marked(package, table))
    return {table: _put_together(table, tables) for table, tables in parts.items()}


def _marked(package: LoadedPackage, table: str) -> pa.Table:
    """The table with the name of its package in front; terms as text, since vocabularies may differ."""
    own = package[table]
    if COLUMN in own.column_names:
        raise CasetrailError(f"the table '{table}' of '{package.name}' has a column '{COLUMN}' of its own")
    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in own.columns
    ]
    case = pa.repeat(pa.scalar(package.name, pa.string()), own.num_rows)
    return pa.table([case, *columns], names=[COLUMN, *own.column_names])


def _put_together(table: str, parts: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(parts, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise CasetrailError(
            f"the tables '{table}' cannot be put together, since a column has other types: {error}"
        ) from None
