"""`casetrail new`: add a hearing, response, charge, measure, party or source with what belongs to it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from casetrail.cli.arguments import add_package

if TYPE_CHECKING:
    from casetrail.case.case import Case
    from casetrail.case.profile import TableSpec
    from casetrail.curate.kinds import NewKind
    from casetrail.curate.new_row import Attached

DESCRIPTION = """\
Add a row with the participations, signatories, demands, names and evidence that belong to it. What is not
given as an option is asked for, when a person sits at the terminal. An id is proposed; rows that may be the
same are shown, names across spellings and scripts; the result is validated before anything is written."""

_TIES = {
    "hearing": (("--participant", "PARTY:ROLE[:PEOPLE:PRECISION]", "a party's part in it"),),
    "response": (
        ("--signatory", "PARTY[:CAPACITY]", "a party behind it, as author unless said otherwise"),
        ("--demand", "DEMAND[:ADDRESSEE]", "what it asks for, and of whom"),
    ),
    "party": (("--spelling", "LANGUAGE:NAME[:ROMANIZATION]", "a spelling of its name"),),
}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command, one option per column of the table."""
    from casetrail.case.profile import profile
    from casetrail.curate.kinds import KINDS

    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="|".join(KINDS))
    for kind in KINDS.values():
        added = kinds.add_parser(kind.name, help=kind.help, description=f"Add {kind.help}.")
        spec = profile().tables[kind.table]
        add_package(added, "folder or descriptor")
        added.add_argument("--id", default="", help="the id, instead of the one that is proposed")
        columns = added.add_argument_group("columns")
        for name, field in spec.columns.items():
            if name == spec.key or name in kind.preset:
                continue
            terms = f" ({', '.join(field.vocabulary)})" if field.vocabulary else ""
            words = f"{field.description}{terms}".replace("%", "%%")
            columns.add_argument(
                f"--{name.replace('_', '-')}", dest=f"column_{name}", metavar="TEXT", help=words
            )
        for option, metavar, words in _TIES.get(kind.name, ()):
            added.add_argument(option, action="append", default=[], metavar=metavar, help=words)
        if spec.evidenced:
            evidence = added.add_argument_group("evidence")
            evidence.add_argument("--source", metavar="ID", help="the source that says so")
            evidence.add_argument("--locator", metavar="TEXT", help="where in the source: paragraph 3")
            evidence.add_argument("--certainty", metavar="TERM", help="stated, alleged or inferred")
            evidence.add_argument("--attributed-to", metavar="ID", help="the party whose claim it is")
            evidence.add_argument("--reason", metavar="TEXT", help="how it follows, where it is inferred")
        added.add_argument(
            "--anyway", action="store_true", help="add it though rows stand there that may be it"
        )
        asking = added.add_mutually_exclusive_group()
        asking.add_argument("--ask", action="store_true", help="ask though nobody sits at a terminal")
        asking.add_argument("--no-input", action="store_true", help="never ask")


def run(args: argparse.Namespace) -> int:
    """Add the row; 1 where it may stand there already or the case would be less valid."""
    from casetrail.case.case import Case
    from casetrail.curate.kinds import KINDS
    from casetrail.curate.new_row import add, compose, propose_id
    from casetrail.findings.error import CasetrailError
    from casetrail.package.package import open_package

    kind = KINDS[args.kind]
    package = open_package(args.package)
    case = Case.load(package)
    spec = case.specs[kind.table]
    asks = args.ask or (not args.no_input and sys.stdin.isatty())
    given = {
        name: text for name in spec.columns if (text := getattr(args, f"column_{name}", None)) is not None
    }
    try:
        values = _values(spec, kind, given, asks)
        attached = _attached(args, kind, spec, asks)
        if not _settled(case, kind, values, attached, args, asks):
            return 1
        row_id = _row_id(args.id, propose_id(case, kind, values), asks)
    except EOFError:
        raise CasetrailError("the answers ended before everything was asked; nothing was written") from None
    addition = compose(case, kind, row_id, values, attached)
    pending = add(package, addition)
    for table, rows in addition.rows.items():
        for row in rows:
            print(f"{table}: added {row[case.specs[table].key]}")
    for finding in pending:
        print(f"still to do: {finding.message}", file=sys.stderr)
    return 0


def _values(spec: TableSpec, kind: NewKind, given: Mapping[str, str], asks: bool) -> dict[str, str]:
    """The columns of the row: preset, given, and asked for where somebody can be asked."""
    from casetrail.curate.given import value_problem
    from casetrail.curate.prompts import ask_columns
    from casetrail.findings.error import CasetrailError

    values = {**kind.preset, **given}
    if asks:
        return ask_columns(spec, values, (spec.key,), input, print)
    missing = [
        f"--{name.replace('_', '-')}"
        for name in spec.columns
        if name != spec.key and name not in values and value_problem(spec, name, "") is not None
    ]
    if missing:
        raise CasetrailError(
            f"a {kind.name} needs {', '.join(missing)} too; `casetrail new {kind.name} --help`"
        )
    return values


def _attached(args: argparse.Namespace, kind: NewKind, spec: TableSpec, asks: bool) -> Attached:
    """What belongs to the row, from the options."""
    from casetrail.curate.new_row import Attached, named_spelling

    evidence = {}
    if spec.evidenced:
        evidence = {
            "source_id": args.source or _asked("source: the id of the source that says so: ", asks),
            "locator": args.locator or _asked("locator: where in the source, as paragraph 3: ", asks),
            "certainty": args.certainty or "",
            "attributed_to": args.attributed_to or "",
            "reason": args.reason or "",
        }
    return Attached(
        participations=[
            _split(text, "party_id", "role", "people", "people_precision")
            for text in getattr(args, "participant", ())
        ],
        signatories=[
            {"capacity": "author", **_split(text, "party_id", "capacity")}
            for text in getattr(args, "signatory", ())
        ],
        demands=[_split(text, "demand", "addressee_id") for text in getattr(args, "demand", ())],
        names=[named_spelling(text) for text in getattr(args, "spelling", ())],
        evidence=evidence,
    )


def _settled(
    case: Case,
    kind: NewKind,
    values: Mapping[str, str],
    attached: Attached,
    args: argparse.Namespace,
    asks: bool,
) -> bool:
    """Whether the row is to be added, after rows that may be the same were shown."""
    from casetrail.curate.near_duplicates import near_duplicates
    from casetrail.curate.prompts import ask_yes
    from casetrail.findings.visible import visible

    spellings = tuple(name["name"] for name in attached.names)
    near = near_duplicates(case, kind, values, spellings)
    if near:
        print(f"What may be the same {kind.name}:", file=sys.stderr)
        for one in near:
            print(f"  {one.row_id}: {visible(one.reason, 200)}", file=sys.stderr)
    if not near or args.anyway:
        return True
    if asks:
        return ask_yes("Is it another one, to be added all the same?", input)
    print("Nothing was written; add it with --anyway if it is another one.", file=sys.stderr)
    return False


def _row_id(given: str, proposed: str, asks: bool) -> str:
    from casetrail.findings.error import CasetrailError

    if given:
        return given
    if asks:
        answer = input(f"id [{proposed}]: " if proposed else "id: ").strip()
        if answer or proposed:
            return answer or proposed
    if not proposed:
        raise CasetrailError("no id can be proposed from what was given; give one with --id")
    return proposed


def _asked(question: str, asks: bool) -> str:
    return input(question).strip() if asks else ""


def _split(text: str, *names: str) -> dict[str, str]:
    """The parts of a text between colons, by name."""
    from casetrail.findings.error import CasetrailError

    parts = text.split(":")
    if len(parts) > len(names):
        raise CasetrailError(f"'{text[:80]}' has too many parts; write {':'.join(names)}")
    return dict(zip(names, parts, strict=False))
