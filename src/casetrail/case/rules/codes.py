"""Codes of other standards, and the script of a spelling: what no pattern can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

import pyarrow.compute as pc

from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.case.standard_codes import CODE_LISTS, check_code, foreign_letters
from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.patterns import CompiledPattern
from casetrail.checks.table import Table, WrongCells
from casetrail.checks.xml_schema_regex import PatternProblem
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import are_text, distinct, text_array
from casetrail.types.problem import ValueProblem, quoted


class CodeRules(PackageCheck):
    """A code is one that its standard has, and a spelling is in the script that it names."""

    name = "codes"
    codes: ClassVar = {
        "code-unknown": "A code is not one of the standard that its column names. "
        "Write a code that the standard has; the message names the near one.",
        "name-of-another-script": "A spelling has a letter that is not of the script that it names.",
    }

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self._specs = specs

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """The columns of codes, and the spellings."""
        spec = self._specs.get(resource.name)
        fields = [field for field in spec.fields if field.code_list in CODE_LISTS] if spec else []
        if fields:
            yield _CodesOfTable(table, fields)
        if resource.name == "names" and {"name", "script"} <= set(table.schema.field_names):
            yield _Scripts(table)


class _CodesOfTable(TableCheck):
    def __init__(self, table: Table, fields: Sequence[FieldSpec]) -> None:
        self._lists = [
            (table.position(field.name), field.code_list or "", _pattern(field)) for field in fields
        ]

    def look(self, batch: TextBatch, table: Table) -> None:
        """Look up each code once."""
        wrong: list[WrongCells] = []
        for position, code_list, pattern in self._lists:
            column = batch.cells.column(position)
            problems: dict[str, ValueProblem] = {}
            for text in distinct(column):
                try:
                    if text:
                        check_code(code_list, text)
                except ValueProblem as problem:
                    # What has not the form of a code is said already.
                    if pattern is None or pattern.matches(text):
                        problems[text] = problem
            if problems:
                mask = pc.is_in(column, value_set=text_array(problems))
                wrong.append(WrongCells("code-unknown", position, mask, partial(_describe, problems)))
        table.report_cells(batch, wrong)


def _describe(problems: dict[str, ValueProblem], index: int, text: str) -> tuple[str, str | None]:
    return f"{quoted(text)} is no code: {problems[text].reason}", problems[text].hint


def _pattern(field: FieldSpec) -> CompiledPattern | None:
    try:
        return None if field.constraints.pattern is None else CompiledPattern(field.constraints.pattern)
    except PatternProblem:
        return None


class _Scripts(TableCheck):
    def __init__(self, table: Table) -> None:
        self._name, self._script = table.position("name"), table.position("script")

    def look(self, batch: TextBatch, table: Table) -> None:
        """Take the spellings script by script."""
        names, scripts = batch.cells.column(self._name), batch.cells.column(self._script)

        def describe(index: int, script: str) -> tuple[str, str]:
            message = f"this spelling has a letter that is not of the script {script}"
            return message, "mend `script`, or the letter that looks like one of another script"

        foreign = (
            pc.and_(are_text(scripts, script), foreign_letters(script, names)) for script in distinct(scripts)
        )
        table.report_cells(
            batch, [WrongCells("name-of-another-script", self._script, mask, describe) for mask in foreign]
        )
