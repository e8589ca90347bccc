"""`casetrail export`: write a package in another format, or into a database."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casetrail.package.package import Package
    from casetrail.tables.typed import TypedTable

NAME = "export"
HELP = "write a package in another format"

DESCRIPTION = """\
Write the tables of a package, with their types, in another format. TARGET is a file for sqlite, r, ftm and
ical; a folder for parquet and json, which have a file for each table (with --table a file); and for
postgresql the address of a database, such as postgresql://user@host/database, which receives all tables or,
where anything fails, none. ftm and ical are for Case Data Packages. Exit code 0 means that it is written, 2
that it could not be."""

FORMATS = ("sqlite", "parquet", "json", "r", "postgresql", "ftm", "ical")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "package",
        nargs="?",
        type=Path,
        default=Path("datapackage.json"),
        help="folder, descriptor or zip (./datapackage.json)",
    )
    parser.add_argument(
        "--to",
        nargs=2,
        required=True,
        metavar=("FORMAT", "TARGET"),
        help=f"the format ({', '.join(FORMATS)}), and where to write",
    )
    parser.add_argument("--table", metavar="NAME", help="for parquet and json: this table only, into a file")


def run(args: argparse.Namespace) -> int:
    """Write, and say what was written."""
    from casetrail.findings.error import CasetrailError
    from casetrail.findings.visible import visible
    from casetrail.package.package import open_package
    from casetrail.standard.near_miss import did_you_mean

    name, target = args.to
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS)
        raise CasetrailError(
            f"there is no format '{name}'; {hint or 'the formats are ' + ', '.join(FORMATS)}"
        )
    if args.table is not None and name not in ("parquet", "json"):
        raise CasetrailError(f"--table is for parquet and json; {name} takes the package as a whole")
    package = open_package(args.package)
    if not package.tables:
        raise CasetrailError(f"'{package.root}' has no table to export; run `casetrail validate` on it")
    for line in _WRITERS[name](package, target, args.table):
        print(visible(line, 1000))
    return 0


def _sqlite(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.exports.sqlite import write_sqlite

    with _whole(Path(target)) as file:
        write_sqlite(_typed(package), file, case=package.case_profile is not None)
    yield f"wrote {target}"


def _parquet(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.exports.parquet import write_parquet

    yield from _each(package, target, table, "{}.parquet", write_parquet)


def _json(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.exports.json_records import write_json

    yield from _each(package, target, table, "{}.json", write_json)


def _r(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.exports.r_loader import RFiles, write_r_loader
    from casetrail.findings.error import CasetrailError
    from casetrail.package.files import FolderFiles
    from casetrail.standard.dialect import CsvForm
    from casetrail.tables.csv_writer import CANONICAL
    from casetrail.tables.sources import UTF_8, compression_of

    if not isinstance(package.files, FolderFiles):
        raise CasetrailError(f"'{package.root}' is a zip; a release has its load.R in it already, unpack it")
    files = {}
    for one in package.tables:
        plain = len(one.paths) == 1 and one.encoding in UTF_8 and compression_of(one, one.path) is None
        if not plain or one.path.endswith(".json") or CsvForm.of(one.dialect) != CANONICAL:
            raise CasetrailError(
                f"the table '{one.name}' is not one CSV file in UTF-8 with commas and a header, as load.R "
                "reads them; make a release, which has such files and load.R"
            )
        path = (package.root / one.path).resolve()
        files[one.name] = RFiles(PurePath(os.path.relpath(path, Path(target).resolve().parent)).as_posix())
    with _whole(Path(target)) as file:
        write_r_loader(_typed(package), files, file, name=package.name)
    yield f"wrote {target}; columns that are worked out from others are in the load.R of a release only"


def _postgresql(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.exports.postgresql import load_postgresql

    tables = _typed(package)
    rows = load_postgresql(tables, target, case=package.case_profile is not None)
    yield f"loaded {len(tables)} tables with {rows:,} rows, in one transaction"


def _ftm(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.case.case import Case
    from casetrail.exports.ftm import write_ftm

    case = Case.load(package)
    with _whole(Path(target)) as file:
        entities = write_ftm(case, file, dataset=package.name)
    yield f"wrote {target} with {entities:,} entities"


def _ical(package: Package, target: str, table: str | None) -> Iterator[str]:
    from casetrail.case.case import Case
    from casetrail.exports.ical import write_ical

    case = Case.load(package)
    with _whole(Path(target)) as file:
        hearings, left_out = write_ical(case, file, created=package.descriptor.created)
    yield f"wrote {target} with {hearings} hearings; {left_out} without a certain day left out"


_WRITERS: dict[str, Callable[[Package, str, str | None], Iterator[str]]] = {
    "sqlite": _sqlite,
    "parquet": _parquet,
    "json": _json,
    "r": _r,
    "postgresql": _postgresql,
    "ftm": _ftm,
    "ical": _ical,
}


def _typed(package: Package) -> list[TypedTable]:
    from casetrail.describe.citation import citation
    from casetrail.describe.typed_tables import typed_table
    from casetrail.findings.error import CasetrailError

    try:
        cited = citation(package.descriptor)
    except CasetrailError:
        cited = None
    return [typed_table(package, one, cited) for one in package.tables]


def _each(
    package: Package,
    target: str,
    table: str | None,
    file_name: str,
    write: Callable[[TypedTable, Path], int],
) -> Iterator[str]:
    if table is not None:
        package.resource(table)
    chosen = [one for one in _typed(package) if table in (None, one.name)]
    for one in chosen:
        path = Path(target) if table is not None else Path(target) / file_name.format(one.name)
        with _whole(path) as file:
            rows = write(one, file)
        yield f"wrote {path}, {rows:,} rows"


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to be written beside the target; it takes the place of the target once it is complete."""
    from casetrail.findings.error import CasetrailError

    if target.is_dir():
        raise CasetrailError(f"'{target}' is a folder; give the name of a file in it")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        file = Path(folder) / target.name
        yield file
        file.replace(target)
