"""`casetrail new`: add a row of any table of the case, with what belongs to it and the evidence for it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from casetrail.cli.arguments import add_package
from casetrail.findings.error import CasetrailError

if TYPE_CHECKING:
    from casetrail.case.case import Case
    from casetrail.curate.additions import Addition, CheckedAddition
    from casetrail.curate.new_kind import NewRowKind
    from casetrail.package.package import Package

Entry = dict[str, Any]
Entries = list[tuple["NewRowKind", Entry]]

DESCRIPTION = """\
Add a row of any table (`event`, `party`, `evidence`), or of a term of its kind (`hearing`). The rows that
belong to it (--with) and the evidence for it are added in the same go. At a terminal it asks for what is not
given, and Ctrl-C keeps the answers (--resume). Ids are proposed; rows that may be the same are shown, names
across spellings and scripts. All that is wrong is said at once, and the result is validated before it is
written. `casetrail new KIND --help` lists the columns."""

CLAIM = {
    "source": ("ID", "the source that says so; given again with its locator, a further claim"),
    "locator": ("TEXT", "where in the source: paragraph 3"),
    "certainty": ("TERM", "stated, alleged or inferred"),
    "attributed_to": ("ID", "the party whose claim it is"),
    "reason": ("TEXT", "how it follows, where it is inferred"),
    "fields": (
        "COLUMNS",
        "what it supports beside the row: columns with commas, row (alone) or all (the default)",
    ),
}
"""The options that make evidence for the row, each with what it takes and what it says."""


class _RowParser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the options: their list is too long to be printed each time."""

    def error(self, message: str) -> NoReturn:
        """Raise the message as a `CasetrailError`."""
        raise CasetrailError(f"{message}; `{self.prog} --help` lists the options")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command; the columns are those of the package, read when it runs."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", metavar="KIND", nargs="?", help="what to add; at a terminal it is asked for")
    add_package(parser, "folder or descriptor")
    parser.add_argument("options", nargs=argparse.REMAINDER, metavar="...", help="see KIND --help")


def run(args: argparse.Namespace) -> int:
    """Add the rows; 1 where one may be there already, or is wrong, or the case would be less valid."""
    from casetrail.case.case import Case
    from casetrail.curate.new_kind import new_row_kind
    from casetrail.curate.writing import changing, folder_of
    from casetrail.package.package import open_package

    word = args.kind or _ask_kind(Case.load(open_package(args.package)))
    with changing(args.package):
        package = open_package(args.package)
        folder_of(package.files, "new")
        case = Case.load(package)
        kind = new_row_kind(word, case.specs)
        options = _options(kind, args.options)
        asking = sys.stdin.isatty() and sys.stdout.isatty() and not (options.no_input or options.json)
        entries = [(kind, entry) for entry in _entries(case, kind, options)]
        if not asking and not options.resume:
            return _add(package, case, entries, options.anyway)
    # While somebody thinks, the package is free for others; that it changed meanwhile is noticed on writing.
    return _interview(package, case, entries, options.resume)


def _ask_kind(case: Case) -> str:
    """The word for what somebody wants to add; a `CasetrailError` where nobody can be asked."""
    from casetrail.curate.new_kind import what_can_be_added, words_for_rows

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CasetrailError(f"say what to add: casetrail new KIND; {what_can_be_added(case.specs)}")
    from casetrail.curate.prompts import Choice, Question, Terminal

    words = words_for_rows(case.specs)
    choices = [Choice(word, word.replace("_", " "), meaning) for word, meaning in words.items()]
    return Terminal().ask(Question("add", "What is to be added to the case.", needed=True, choices=choices))


def _options(kind: NewRowKind, arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one kind of row; a `CasetrailError` names one that it does not have."""
    from casetrail.standard.near_miss import did_you_mean

    parser = _parser(kind)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = [
            *(f"--{name.replace('_', '-')}" for name in (*kind.table.columns, *CLAIM)),
            "--with",
            "--json",
        ]
        hint = did_you_mean(unknown[0].partition("=")[0], known)
        parser.error(f"there is no option '{unknown[0][:80]}'" + (f": {hint}" if hint else ""))
    return options


def _add(package: Package, case: Case, entries: Entries, anyway: bool) -> int:
    """Add rows that are given, or say all that is wrong with them."""
    from casetrail.curate.additions import Addition, check_addition, write_addition
    from casetrail.curate.near_duplicates import near_duplicates
    from casetrail.findings.visible import visible

    addition = Addition(case)
    near = []
    for kind, entry in entries:
        addition.add(kind, entry)
        if not anyway:
            near += near_duplicates(case, kind.table, {**kind.preset, **entry})
    checked = check_addition(package, addition)
    for problem in checked.problems:
        print(f"casetrail: {visible(str(problem), 1000)}", file=sys.stderr)
    if near:
        print(f"What may be the same {entries[0][0].name}:", file=sys.stderr)
        for row in near:
            print(f"  {row.row_id}: {visible(row.reason, 200)}", file=sys.stderr)
    if checked.problems or near:
        hint = "; add it with --anyway if it is another one" if near else ""
        print(f"Nothing was written{hint}.", file=sys.stderr)
        return 1
    write_addition(package, checked)
    _say_what_was_added(case, addition, checked)
    return 0


def _interview(package: Package, case: Case, entries: Entries, resume: bool) -> int:
    """Ask for the rows, show them, and write them; whatever happens, the answers are kept."""
    from casetrail.curate.additions import Addition, check_addition, write_addition
    from casetrail.curate.entry_forms import equivalent_command
    from casetrail.curate.interview import Declined, Interview
    from casetrail.curate.kept_answers import KeptAnswers
    from casetrail.curate.last_look import look_and_mend
    from casetrail.curate.new_kind import new_row_kind
    from casetrail.curate.prompts import Terminal
    from casetrail.curate.writing import changing

    kind = entries[-1][0]
    again = f"casetrail new {kind.name} --resume"
    if not sys.stdin.isatty():
        raise CasetrailError("nobody can be asked, for the standard input is no terminal; leave --resume out")
    kept = KeptAnswers(package.root, kind.name)
    terminal, answers = Terminal(), kept.load()
    if resume and not answers:
        raise CasetrailError(f"no answers for a {kind.words} of this case are kept; leave --resume out")
    if answers and (
        resume or terminal.ask_yes(f"Answers for a {kind.words} are kept. Go on with them?", True)
    ):
        entries = [(new_row_kind(word, case.specs), entry) for word, entry in answers]

    def keep() -> bool | None:
        return kept.keep([(row_kind.name, entry) for row_kind, entry in entries])

    # Before each question, for a terminal that is closed or a machine without power says nothing.
    interview = Interview(case, Terminal(before_question=keep), entries)
    try:
        interview.run()
        look_and_mend(interview, lambda addition: check_addition(package, addition))
        with changing(package.root):
            addition = Addition(case)
            for row_kind, entry in entries:
                addition.add(row_kind, entry)
            checked = check_addition(package, addition)
            write_addition(package, checked)
    except BaseException as error:
        where = {True: f" The answers are kept: {again}", False: " The answers could not be kept.", None: ""}
        print(f"\nNothing was written.{where[keep()]}", file=sys.stderr)
        if isinstance(error, Declined):
            return 1
        if isinstance(error, KeyboardInterrupt | EOFError):
            return 130
        raise
    kept.drop()
    print()
    _say_what_was_added(case, addition, checked)
    print("\nThe same without questions:\n")
    for row_kind, entry in entries:
        print(equivalent_command(row_kind, entry, case.specs) + " \\\n  --anyway --no-input\n")
    return 0


def _say_what_was_added(case: Case, addition: Addition, checked: CheckedAddition) -> None:
    for table, rows in addition.rows.items():
        for key in rows:
            print(f"{table}: {'changed' if key in case[table] else 'added'} {key}")
    for message in checked.pending:
        print(f"still to do: {message}", file=sys.stderr)


def _parser(kind: NewRowKind) -> argparse.ArgumentParser:
    """The options for one kind of row."""
    table = kind.table
    parser = _RowParser(prog=f"casetrail new {kind.name}", description=table.description)
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
    asking.add_argument("--no-input", action="store_true", help="never ask")
    asking.add_argument("--resume", action="store_true", help="go on with the answers that were kept")
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    return parser


def _add_option(group: Any, use: str, name: str, metavar: str, words: str) -> None:
    option, words = f"--{name.replace('_', '-')}", words.replace("%", "%%")
    group.add_argument(option, action="append", dest=f"{use} {name}", metavar=metavar, help=words)


def _entries(case: Case, kind: NewRowKind, options: argparse.Namespace) -> list[Entry]:
    """The rows that the options and the standard input give, each with what belongs to it."""
    from casetrail.curate.entry_forms import entries_from_json

    entries = _spread(options, "column")
    if options.json:
        rows = entries_from_json(sys.stdin.read())
        entries = [{**entry, **row} for row in rows for entry in entries]
    parts: dict[str, list[Entry]] = {}
    for word, *cells in options.parts:
        name, part = _part(case, word, cells)
        parts.setdefault(name, []).append(part)
    claims = [_claim(claim) for claim in _spread(options, "claim") if claim]
    if claims:
        parts["evidence"] = [*parts.get("evidence", ()), *claims]
    for entry in entries:
        for name, rows in parts.items():
            entry[name] = [*entry.get(name, ()), *rows]
        if options.id:
            entry[kind.table.key] = options.id
    return entries


def _claim(texts: Entry) -> Entry:
    """A claim from its options."""
    claim: Entry = {"source_id" if name == "source" else name: text for name, text in texts.items() if text}
    fields = claim.pop("fields", "all")
    if fields != "all":
        claim["fields"] = [name.strip() for name in fields.split(",") if name.strip() != "row"]
    return claim


def _spread(options: argparse.Namespace, use: str) -> list[Entry]:
    """The rows of the options of one use: one that is given once holds for all, the others go in turn."""

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


def _part(case: Case, word: str, cells: Sequence[str]) -> tuple[str, Entry]:
    """A row that belongs to another, from `--with`: its table and its cells."""
    from casetrail.curate.new_kind import new_row_kind

    kind = new_row_kind(word, case.specs)
    entry: Entry = dict(kind.preset)
    for cell in cells:
        name, equals, text = cell.partition("=")
        if not equals:
            raise CasetrailError(f"--with {word}: '{cell[:80]}' is no cell; write COLUMN=TEXT")
        entry[name] = text
    return kind.table.name, entry
