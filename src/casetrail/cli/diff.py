"""`casetrail diff`: what changed between two versions of a package, and how far its version must move."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casetrail.cli.arguments import add_output

DESCRIPTION = """\
Compare two versions of a package: folders, zips or git revisions (v1.0.0, HEAD, main:folder). Row changes are
keyed by id, cell by cell; schema changes are apart. Without OLD the newest tag is compared with the package
as it is now. Where somebody was named earlier and is withheld now, [withdrawn] takes the old value's place.
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
        choices=("text", "json", "markdown", "csv"),
        default="text",
        help="csv is the change table",
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
    from casetrail.history.change_table import change_csv
    from casetrail.history.compare import compare
    from casetrail.history.render_json import render_json
    from casetrail.history.render_markdown import render_markdown
    from casetrail.history.render_text import render_text
    from casetrail.history.revision import open_version
    from casetrail.history.version_bump import newest_tagged, predecessor, release_bump
    from casetrail.package.files import FolderFiles

    beside = Path("datapackage.json") if not Path(args.new).exists() else Path(args.new)
    new = open_version(args.new, beside)
    before = predecessor(new, args.previous)
    if args.old is not None:
        old, label = open_version(args.old, beside), args.old
    elif (last := before if args.previous is not None else newest_tagged(new)) is not None:
        old, label = last.package, last.label
    else:
        raise CasetrailError(
            "there is no earlier version: no git tag names one; give OLD, or --previous PATH"
        )
    comparison = compare(old, new, labels=(label, args.new))
    release = release_bump(new, before) if before is not None or isinstance(new.files, FolderFiles) else None
    if args.format == "csv":
        data = change_csv(comparison, args.reason)
    else:
        render = {"json": render_json, "markdown": render_markdown, "text": render_text}[args.format]
        data = render(comparison, args.reason, release).encode()
    if args.output is not None:
        with output_file(args.output, force=args.force) as file:
            file.write_bytes(data)
    else:
        sys.stdout.write(data.decode())
    findings = comparison.findings if before is None or release is None else release.findings
    if findings and args.format in ("text", "csv"):
        from casetrail.cli.findings_text import print_findings

        print_findings(findings)
    return 0 if comparison.same and not comparison.findings else 1
