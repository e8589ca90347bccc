"""`casetrail schemas`: write the Table Schemas of the Case Data Package, or check them for drift."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("schemas"), help="where they are (schemas)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where one differs")


def run(args: argparse.Namespace) -> int:
    """Write the schemas that differ; with `--check` name them and exit with 1."""
    from casetrail.case.schemas import drifted_schemas, write_schemas

    if args.check:
        stale = drifted_schemas(args.folder)
        for name in stale:
            print(f"{args.folder / name}.json differs from its model; run `casetrail schemas`.")
        if not stale:
            print(f"All schemas in {args.folder} agree with the models.")
        return 1 if stale else 0
    written = write_schemas(args.folder)
    for name in written:
        print(f"wrote {args.folder / name}.json")
    if not written:
        print(f"Nothing to write: all schemas in {args.folder} agree with the models.")
    return 0
