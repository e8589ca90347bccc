"""`casetrail show`: a row in words, all disagreements, or the case as of a day."""

from __future__ import annotations

import argparse
import shutil
import sys

from casetrail.cli.arguments import add_package


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("id", nargs="?", help="any id of the case, for example ev-20260123-hearing")
    what.add_argument("--disputed", action="store_true", help="all disagreements, the open ones first")
    what.add_argument("--as-of", metavar="DAY", help="the case as sources published by this day knew it")
    add_package(parser, option=True)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; a `CasetrailError` names an unknown id or a day that is none."""
    from casetrail.case.case import Case
    from casetrail.case.views import prose
    from casetrail.case.views.disagreements import disagreements
    from casetrail.case.views.known_since import as_of, parse_day
    from casetrail.findings.visible import visible_lines
    from casetrail.package.package import open_package

    day = None if args.as_of is None else parse_day(args.as_of)
    case = Case.load(open_package(args.package))
    width = min(shutil.get_terminal_size((90, 24)).columns, 100)
    if args.disputed:
        text = prose.disagreements_prose(disagreements(case), width)
    elif day is not None:
        text = prose.as_of_prose(as_of(case, day), case, width)
    else:
        text = prose.row_prose(case, args.id, width)
    sys.stdout.write(visible_lines(text))
    return 0
