"""`casetrail release`: make a sealed, versioned, reproducible release of a package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAME = "release"
HELP = "make a sealed, versioned release of a package"

DESCRIPTION = """\
Build the folder NAME-VERSION and its zip: canonical CSV, other formats, the descriptors that libraries and
search engines read, citations, the codebook, and SHA256SUMS over all of it. Name, version and date come from
datapackage.json; the same package gives the same bytes. The release is built only where casetrail and
frictionless both accept it, and it appears whole or not at all. Exit code 0 means that it stands there, 1
that the content forbids it, 2 that it could not be written."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "package",
        nargs="?",
        type=Path,
        default=Path("datapackage.json"),
        help="folder or descriptor (./datapackage.json)",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("dist"), metavar="DIR", help="where releases are put (./dist)"
    )
    parser.add_argument(
        "--withheld",
        type=Path,
        metavar="FILE",
        help="a private list of names, one a line, of which none may stand in any file of the release",
    )
    parser.add_argument("--sign", type=Path, metavar="KEY", help="sign SHA256SUMS with this OpenSSH key")
    parser.add_argument(
        "--publish",
        action="store_true",
        help="note the version in releases.csv; from then on it is never built with other content",
    )
    parser.add_argument(
        "--previous",
        type=Path,
        metavar="PATH",
        help="the release before, against which the version is judged (the newest tag of the repository)",
    )


def run(args: argparse.Namespace) -> int:
    """Build, and say what was built; 1 where the package is not valid."""
    from casetrail.package.package import open_package
    from casetrail.release.build import Outcome, Wish, build_release

    package = open_package(args.package)
    wish = Wish(args.output, args.withheld, args.sign, args.publish, args.previous)
    terminal = sys.stderr.isatty()

    def tell(step: str) -> None:
        if terminal:
            print(f"\r\x1b[K{step} …", end="", file=sys.stderr, flush=True)

    try:
        outcome: Outcome = build_release(package, wish, tell)
    finally:
        if terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if outcome.folder is None:
        from casetrail.findings.renderings import render

        print(render(outcome.report), end="", file=sys.stderr)
        print("casetrail: nothing was released: the package is not valid", file=sys.stderr)
        return 1
    state = "written" if outcome.changed else "stands there already, byte for byte"
    print(f"{outcome.folder}: {state}")
    print(f"  {outcome.files} files, {outcome.bytes:,} bytes; the same in {outcome.zip}")
    print(f"  content {outcome.content_hash}")
    if outcome.opinion is not None:
        print(f"  accepted by casetrail and by {outcome.opinion.tool} {outcome.opinion.version}")
    for path, reason in outcome.missing:
        print(f"  without {path}: {reason}")
    if args.publish:
        print("  noted in releases.csv; commit that file")
    return 0
