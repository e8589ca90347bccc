"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.package.paths import is_url

TABLE_FORMATS = ("csv", "tsv", "json", "jsonl", "parquet", "xlsx", "ods")
"""What a table by itself can be written in."""


def add_output(
    parser: argparse.ArgumentParser, words: str, *, required: bool = False, printed: bool = True
) -> None:
    """Add where to write, and `--force`, without which nothing that a person made is written over.

    `-` is what a command that is `printed` without a file writes to: standard output.
    """
    kind = _printed_or_file if printed else _file
    parser.add_argument("--output", type=kind, metavar="FILE", required=required, help=words)
    add_force(parser)


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add `--force`."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="write over a file of a package, or one that casetrail did not write or that was changed since",
    )


def add_package(
    parser: argparse.ArgumentParser,
    kinds: str = "folder, descriptor or zip",
    *,
    option: bool = False,
    kind: Callable[[str], Path | str] = Path,
) -> None:
    """Add the package that is read: the positional argument, or `--package` where another thing is read."""
    words = f"{kinds} (./datapackage.json)"
    if option:
        parser.add_argument(
            "--package", type=Path, default=Path("datapackage.json"), metavar="PATH", help=words
        )
    else:
        parser.add_argument("package", nargs="?", type=kind, default=Path("datapackage.json"), help=words)


def add_remote(parser: argparse.ArgumentParser) -> None:
    """Add `--allow-remote`, and `--allow-host` for hosts of a private network."""
    parser.add_argument(
        "--allow-remote", action="store_true", help="read what is at addresses of the web and of stores too"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="with --allow-remote, read from this host of a private network too (repeatable)",
    )


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Add `--schema`, with which a table is read by itself, and the options that say how it is written."""
    parser.add_argument(
        "--schema",
        type=package_address,
        metavar="FILE",
        help="read a table by itself (a file, an address, or - for standard input) by this Table Schema",
    )
    parser.add_argument(
        "--input-format",
        choices=TABLE_FORMATS,
        metavar="FORMAT",
        help=f"with --schema, what the table is written in: {', '.join(TABLE_FORMATS)} (what its name says; "
        "csv from standard input)",
    )
    parser.add_argument(
        "--delimiter",
        type=_delimiter,
        metavar="MARK",
        help="with --schema, what is between the cells of the table: ';', or tab (a comma; a tab in .tsv)",
    )
    parser.add_argument(
        "--sheet",
        metavar="NAME",
        help="with --schema, the sheet of a spreadsheet that is the table (the first)",
    )
    parser.add_argument(
        "--encoding",
        type=encoding_name,
        metavar="NAME",
        help="with --schema, the encoding of the table: cp1252, windows-1251, utf-16, ... (utf-8)",
    )


def table_properties(args: argparse.Namespace) -> dict[str, Any]:
    """What the options of `add_schema` say of a table by itself, as properties of its resource.

    Raises:
        CasetrailError: They are given, and `--schema` is not.
    """
    options = {
        "--input-format": args.input_format,
        "--delimiter": args.delimiter,
        "--sheet": args.sheet,
        "--encoding": args.encoding,
    }
    given = [option for option, value in options.items() if value is not None]
    if given and args.schema is None:
        raise CasetrailError(
            f"{given[0]} is for a table by itself; give its --schema too (the descriptor of a "
            "package says how its tables are written)"
        )
    dialect = {"delimiter": args.delimiter, "sheetName": args.sheet}
    properties = {
        "format": args.input_format,
        "dialect": {name: value for name, value in dialect.items() if value is not None} or None,
        "encoding": args.encoding,
    }
    return {name: value for name, value in properties.items() if value is not None}


def _delimiter(text: str) -> str:
    mark = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(mark) != 1 or mark in '"\r\n\0':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character, nor tab")
    return mark


def encoding_name(text: str) -> str:
    """The value of an option that names an encoding which is read."""
    from casetrail.tables.file_blocks import known_encoding

    if known_encoding(text) is None:
        raise argparse.ArgumentTypeError(
            f"the encoding {text!r} is not read; it may be utf-8, utf-16, cp1252, windows-1251, latin-1, ..."
        )
    return text


def _printed_or_file(text: str) -> Path | None:
    return None if text == "-" else Path(text)


def _file(text: str) -> Path:
    if text == "-":
        raise argparse.ArgumentTypeError("'-' is standard output, and a file is written; give its name")
    return Path(text)


def package_address(text: str) -> Path | str:
    """A package: the path of a folder, descriptor or zip, or an address."""
    return text if is_url(text) else Path(text)


def whole_number(text: str) -> int:
    """The value of an option that counts."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 on")
    return int(text)


def add_packages_of(parser: argparse.ArgumentParser) -> None:
    """Add `--packages-of`, which a hook of git calls with the files that are committed."""
    parser.add_argument(
        "--packages-of",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="take the packages that these files, and those that the next commit deletes, are part of",
    )


def packages_of(files: Sequence[Path]) -> list[Path]:
    """The packages for `--packages-of`, as they are reached from here."""
    import os

    from casetrail.history.revision import deleted_files
    from casetrail.package.members import packages_with

    folders = [path.parent for path in packages_with([*files, *deleted_files(Path.cwd())])]
    return [Path(os.path.relpath(folder)) for folder in folders]


PATH_TYPES = (Path, package_address, _printed_or_file, _file)
"""The types of arguments that a shell completes as paths."""
