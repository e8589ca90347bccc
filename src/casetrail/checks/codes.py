"""The finding codes by the check that can report them, each with one sentence on what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from casetrail.findings.report import CheckRun

_MODULES = {
    "reading": ("casetrail.tables.structure", "casetrail.tables.json_table"),
    "types-and-constraints": (
        "casetrail.checks.fields",
        "casetrail.checks.constraints",
        "casetrail.checks.bounds",
        "casetrail.checks.lengths",
        "casetrail.checks.listed",
        "casetrail.checks.patterns",
        "casetrail.checks.json_schema",
    ),
    "primary-key": ("casetrail.checks.keys",),
    "unique-keys": ("casetrail.checks.keys",),
    "foreign-keys": ("casetrail.checks.foreign_keys",),
    "bytes-and-hash": ("casetrail.checks.fixity",),
    "hygiene": ("casetrail.checks.hygiene",),
}
_DESCRIPTOR = (
    "casetrail.package.package",
    "casetrail.package.paths",
    "casetrail.package.schema_checks",
)
# One module holds the codes of both checks of keys.
_STARTS = {"primary-key": ("primary-key",), "unique-keys": ("unique-key", "constraint-unique")}


def described(
    ran: Mapping[str, bool], given: Iterable[tuple[str, Mapping[str, str]]] = ()
) -> tuple[tuple[CheckRun, ...], dict[str, str]]:
    """The checks with their codes, and the meaning of every code.

    `ran` says of each check whether it ran; `given` holds the codes of checks from rooms above, by check.
    """
    of_check: dict[str, dict[str, str]] = {}
    for name in ran:
        own = of_check.setdefault(name, {})
        for module in _MODULES.get(name, ()):
            starts = _STARTS.get(name, ("",))
            own.update({code: said for code, said in _codes(module).items() if code.startswith(starts)})
    for name, codes in given:
        of_check.setdefault(name, {}).update(codes)
    meanings = {code: said for module in _DESCRIPTOR for code, said in _codes(module).items()}
    for codes in of_check.values():
        meanings.update(codes)
    runs = tuple(CheckRun(name, ran[name], tuple(sorted(of_check[name]))) for name in ran)
    return runs, meanings


def _codes(module: str) -> dict[str, str]:
    codes: dict[str, str] = import_module(module).CODES
    return codes
