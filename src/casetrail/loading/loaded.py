"""LoadedPackage: a Data Package as the person who uses it has it in hand, its tables typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, overload

import pyarrow as pa

from casetrail.findings.error import CasetrailError
from casetrail.loading.checksums import Checksums
from casetrail.loading.columns import Column, columns_of
from casetrail.loading.read_typed import read_typed
from casetrail.package.package import Package, open_package
from casetrail.standard.near_miss import did_you_mean

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl

    from casetrail.case.case import Case
    from casetrail.case.row_model import CaseRow
    from casetrail.case.views.claims import RowClaims


class LoadedPackage(Mapping[str, pa.Table]):
    """The tables of a Data Package by name, each a `pyarrow.Table`, read when it is first asked for.

    Dates that are not known to the day are texts as the file has them (EDTF), and beside each such column
    are `<column>_earliest` and `<column>_latest`. A column with a vocabulary is a dictionary of all its
    terms, used or not. What a column means is in the metadata of its Arrow field and in `columns`.

    Examples:
        >>> import casetrail
        >>> case = casetrail.open("atajurt-case-1.0.0.zip")
        >>> case.tables[:4]
        ('events', 'parties', 'charges', 'responses')
        >>> case["events"].schema.field("date_earliest").type
        DataType(date32[day])
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._checksums = Checksums(package)
        self._read: dict[str, pa.Table] = {}

    def __repr__(self) -> str:
        words = " ".join(filter(None, (self.name, self.version)))
        return f"<{words}: {', '.join(self.tables)}>"

    @property
    def name(self) -> str:
        """The name of the package."""
        return self._package.name

    @property
    def version(self) -> str | None:
        """The version of the package, where it gives one."""
        return self._package.version

    @property
    def title(self) -> str | None:
        """The title of the package, where it gives one."""
        return self._package.descriptor.title

    @property
    def descriptor(self) -> dict[str, Any]:
        """The content of `datapackage.json`."""
        return self._package.raw

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, in the order of the descriptor."""
        return tuple(resource.name for resource in self._package.tables)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __getitem__(self, table: str) -> pa.Table:
        """The table of this name.

        Raises:
            CasetrailError: The package has no such table, its file is not as it was sealed, or it holds
                what its schema does not allow.
        """
        if table not in self._read:
            if table not in self.tables:
                raise self._unknown("table", table, self.tables, f"the package '{self.name}'")
            self._read[table] = read_typed(self._package, self._package.resource(table), self._checksums)
        return self._read[table]

    def columns(self, table: str) -> Mapping[str, Column]:
        """What the schema says of each column of a table: title, description, unit, labels of its terms.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> case.columns("events")["kind"].labels["court_decision"]
            'Court decision'
            >>> case.columns("charges")["maximum_years"].unit
            'years'
        """
        return columns_of(self[table], self._package.resource(table).schema)

    @overload
    def to_pandas(self, table: str) -> pd.DataFrame: ...
    @overload
    def to_pandas(self, table: None = None) -> dict[str, pd.DataFrame]: ...
    def to_pandas(self, table: str | None = None) -> pd.DataFrame | dict[str, pd.DataFrame]:
        """One table as a pandas DataFrame, or all of them by name.

        No value is changed: whole numbers with gaps stay whole numbers (`Int64`), which they do not in
        `case["events"].to_pandas()`, the conversion that pyarrow has by itself.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> str(case.to_pandas("charges")["people"].dtype)
            'Int64'
        """
        from casetrail.loading.frames import to_pandas

        if table is not None:
            return to_pandas(self[table], self.columns(table))
        return {name: to_pandas(self[name], self.columns(name)) for name in self}

    @overload
    def to_polars(self, table: str) -> pl.DataFrame: ...
    @overload
    def to_polars(self, table: None = None) -> dict[str, pl.DataFrame]: ...
    def to_polars(self, table: str | None = None) -> pl.DataFrame | dict[str, pl.DataFrame]:
        """One table as a polars DataFrame, or all of them by name.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> case.to_polars("charges").height == case["charges"].num_rows
            True
        """
        from casetrail.loading.frames import to_polars

        if table is not None:
            return to_polars(self[table], self.columns(table))
        return {name: to_polars(self[name], self.columns(name)) for name in self}

    def to_duckdb(self, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
        """All tables in DuckDB: in the connection that is given, else in a new one in memory.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> database = case.to_duckdb()
            >>> database.sql("SELECT article, part FROM charges WHERE status = 'on_trial'").fetchall()
            [('174', '2')]
        """
        from casetrail.loading.frames import to_duckdb

        return to_duckdb({name: (self[name], self.columns(name)) for name in self}, connection)

    def evidence(self, table: str, row_id: str) -> RowClaims:
        """What sources say for a row: for the row as a whole first, then for each of its cells.

        Raises:
            CasetrailError: The row is not there, or the package is not a Case Data Package.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> row = case.evidence("events", "ev-20260123-hearing")
            >>> time = next(cell for cell in row.claims if cell.field == "time")
            >>> time.value, time.claims[0].as_written
            ('15:00', '3:00 p.m.')
        """
        from casetrail.case.views.claims import row_claims

        case = self._case
        if table not in self.tables:
            raise self._unknown("table", table, self.tables, f"the package '{self.name}'")
        if row_id not in case.tables.get(table, {}):
            raise self._unknown("row", row_id, case.tables.get(table, {}), f"the table '{table}'")
        return row_claims(case, row_id)

    def rows(self, table: str) -> Iterator[CaseRow]:
        """The rows of a table of a case as typed objects, each judged by the model of its table.

        A date is an `EdtfDate` with its bounds, a number a number, a term or a reference text; an empty cell
        is `None`.

        Raises:
            CasetrailError: The package is not a Case Data Package or has no such table.
            ValidationError: At a row that breaks a constraint or a rule.

        Examples:
            >>> import casetrail
            >>> case = casetrail.open("atajurt-case-1.0.0.zip")
            >>> hearings = [row for row in case.rows("events") if row.kind == "hearing"]
            >>> hearings = [row for row in hearings if row.status == "held"]
            >>> hearings[0].date.earliest, hearings[0].time
            (datetime.date(2026, 1, 23), datetime.time(15, 0))
        """
        return self._case.rows(table)

    def claims(self) -> pa.Table:
        """What each source says for a row, a cell or a disagreement, and whose word it is, claim by claim.

        Claims of one `origin` count once. What each column means is in the metadata of its field.

        Raises:
            CasetrailError: The package is not a Case Data Package.

        Examples:
            >>> import casetrail
            >>> claims = casetrail.open("atajurt-case-1.0.0.zip").claims()
            >>> claims.schema.field("origin").metadata[b"description"].decode()[:17]
            'Whose word it is:'
        """
        from casetrail.case.views.derived_tables import derived_table

        return derived_table(self._case, "claims")

    def versions(self) -> pa.Table:
        """The versions of each disagreement, with the number of their independent origins.

        Raises:
            CasetrailError: The package is not a Case Data Package.

        Examples:
            >>> import casetrail
            >>> versions = casetrail.open("atajurt-case-1.0.0.zip").versions()
            >>> {"question", "words", "rank", "origins"} <= set(versions.column_names)
            True
        """
        from casetrail.case.views.derived_tables import derived_table

        return derived_table(self._case, "versions")

    def citation(self, style: str = "apa") -> str:
        """How to cite this version: `apa`, `bibtex`, `ris`, `csl`, `datacite` or `cff`.

        Raises:
            CasetrailError: For another style, or where the descriptor lacks what a citation needs.

        Examples:
            >>> import casetrail
            >>> print(casetrail.open("atajurt-case-1.0.0.zip").citation())  # doctest: +ELLIPSIS
            casetrail contributors. (20...). The Atajurt case: ... (Version 1.0.0) [Data set].
        """
        from casetrail.describe.citation import citation
        from casetrail.describe.styles import STYLES

        if style not in STYLES:
            raise CasetrailError(f"there is no citation style '{style}'; the styles are {', '.join(STYLES)}")
        return STYLES[style](citation(self._package.descriptor)).rstrip("\n")

    @cached_property
    def _case(self) -> Case:
        from casetrail.case.case import Case

        for resource in self._package.tables:
            for path in resource.paths:
                self._checksums.check(path)
        return Case.load(self._package)

    def _unknown(self, what: str, name: str, known: Any, where: str) -> CasetrailError:
        hint = did_you_mean(name, known)
        if hint is None and what == "table":
            hint = f"its tables are {', '.join(known)}"
        return CasetrailError(f"{where} has no {what} '{name}'" + (f"; {hint}" if hint else ""))


def load(
    path: str | PathLike[str],
    *,
    allow_remote: bool | Collection[str] = False,
    schema: str | PathLike[str] | Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
) -> LoadedPackage:
    """Open a package for reading; see `casetrail.open`."""

    package = open_package(path, allow_remote=allow_remote, schema=schema, resource=resource)
    check_known_version(package)
    return LoadedPackage(package)


_STANDARD = re.compile(r"https://datapackage\.org/profiles/([0-9]+)\.[0-9.]+/.*")
_KNOWN = 2


def check_known_version(package: Package) -> None:
    """Raise a `CasetrailError` for a package of a later form, which would be read wrongly, or that has none.

    What counts are the version of the standard (`$schema`) and that of the Case Data Package profile.
    """
    from casetrail.case.profile import profile_versions

    place = f"'{package.files.descriptor}' in '{package.root}'"
    newer = "install a newer casetrail, which knows it"
    standard = _STANDARD.fullmatch(package.descriptor.schema_uri or "")
    if standard is not None and int(standard[1]) > _KNOWN:
        raise CasetrailError(
            f"{place} follows version {standard[1]} of the Data Package standard, and this casetrail reads "
            f"up to version {_KNOWN}; {newer}"
        )
    if package.case_profile not in (None, *profile_versions()):
        raise CasetrailError(
            f"{place} follows version {package.case_profile} of the Case Data Package profile, and this "
            f"casetrail reads {', '.join(profile_versions())}; {newer}"
        )
    if not package.resources:
        reason = package.findings[0].message if package.findings else "it names no resource"
        raise CasetrailError(f"{place} cannot be read: {reason}; run `casetrail validate` on it")
