"""`casetrail new`: add a row of any table of the case, with what belongs to it and the evidence for it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casetrail.cli.arguments import add_package

if TYPE_CHECKING:
    from casetrail.case.case import Case
    from casetrail.curate.new_kind import NewRowKind

Entry = dict[str, Any]

DESCRIPTION = """\
Add a row of any table (`event`, `party`, `evidence`), or of a term of its kind (`hearing`). The rows that
belong to it (--with) and the evidence for it are added in the same go. Ids are proposed; rows that may be the
same are shown, names across spellings and scripts. All that is wrong is said at once, and the result is
validated before anything is written. `casetrail new KIND --help` lists the columns."""

CLAIM = {
    "source": ("ID", "the source that says so; given again with its locator, a further claim"),
    "locator": ("TEXT", "where in the source: paragraph 3"),
    "certainty": ("TERM", "stated, alleged or inferred"),
    "attributed_to": ("ID", "the party whose claim it is"),
    "reason": ("TEXT", "how it follows, where it is inferred"),
}
"""The options that make evidence for the row, each with what it takes and what it says."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command; the columns are those of the package, read when it runs."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", metavar="KIND", help="what to add")
    add_package(parser, "folder or descriptor")
    parser.add_argument("options", nargs=argparse.REMAINDER, metavar="...", help="see KIND --help")


def run(args: argparse.Namespace) -> int:
    """Add the rows; 1 where one may be there already, or is wrong, or the case would be less valid."""
    from casetrail.curate.writing import changing

    with changing(args.package):
        return _add(args)


def _add(args: argparse.Namespace) -> int:
    from casetrail.case.case import Case
    from casetrail.curate.additions import Addition, write_addition
    from casetrail.curate.new_kind import new_row_kind
    from casetrail.findings.error import CasetrailError
    from casetrail.package.package import open_package

    package = open_package(args.package)
    case = Case.load(package)
    kind = new_row_kind(args.kind, case.specs)
    options = _parser(kind).parse_args(args.options)
    asks = options.ask or (not (options.no_input or options.json) and sys.stdin.isatty())
    addition = Addition(case)
    try:
        for entry in _entries(case, kind, options):
            if asks:
                _ask(kind, entry)
            if not _is_another(case, kind, entry, options.anyway, asks):
                return 1
            if asks and not entry.get(kind.table.key):
                _ask_id(case, kind, entry)
            addition.add(kind, entry)
    except EOFError:
        raise CasetrailError("the answers ended before everything was asked; nothing was written") from None
    if addition.problems:
        return _refuse(addition.problems)
    blocking, pending = write_addition(package, addition)
    if blocking:
        return _refuse(
            ", ".join(filter(None, (finding.table, finding.key, finding.field)))
            + f": {finding.message.rstrip('.')}"
            + (f"; {finding.hint}" if finding.hint else "")
            for finding in blocking
        )
    for table, rows in addition.rows.items():
        for key in rows:
            print(f"{table}: {'changed' if key in case[table] else 'added'} {key}")
    for finding in pending:
        print(f"still to do: {finding.message}", file=sys.stderr)
    return 0


def _parser(kind: NewRowKind) -> argparse.ArgumentParser:
    """The options for one kind of row."""
    table = kind.table
    parser = argparse.ArgumentParser(prog=f"casetrail new {kind.name}", description=table.description)
    parser.add_argument("--id", help="the id, instead of the one that is proposed")
    columns = parser.add_argument_group("columns", "Given several times, an option adds several rows.")
    for name, field in table.columns.items():
        if name != table.key and name not in kind.preset:
            terms = f" ({', '.join(field.vocabulary)})" if field.vocabulary else ""
            _add_option(columns, "column", name, "TEXT", f"{field.description}{terms}")
    if table.evidenced:
        evidence = parser.add_argument_group("evidence")
        for name, (metavar, words) in CLAIM.items():
            _add_option(evidence, "claim", name, metavar, words)
    parser.add_argument(
        "--with",
        action="append",
        nargs="+",
        default=[],
        dest="parts",
        metavar="ROW COLUMN=TEXT",
        help="a row that belongs to it: --with participation party_id=pa-example role=speaker",
    )
    parser.add_argument(
        "--json", action="store_true", help="read a row, or a list of rows, as JSON from standard input"
    )
    parser.add_argument("--anyway", action="store_true", help="add it though rows are there that may be it")
    asking = parser.add_mutually_exclusive_group()
    asking.add_argument("--ask", action="store_true", help="ask though nobody sits at a terminal")
    asking.add_argument("--no-input", action="store_true", help="never ask")
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    return parser


def _add_option(group: Any, use: str, name: str, metavar: str, words: str) -> None:
    option, words = f"--{name.replace('_', '-')}", words.replace("%", "%%")
    group.add_argument(option, action="append", dest=f"{use} {name}", metavar=metavar, help=words)


def _entries(case: Case, kind: NewRowKind, options: argparse.Namespace) -> list[Entry]:
    """The rows that the options and the standard input give, each with what belongs to it."""
    entries = _spread(options, "column")
    if options.json:
        entries = [{**entry, **row} for row in _json_rows(sys.stdin.read()) for entry in entries]
    parts: dict[str, list[Entry]] = {}
    for word, *cells in options.parts:
        name, part = _part(case, word, cells)
        parts.setdefault(name, []).append(part)
    claims = [
        {"source_id" if name == "source" else name: text for name, text in claim.items()}
        for claim in _spread(options, "claim")
        if claim
    ]
    if claims:
        parts["evidence"] = [*parts.get("evidence", ()), *claims]
    for entry in entries:
        for name, rows in parts.items():
            entry[name] = [*entry.get(name, ()), *rows]
        if options.id:
            entry[kind.table.key] = options.id
    return entries


def _spread(options: argparse.Namespace, use: str) -> list[Entry]:
    """The rows of the options of one use: one that is given once holds for all, the others go in turn."""
    from casetrail.findings.error import CasetrailError

    texts = {
        key.partition(" ")[2]: value
        for key, value in vars(options).items()
        if value and key.startswith(f"{use} ")
    }
    number = max(map(len, texts.values()), default=1)
    for name, values in texts.items():
        if len(values) not in (1, number):
            raise CasetrailError(
                f"--{name.replace('_', '-')} is given {len(values)} times, another option {number} times; "
                "give each once for all rows, or once for each row"
            )
    return [
        {name: values[index if len(values) > 1 else 0] for name, values in texts.items()}
        for index in range(number)
    ]


def _json_rows(text: str) -> Sequence[Entry]:
    from casetrail.findings.error import CasetrailError

    try:
        rows = json.loads(text)
    except ValueError as error:
        raise CasetrailError(f"the standard input is no JSON: {error}") from None
    rows = rows if isinstance(rows, list) else [rows]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise CasetrailError("the JSON is neither a row nor a list of rows: write an object with columns")
    return rows


def _part(case: Case, word: str, cells: Sequence[str]) -> tuple[str, Entry]:
    """A row that belongs to another, from `--with`: its table and its cells."""
    from casetrail.curate.new_kind import new_row_kind
    from casetrail.findings.error import CasetrailError

    kind = new_row_kind(word, case.specs)
    entry: Entry = dict(kind.preset)
    for cell in cells:
        name, equals, text = cell.partition("=")
        if not equals:
            raise CasetrailError(f"--with {word}: '{cell[:80]}' is no cell; write COLUMN=TEXT")
        entry[name] = text
    return kind.table.name, entry


def _ask(kind: NewRowKind, entry: Entry) -> None:
    """Ask for the columns, and for the source of the row."""
    from casetrail.curate.prompts import ask_columns

    skip = (kind.table.key, *kind.preset)
    entry.update(ask_columns(kind.table, entry, skip, input, print))
    if kind.table.evidenced and not entry.get("evidence"):
        source = input("source: the id of the source that says so: ").strip()
        locator = input("locator: where in the source, as paragraph 3: ").strip()
        entry["evidence"] = [{"source_id": source, "locator": locator}]


def _ask_id(case: Case, kind: NewRowKind, entry: Entry) -> None:
    from casetrail.curate.id_proposal import propose_id, used_ids

    proposed = propose_id(kind.table, {**kind.preset, **entry}, used_ids(case))
    entry[kind.table.key] = input(f"id [{proposed}]: ").strip() or proposed


def _is_another(case: Case, kind: NewRowKind, entry: Mapping[str, Any], anyway: bool, asks: bool) -> bool:
    """Whether the row is to be added, after rows that may be the same were shown."""
    from casetrail.curate.near_duplicates import near_duplicates
    from casetrail.curate.prompts import ask_yes
    from casetrail.findings.visible import visible

    near = near_duplicates(case, kind.table, {**kind.preset, **entry})
    if near:
        print(f"What may be the same {kind.name}:", file=sys.stderr)
        for row in near:
            print(f"  {row.row_id}: {visible(row.reason, 200)}", file=sys.stderr)
    if not near or anyway:
        return True
    if asks:
        return ask_yes("Is it another one, to be added all the same?", input)
    print("Nothing was written; add it with --anyway if it is another one.", file=sys.stderr)
    return False


def _refuse(problems: Iterable[str]) -> int:
    from casetrail.findings.visible import visible

    for problem in problems:
        print(f"casetrail: {visible(problem, 1000)}", file=sys.stderr)
    print("Nothing was written.", file=sys.stderr)
    return 1
