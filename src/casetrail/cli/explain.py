"""`casetrail explain`: what a finding code means, with an example, what is said of it, and how to mend it."""

from __future__ import annotations

import argparse
import sys

DESCRIPTION = """\
Explain a finding code, the word in brackets in what `casetrail validate`, `workbook merge`, `merge`, `diff`
and `format` report: what it means, how to mend it, the smallest example, and what is said of that example."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument("code", nargs="?", help="a finding code, for example type-date")
    parser.add_argument("--list", action="store_true", help="list all codes with what they mean")


def run(args: argparse.Namespace) -> int:
    """Print the entry, or the list; an unknown code is a `CasetrailError` that names the near one."""
    from casetrail.findings.catalogue import catalogue
    from casetrail.findings.error import CasetrailError
    from casetrail.standard.near_miss import near_miss

    entries = catalogue()
    if args.list == (args.code is not None):
        raise CasetrailError("give a finding code, such as `casetrail explain type-date`, or --list")
    if args.list:
        width = max(map(len, entries))
        sys.stdout.write("".join(f"{code:{width}}  {entry.meaning}\n" for code, entry in entries.items()))
        return 0
    entry = entries.get(args.code)
    if entry is None:
        near = near_miss(args.code, entries)
        raise CasetrailError(
            f"no finding has the code '{args.code}'; "
            + (
                f"did you mean '{near}'?"
                if near
                else "`casetrail explain --list` lists all, and a rule of a package's own is in its schemas"
            )
        )
    parts = [f"{entry.code} ({entry.severity})", entry.meaning, f"To mend it: {entry.mend}"]
    if entry.example:
        parts += [f"For example:\n{_indented(entry.example)}", f"Then it says:\n{_indented(entry.said)}"]
    sys.stdout.write("\n\n".join(parts) + "\n")
    return 0


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
