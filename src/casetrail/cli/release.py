"""`casetrail release`: make a sealed, versioned, reproducible release of a package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casetrail.cli.arguments import add_force, add_package, add_remote, package_address
from casetrail.findings.sentences import counted

DESCRIPTION = """\
Build the folder NAME-VERSION and its zip: canonical CSV, other formats, the descriptors that libraries and
search engines read, citations, the codebook, and SHA256SUMS over all of it. Name, version and date come from
datapackage.json; the same package gives the same bytes. The release is built only where casetrail and
frictionless both accept it, and it appears whole or not at all. Exit code 0 means that it is there, 1
that the content forbids it, 2 that it could not be written."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser, "folder or descriptor", kind=package_address)
    parser.add_argument(
        "--output", type=Path, default=Path("dist"), metavar="DIR", help="where releases are put (./dist)"
    )
    parser.add_argument(
        "--withheld",
        type=Path,
        metavar="FILE",
        help="a private list of names, one a line, of which none may be in any file of the release",
    )
    parser.add_argument(
        "--allow-unsearched",
        action="store_true",
        help="release also files that cannot be searched for those names; release.json then lists them",
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
    add_remote(parser)
    add_force(parser)


def run(args: argparse.Namespace) -> int:
    """Build, and say what was built; 1 where the package is not valid."""
    from casetrail.describe.citation import citation_gaps
    from casetrail.findings.error import CasetrailError
    from casetrail.findings.visible import visible
    from casetrail.package.package import open_package
    from casetrail.release.build import ReleaseOptions, build_release
    from casetrail.release.withheld import WithheldNames

    if isinstance(args.package, str):
        raise CasetrailError(
            f"'{args.package[:200]}' is an address, and a release is made where its package is kept, with "
            "its history; download the package and give its folder"
        )
    package = open_package(args.package, allow_remote=args.allow_host or args.allow_remote)
    options = ReleaseOptions(
        args.output,
        withheld=args.withheld,
        unsearched=args.allow_unsearched,
        sign=args.sign,
        publish=args.publish,
        previous=args.previous,
        force=args.force,
    )
    hidden = str if args.withheld is None else WithheldNames.read(args.withheld).masked
    terminal = sys.stderr.isatty()

    def show(step: str) -> None:
        if terminal:
            print(f"\r\x1b[K{step} …", end="", file=sys.stderr, flush=True)

    try:
        result = build_release(package, options, show)
    except CasetrailError as error:
        raise CasetrailError(hidden(str(error)), exit_code=error.exit_code) from None
    finally:
        if terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if result.folder is None:
        from casetrail.findings.renderings import render

        print(hidden(render(result.report)), end="", file=sys.stderr)
        print("casetrail: nothing was released: the package is not valid", file=sys.stderr)
        return 1
    print(f"{result.folder}: {'written' if result.changed else 'is there already, byte for byte'}")
    print(f"  {counted(result.files, 'file')}, {result.bytes:,} bytes; the same in {result.zip}")
    print(f"  content {result.content_hash}")
    if result.opinion is not None:
        print(f"  accepted by casetrail and by {result.opinion.tool} {result.opinion.version}")
    for path, reason in result.missing.items():
        print(visible(f"  without {path}: {reason}", 1000))
    for gap in citation_gaps(package.descriptor):
        print(f"  notice: datapackage.json has no {gap}")
    if args.publish:
        print("  noted in releases.csv; commit that file")
    return 0
