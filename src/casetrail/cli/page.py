"""`casetrail page`: the page of a package alone, for a working copy."""

from __future__ import annotations

import argparse
from pathlib import Path

from casetrail.cli.arguments import add_output, add_package

DESCRIPTION = """\
Write one HTML file that shows the package: a case with its timeline, people, charges, responses,
disagreements and sources, each fact with its evidence; any other package with its tables and codebook. It
needs no network and no server. A release holds the same page, with its downloads, as index.html."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser)
    add_output(parser, "where to write it (<name>.html in this folder)")
    parser.add_argument("--open", action="store_true", help="show it in the browser when it is written")


def run(args: argparse.Namespace) -> int:
    """Write the page, and show it where that is asked for."""
    from casetrail.curate.outputs import output_file
    from casetrail.package.package import open_package
    from casetrail.package.paths import unfit_names
    from casetrail.site.page import page_text

    package = open_package(args.package)
    # The name is a stranger's text: one that could lead out of this folder is not used.
    name = "package" if unfit_names([package.name]) else package.name
    target = args.output or Path(f"{name}.html")
    with output_file(target, force=args.force) as file:
        file.write_bytes(page_text(package).encode())
    print(f"wrote {target} ({target.stat().st_size:,} bytes)")
    if args.open:
        import webbrowser

        if not webbrowser.open(target.resolve().as_uri()):
            print("No browser was found; open the file yourself.")
    return 0
