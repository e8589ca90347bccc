"""`casetrail init`: start a new case, an empty package that is valid at once."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", type=Path, help="the folder to make; its name becomes that of the package")
    parser.add_argument("--title", help="the title of the dataset")
    parser.add_argument("--contributor", help="who makes it (NAME contributors)")
    parser.add_argument(
        "--created", type=_day, metavar="YYYY-MM-DD", help="the day that the first version bears (today, UTC)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files of the new case and say what to do next."""
    from casetrail.curate.new_case import NewCase, write_new_case
    from casetrail.findings.sentences import counted

    name = args.folder.resolve().name
    case = NewCase(
        name=name,
        title=args.title or name.replace("-", " ").replace("_", " ").capitalize(),
        contributor=args.contributor or f"{name} contributors",
        day=args.created or datetime.now(UTC).date(),
    )
    written = write_new_case(args.folder, case)
    print(f"wrote {counted(len(written), 'file')} into {args.folder}")
    print(f"Next: cd {args.folder}, then `casetrail new source`, `casetrail new party` and so on.")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-11-30") from None
