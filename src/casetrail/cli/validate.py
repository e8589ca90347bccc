"""`casetrail validate`: check a package and say what is wrong, in the form that the reader needs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casetrail.cli.arguments import add_output, whole_number
from casetrail.cli.progress import Progress
from casetrail.findings.error import CasetrailError
from casetrail.findings.renderings import FORMATS
from casetrail.findings.report import DEFAULT_LIMIT, Report

DESCRIPTION = """\
Check a Data Package: its descriptor, the form of its files, types, constraints, keys, sizes and hashes; of
a Case Data Package also its row rules, its evidence and the hygiene of its texts. Exit code 0 means valid,
1 that something is wrong, 2 that the package could not be read or a check could not run. Several packages
are checked one after another, and the exit code is the highest of theirs."""

_FOR_SEVERAL = ("text", "github", "markdown")
"""The forms in which reports may follow one another."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "packages",
        nargs="*",
        type=Path,
        metavar="package",
        default=[Path("datapackage.json")],
        help="folders, descriptors or zips (./datapackage.json)",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="form of the report (text)")
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"findings of one code that are listed; all are counted ({DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--hygiene",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="look for formulas, hidden characters and personal data (on in a Case Data Package)",
    )
    parser.add_argument(
        "--jobs",
        type=_at_least_one,
        metavar="N",
        help="parts of a table that are worked on at once, which bounds the memory too (all cores)",
    )
    parser.add_argument(
        "--allow-remote", action="store_true", help="read data and schemas at web addresses too"
    )
    add_output(parser, "write the report to a file")


def run(args: argparse.Namespace) -> int:
    """Validate, print the reports, and return 0, 1 or 2."""
    several = len(args.packages) > 1
    if several and (args.output is not None or args.format not in _FOR_SEVERAL):
        raise CasetrailError(
            f"{len(args.packages)} packages are given, but a file, and any form other than "
            f"{', '.join(_FOR_SEVERAL)}, holds the report of one; check them one by one"
        )
    return max(_validate(path, args) for path in args.packages)


def _validate(path: Path, args: argparse.Namespace) -> int:
    from casetrail.case.validation import validate_package
    from casetrail.checks.check import Options
    from casetrail.package.package import open_package

    progress = Progress.for_terminal()
    options = Options(
        limit=args.limit,
        hygiene=args.hygiene,
        progress=progress,
        debug=getattr(args, "debug", False),
        jobs=args.jobs,
    )
    package = open_package(path, allow_remote=args.allow_remote)
    try:
        report = validate_package(package, options)
    finally:
        if progress is not None:
            progress.clear()
    _print(report, args, str(package.root))
    if not all(check.ran for check in report.checks):
        return 2
    return 0 if report.valid else 1


def _print(report: Report, args: argparse.Namespace, root: str) -> None:
    import shutil

    import casetrail
    from casetrail.findings.terminal import shows_colours

    linked = args.format in ("sarif", "html")
    to_terminal = args.output is None and sys.stdout.isatty()
    text = report.render(
        args.format,
        colour=args.output is None and shows_colours(sys.stdout),
        width=shutil.get_terminal_size().columns if to_terminal else None,
        base=_base(root),
        tool_version=casetrail.__version__ if linked else None,
        documentation_url=casetrail.__documentation__ if linked else None,
    )
    if args.output is None:
        sys.stdout.write(text)
    else:
        from casetrail.curate.outputs import output_file

        with output_file(args.output, force=args.force) as file:
            file.write_bytes(text.encode())


def _base(root: str) -> str:
    """The package's folder as seen from here, for paths that a reader can open."""
    try:
        return Path(root).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return root


def _at_least_one(text: str) -> int:
    number = whole_number(text)
    if not number:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return number
