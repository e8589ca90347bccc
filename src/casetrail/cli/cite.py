"""`casetrail cite`: print how to cite a package, or write its CITATION.cff."""

from __future__ import annotations

import argparse
import sys

from casetrail.cli.arguments import add_package
from casetrail.cli.output import for_stdout

DESCRIPTION = """\
Print the citation of a package in the style that is asked for, made from datapackage.json alone. With --write
the file CITATION.cff beside the descriptor is written, or with --style zenodo the file .zenodo.json; with
--write --check it is only compared, and exit code 1 says that it differs. What a person wrote there stays as
it is, unless --force is given."""

STYLES = ("apa", "bibtex", "ris", "csl", "datacite", "cff", "zenodo")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    add_package(parser)
    parser.add_argument("--style", choices=STYLES, default="apa", help="form of the citation (apa)")
    parser.add_argument("--write", action="store_true", help="write CITATION.cff, or .zenodo.json")
    parser.add_argument("--check", action="store_true", help="with --write: only say whether the file agrees")
    parser.add_argument("--force", action="store_true", help="with --write: also over what a person wrote")


def run(args: argparse.Namespace) -> int:
    """Print, write or compare."""
    from casetrail.curate.outputs import YAML, is_sealed, note_output, refuse_overwriting, sealed
    from casetrail.describe.citation import citation
    from casetrail.describe.styles import STYLES as OF_READERS
    from casetrail.describe.zenodo import zenodo
    from casetrail.findings.error import CasetrailError
    from casetrail.package.package import open_package

    renderings = {**OF_READERS, "zenodo": zenodo}
    if args.check and not args.write:
        raise CasetrailError("--check compares what --write would write; give both")
    package = open_package(args.package)
    cited = citation(package.descriptor)
    if not args.write:
        print(for_stdout(renderings[args.style](cited)), end="")
        return 0
    name, style = (".zenodo.json", "zenodo") if args.style == "zenodo" else ("CITATION.cff", "cff")
    plain = renderings[style](cited)
    text = sealed(plain, YAML) if style == "cff" else plain
    path = package.root / name
    agrees = path.is_file() and path.read_bytes() in (plain.encode(), text.encode())
    if args.check:
        if agrees:
            print(f"{path} agrees with {package.files.descriptor}.")
            return 0
        print(
            f"{path} differs from {package.files.descriptor}; run `casetrail cite --write"
            f"{' --style zenodo' if style == 'zenodo' else ''}`.",
            file=sys.stderr,
        )
        return 1
    from casetrail.curate.writing import folder_of, write_files

    root = folder_of(package.files, "cite --write")
    refuse_overwriting(path, force=args.force, ours=lambda there: agrees or is_sealed(there))
    write_files(root, {name: text.encode()})
    note_output(path)
    print(f"wrote {path}")
    return 0
