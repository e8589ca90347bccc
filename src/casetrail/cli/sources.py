"""`casetrail sources`: which sources have no archived copy; with `--archive`, have copies made."""

from __future__ import annotations

import argparse
import sys

from casetrail.cli.arguments import add_package

DESCRIPTION = """\
List the sources on the web of which the tables name no archived copy (`archived_url`), or that were read on
no day (`accessed`). With --archive the Wayback Machine is asked to keep each page, and the address of the
copy is written into the table as soon as it is there. Ends with 1 where a source has no copy.

The service may be asked without an account, a few times a minute; the keys of an account are given as
CASETRAIL_ARCHIVE_KEYS=access:secret."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="check")
    check = actions.add_parser(
        "check",
        help="list the sources without an archived copy",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_package(check, "folder, descriptor or zip")
    check.add_argument("--archive", action="store_true", help="have copies made of those that have none")
    check.add_argument(
        "--allow-remote", action="store_true", help="send the addresses of the sources to the archive"
    )


def run(args: argparse.Namespace) -> int:
    """List the sources, or have them archived; 1 where one is left without a copy."""
    from casetrail.curate.source_archive import HOST, archive_sources, source_addresses
    from casetrail.findings.error import CasetrailError
    from casetrail.findings.sentences import counted
    from casetrail.findings.visible import visible
    from casetrail.package.package import open_package

    if args.archive and not args.allow_remote:
        raise CasetrailError(
            f"--archive sends the addresses of the sources to {HOST}; say --allow-remote if that is meant"
        )
    package = open_package(args.package)
    sources = source_addresses(package)
    missing = tuple(source for source in sources if not source.archived_url)
    for source in sources:
        if not source.accessed and source.read != "not_seen":
            print(f"{visible(source.source_id)}: no day on which it was read ({visible(source.url)})")
    if args.archive:
        done = 0
        for result in archive_sources(package, missing):
            done += not result.problem
            stream = sys.stderr if result.problem else sys.stdout
            print(
                f"{visible(result.source_id)}: {visible(result.problem or result.archived_url)}", file=stream
            )
        print(f"{counted(done, 'copy', 'copies')} made, {len(missing) - done:,} not.")
        return 0 if done == len(missing) else 1
    for source in missing:
        print(f"{visible(source.source_id)}: no archived copy of {visible(source.url)}")
    print(
        f"{counted(len(sources), 'source')} on the web, {len(missing):,} of them without an archived copy."
        + (" Have copies made: casetrail sources check --archive --allow-remote" if missing else "")
    )
    return 1 if missing else 0
