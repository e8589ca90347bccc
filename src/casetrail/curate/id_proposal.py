"""Ids: what is proposed for a new row, from what its table's document says a row is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import count

from casetrail.case.case import Case
from casetrail.case.label_template import Slot, label_parts
from casetrail.case.profile import TableSpec
from casetrail.curate.new_kind import singular
from casetrail.curate.spelling import slug

_WORDS = 3
"""Words of a text that an id takes."""


def used_ids(case: Case) -> set[str]:
    """Every id that is in use or was ever used."""
    retired = {row["retired_key"] for row in case["retired"].values()}
    return retired.union(*(rows.keys() for rows in case.tables.values()))


def propose_id(table: TableSpec, row: Mapping[str, str], used: Collection[str], parent: str = "") -> str:
    """An id that is free and was never used, for a row whose id is not given.

    It has the day, the kind, the rows referred to and the words of the row's label, or, where these say
    nothing, a number. The id of a row that belongs to another, its `parent`, begins as that does, and that
    of a claim as the row that it is for.
    """
    prefix = f"{table.id_prefix}-"
    parent = parent or row.get("row_id", "")
    if parent:
        return _first_free("-".join([prefix + _rest(parent), *_distinction(table, row)]), used)
    parts = [part for part in _parts(table, row) if part]
    kind = slug(row.get("kind", ""))
    if parts and parts != [kind]:
        return _first_free(prefix + "-".join(parts), used)
    stem = f"{prefix}{kind or singular(table)}-"
    numbers = (re.fullmatch(re.escape(stem) + "([0-9]{1,9})", key) for key in used)
    return f"{stem}{max((int(match[1]) for match in numbers if match), default=0) + 1}"


def label_columns(table: TableSpec, row: Mapping[str, str]) -> list[str]:
    """The filled columns of the row that are in its label: the first label of which every brace is filled."""
    names: list[str] = []
    for template in table.label:
        slots = [part for part in label_parts(template) if isinstance(part, Slot) and not part.table]
        filled = [next((name for name in slot.columns if row.get(name)), None) for slot in slots]
        names = names or [name for name in filled if name is not None]
        if None not in filled:
            return [name for name in filled if name is not None]
    return names


def is_text(table: TableSpec, column: str) -> bool:
    """Whether a column has words of its own: no term, and no id of a row."""
    return not table.columns[column].vocabulary and column not in table.pointers


def _parts(table: TableSpec, row: Mapping[str, str]) -> list[str]:
    names = [name for name in label_columns(table, row) if not _may_change(table, name)]
    kind = slug(row.get("kind", ""))
    if row.get("disclosure", "public_role") != "public_role":
        # Only who acts publicly is named by the id: an id cannot be taken back.
        return [kind]
    day = next((_day(row[field.name]) for field in table.fields if field.is_edtf and row.get(field.name)), "")
    if table.starts_at is not None and day and kind:
        return [day, kind]
    parts = [_part(table, row, name) for name in names]
    if any(part.isdigit() for part in parts):
        # The number of an article says more than the words of its statute.
        parts = [part for part in parts if "-" not in part]
    # The day comes after who it is, as with the publisher of a source, and before what happened.
    at = 1 if names and is_text(table, names[0]) else 0
    return [*parts[:at], day, *parts[at:]] if any(parts) else [kind]


def _may_change(table: TableSpec, column: str) -> bool:
    """Whether a term can come later or change, as the outcome of a decision: an id is for good."""
    field = table.columns[column]
    return bool(field.vocabulary) and not table.required(field)


def _distinction(table: TableSpec, row: Mapping[str, str]) -> list[str]:
    """What tells a row from others of the same parent: another row, a term or a code, at last its words."""
    names = label_columns(table, row)
    short = [name for name in names if not is_text(table, name)]
    codes = [field.name for field in table.fields if field.code_list and row.get(field.name)]
    return [part for name in (short or codes or names)[:1] if (part := _part(table, row, name))]


def _part(table: TableSpec, row: Mapping[str, str], column: str) -> str:
    if column in table.pointers:
        return _rest(row[column])
    words = slug(row[column])
    return "-".join(words.split("-")[:_WORDS]) if is_text(table, column) else words


def _rest(row_id: str) -> str:
    """An id without its prefix."""
    return row_id.partition("-")[2]


def _day(date: str) -> str:
    """The digits of the first date of an EDTF text: `20260123`, `202601`, `2026`."""
    match = re.search(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", date)
    return match[0].replace("-", "") if match else ""


def _first_free(stem: str, used: Collection[str]) -> str:
    """The stem, or with `no2`, `no3`: a mere number would read as part 2 of an article, or as person 2."""
    return next(
        key for number in count(1) if (key := stem if number == 1 else f"{stem}-no{number}") not in used
    )
