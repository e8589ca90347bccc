"""`casetrail merge`: put the work of two people on one table together, as git asks of a merge driver."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casetrail.cli.arguments import add_output

DESCRIPTION = """\
Merge a table of two branches by row and cell, where git would merge lines. What both changed, and
differently, is a conflict: it is named with the three values, and stands between git's marks in the file.

    casetrail merge --install      once in each clone; `.gitattributes` says of which files:
    data/*.csv merge=casetrail

Ends with 0 where all is merged and with 1 where there are conflicts."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("base", nargs="?", type=Path, help="the version from which both began (git: %%O)")
    parser.add_argument("ours", nargs="?", type=Path, help="the version here (%%A)")
    parser.add_argument("theirs", nargs="?", type=Path, help="the version of the other branch (%%B)")
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        help="where the file is in the repository (%%P); with it the result replaces OURS, as git expects",
    )
    parser.add_argument("--install", action="store_true", help="let the git repository here merge by this")
    add_output(parser, "write to this file instead of the terminal, where PATH is not given")


def run(args: argparse.Namespace) -> int:
    """Merge, or set up git; 1 where somebody has to decide."""
    from casetrail.findings.error import CasetrailError
    from casetrail.history.table_merge import install_driver, merge_files

    if args.install:
        install_driver(Path())
        print("git merges the tables of this clone by row and cell now")
        return 0
    if args.theirs is None:
        raise CasetrailError("give BASE, OURS and THEIRS, or --install")
    merged = merge_files(args.base, args.ours, args.theirs, args.path or args.ours)
    if args.path is not None:
        args.ours.write_bytes(merged.content)
    elif args.output is not None:
        from casetrail.curate.outputs import output_file

        with output_file(args.output, force=args.force) as file:
            file.write_bytes(merged.content)
    else:
        from casetrail.cli.output import for_stdout

        sys.stdout.write(for_stdout(merged.content.decode("utf-8", "surrogateescape")))
    if merged.findings:
        from casetrail.cli.output import print_findings

        print_findings(merged.findings)
    return 1 if merged.conflicts else 0
