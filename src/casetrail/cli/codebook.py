"""`casetrail codebook`: what is in every table and column of a package, for a person who reads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casetrail.cli.arguments import add_output, add_package
from casetrail.cli.output import for_stdout

DESCRIPTION = """\
Print the codebook of a package: its tables and how they are joined, every column with its type, its meaning
and the share of its cells that are empty, every term with the number of its rows, and the rules. With --write
it becomes docs/codebook.md of the package; a file there that a person wrote or changed stays as it is."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser)
    parser.add_argument(
        "--format", choices=("markdown", "json", "html"), default="markdown", help="form (markdown)"
    )
    parser.add_argument("--write", action="store_true", help="refresh docs/codebook.md of the package")
    add_output(parser, "write it to a file")
    parser.add_argument("--lang", default="en", metavar="CODE", help="in this language: en, kk, ru, zh (en)")


def run(args: argparse.Namespace) -> int:
    """Print the codebook, or write it to a file."""
    from casetrail.curate.outputs import is_sealed, output_file, sealed
    from casetrail.describe.codebook import CODEBOOK, codebook_document
    from casetrail.findings.error import CasetrailError
    from casetrail.languages.words import language_named, speaking
    from casetrail.package.package import open_package

    if args.write and (args.output is not None or args.format != "markdown"):
        raise CasetrailError(f"--write makes {CODEBOOK}; for another form or place give --output")
    if args.write and args.lang != "en":
        raise CasetrailError("--write makes docs/codebook.md in English; for another language give --output")
    package = open_package(args.package)
    with speaking(language_named(args.lang)):
        text = _text(codebook_document(package), args.format)
    target: Path | None = args.output
    if args.write:
        if not package.root.is_dir():
            raise CasetrailError(f"'{package.root}' is no folder to write into; give --output")
        target = package.root / CODEBOOK
        target.parent.mkdir(exist_ok=True)
        text = sealed(text)
    if target is None:
        sys.stdout.write(for_stdout(text))
        return 0
    with output_file(target, force=args.force, ours=is_sealed if args.write else None) as file:
        file.write_bytes(text.encode())
    print(f"wrote {target}")
    return 0


def _text(document: dict[str, object], form: str) -> str:
    if form == "json":
        import json

        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if form == "html":
        from casetrail.describe.codebook_html import html

        return html(document)
    from casetrail.describe.codebook_markdown import markdown

    return markdown(document)
