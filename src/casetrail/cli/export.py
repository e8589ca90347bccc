"""`casetrail export`: write a package in another format, or into a database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casetrail.cli.arguments import (
    add_force,
    add_package,
    add_remote,
    add_schema,
    package_address,
    table_properties,
)

if TYPE_CHECKING:
    from casetrail.exports.export import ExportSource, FileExport

DESCRIPTION = """\
Write the tables of a package, with their types, in another format. --output is a file for sqlite, r, ftm and
ical; a folder for parquet and json, which have a file for each table (with --table a file); and for
postgresql the address of a database, such as postgresql://user@host/database, which receives all tables or,
where anything fails, none. ftm and ical are for Case Data Packages. A case that names somebody whose name is
withheld is not exported. Exit code 0 means that it is written, 1 that the content of the package is in the
way, 2 that it could not be."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    from casetrail.exports.export_list import EXPORTS

    parser.description = DESCRIPTION
    add_package(parser, "folder, descriptor, zip or address", kind=package_address)
    add_schema(parser)
    add_remote(parser)
    parser.add_argument("--to", required=True, metavar="FORMAT", help=f"the format: {', '.join(EXPORTS)}")
    parser.add_argument(
        "--output",
        required=True,
        metavar="TARGET",
        help="the file, folder, or address of the database",
    )
    add_force(parser)
    parser.add_argument("--table", metavar="NAME", help="for parquet and json: this table only, into a file")


def run(args: argparse.Namespace) -> int:
    """Write, and say what was written."""
    from casetrail.case.names_left_out import refuse_names
    from casetrail.curate.outputs import output_file, refuse_overwriting
    from casetrail.describe.typed_tables import typed_table
    from casetrail.exports.export import DatabaseExport, ExportSource
    from casetrail.exports.export_list import EXPORTS
    from casetrail.findings.error import CasetrailError
    from casetrail.findings.visible import visible
    from casetrail.package.package import open_package
    from casetrail.standard.near_miss import did_you_mean

    name, target = args.to, args.output
    if name not in EXPORTS:
        hint = did_you_mean(name, EXPORTS)
        raise CasetrailError(
            f"there is no format '{name}'; {hint or 'the formats are ' + ', '.join(EXPORTS)}"
        )
    export = EXPORTS[name]
    if args.table is not None and (isinstance(export, DatabaseExport) or not export.per_table):
        raise CasetrailError(f"--table is for parquet and json; {name} takes the package as a whole")
    package = open_package(
        args.package,
        allow_remote=args.allow_host or args.allow_remote,
        schema=args.schema,
        resource=table_properties(args),
    )
    if not package.tables:
        raise CasetrailError(f"'{package.root}' has no table to export; run `casetrail validate` on it")
    if args.table is not None:
        package.resource(args.table)
    refuse_names(package)
    source = ExportSource(package, typed_table)
    if isinstance(export, DatabaseExport):
        print(visible(f"loaded {export.load(source, target)}", 1000))
        return 0
    files = list(_files(export, source, Path(target), args.table))
    for path, _ in files:
        refuse_overwriting(path, force=args.force)
    for path, part in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        with output_file(path, force=args.force) as file:
            note = export.write(part, file)
        print(visible(f"wrote {path} with {note}", 1000))
    return 0


def _files(
    export: FileExport, source: ExportSource, target: Path, table: str | None
) -> Iterator[tuple[Path, ExportSource]]:
    """The files to write, each with what goes into it."""
    from casetrail.curate.outputs import refuse_unfit_names

    if not export.per_table:
        yield target, source
    elif table is not None:
        yield target, source.only(table)
    else:
        refuse_unfit_names(table.name for table in source.package.tables)
        for part in source.tables:
            yield target / f"{part.name}{export.extension}", source.only(part.name)
