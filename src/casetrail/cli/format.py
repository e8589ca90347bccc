"""`casetrail format`: put every table into canonical form, or name those that are not."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from casetrail.cli.arguments import add_package, add_packages_of, packages_of
from casetrail.findings.sentences import counted

DESCRIPTION = """\
Put every CSV table of a package into canonical form: columns in the order of the schema, rows by primary
key, quotation marks only where they are needed, line feeds, UTF-8 without BOM. No value changes; the one
thing done to the text of a cell is Unicode Normalization Form C, which writes the same characters in one
way. A table that cannot be read without guessing is named, and then nothing is written at all."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser)
    add_packages_of(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 and name the files that differ"
    )


def run(args: argparse.Namespace) -> int:
    """Format, or with `--check` say what is not in canonical form; 1 where something is wrong or differs."""
    packages = [args.package] if args.packages_of is None else packages_of(args.packages_of)
    return max((_format(package, check=args.check) for package in packages), default=0)


def _format(path: Path, *, check: bool) -> int:
    from casetrail.curate.format import format_package
    from casetrail.curate.writing import changing
    from casetrail.findings.finding import Severity
    from casetrail.findings.visible import visible
    from casetrail.package.package import open_package

    with nullcontext() if check else changing(path):
        package = open_package(path)
        outcome = format_package(package, write=not check)
    # A table without rows is worth a note when a package is validated, not here.
    findings = [finding for finding in outcome.findings if finding.severity is not Severity.NOTE]
    if findings:
        from casetrail.cli.output import print_findings

        print_findings(findings)
    if outcome.refused:
        print("Nothing was written: mend what is named above first.", file=sys.stderr)
        return 1
    for name in outcome.left:
        print(visible(f"left as it is, no CSV file: {name}"))
    for name in outcome.changed:
        print(visible(f"not in canonical form: {name}" if check else f"formatted {name}"))
    if check and outcome.changed:
        print("Run `casetrail format` to mend this.", file=sys.stderr)
        return 1
    if not outcome.changed:
        print(f"In canonical form: {counted(len(outcome.unchanged), 'table')}.")
    return 0
