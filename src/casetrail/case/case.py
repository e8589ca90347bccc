"""Case: the tables of one case in memory, as text, for the views that people read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from casetrail.case.names_left_out import leave_names_out
from casetrail.case.profile import TableSpec, profile, spec_in_language, tables_of
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.languages.words import chosen_language
from casetrail.standard.near_miss import did_you_mean

if TYPE_CHECKING:
    from casetrail.case.row_model import CaseRow
    from casetrail.package.package import Package

TextRow = Mapping[str, str]
"""A row as text cells; `""` is missing."""


class Pointer(NamedTuple):
    """A cell that holds the id of another row: the row `row_id` of `table` points from its column `field`."""

    table: str
    row_id: str
    field: str


class Case:
    """The tables of a Case Data Package by name, each row by its id, in the order of the file.

    Views read from it and change nothing. It holds the whole case, for what people read.
    """

    def __init__(
        self,
        name: str,
        tables: Mapping[str, Mapping[str, TextRow]],
        specs: Mapping[str, TableSpec] | None = None,
    ) -> None:
        self.name = name
        self.specs: Mapping[str, TableSpec] = {**profile().tables, **(specs or {})}
        """The tables that the case can have, each with its document: the profile's, then its own."""
        self.tables: dict[str, Mapping[str, TextRow]] = {table: tables.get(table, {}) for table in self.specs}
        self._prefixes = {spec.id_prefix: table for table, spec in self.specs.items() if spec.id_prefix}

    @classmethod
    def load(cls, package: Package, *, incomplete: bool = False) -> Case:
        """Read the tables of a case, without names of parties whose names are not disclosed.

        Of an `incomplete` one a table may lack columns of the profile, whose cells are empty then.

        Raises:
            CasetrailError: There is no `caseProfile`, a table lacks columns of the profile, or cannot be read
                to its end.
        """
        if package.case_profile is None:
            raise CasetrailError(
                f"{package.files.descriptor} declares no `caseProfile`, so there is no case in it to show. "
                "Give the path of a Case Data Package."
            )
        known = profile(package.case_profile).tables
        _refuse_tables_without_schema(known, package)
        stated = {**known, **tables_of(package)}
        if not incomplete:
            _refuse_missing_columns(known, stated)
        specs = {name: spec_in_language(spec, chosen_language()) for name, spec in stated.items()}
        tables: dict[str, dict[str, TextRow]] = {}
        for resource in package.tables:
            spec = specs.get(resource.name)
            if spec is None or spec.id_prefix is None:
                continue
            rows = tables.setdefault(resource.name, {})
            profiled = known[resource.name].columns if resource.name in known else ()
            blank = dict.fromkeys((*profiled, *spec.columns), "")
            builder = ReportBuilder(limit=1)
            for batch in resource.batches(builder):
                if batch.cells.column(spec.key).null_count:
                    break
                for cells in batch.cells.to_pylist():
                    rows.setdefault(cells[spec.key], {**blank, **cells})
            _refuse_what_cannot_be_read(builder)
        leave_names_out(tables, specs["parties"])
        return cls(package.descriptor.name or "", tables, specs)

    def __getitem__(self, table: str) -> Mapping[str, TextRow]:
        return self.tables[table]

    def table_with_prefix(self, row_id: str) -> str | None:
        """The table to which an id belongs by its prefix, whether or not a row has it."""
        return self._prefixes.get(row_id.partition("-")[0])

    def table_of(self, row_id: str) -> str:
        """The table that has a row of this id; a `CasetrailError` names near ids where none has."""
        table = self.table_with_prefix(row_id)
        if table is None:
            known = ", ".join(self._prefixes)
            raise CasetrailError(
                f"{row_id!r} is not an id of this case: an id begins with one of {known}, "
                "for example ev- for an event."
            )
        if row_id not in self[table]:
            hint = did_you_mean(row_id, self[table])
            raise CasetrailError(f"The table {table} has no row {row_id!r}" + (f"; {hint}" if hint else "."))
        return table

    def row(self, row_id: str) -> TextRow:
        """The row of an id, whichever table it is in."""
        return self[self.table_of(row_id)][row_id]

    def pointers_to(self, row_id: str) -> tuple[Pointer, ...]:
        """Every cell that holds this id as a reference, evidence left out, in the order of the tables."""
        return tuple(pointer for pointer in self._pointers.get(row_id, ()) if pointer.table != "evidence")

    @cached_property
    def _pointers(self) -> dict[str, list[Pointer]]:
        pointers: dict[str, list[Pointer]] = defaultdict(list)
        for table, spec in self.specs.items():
            for row_id, cells in self[table].items():
                for column in spec.pointers:
                    if cells.get(column):
                        pointers[cells[column]].append(Pointer(table, row_id, column))
        return pointers

    def rows_with(self, table: str, field: str, value: str) -> list[TextRow]:
        """The rows of a table that have this value in a column, in the order of the file."""
        index = self._by_value.get((table, field))
        if index is None:
            index = self._by_value[table, field] = defaultdict(list)
            for cells in self[table].values():
                index[cells.get(field, "")].append(cells)
        return index.get(value, [])

    @cached_property
    def _by_value(self) -> dict[tuple[str, str], dict[str, list[TextRow]]]:
        return {}

    def evidence_rows(self, row_id: str) -> tuple[TextRow, ...]:
        """The rows of `evidence` for a row or one of its cells."""
        return tuple(self.rows_with("evidence", "row_id", row_id)) if row_id else ()

    def rows(self, table: str) -> Iterator[CaseRow]:
        """The rows of a table as typed objects, checked by its model.

        A date is an `EdtfDate` with its bounds, a number a number, a term or a reference text; an empty cell
        is `None`.

        Raises:
            CasetrailError: There is no such table.
            ValidationError: At the first row that the model refuses.
        """
        if table not in self.specs:
            hint = did_you_mean(table, self.specs) or f"its tables are {', '.join(self.specs)}"
            raise CasetrailError(f"the case has no table {table!r}; {hint}")
        from casetrail.case.row_model import row_model

        model = row_model(self.specs[table])
        return (model.from_text(cells) for cells in self[table].values())

    def every_row(self) -> Iterator[tuple[str, str, TextRow]]:
        """Every row of every table as (table, id, cells)."""
        for table, rows in self.tables.items():
            for row_id, cells in rows.items():
                yield table, row_id, cells


def _refuse_tables_without_schema(known: Mapping[str, TableSpec], package: Package) -> None:
    for resource in package.tables:
        if resource.name in known and resource.schema is None:
            raise CasetrailError(
                f"the table '{resource.name}' has no schema that can be read; give its resource "
                f'"schema": "schemas/{resource.name}.json" and run `casetrail schemas`, which writes it',
                exit_code=1,
            )


def _refuse_missing_columns(known: Mapping[str, TableSpec], stated: Mapping[str, TableSpec]) -> None:
    """Raise where a table lacks what views read of it: a column of the profile, or a key."""
    for name, spec in stated.items():
        columns = known[name].columns if name in known else ()
        missing = [column for column in columns if column not in spec.columns]
        if missing or (spec.id_prefix is not None and not spec.primary_key):
            lacks = f"the column '{missing[0]}' of the profile" if missing else "a primary key"
            remedy = "mend it first, `casetrail validate` says all that is wrong"
            raise CasetrailError(f"the table '{name}' lacks {lacks}; {remedy}", exit_code=1)


def _refuse_what_cannot_be_read(builder: ReportBuilder) -> None:
    """Raise for the first error in the form of a table: half a table is never shown as if it were whole."""
    for finding in builder.findings:
        if finding.severity is Severity.ERROR:
            place = f"{finding.path}:{finding.line}" if finding.line is not None else str(finding.path)
            raise CasetrailError(
                f"{place}: {finding.message}; mend it first, `casetrail validate` says all that is wrong",
                exit_code=1,
            )
