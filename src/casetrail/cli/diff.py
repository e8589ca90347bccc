"""`casetrail diff`: what changed between two versions of a package, and how far its version must move."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from casetrail.cli.arguments import add_output, whole_number
from casetrail.cli.output import for_stdout

if TYPE_CHECKING:
    from casetrail.history.compare import Comparison
    from casetrail.history.version_bump import ReleaseBump

DESCRIPTION = """\
Compare two versions of a package: folders, zips or git revisions (v1.0.0, HEAD, main:folder). Row changes are
keyed by id, cell by cell; schema changes are apart. Without OLD the newest tag is compared with the package
as it is now. The version is judged against OLD where that is a release, else against the newest tag. Where
somebody was named earlier and is withheld now, [withdrawn] takes the old value's place.
Ends with 0 where nothing differs and with 1 where something does."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("old", nargs="?", help="the earlier version (--previous, else the newest tag)")
    parser.add_argument(
        "new", nargs="?", default="datapackage.json", help="the later one (./datapackage.json)"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown", "html", "csv"),
        default="text",
        help="csv is the change table",
    )
    parser.add_argument(
        "--html", dest="format", action="store_const", const="html", help="a page for reviewers"
    )
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=50,
        metavar="ROWS",
        help="rows that are listed of each table, but in json and csv, which have all (50; 0: all)",
    )
    parser.add_argument("--reason", default="", help="why, for changes whose reason the tables do not give")
    parser.add_argument(
        "--previous", type=Path, help="the last release, against which the version is judged (the newest tag)"
    )
    add_output(parser, "write to this file instead of the terminal")


def run(args: argparse.Namespace) -> int:
    """Compare and print; 1 where the versions differ or an id is used as ids must not be."""
    from casetrail.curate.outputs import output_file
    from casetrail.findings.error import CasetrailError
    from casetrail.history.compare import compare
    from casetrail.history.revision import open_version
    from casetrail.history.version_bump import (
        Predecessor,
        findings_of,
        names_release,
        newest_tagged,
        predecessor,
        release_bump,
    )
    from casetrail.package.files import FolderFiles

    beside = Path("datapackage.json") if not Path(args.new).exists() else Path(args.new)
    new = open_version(args.new, beside)
    before: Predecessor | None
    if args.old is not None:
        old = Predecessor(args.old, open_version(args.old, beside))
        own = args.previous is None and names_release(args.old, new.name)
        before = old if own else predecessor(new, args.previous) or old
    elif (last := predecessor(new, args.previous) if args.previous else newest_tagged(new)) is not None:
        old = last
        before = last if args.previous else predecessor(new)
    else:
        raise CasetrailError(
            "there is no earlier version: no git tag names one; give OLD, or --previous PATH"
        )
    comparison = compare(old.package, new, labels=(old.label, args.new))
    release = None
    if before is None or before.package.name == new.name:
        same = before is not None and before.package is old.package
        if before is not None or isinstance(new.files, FolderFiles):
            release = release_bump(new, before, comparison if same else None)
    data = _rendered(comparison, release, args)
    if args.output is not None:
        with output_file(args.output, force=args.force) as file:
            file.write_bytes(data)
    else:
        text = data.decode()
        sys.stdout.write(text if args.format == "text" else for_stdout(text))
    findings = findings_of(comparison, release)
    if findings and args.format in ("text", "csv"):
        from casetrail.cli.output import print_findings

        print_findings(findings)
    return 0 if comparison.same and not comparison.findings else 1


def _rendered(comparison: Comparison, release: ReleaseBump | None, args: argparse.Namespace) -> bytes:
    if args.format == "csv":
        from casetrail.history.change_table import change_csv

        return change_csv(comparison, args.reason)
    from casetrail.findings.terminal import paint, plain, shows_colours

    options: dict[str, Any] = {} if args.format == "json" else {"limit": args.limit or None}
    if args.format == "text":
        options["paint"] = paint if args.output is None and shows_colours(sys.stdout) else plain
    name = f"render_{args.format}"
    render = getattr(import_module(f"casetrail.history.{name}"), name)
    return cast(str, render(comparison, args.reason, release, **options)).encode()
