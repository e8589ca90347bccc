"""`casetrail init`: start a new case, valid at once, with a worked example to be read and removed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from casetrail.findings.error import CasetrailError

DESCRIPTION = """\
Start a new case: a folder with its descriptor, tables, schemas, method, codebook, licence, checks and hooks,
and one worked example: a hearing with its place, its court, its source and what says so. On a terminal the
title, the court, the country and the language are asked for; elsewhere they are options. A case in which the
example still is cannot be released; `--clean` removes it."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "folder", nargs="?", type=Path, help="the folder to make; its name becomes that of the package"
    )
    parser.add_argument("--title", help="the title of the dataset")
    parser.add_argument("--court", help="the name of the court")
    parser.add_argument("--country", help="the country of the court, in two letters (ISO 3166-1)")
    parser.add_argument("--language", help="the language of most sources, as en or pt-BR (BCP 47)")
    parser.add_argument("--contributor", help="who makes it (NAME contributors)")
    parser.add_argument(
        "--created", type=_day, metavar="YYYY-MM-DD", help="the day that the first version bears (today, UTC)"
    )
    parser.add_argument(
        "--clean", action="store_true", help="remove the worked example from the case in the folder (.)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files of the new case and say what to do next, or remove the example of one."""
    if args.clean:
        return _clean(args.folder or Path())
    if args.folder is None:
        raise CasetrailError("give the folder to make, for example: casetrail init my-case")
    from casetrail.curate.new_case import NewCase, refuse_folder, write_new_case
    from casetrail.findings.sentences import counted

    refuse_folder(args.folder)
    name = args.folder.resolve().name
    title = args.title or _ask("Title", name.replace("-", " ").replace("_", " ").capitalize())
    case = NewCase(
        name=name,
        title=title,
        court=args.court or _ask("Court", "The court"),
        country=_code("country", args.country),
        # A source that was read has a language, that of the worked example included.
        language=_code("language", args.language) or "en",
        contributor=args.contributor or f"{name} contributors",
        day=args.created or datetime.now(UTC).date(),
    )
    written = write_new_case(args.folder, case)
    print(f"wrote {counted(len(written), 'file')} into {args.folder}")
    print(f"""Next:
  cd {args.folder}
  git init
  casetrail merge --install                    let git merge the tables by row and cell
  pre-commit install                           hold a commit back that is not valid, with the reason
  casetrail show ev-worked-example-hearing     what a row looks like, with what it rests on
  casetrail init --clean                       remove the worked example
  casetrail new source                         the first document; then `casetrail new hearing`""")
    return 0


def _code(code_list: str, text: str | None) -> str:
    """A code of a standard, from its option or asked for; empty where nobody says.

    Raises:
        CasetrailError: The option gives none that the standard has.
    """
    from casetrail.case.standard_codes import CODE_LISTS, check_code
    from casetrail.types.problem import ValueProblem

    def problem(code: str) -> str | None:
        try:
            check_code(code_list, code)
        except ValueProblem as fault:
            return fault.reason + (f"; {fault.hint}" if fault.hint else "")
        return None

    asked = text is None
    code = _ask(f"{code_list.capitalize()} (a code of {CODE_LISTS[code_list]})", "") if text is None else text
    while code and (reason := problem(code)) is not None:
        if not asked:
            raise CasetrailError(f"--{code_list} {code}: {reason}")
        print(f"  {reason}.")
        code = _ask(code_list.capitalize(), "")
    return code


def _ask(question: str, default: str) -> str:
    """The answer of who sits at the terminal; the default where nobody does, or nothing is answered."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    return input(f"{question}{f' [{default}]' if default else ', or Enter'}: ").strip() or default


def _clean(folder: Path) -> int:
    from casetrail.cli.output import print_findings
    from casetrail.curate.draft import new_errors
    from casetrail.curate.new_case import without_example
    from casetrail.curate.writing import changing, folder_of, write_files
    from casetrail.package.package import open_package

    with changing(folder):
        package = open_package(folder)
        root = folder_of(package.files, "init --clean")
        contents = without_example(package)
        if not contents:
            print("There is no worked example here.")
            return 0
        errors = new_errors(package, contents)
        if errors:
            print_findings(errors)
            print("Nothing was removed: other rows rest on the example, as named above.", file=sys.stderr)
            return 1
        write_files(root, contents, package.files)
    print(f"Removed the worked example from {', '.join(contents)}.")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-11-30") from None
