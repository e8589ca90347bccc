"""Additions: new rows with what belongs to them, put together, judged, and written where all is well.

An entry is a row as somebody gives it, a mapping of columns to texts. Under the name of another table it may
have entries that belong to it: they refer to the row without saying so. An entry that belongs to another and
whose id is in the case changes that row: so a new disagreement takes in claims that are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casetrail.case.case import Case
from casetrail.case.profile import TableSpec
from casetrail.case.views.search import RowSearch
from casetrail.curate.draft import new_errors
from casetrail.curate.format import canonical_bytes
from casetrail.curate.id_proposal import propose_id, used_ids
from casetrail.curate.keyed_table import keyed_table
from casetrail.curate.new_kind import NewRowKind
from casetrail.curate.row_problems import RowJudge, RowProblem, value_problem
from casetrail.curate.spelling import script_of
from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.finding import Finding
from casetrail.package.package import Package
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.csv_writer import composed, text_table

PENDING = frozenset({"source-without-evidence"})
"""Errors that the next addition mends: a source is there before what it supports."""

MAX_HITS = 3
"""Rows that are named where a name was written instead of an id."""

EVIDENCE = "evidence"
FIELDS = "fields"
"""In a claim for a row: which of its cells it supports too; without it, all that need evidence."""

Entry = Mapping[str, Any]
NewRow = dict[str, str]


class Addition:
    """The rows to be added or changed, by table and id, and what is wrong with them."""

    def __init__(self, case: Case) -> None:
        self.rows: dict[str, dict[str, NewRow]] = {}
        self.problems: list[RowProblem] = []
        self.replaces_rows = False
        self._case = case
        self._used = used_ids(case)
        self._judges: dict[str, RowJudge] = {}

    def add(self, kind: NewRowKind, entry: Entry) -> None:
        """Take in the row of an entry, and the rows that belong to it."""
        self._add(kind.table, {**kind.preset, **entry}, None, ())

    def check_references(self) -> None:
        """Add what refers to no row, whether of the case or of what is added; each id once in a table."""
        absent: set[tuple[str, str, str]] = set()
        for name, rows in self.rows.items():
            table = self._case.specs[name]
            for key, row in rows.items():
                for column in table.pointers:
                    tables = table.targets(column)
                    if not row[column] or any(
                        row[column] in self._case[other] or row[column] in self.rows.get(other, ())
                        for other in tables
                    ):
                        continue
                    # What is no id of a row has not the form of one either: that follows.
                    at = (name, key, column)
                    self.problems = [
                        item for item in self.problems if (item.table, item.key, item.column) != at
                    ]
                    if (name, column, row[column]) in absent:
                        continue
                    absent.add((name, column, row[column]))
                    reason = f"there is no row “{row[column][:80]}” in {' or '.join(tables)}"
                    hint = self._meant(row[column], tables)
                    self.problems.append(RowProblem(reason + (f"; {hint}" if hint else ""), *at))

    def _meant(self, text: str, tables: Sequence[str]) -> str | None:
        """The row that somebody means who writes a slip of its id, or its name."""
        known = [row_id for table in tables for row_id in (*self._case[table], *self.rows.get(table, ()))]
        if (hint := did_you_mean(text, known)) is not None:
            return hint
        hits = RowSearch(self._case).find(text, [table for table in tables if table in self._case.specs])
        return f"is it {' or '.join(hits)}?" if 0 < len(hits) <= MAX_HITS else None

    def _add(
        self, table: TableSpec, entry: Entry, parent: tuple[TableSpec, str] | None, claims: Sequence[Entry]
    ) -> None:
        parts = {name: value for name, value in entry.items() if isinstance(value, list | tuple)}
        cells = self._cells(table, {name: value for name, value in entry.items() if name not in parts})
        if parent is not None:
            cells = {**_tie(table, *parent), **cells}
        known = self._case[table.name].get(cells.get(table.key, "")) if parent is not None else None
        if known is not None:
            row = {**known, **self._value_of_cell(table, known), **cells}
        else:
            row = {**dict.fromkeys(table.columns, ""), **default_cells(self._case, table, cells), **cells}
            self._identify(table, row, "" if parent is None else parent[1])
        key = row[table.key]
        self.rows.setdefault(table.name, {})[key] = row
        judge = self._judges.get(table.name) or RowJudge(table)
        self._judges[table.name] = judge
        self.problems += judge.problems(row)
        if value_problem(table, table.key, key) is not None:
            # What belongs to the row could not refer to it either.
            return
        if table.evidenced:
            claims = parts.pop(EVIDENCE, claims)
            self._claim(table, row, claims)
        for name, entries in parts.items():
            other = self._case.specs.get(name)
            if other is None:
                hint = did_you_mean(name, self._case.specs) or "a list of rows is under the name of a table"
                reason = f"it is no table of the case; {hint}"
                self.problems.append(RowProblem(reason, table.name, key, name))
                continue
            general = [claim for claim in claims if not claim.get("field") and FIELDS not in claim]
            for part in entries:
                self._add(other, part, (table, key), general)

    def _claim(self, table: TableSpec, row: NewRow, claims: Sequence[Entry]) -> None:
        """Each claim as evidence for the row and for each cell that needs evidence of its own."""
        general = [claim for claim in claims if not claim.get("field")]
        covered = {claim["field"] for claim in claims if claim.get("field")}
        if not general:
            reason = "say who says so: --source with the id of a source, and --locator with the place in it"
            self.problems.append(RowProblem(reason, table.name, row[table.key]))
        cells = [name for name in evidenced_cells(table, row) if name not in covered]
        for claim in claims:
            rest = {name: value for name, value in claim.items() if name != FIELDS}
            names = claim.get(FIELDS, cells) if claim in general else ()
            for name in ("", *names):
                entry = {**rest, "field": name} if name else rest
                self._add(self._case.specs[EVIDENCE], entry, (table, row[table.key]), ())

    def _cells(self, table: TableSpec, entry: Entry) -> NewRow:
        """The cells of an entry as texts; what is no column of the table is a problem."""
        cells = {}
        for name, value in entry.items():
            if name not in table.columns:
                hint = did_you_mean(name, table.columns) or f"its columns are {', '.join(table.columns)}"
                reason = f"the table has no such column; {hint}"
                self.problems.append(RowProblem(reason, table.name, column=name))
            elif not _is_unicode(str(value)):
                reason = "it is not in UTF-8; set the terminal to UTF-8 and type it again"
                self.problems.append(RowProblem(reason, table.name, column=name))
            else:
                cells[name] = "" if value is None else composed(str(value).strip())
        return cells

    def _identify(self, table: TableSpec, row: NewRow, parent: str) -> None:
        key = row[table.key]
        if not key:
            row[table.key] = key = propose_id(table, row, self._used, parent)
        elif key in self._used:
            there = key in self._case[table.name] or key in self.rows.get(table.name, {})
            state = "is in the case already" if there else "was used before and is retired"
            self.replaces_rows = True
            reason = f"the id {key} {state}; give another, or none"
            self.problems.append(RowProblem(reason, table.name))
        self._used.add(key)

    def _value_of_cell(self, table: TableSpec, claim: Mapping[str, str]) -> NewRow:
        """The value of a claim that supports a cell and gives none: what is in the cell."""
        if table.name != EVIDENCE or claim["value"] or not claim["field"]:
            return {}
        row = self._case[claim["table"]].get(claim["row_id"], {})
        return {"value": row.get(claim["field"], "")}


def _is_unicode(text: str) -> bool:
    """Whether a text is of characters: what a terminal gives in another encoding is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def default_cells(case: Case, table: TableSpec, cells: Mapping[str, str]) -> NewRow:
    """What follows from the other cells: the voice of a claim, the table of an id, a script."""
    defaults = {}
    if table.name == EVIDENCE:
        defaults["certainty"] = "alleged" if cells.get("attributed_to") else "stated"
        if cells.get("row_id"):
            defaults["table"] = case.table_with_prefix(cells["row_id"]) or ""
    if "script" in table.columns:
        defaults["script"] = script_of(cells.get("name", ""), cells.get("language", "")) or ""
    return defaults


def evidenced_cells(table: TableSpec, row: Mapping[str, str]) -> list[str]:
    """The filled columns of a row that need evidence of their own."""
    return [field.name for field in table.fields if field.evidenced and row.get(field.name)]


def _tie(table: TableSpec, parent: TableSpec, key: str) -> NewRow:
    """How a row of the table refers to the row that it belongs to."""
    if table.name == EVIDENCE and parent.evidenced:
        return {"table": parent.name, "row_id": key}
    for name in table.columns:
        if parent.name in table.targets(name):
            return {name: key}
    return {}


@dataclass(frozen=True, slots=True)
class CheckedAddition:
    """What would be written: its problems, what is still to be done afterwards, and the files by path."""

    problems: list[RowProblem]
    pending: list[str]
    contents: Mapping[str, bytes]


def check_addition(package: Package, addition: Addition) -> CheckedAddition:
    """Say all that is wrong: with the rows by their models, and with the case as it would be.

    Raises:
        CasetrailError: A table cannot be read without guessing.
    """
    addition.check_references()
    contents = {}
    for name, rows in addition.rows.items():
        resource = package.resource(name)
        table = keyed_table(resource)
        merged = table.by_key() | {(key,): row for key, row in rows.items()}
        lines = ([row.get(column, "") for column in table.columns] for row in merged.values())
        contents[resource.path] = canonical_bytes(resource, text_table(table.columns, lines))
    # What follows from a row in the place of another says nothing of what is meant.
    errors = [] if addition.replaces_rows else new_errors(package, contents)
    judged = {(problem.table, problem.key) for problem in addition.problems}
    problems = [
        _problem(finding)
        for finding in errors
        if finding.code not in PENDING and (finding.table or "", finding.key or "") not in judged
    ]
    pending = [finding.message for finding in errors if finding.code in PENDING]
    return CheckedAddition([*addition.problems, *problems], pending, contents)


def write_addition(package: Package, checked: CheckedAddition) -> None:
    """Write what was checked, in canonical form.

    Raises:
        CasetrailError: The package is a zip, or a file cannot be written.
    """
    write_files(folder_of(package.files, "new"), checked.contents, package.files)


def _problem(finding: Finding) -> RowProblem:
    reason = finding.message.rstrip(".") + (f"; {finding.hint}" if finding.hint else "")
    return RowProblem(reason, finding.table or "", finding.key or "", finding.field or "")
