"""Links: what the cells of a workbook refer to, how that is called, and what may be chosen for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from casetrail.case.case import Case
from casetrail.case.profile import TableSpec, tables_of
from casetrail.case.views.labels import label
from casetrail.curate.additions import EVIDENCE
from casetrail.curate.keyed_table import KeyedTable
from casetrail.package.package import Package
from casetrail.standard.schema import ForeignKey
from casetrail.tables.batch import cell_name
from casetrail.workbook.guide import terms_of
from casetrail.workbook.workbook_layout import MAX_ROWS, fields_of

_HAPPENED, _SAID, _OTHER = "#2F6DB3", "#3C8D40", "#8A8A8A"
"""The tabs of what happened, of who says so, and of all else."""

_MAX_URL = 2_000


class Links:
    """The references of a package among its sheets. Outside a Case Data Package no row has a label."""

    def __init__(self, package: Package, tables: Sequence[KeyedTable], sheets: Mapping[str, str]) -> None:
        self._package = package
        self._tables = {table.name: table for table in tables}
        self._sheets = sheets
        self._specs: Mapping[str, TableSpec] = tables_of(package)

    @cached_property
    def _case(self) -> Case:
        return Case.load(self._package)

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        """The row on its sheet of each id, of the tables with one column as their key."""
        return {
            table.name: {
                row[table.columns.index(table.key[0])]: number for number, row in enumerate(table.rows, 2)
            }
            for table in self._tables.values()
            if len(table.key) == 1
        }

    def refers(self, table: str, column: str) -> bool:
        """Whether the ids in a column have labels that can be put beside them."""
        spec = self._specs.get(table)
        # Without an id of its own a row is not merged, and needs nothing beside it.
        keyed = table in self._tables and self._tables[table].key
        return (
            bool(keyed)
            and spec is not None
            and (column in spec.pointers or (table, column) == (EVIDENCE, "row_id"))
        )

    def label(self, row_id: str) -> str:
        """How the row of an id is called; nothing where there is no such row."""
        named = label(self._case, row_id)
        return "" if named == row_id else named

    def address(self, table: str, column: str, text: str) -> str | None:
        """Where the text of a cell leads: to the row of an id, or to a page of the web."""
        if (
            text.startswith(("https://", "http://"))
            and len(text) < _MAX_URL
            and not set(text) & set(' "<>\n')
        ):
            return text
        if self.refers(table, column):
            target = self._case.table_with_prefix(text) or ""
        else:
            target = self._target(table, column) or ""
        row = self._places.get(target, {}).get(text)
        return None if row is None else f"internal:'{self._sheets[target]}'!A{row}"

    def terms(self, table: str, column: str) -> list[tuple[str, str]]:
        """The terms that may be chosen, each with its meaning; none where anything may be written."""
        if self._specs and (table, column) == (EVIDENCE, "table"):
            return [(name, spec.description or "") for name, spec in self._specs.items() if spec.id_prefix]
        return terms_of(fields_of(self._package.resource(table))[column])

    def ids(self, table: str, column: str, spare: int) -> str | None:
        """The cells with the ids that may be chosen, as a formula; `None` where it is no reference."""
        other = self._tables.get(self._target(table, column) or "")
        if other is None:
            return None
        name = next(key.reference.fields[0] for key in self._foreign_keys(table) if key.fields == (column,))
        if name not in other.columns:
            return None
        place = sum(
            1 + self.refers(other.name, before) for before in other.columns[: other.columns.index(name)]
        )
        letter = cell_name(0, place + 1)[:-1]
        last = min(len(other.rows) + spare, MAX_ROWS) + 1
        return f"='{self._sheets[other.name]}'!${letter}$2:${letter}${last}"

    def tab_colour(self, table: str) -> str:
        """The colour of a tab: what happened, who says so, or neither."""
        spec = self._specs.get(table)
        if spec is not None and spec.evidenced:
            return _HAPPENED
        return _SAID if self._specs and table in (EVIDENCE, "sources", "disagreements") else _OTHER

    def _target(self, table: str, column: str) -> str | None:
        return next(
            (key.reference.resource or table for key in self._foreign_keys(table) if key.fields == (column,)),
            None,
        )

    def _foreign_keys(self, table: str) -> Sequence[ForeignKey]:
        schema = self._package.resource(table).schema
        return schema.foreign_keys if schema is not None else ()
