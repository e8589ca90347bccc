"""The mistakes that other commands than `validate` find: in workbooks, merges, versions and forms.

A function is named after the code. It makes the mistake in the current folder, which holds the sound case of
`tests/mistakes`, and returns the command that finds it; its docstring is the example that readers get.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from casetrail.cli.main import main
from edited_workbook import Book, Formula, load

MERGE = "workbook merge edited.xlsx"
DIFF = "diff --format json"
MISTAKES: dict[str, Callable[[], str]] = {}


class Shown(NamedTuple):
    """The command that finds a mistake, the example, how much its finding weighs, and what is said."""

    command: str
    example: str
    severity: str
    said: str


def shown(code: str, case: Path) -> Shown:
    """Make the mistake in the folder of the sound case, and run the command that finds it."""
    make = MISTAKES[code]
    with contextlib.chdir(case):
        command = make()
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            main(command.split())
    files = [_indented(paragraph) for paragraph in (inspect.getdoc(make) or "").split("\n\n")]
    example = "\n\n".join([*files, f"$ casetrail {command}"])
    name = command.partition(" edited.xlsx")[0].split(" base.csv")[0].split(" --")[0]
    if "--format json" in command:
        report = json.loads(output.getvalue())
        (finding,) = [item for item in report["release"]["findings"] if item["code"] == code]
        place = f"{finding['path']}: " if finding["path"] else ""
        hint = f"\n→ {finding['hint']}" if finding["hint"] else ""
        return Shown(name, example, finding["severity"], f"{place}{finding['message']}{hint}")
    heading = rf"^.*: 1 (error|warning|note) \({code}\)\n((?:  .*\n?)+)"
    (block,) = re.finditer(heading, errors.getvalue(), flags=re.M)
    # Below the message is the row, which the example shows.
    said = "\n".join(line for line in textwrap.dedent(block[2]).splitlines() if line[0] != " ")
    return Shown(name, example, block[1], said)


def _indented(paragraph: str) -> str:
    file, _, changes = paragraph.partition("\n")
    return f"{file}\n{textwrap.indent(textwrap.dedent(changes), '  ')}".rstrip("\n")


def mistake(make: Callable[[], str]) -> Callable[[], str]:
    """Note what makes the mistake of this code."""
    MISTAKES[make.__name__.replace("_", "-")] = make
    return make


def edited(edit: Callable[[Book], Any]) -> str:
    """Write the workbook, edit it, and say how it is merged."""
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["workbook", "write", "--output", "case.xlsx"]) == 0
    book = load(Path("case.xlsx"))
    edit(book)
    book.save(Path("edited.xlsx"))
    return MERGE


def replace(path: str, old: str, new: str) -> None:
    """Replace a text in a file of the case; it must be there."""
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")


def describe(**properties: Any) -> None:
    """Set properties of the descriptor."""
    path = Path("datapackage.json")
    descriptor = json.loads(path.read_text(encoding="utf-8")) | properties
    path.write_text(json.dumps(descriptor, indent=2), encoding="utf-8")


def git(*arguments: str) -> None:
    """Run git here, apart from the settings of the machine."""
    who = {
        f"GIT_{role}_{what}": "a@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env=os.environ | settings)


def committed(tag: str) -> None:
    """Commit all that is here, and give it this tag."""
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message=Start")
    git("tag", tag)


@mistake
def workbook_formula() -> str:
    """edited.xlsx, sheet events
    C2 (title of ev-20250301-march): the formula ="March"&" at the harbour"
    """
    formula = Formula('="March"&" at the harbour"', "March at the harbour")
    return edited(lambda book: book.cell("events", "ev-20250301-march", "title", formula))


@mistake
def workbook_number() -> str:
    """edited.xlsx, sheet charges
    the article of ch-12-1: the number 12.5, where the text 12 was
    """
    return edited(lambda book: book.cell("charges", "ch-12-1", "article", 12.5))


@mistake
def workbook_date() -> str:
    """edited.xlsx, sheet events
    E5 (date of ev-20250403-hearing): 3/4/2025
    """
    return edited(lambda book: book.cell("events", "ev-20250403-hearing", "date", "3/4/2025"))


@mistake
def workbook_quotes() -> str:
    """data/events.csv
      ev-20250301-march: title = The "silent" march

    edited.xlsx, sheet events
      C2 (title of ev-20250301-march): The “silent” march
    """
    replace("data/events.csv", "March at the harbour", '"The ""silent"" march"')
    return edited(lambda book: book.cell("events", "ev-20250301-march", "title", "The “silent” march"))


@mistake
def workbook_value() -> str:
    """edited.xlsx, sheet events
    C2 (title of ev-20250301-march): TRUE, typed as a truth value
    """
    return edited(lambda book: book.cell("events", "ev-20250301-march", "title", True))


@mistake
def workbook_lost_character() -> str:
    """data/events.csv
      ev-20250301-march: summary = A march<tab>along the harbour.

    edited.xlsx, sheet events
      D2 (summary of ev-20250301-march): A marchalong the harbour.
    """
    replace("data/events.csv", "March at the harbour,", "March at the harbour,A march\talong the harbour.")
    text = "A marchalong the harbour."
    return edited(lambda book: book.cell("events", "ev-20250301-march", "summary", text))


@mistake
def workbook_column_gone() -> str:
    """data/places.csv, schemas/places.json
      the column note is taken away after the workbook was written

    edited.xlsx, sheet places
      the note of pl-saltland: A region.
    """
    command = edited(lambda book: book.cell("places", "pl-saltland", "note", "A region."))
    schema = json.loads(Path("schemas/places.json").read_text(encoding="utf-8"))
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "note"]
    Path("schemas/places.json").write_text(json.dumps(schema), encoding="utf-8")
    lines = Path("data/places.csv").read_text(encoding="utf-8").splitlines()
    Path("data/places.csv").write_text("".join(line.rpartition(",")[0] + "\n" for line in lines), "utf-8")
    return command


@mistake
def workbook_row_new() -> str:
    """edited.xlsx, sheet places
    a new row: place_id = pl-saltport, kind = town, name = Saltport
    """
    return edited(lambda book: book.add("places", place_id="pl-saltport", kind="town", name="Saltport"))


@mistake
def workbook_row_deleted() -> str:
    """edited.xlsx, sheet names
    the row of na-harbour-watch-pt is deleted
    """
    return edited(lambda book: book.delete("names", "na-harbour-watch-pt"))


@mistake
def workbook_conflict() -> str:
    """data/events.csv, changed after the workbook was written
      ev-20250403-hearing: title = The trial opens

    edited.xlsx, sheet events
      C5 (title of ev-20250403-hearing): First day of the trial
    """
    command = edited(
        lambda book: book.cell("events", "ev-20250403-hearing", "title", "First day of the trial")
    )
    replace("data/events.csv", "Trial opens", "The trial opens")
    return command


@mistake
def workbook_row_refused() -> str:
    """edited.xlsx, sheet new events
    row 2: kind = hearing, title = The second day, date = 2025-04-24, status = held
    """
    row = {"kind": "hearing", "title": "The second day", "date": "2025-04-24", "status": "held"}
    return edited(lambda book: book.add("new events", **row))


@mistake
def workbook_row_merged() -> str:
    """edited.xlsx, sheet new events, merged for the second time
    row 2: kind = hearing, title = The second day, date = 2025-04-24, status = held
           claim 1 source_id = so-courier, claim 1 locator = paragraph 2
    """
    row = {"kind": "hearing", "title": "The second day", "date": "2025-04-24", "status": "held"}
    claim = {"claim 1 source_id": "so-courier", "claim 1 locator": "paragraph 2"}
    command = edited(lambda book: book.add("new events", **row, **claim))
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(command.split()) == 0
    return command


@mistake
def workbook_sheet_missing() -> str:
    """edited.xlsx
    the sheet places has the name locations
    """

    def rename(book: Book) -> None:
        book.sheets = {"locations" if name == "places" else name: rows for name, rows in book.sheets.items()}

    return edited(rename)


@mistake
def workbook_sheet_unknown() -> str:
    """edited.xlsx
    a sheet more, of the name my notes
    """
    return edited(lambda book: book.sheets.update({"my notes": [["call the clerk"]]}))


@mistake
def workbook_table_gone() -> str:
    """datapackage.json
      the table demands is taken away after the workbook was written

    edited.xlsx, sheet demands
      a new row: demand_id = de-1
    """
    command = edited(lambda book: book.add("demands", demand_id="de-1"))
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    describe(resources=[entry for entry in descriptor["resources"] if entry["name"] != "demands"])
    return command


@mistake
def workbook_no_key() -> str:
    """datapackage.json
      a table more, rooms, whose schema has no primary key

    edited.xlsx, sheet rooms
      B2 (floor of Room 4): 2
    """
    Path("data/rooms.csv").write_text("room,floor\nRoom 4,1\n", encoding="utf-8")
    fields = [{"name": "room", "type": "string"}, {"name": "floor", "type": "string"}]
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    rooms = {"name": "rooms", "type": "table", "path": "data/rooms.csv", "schema": {"fields": fields}}
    describe(resources=[*descriptor["resources"], rooms])
    return edited(lambda book: book.cell("rooms", "Room 4", "floor", "2"))


@mistake
def workbook_column_missing() -> str:
    """edited.xlsx, sheet places
    the column name is deleted
    """

    def delete(book: Book) -> None:
        column = book.sheets["places"][0].index("name")
        book.sheets["places"] = [[*row[:column], *row[column + 1 :]] for row in book.sheets["places"]]

    return edited(delete)


@mistake
def workbook_column_unknown() -> str:
    """edited.xlsx, sheet places
    a column more, whose heading is my remarks
    """

    def add(book: Book) -> None:
        book.sheets["places"] = [[*row, "my remarks"] for row in book.sheets["places"]]

    return edited(add)


@mistake
def workbook_column_moved() -> str:
    """edited.xlsx, sheet places
    the column name is moved to the front
    """

    def move(book: Book) -> None:
        column = book.sheets["places"][0].index("name")
        book.sheets["places"] = [
            [row[column], *row[:column], *row[column + 1 :]] for row in book.sheets["places"]
        ]

    return edited(move)


@mistake
def workbook_cells_merged() -> str:
    """edited.xlsx, sheet places
    the cells C2 and C3 (the names of two places) are merged into one
    """
    return edited(lambda book: book.merged.append(("places", "C2:C3", book.sheets["places"][1][2])))


@mistake
def workbook_row_hidden() -> str:
    """edited.xlsx, sheet places
    row 2 is hidden
    """
    return edited(lambda book: book.hidden_rows.update({"places": {2}}))


@mistake
def workbook_id_missing() -> str:
    """edited.xlsx, sheet places
    a new row: kind = town, name = Saltport
    """
    return edited(lambda book: book.add("places", kind="town", name="Saltport"))


@mistake
def workbook_id_twice() -> str:
    """edited.xlsx, sheet places
    row 2 is copied to row 4, its id with it
    """
    return edited(lambda book: book.sheets["places"].append(list(book.sheets["places"][1])))


@mistake
def format_not_possible() -> str:
    """datapackage.json
    resources/events: encoding = windows-1252
    """
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["encoding"] = "windows-1252"
    describe(**descriptor)
    return "format --check"


def two_branches(base: str, ours: str, theirs: str) -> str:
    """Three versions of the events, and how they are merged."""
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    return "merge base.csv ours.csv theirs.csv"


@mistake
def merge_conflict() -> str:
    """base.csv
      id,room
      h1,4

    ours.csv
      id,room
      h1,5

    theirs.csv
      id,room
      h1,6
    """
    return two_branches("id,room\nh1,4\n", "id,room\nh1,5\n", "id,room\nh1,6\n")


@mistake
def merge_by_line() -> str:
    """base.csv, and theirs.csv likewise
      id,room
      h1,4

    ours.csv
      id,room
      h1,4
      h1,5
    """
    return two_branches("id,room\nh1,4\n", "id,room\nh1,4\nh1,5\n", "id,room\nh1,4\n")


@mistake
def version_missing() -> str:
    """datapackage.json, of which the tag v1.0.0 is the release before
    version: (taken away)
    """
    committed("v1.0.0")
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    del descriptor["version"]
    Path("datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return DIFF


@mistake
def version_bump_too_small() -> str:
    """data/events.csv, changed since the release v1.0.0
      ev-20250301-march: title = The march

    datapackage.json
      version: "1.0.0", as in the release
    """
    committed("v1.0.0")
    replace("data/events.csv", "March at the harbour", "The march")
    return DIFF


@mistake
def version_goes_back() -> str:
    """datapackage.json, of which the tag v1.0.0 is the release before
    version: "0.9.0"
    """
    committed("v1.0.0")
    describe(version="0.9.0")
    return DIFF


@mistake
def version_first() -> str:
    """datapackage.json, of which the tag v1.0.0 is the only one
    version: "1.0.0"
    """
    committed("v1.0.0")
    return DIFF


@mistake
def version_history_cut() -> str:
    """A clone of the repository that was made with `git clone --depth 1`."""
    committed("v1.0.0")
    git("commit", "--quiet", "--allow-empty", "--message=Later")
    git("tag", "--force", "v1.0.0")
    git("clone", "--quiet", "--depth=1", "--branch=v1.0.0", Path.cwd().as_uri(), "clone")
    os.chdir("clone")
    return DIFF


@mistake
def retired_row_missing() -> str:
    """data/demands.csv, changed since the release v1.0.0
      de-20250320-drop: (the row is taken away)

    data/retired.csv
      no row of de-20250320-drop
    """
    committed("v1.0.0")
    without_row("demands", "de-20250320-drop")
    return DIFF


@mistake
def retired_row_removed() -> str:
    """data/retired.csv, changed since the release v1.0.0
    rt-ev-20250228-march, which says why ev-20250228-march is gone: (the row is taken away)
    """
    committed("v1.0.0")
    without_row("retired", "rt-ev-20250228-march")
    return DIFF


def without_row(table: str, key: str) -> None:
    """Take away the row of this id."""
    path = Path(f"data/{table}.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{key},")), encoding="utf-8")
