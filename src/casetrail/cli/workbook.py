"""`casetrail workbook`: write the spreadsheet that contributors edit, and bring an edited one back."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from casetrail.cli.arguments import add_output, add_package

MAX_LINES = 60
"""Lines of changed rows and cells that a merge prints."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="write|merge")
    write = actions.add_parser("write", help="write an .xlsx with a sheet per table")
    merge = actions.add_parser(
        "merge",
        help="bring an edited .xlsx or .ods back",
        description="Bring an edited workbook back: what was edited is kept apart from what has changed in "
        "the package since. Nothing is written unless all is well, or --accept names what to take, and the "
        "result is valid.",
    )
    add_package(write, "folder or descriptor")
    add_output(write, "the file to write, NAME.xlsx", required=True, printed=False)
    merge.add_argument("file", type=Path, help="the edited workbook")
    add_package(merge, "folder or descriptor", option=True)
    merge.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="WHAT",
        help="what to take: an id, a cell (events!D5), or new, deleted, conflicts, moved, mangled",
    )
    merge.add_argument("--check", action="store_true", help="write nothing, list the cells that would change")


def run(args: argparse.Namespace) -> int:
    """Write or merge; 1 where something is in the way of a merge."""
    from casetrail.package.package import open_package

    if args.action == "write":
        package = open_package(args.package)
        from casetrail.curate.outputs import output_file
        from casetrail.workbook.write import workbook_bytes

        if args.output.suffix.lower() != ".xlsx":
            from casetrail.findings.error import CasetrailError

            raise CasetrailError(
                f"'{args.output}' must end with .xlsx; a spreadsheet program can save it as .ods"
            )
        with output_file(args.output, force=args.force) as file:
            file.write_bytes(workbook_bytes(package))
        print(f"wrote {args.output}")
        return 0
    from casetrail.curate.row_changes import ChangeKind
    from casetrail.curate.writing import changing
    from casetrail.findings.sentences import counted
    from casetrail.findings.terminal import paint, plain, shows_colours
    from casetrail.history.render_text import row_change_lines
    from casetrail.workbook.merge import merge_workbook

    with nullcontext() if args.check else changing(args.package):
        package = open_package(args.package)
        merged = merge_workbook(package, args.file, accept=args.accept, write=not args.check)
    if merged.findings:
        from casetrail.cli.output import print_findings

        print_findings(merged.findings)
    if merged.same and not merged.refused:
        print("The workbook brings nothing new.")
        return 0
    lines = list(row_change_lines(merged.published, paint=paint if shows_colours(sys.stdout) else plain))
    print("\n".join(lines[:MAX_LINES]))
    if len(lines) > MAX_LINES:
        print(f"  … and {counted(len(lines) - MAX_LINES, 'more line')}")
    kinds = Counter(change.kind for change in merged.changes)
    cells = sum(len(change.cells) for change in merged.changes if change.kind is ChangeKind.CHANGED)
    added, removed = (counted(kinds[kind], "row") for kind in (ChangeKind.ADDED, ChangeKind.REMOVED))
    verb = "Not yet written" if merged.refused else "Would be written" if args.check else "Written"
    print(f"{verb}: {counted(cells, 'cell')} changed, {added} added, {removed} removed.")
    if merged.refused:
        print("Nothing was written: settle what is named above first.", file=sys.stderr)
    return 1 if merged.refused else 0
