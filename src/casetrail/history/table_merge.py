"""Merge a table of two branches, by key and cell: what git asks of a merge driver (gitattributes(5)).

Git by itself merges lines: two rows added at one place are a conflict to it, and two cells of one row as
well. Here a conflict is only what no program can decide: one cell with two new values, or a row that one side
changed and the other deleted.
"""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from casetrail.case.case import TextRow
from casetrail.case.names_left_out import UNDISCLOSED
from casetrail.curate.draft import DraftFiles
from casetrail.curate.keyed_table import Key, KeyedTable, keyed_table
from casetrail.curate.row_changes import ChangeKind, MergeQuestion, merge_rows
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.visible import cut
from casetrail.history.revision import git, repository_of
from casetrail.package.files import FolderFiles
from casetrail.package.members import package_with
from casetrail.package.package import open_package, package_in
from casetrail.package.paths import DESCRIPTOR
from casetrail.standard.dialect import CsvForm
from casetrail.tables.csv_writer import canonical_csv, in_key_order, text_table

CODES = {
    "merge-conflict": (
        "A cell or row was changed on both branches, and differently. "
        "Keep one version of what is between the marks in the file, delete the marks, then run "
        "`casetrail validate`."
    ),
    "merge-by-line": (
        "A file was merged line by line, because its rows cannot be told apart by a key. "
        "Read the merged file before you commit it; a table with a primary key in the package is "
        "merged by row and cell."
    ),
}

_QUOTED = 120
"""Characters of a value that a conflict quotes."""

_BARE = {"name": "table", "resources": [{"name": "table", "path": "table.csv", "type": "table"}]}
"""What describes a table of which no package is known."""


@dataclass(frozen=True)
class MergedFile:
    """The file that a merge made. Each conflict is an error among the findings, and marked in the file."""

    content: bytes
    findings: tuple[Finding, ...]

    @property
    def conflicts(self) -> int:
        """How often somebody has to decide."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


def install_driver(folder: Path) -> None:
    """Tell the git repository that holds the folder by which command it merges tables.

    Should that command be gone one day, git's own way is taken, so that nothing is lost unseen.

    Raises:
        CasetrailError: There is no repository, or git cannot set it up.
    """
    if repository_of(folder) is None:
        raise CasetrailError("there is no git repository here; run `git init` first, or go to its folder")
    python = shlex.quote(Path(sys.executable).as_posix())
    lines = "git merge-file -L ours -L base -L theirs %A %O %B"
    # `-P`, for git runs it in the folder of the repository, whose modules are none of ours; `--`, for a file
    # may be called as an option.
    command = f"{python} -P -m casetrail merge -- %O %A %B %P"
    driver = f"if [ -x {python} ]; then {command}; else {lines}; fi"
    git(folder, "config", "merge.casetrail.name", "tables, by row and cell")
    git(folder, "config", "merge.casetrail.driver", driver)


def merge_files(base: Path, ours: Path, theirs: Path, path: Path) -> MergedFile:
    """Merge three versions of the file at `path` in its package.

    A table is merged by the primary key that its package gives it, or by its first column where no package
    can be read. What cannot be read as such a table is merged line by line.
    """
    try:
        return _Merge(path, *(file.read_bytes() for file in (base, ours, theirs))).merge()
    except CasetrailError as error:
        place = Place(path=path.as_posix())
        note = Finding("merge-by-line", f"merged line by line: {error}", place, severity=Severity.NOTE)
        content, conflicts = _merge_lines(base, ours, theirs)
        if not conflicts:
            return MergedFile(content, (note,))
        message = "lines were changed on both branches, and differently"
        hint = "keep one version of what is between the marks, then run `casetrail validate`"
        return MergedFile(content, (note, Finding("merge-conflict", message, place, hint=hint)))


def _merge_lines(base: Path, ours: Path, theirs: Path) -> tuple[bytes, bool]:
    """What git makes of the three files, and whether there are conflicts."""
    labels = [word for label in ("ours", "base", "theirs") for word in ("-L", label)]
    command = ["git", "merge-file", "-p", *labels, *map(str, (ours, base, theirs))]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise CasetrailError("git is not installed, and the file is no table that can be merged") from None
    if done.returncode > 127:
        reason = done.stderr.decode("utf-8", "replace").strip()[:200]
        raise CasetrailError(f"git cannot merge the file either ({reason})")
    return done.stdout, done.returncode > 0


class _Merge:
    """The merge of one table."""

    def __init__(self, path: Path, base: bytes, ours: bytes, theirs: bytes) -> None:
        self._path = path
        self._describe()
        self._ours, self._theirs = self._read(ours, "ours"), self._read(theirs, "theirs")
        # Both branches may have added the file: then git gives an empty base.
        self._base = self._read(base, "base") if base else replace(self._ours, rows=())
        names = _renamed(self._base, self._ours) | _renamed(self._base, self._theirs)
        self._base, self._ours, self._theirs = (
            replace(table, columns=tuple(names.get(name, name) for name in table.columns))
            for table in (self._base, self._ours, self._theirs)
        )
        self._columns = self._merged_columns()
        self._questions: dict[Key, list[MergeQuestion]] = {}

    def merge(self) -> MergedFile:
        """The file in canonical form; a row in conflict is there as each side has it."""
        base, ours, theirs = (self._rows(table) for table in (self._base, self._ours, self._theirs))
        merged = merge_rows(self._ours.name, self._columns, base, ours, theirs, self._takes)
        # A row that ours deleted has its place in the order too.
        every = {**{key: theirs[key] for key in self._questions if key in theirs}, **merged}
        table = self._table(every.values())
        if self._schema is not None:
            table = in_key_order(table, self._schema)
        header = b"".join(canonical_csv(self._table(()), None, self._form))
        parts, run, findings = [header], list[TextRow](), list[Finding]()
        for row in table.to_pylist():
            key = tuple(row[name] for name in self._ours.key)
            if key not in self._questions:
                run.append(row)
                continue
            parts.append(self._records(run))
            run = []
            place = Place(
                self._path.as_posix(),
                line=sum(part.count(b"\n") for part in parts) + 1,
                key=", ".join(key),
                table=self._ours.name,
            )
            mine, other = merged.get(key), theirs.get(key)
            findings += [_finding(item, other, place) for item in self._questions[key]]
            if mine is not None and other is not None:
                # What only they changed is settled, and the same on both sides of the marks.
                cells = [item.cell for item in self._questions[key] if item.cell is not None]
                other = {**mine, **{cell.column: cell.new for cell in cells}}
            sides = [self._records(() if row is None else (row,)) for row in (mine, other)]
            parts += [b"<<<<<<< ours\n", sides[0], b"=======\n", sides[1], b">>>>>>> theirs\n"]
        return MergedFile(b"".join([*parts, self._records(run)]), tuple(findings))

    def _takes(self, question: MergeQuestion) -> bool:
        if question.conflict:
            self._questions.setdefault(question.change.key, []).append(question)
        return not question.conflict

    def _describe(self) -> None:
        """How the package describes the table: its files, its name, its path, its key and its form."""
        descriptor = package_with(self._path)
        if descriptor is not None:
            package = open_package(descriptor)
            target = self._path.parent.resolve() / self._path.name
            for resource in package.tables:
                if len(resource.paths) == 1 and (package.root / resource.path).resolve() == target:
                    self._files, self._name, self._file = package.files, resource.name, resource.path
                    self._schema = (
                        resource.schema if resource.schema and resource.schema.primary_key else None
                    )
                    self._form = CsvForm.of(resource.dialect)
                    return
        if self._path.suffix.lower() != ".csv":
            raise CasetrailError("it is no table of a package")
        described = {DESCRIPTOR: json.dumps(_BARE).encode()}
        self._files = DraftFiles(FolderFiles(self._path.parent.resolve(), DESCRIPTOR), described)
        self._name, self._file, self._schema, self._form = "table", "table.csv", None, CsvForm()

    def _read(self, content: bytes, version: str) -> KeyedTable:
        package = package_in(DraftFiles(self._files, {self._file: content}))
        # A branch may have added columns to the schema, which is here as the other branch has it.
        resource = replace(package.resource(self._name), schema=None)
        table = keyed_table(resource, version)
        if not table.rows:
            # Of a table without rows only its schema knows the columns, and none is asked here.
            header = content.decode("utf-8-sig").splitlines()[:1]
            table = replace(table, columns=tuple(next(csv.reader(header), ())))
        key = table.columns[:1] if self._schema is None else self._schema.primary_key
        if not set(key) <= set(table.columns):
            raise CasetrailError(f"{version} lacks the column '{key[0]}' of the key")
        return replace(table, key=key)

    def _merged_columns(self) -> tuple[str, ...]:
        """The columns of ours, with those that theirs added, each after the one that it follows there."""
        for version, other in ((self._ours, self._theirs), (self._theirs, self._ours)):
            gone = [name for name in self._base.columns if name not in version.columns]
            kept = [name for name in gone if name in other.columns]
            if kept:
                raise CasetrailError(f"{version.version} removed the column '{kept[0]}'")
        columns = list(self._ours.columns)
        for before, name in pairwise(("", *self._theirs.columns)):
            if name not in columns:
                columns.insert(columns.index(before) + 1 if before else 0, name)
        return tuple(columns)

    def _rows(self, table: KeyedTable) -> dict[Key, TextRow]:
        return {
            key: {name: row.get(name, "") for name in self._columns} for key, row in table.by_key().items()
        }

    def _table(self, rows: Iterable[TextRow]) -> pa.Table:
        return text_table(self._columns, [[row[name] for name in self._columns] for row in rows])

    def _records(self, rows: Iterable[TextRow]) -> bytes:
        return b"".join(list(canonical_csv(self._table(rows), None, self._form))[1:])


def _renamed(base: KeyedTable, side: KeyedTable) -> dict[str, str]:
    """The new name of each column that one side calls otherwise: at the same place, with the same cells."""
    if len(base.columns) != len(side.columns):
        return {}
    pairs = zip(base.columns, side.columns, strict=True)
    names = {old: new for old, new in pairs if old != new and {old, new}.isdisjoint(base.key)}
    if set(names) & set(side.columns) or set(names.values()) & set(base.columns):
        return {}
    before, after = base.by_key(), side.by_key()
    return {
        old: new
        for old, new in names.items()
        if all(before[key][old] == after[key][new] for key in before.keys() & after.keys())
    }


def _finding(question: MergeQuestion, theirs: TextRow | None, place: Place) -> Finding:
    """A conflict in words, with the three values, unless they are of somebody who is not named."""
    cell, key = question.cell, place.key
    if cell is None:
        deleted, changed = ("ours", "theirs") if question.ours is None else ("theirs", "ours")
        message = f"{key}: {deleted} deleted the row, and {changed} changed it"
        hint = "keep the row or delete it, and the marks around it; then run `casetrail validate`"
        return Finding("merge-conflict", message, place, hint=hint)
    hint = "keep one of the two rows between the marks, then run `casetrail validate`"
    was = f"it was {_quoted(cell.old)}"
    if question.change.kind is ChangeKind.ADDED:
        was, hint = "both added this row", hint.replace("the two rows", "the two rows, or both with two ids,")
    ours = question.ours or {}
    hidden = any(row is not None and row.get("disclosure") in UNDISCLOSED for row in (ours, theirs))
    values = f"ours says {_quoted(ours[cell.column])}, theirs {_quoted(cell.new)}"
    if hidden:
        was, values = "ours and theirs differ", "the values are not shown, for the party is not named"
    value = None if hidden else cell.new
    at = replace(place, field=cell.column, value=value, sensitive=hidden)
    return Finding("merge-conflict", f"{key}, {cell.column}: {was}; {values}", at, hint=hint)


def _quoted(text: str) -> str:
    return f"“{cut(text, _QUOTED)}”" if text else "nothing"
