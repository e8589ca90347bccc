"""`casetrail validate`: check a package and say what is wrong, in the form that the reader needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from casetrail.cli.arguments import (
    add_force,
    add_packages_of,
    add_remote,
    add_schema,
    package_address,
    packages_of,
    table_properties,
    whole_number,
)
from casetrail.cli.progress import Progress
from casetrail.findings.error import CasetrailError
from casetrail.findings.renderings import FORMATS
from casetrail.findings.report import DEFAULT_LIMIT, Report
from casetrail.package.paths import is_url

if TYPE_CHECKING:
    from concurrent.futures import Executor

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
        type=package_address,
        metavar="package",
        default=[Path("datapackage.json")],
        help="folders, descriptors, zips or addresses; - for a descriptor from standard input; with --schema "
        "tables (./datapackage.json)",
    )
    add_schema(parser)
    parser.add_argument("--format", choices=FORMATS, help="form of the report (text)")
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
        "--scheduler",
        metavar="ADDRESS",
        help="work on the tables by the workers of a Dask scheduler (tcp://host:8786), which read the files",
    )
    add_remote(parser)
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FILE|FORM|FORM=FILE",
        help="write the report to a file, in the form of --format or in this one, or print it in this form; "
        "may be given several times",
    )
    add_force(parser)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help="what ends with exit code 1 (error); that a check could not run always ends with 2",
    )
    add_packages_of(parser)


def run(args: argparse.Namespace) -> int:
    """Validate, write and print the reports, and return 0, 1 or 2."""
    outputs = _outputs(args.output, args.format)
    alone = any(output.file is not None or output.form not in _FOR_SEVERAL for output in outputs)
    packages = args.packages if args.packages_of is None else packages_of(args.packages_of)
    if len(packages) > 1 and alone:
        raise CasetrailError(
            f"{len(packages)} packages are given, but a file, and any form other than "
            f"{', '.join(_FOR_SEVERAL)}, holds the report of one; check them one by one"
        )
    table_properties(args)
    with ExitStack() as stack:
        executor: Executor | None = None
        if args.scheduler is not None:
            from casetrail.checks.cluster import workers_of

            executor = stack.enter_context(workers_of(args.scheduler))
        return max((_validate(path, args, outputs, executor) for path in packages), default=0)


class _Output(NamedTuple):
    """A form of the report and the file that it is written to; `None` is standard output."""

    form: str
    file: Path | None = None


def _outputs(given: Sequence[str], form: str | None) -> list[_Output]:
    """What is written and printed: `FILE`, `FORM` or `FORM=FILE`, and what `--format` asks for."""
    outputs: list[_Output] = []
    is_used = False
    for text in given:
        name, equals, file = text.partition("=")
        if text in FORMATS:
            outputs.append(_Output(text))
        elif equals and name in FORMATS:
            outputs.append(_Output(name, None if file in ("", "-") else Path(file)))
        else:
            outputs.append(_Output(form or "text", None if text == "-" else Path(text)))
            is_used = True
    if not outputs or (form is not None and not is_used):
        outputs.insert(0, _Output(form or "text"))
    for output in outputs:
        if [other.file for other in outputs].count(output.file) > 1:
            where = "to standard output" if output.file is None else f"into '{output.file}'"
            raise CasetrailError(
                f"several reports would go {where}; give each a file, as in json=report.json"
            )
    return outputs


def _validate(
    path: Path | str, args: argparse.Namespace, outputs: Sequence[_Output], executor: Executor | None
) -> int:
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
        executor=executor,
    )
    with progress or nullcontext():
        package = open_package(
            path,
            allow_remote=args.allow_host or args.allow_remote,
            schema=args.schema,
            resource=table_properties(args),
        )
        report = validate_package(package, options)
    for output in outputs:
        base = _base(path if isinstance(path, str) and args.schema is None else str(package.root))
        _write(report, output, base, force=args.force)
    if not all(check.ran for check in report.checks):
        return 2
    fails = {"error": not report.valid, "warning": not report.valid or report.warnings, "never": False}
    return 1 if fails[args.fail_on] else 0


def _write(report: Report, output: _Output, base: str, *, force: bool) -> None:
    import shutil

    import casetrail
    from casetrail.findings.terminal import shows_colours

    is_printed, linked = output.file is None, output.form in ("sarif", "html")
    text = report.render(
        output.form,
        colour=is_printed and shows_colours(sys.stdout),
        width=shutil.get_terminal_size().columns if is_printed and sys.stdout.isatty() else None,
        base=base,
        tool_version=casetrail.__version__ if linked else None,
        documentation_url=casetrail.__documentation__ if linked else None,
    )
    if output.file is None:
        sys.stdout.write(text)
        return
    from casetrail.curate.outputs import output_file

    with output_file(output.file, force=force) as file:
        file.write_bytes(text.encode())


def _base(root: str) -> str:
    """The package's folder as seen from here, for paths that a reader can open."""
    if is_url(root):
        return root.rpartition("/")[0] if root.endswith((".json", ".yaml", ".yml")) else root.rstrip("/")
    try:
        return Path(root).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return root


def _at_least_one(text: str) -> int:
    number = whole_number(text)
    if not number:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return number
