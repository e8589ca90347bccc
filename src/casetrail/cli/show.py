"""`casetrail show`: rows in words, a search, what is missing, all disagreements, or the case as of a day."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from typing import TYPE_CHECKING

from casetrail.cli.arguments import add_package

if TYPE_CHECKING:
    from casetrail.case.case import Case

DESCRIPTION = """\
Show rows in words: their cells, who says so, what others say instead, and what points at them. --find looks
for names in any script, titles and ids; --todo says what is missing."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="ids of the case, for example ev-20260123-hearing"
    )
    parser.add_argument("--find", metavar="WORDS", help="the rows with these words in a name, title or id")
    parser.add_argument("--table", metavar="TABLE", help="all rows of a table, or --find in it alone")
    parser.add_argument(
        "--todo", action="store_true", help="what is missing, of the whole case or of these rows"
    )
    parser.add_argument("--disputed", action="store_true", help="all disagreements, the open ones first")
    parser.add_argument("--as-of", metavar="DAY", help="the case as sources published by this day knew it")
    parser.add_argument("--json", action="store_true", help="rows, or what is missing, as JSON")
    add_package(parser, option=True)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for; 1 where nothing is found. A `CasetrailError` names an unknown id or day."""
    from casetrail.case.case import Case
    from casetrail.case.views import prose
    from casetrail.case.views.disagreements import disagreements
    from casetrail.case.views.known_since import as_of, parse_day
    from casetrail.findings.error import CasetrailError
    from casetrail.findings.terminal import paint, plain, shows_colours
    from casetrail.findings.visible import visible, visible_lines
    from casetrail.package.package import open_package

    ways = [bool(args.ids or args.find or args.table or args.todo), args.disputed, args.as_of is not None]
    if sum(ways) != 1:
        raise CasetrailError(
            "give the ids of rows, or one of --find, --table, --todo, --disputed and --as-of"
        )
    if args.json and not ways[0]:
        raise CasetrailError("--json is for rows and for what is missing; leave it out here")
    day = None if args.as_of is None else parse_day(args.as_of)
    case = Case.load(open_package(args.package))
    width = min(shutil.get_terminal_size((90, 24)).columns, 100)
    style = paint if shows_colours(sys.stdout) else plain

    def painted(text: str, *styles: str) -> str:
        return style(visible(text), *styles)

    if args.disputed:
        sys.stdout.write(visible_lines(prose.disagreements_prose(disagreements(case), width)))
    elif day is not None:
        sys.stdout.write(visible_lines(prose.as_of_prose(as_of(case, day), case, width)))
    else:
        ids = [*args.ids, *_sought(case, args.find, args.table)]
        if args.todo:
            # Who asks for rows that are not there is told so, not that nothing is missing.
            for row_id in args.ids:
                case.table_of(row_id)
            if ids or not (args.find or args.table):
                return _print_to_dos(case, ids, args.json)
        elif args.json:
            rows = [{"table": case.table_of(row_id), **case.row(row_id)} for row_id in ids]
            print(json.dumps(rows, ensure_ascii=sys.stdout.isatty(), indent=2))
        elif args.ids:
            sys.stdout.write("\n".join(prose.row_prose(case, row_id, width, painted) for row_id in ids))
        else:
            sys.stdout.write(prose.list_prose(case, ids, width, painted))
        if not ids:
            print("Nothing is found; give fewer words, or the beginning of one.", file=sys.stderr)
            return 1
    return 0


def _sought(case: Case, words: str | None, table: str | None) -> list[str]:
    """The rows of a search, or of a table."""
    from casetrail.case.views.search import RowSearch
    from casetrail.findings.error import CasetrailError
    from casetrail.standard.near_miss import did_you_mean

    if table is not None and table not in case.specs:
        hint = did_you_mean(table, case.specs) or f"its tables are {', '.join(case.specs)}"
        raise CasetrailError(f"the case has no table '{table[:80]}'; {hint}")
    if words is None:
        return [] if table is None else list(case[table])
    return RowSearch(case).find(words, None if table is None else [table], labels=table is not None)


def _print_to_dos(case: Case, ids: list[str], as_json: bool) -> int:
    from dataclasses import asdict

    from casetrail.case.views.todo import to_dos
    from casetrail.findings.visible import visible

    missing = [item for item in to_dos(case) if not ids or item.row_id in ids]
    if as_json:
        print(json.dumps([asdict(item) for item in missing], ensure_ascii=sys.stdout.isatty(), indent=2))
        return 0
    for item in missing:
        print(f"{item.row_id}: {visible(item.missing)} ({visible(item.label, 100)})")
    number = f"{len(missing)} things are" if len(missing) > 1 else "1 thing is" if missing else "nothing is"
    print(f"{number.capitalize()} missing.")
    return 0
