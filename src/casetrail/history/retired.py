"""Retired ids: an id that vanishes is written down in the table `retired`, and never comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.history.rows import TableRows

CODES = {
    "retired-row-missing": "An id of the previous version is gone and has no row in the table retired.",
    "retired-id-back": "An id that was retired is in use again.",
    "retired-row-removed": "A row of the table retired is gone, so that its id could come back.",
}

RETIRED = "retired"


def check_retired(
    old: Mapping[str, TableRows], new: Mapping[str, TableRows], paths: Mapping[str, str]
) -> Iterator[Finding]:
    """What the ids of two versions do that ids must not; nothing where no version has a table `retired`.

    `paths` are the files of the new version's tables, by the name of the table.
    """
    before, after = retired_keys(old), retired_keys(new)
    if RETIRED not in old and RETIRED not in new:
        return
    used_before, used = _ids(old), _ids(new)
    path = paths.get(RETIRED)
    for key, table in used_before.items():
        if key not in used and key not in after:
            yield Finding(
                "retired-row-missing",
                f"{key} stood in the previous version and is gone without a word",
                Place(table=RETIRED, path=path, field="retired_key", value=key),
                hint=f"put {key} back into {table}, or say in the table retired why it is gone",
            )
    for key in before:
        if key not in after:
            yield Finding(
                "retired-row-removed",
                f"the row that says that {key} was retired is gone",
                Place(table=RETIRED, path=path, field="retired_key", value=key),
                hint="put the row back: a retired id stays written down for good",
            )
    for key in sorted(before.keys() | after.keys()):
        if key in used:
            yield Finding(
                "retired-id-back",
                f"{key} was retired and is in use again; an id never changes its meaning",
                Place(table=used[key], path=paths.get(used[key]), key=key),
                hint="give the row a new id",
            )


def retired_keys(tables: Mapping[str, TableRows]) -> dict[str, str]:
    """The retired ids and the reasons, from the table `retired`."""
    table = tables.get(RETIRED)
    if table is None or "retired_key" not in table.columns:
        return {}
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {row["retired_key"]: row.get("reason", "") for row in rows if row["retired_key"]}


def _ids(tables: Mapping[str, TableRows]) -> dict[str, str]:
    """Every id in use, and its table; the ids of the table `retired` itself are checked by their content."""
    return {
        row[table.columns.index(table.key[0])]: name
        for name, table in tables.items()
        if len(table.key) == 1 and name != RETIRED
        for row in table.rows
    }
