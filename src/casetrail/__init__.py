"""casetrail: validate, trace and publish tables about trials.

    >>> import casetrail
    >>> casetrail.validate("atajurt-case-1.0.0.zip").valid
    True
    >>> case = casetrail.open("atajurt-case-1.0.0.zip")
    >>> case["events"].num_rows == len(case.to_pandas("events"))
    True

`open` loads any Data Package, a release or the folder in which one is curated; `validate` says what is wrong
in one. `CasetrailError` is the one exception that this library raises for what it is given. All else that is
meant for others is the command `casetrail`.
"""

from __future__ import annotations

from casetrail.findings.error import CasetrailError

# As `typing` has it, which takes longer to import than all that is needed until Ctrl-C is looked after.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from concurrent.futures import Executor
    from os import PathLike
    from typing import Any

    import pyarrow

    from casetrail.checks.table import TableProgress
    from casetrail.findings.report import Report
    from casetrail.loading.loaded import LoadedPackage

__all__ = ["CasetrailError", "__version__", "concat", "open", "validate"]
__version__ = "0.1.0"
__documentation__: str | None
"""The address of the documentation, as `pyproject.toml` has it; `None` while it has none."""


def open(
    path: str | PathLike[str],
    *,
    allow_remote: bool | Collection[str] = False,
    schema: str | PathLike[str] | Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
) -> LoadedPackage:
    """Open the Data Package in a folder, in a zip, of a `datapackage.json` or at an address, for its tables.

    Only the descriptor is read at once, a table when it is asked for. Of a release the files that are read
    are compared with its `SHA256SUMS` first. `allow_remote` reads what is at addresses of the web and of
    stores too; names of hosts allow those of private networks. With a `schema`, a file or an object, the path
    is that of a table by itself, whose name is that of its file; `resource` says how it is written,
    as `{"encoding": "cp1252", "dialect": {"delimiter": ";"}}`.

    Raises:
        CasetrailError: There is no package, or a file of it is missing, altered or newer than this version of
            casetrail can read.

    Examples:
        >>> case = open("atajurt-case-1.0.0")
        >>> case.name, case.version
        ('atajurt-case', '1.0.0')
    """
    from casetrail.loading.loaded import load

    return load(path, allow_remote=allow_remote, schema=schema, resource=resource)


def concat(cases: Iterable[str | PathLike[str] | LoadedPackage]) -> dict[str, pyarrow.Table]:
    """Put the tables of several cases together, table by table, for comparison across trials.

    Each table has a column `case` in front with the name of its package; a column that a case does not have
    is null in its rows, and terms are text.

    Raises:
        CasetrailError: Two packages have one name, or a column has types that do not go together.

    Examples:
        >>> import casetrail
        >>> both = casetrail.concat(["atajurt-case-1.0.0.zip", "almaty-airport"])
        >>> measures = both["measures"].group_by(["case", "kind"]).aggregate([([], "count_all")])
        >>> sorted(set(measures["case"].to_pylist()))
        ['almaty-airport', 'atajurt-case']
    """
    from casetrail.loading.concat import concat_packages

    return concat_packages(cases)


def validate(
    path: str | PathLike[str],
    *,
    limit: int = 1000,
    hygiene: bool | None = None,
    progress: Callable[[TableProgress], None] | None = None,
    allow_remote: bool | Collection[str] = False,
    jobs: int | None = None,
    executor: Executor | None = None,
    schema: str | PathLike[str] | Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
) -> Report:
    """Check the Data Package in a folder, in a zip, of a `datapackage.json` or at an address.

    `limit` is how many findings of one code are listed; all are counted. `hygiene` looks for formulas, hidden
    characters and personal data; by default in a Case Data Package only. `progress` is called now and then
    with how far it is: the name of a `table`, the `rows` of it that were read, and afterwards how many of the
    `parts` of its keys were `compared`. `allow_remote` reads what is at addresses of the web and of stores
    too; names of hosts allow those of private networks. `jobs` is how many parts of a table are worked on at
    once, by default as many as there are cores. An `executor` (of
    `concurrent.futures`, or of Dask) works on them in other processes, or on other machines, which read the
    files themselves. The report is the same for any of them. With a `schema`, a file or an object, the path
    is that of a table by itself, of which `resource` says how it is written, as
    `{"encoding": "cp1252", "dialect": {"delimiter": ";"}}`. What is wrong in the package is in the report.

    Raises:
        CasetrailError: There is no package, or its descriptor cannot be read at all.

    Examples:
        >>> report = validate("broken-case")
        >>> report.valid, report.counts
        (False, {'constraint-enum': 1})
        >>> finding = report.findings[0]
        >>> finding.path, finding.row, finding.field, finding.value
        ('data/events.csv', 2, 'kind', 'hering')
        >>> print(report.render("text"))
        Table events, column kind: 1 error (constraint-enum)
          data/events.csv:2: 'hering' is not one of the 2 values of 'kind'
              row 2 │ ev-1,hering
                    │      ^^^^^^
          → did you mean 'hearing'?
        <BLANKLINE>
        broken-case: not valid. 1 table, 1 row, 1 error, 0 warnings
        <BLANKLINE>
        >>> report.to_table().select(["code", "row", "field"]).to_pylist()
        [{'code': 'constraint-enum', 'row': 2, 'field': 'kind'}]
    """
    from casetrail.case.validation import validate_package
    from casetrail.checks.check import Options
    from casetrail.package.package import open_package

    package = open_package(path, allow_remote=allow_remote, schema=schema, resource=resource)
    return validate_package(
        package, Options(limit=limit, hygiene=hygiene, progress=progress, jobs=jobs, executor=executor)
    )


def __getattr__(name: str) -> Any:
    """Look up what costs an import only when it is asked for (`import casetrail` stays light)."""
    if name == "__documentation__":
        from importlib.metadata import metadata

        addresses = dict(line.split(", ", 1) for line in metadata("casetrail").get_all("Project-URL", []))
        return addresses.get("Documentation")
    raise AttributeError(f"module 'casetrail' has no attribute {name!r}")
