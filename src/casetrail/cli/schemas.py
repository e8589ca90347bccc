"""`casetrail schemas`: refresh the schemas of a case from the profile that it follows, or check them."""

from __future__ import annotations

import argparse

from casetrail.cli.arguments import add_package


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_package(parser)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where one differs")


def run(args: argparse.Namespace) -> int:
    """Write the schemas that differ; with `--check` name them and exit with 1."""
    from casetrail.case.schema_files import stale_schemas
    from casetrail.curate.refresh_schemas import write_schemas
    from casetrail.curate.writing import changing
    from casetrail.package.package import open_package

    if args.check:
        stale = list(stale_schemas(open_package(args.package)))
        for path in stale:
            print(f"{path} differs from the profile; run `casetrail schemas`.")
        if not stale:
            print("All schemas agree with the profile.")
        return 1 if stale else 0
    with changing(args.package):
        written = write_schemas(open_package(args.package))
    for path in written:
        print(f"wrote {path}")
    if not written:
        print("Nothing to write: all schemas agree with the profile.")
    return 0
