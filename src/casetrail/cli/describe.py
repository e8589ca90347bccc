"""`casetrail describe`: draft a descriptor for tables that have none."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from casetrail.cli.arguments import add_output, encoding_name
from casetrail.cli.output import for_stdout
from casetrail.findings.error import CasetrailError

DESCRIPTION = """\
Draft the descriptor of a package from files of tables (CSV, TSV, JSON, Parquet, spreadsheets): how they are
written, the type that every value of a column has, which columns are filled in every row, keys that hold,
and columns that lead from one of the files to another. Nothing is guessed: identifiers such as 007 and dates
such as 05/06/2025 stay text, and a note on standard error says so. The draft says that it is one. Exit code 1
means that a file is no sound table."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.add_argument("files", nargs="+", metavar="FILE", help="files of tables")
    parser.add_argument(
        "--encoding",
        type=encoding_name,
        metavar="NAME",
        help="the encoding of the files, where it is not UTF-8: windows-1251, ...",
    )
    parser.add_argument(
        "--sheet",
        metavar="NAME",
        help="the sheet of spreadsheets that is described (the first that is shown)",
    )
    add_output(parser, "write the draft to a file, as datapackage.json; paths are relative to its folder")


def run(args: argparse.Namespace) -> int:
    """Print or write the draft, and the notes about it."""
    from casetrail.curate.outputs import output_file, refuse_overwriting
    from casetrail.describe.draft_descriptor import draft_descriptor
    from casetrail.describe.json_document import json_document
    from casetrail.findings.visible import visible

    target: Path | None = args.output
    files = [_file(text) for text in args.files]
    if target is not None:
        if target.exists() and any(target.samefile(file) for file in files):
            raise CasetrailError(f"'{target}' is one of the files that are described; give another name")
        refuse_overwriting(target, force=args.force)
    draft = draft_descriptor(files, Path() if target is None else target.parent, args.encoding, args.sheet)
    text = json_document(draft.descriptor)
    for note in draft.notes:
        print(f"note: {visible(note, 1000)}", file=sys.stderr)
    if target is None:
        sys.stdout.write(for_stdout(text))
        return 0
    with output_file(target, force=args.force) as file:
        file.write_bytes(text.encode())
    command = f"casetrail validate {shlex.quote(str(target))}"
    print(visible(f"wrote {target}, a draft; check it, then run: {command}", 1000))
    return 0


def _file(text: str) -> Path:
    """A file of this machine.

    Raises:
        CasetrailError: The text is something else.
    """
    path = Path(text)
    if "://" in text or text == "-":
        what = "standard input" if text == "-" else "an address"
        raise CasetrailError(f"'{text[:200]}' is {what}, and files are described: save it as a file first")
    if path.is_dir():
        raise CasetrailError(
            f"'{text[:200]}' is a folder; give its tables, as in: casetrail describe {text}/*.csv"
        )
    if not path.exists():
        raise CasetrailError(f"there is no file '{text[:200]}'")
    return path
