"""Retired ids: an id that vanishes is written down in the table `retired`, and stays there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from casetrail.curate.keyed_table import KeyedTable
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place

CODES = {
    "retired-row-missing": (
        "An id of the previous version is gone and has no row in the table retired. "
        "Put the row back, or say in the table retired why its id is gone."
    ),
    "retired-row-removed": (
        "A row of the table retired is gone, so that its id could come back. "
        "Put the row back: an id that was retired once is never used again."
    ),
}

RETIRED = "retired"


def check_retired(
    old: Mapping[str, KeyedTable],
    new: Mapping[str, KeyedTable],
    path: str | None,
    masked: Callable[[str], str],
) -> Iterator[Finding]:
    """What the ids of two versions do that ids must not; nothing where no version has a table `retired`.

    `path` is the file of the new version's table, `masked` takes the names of withdrawn people out of ids. An
    id that is retired and in use is found by validation.
    """
    if RETIRED not in old and RETIRED not in new:
        return
    before, after = retirement_reasons(old), retirement_reasons(new)
    used = _ids(new)
    for key, table in _ids(old).items():
        if key not in used and key not in after:
            yield _finding(
                "retired-row-missing",
                f"{masked(key)} was in the previous version and is gone without a word",
                masked(key),
                path,
                f"put it back into {table}, or say in the table retired why it is gone",
            )
    for key in before:
        if key not in after:
            yield _finding(
                "retired-row-removed",
                f"the row that says that {masked(key)} was retired is gone",
                masked(key),
                path,
                "put the row back: a retired id stays written down for good",
            )


def _finding(code: str, message: str, key: str, path: str | None, hint: str) -> Finding:
    return Finding(code, message, Place(path, table=RETIRED, field="retired_key", value=key), hint=hint)


def retirement_reasons(tables: Mapping[str, KeyedTable]) -> dict[str, str]:
    """Why each retired id is retired, by the id, from the table `retired`."""
    table = tables.get(RETIRED)
    records = [] if table is None else table.records()
    return {key: record.get("reason", "") for record in records if (key := record.get("retired_key", ""))}


def _ids(tables: Mapping[str, KeyedTable]) -> dict[str, str]:
    """Every id in use, and its table; the ids of the table `retired` itself are checked by their content."""
    return {
        record[table.key[0]]: name
        for name, table in tables.items()
        if len(table.key) == 1 and name != RETIRED
        for record in table.records()
    }
