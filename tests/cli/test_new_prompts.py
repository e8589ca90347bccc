"""`casetrail new` at a terminal: what it asks, what it leaves out, and that no answer is ever lost."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

pexpect = pytest.importorskip("pexpect")

Talk = Callable[..., tuple[int, str]]
CTRL_C = "\x03"
CLOSED = "closed"
"""Instead of an answer: the window is closed, and the program ends at once."""


@pytest.fixture
def talk(harbour_case: Path, tmp_path: Path) -> Talk:
    """Run `casetrail new` at a real terminal with pairs of a prompt and its answer; exit code and screen."""
    environment = {
        **os.environ,
        "TERM": "xterm",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "NO_COLOR": "1",
    }

    def talk(kind: str, *exchange: tuple[str, str], options: tuple[str, ...] = ()) -> tuple[int, str]:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "casetrail", "new", *([kind, str(harbour_case)] if kind else []), *options],
            cwd=str(harbour_case),
            env=environment,
            encoding="utf-8",
            dimensions=(50, 110),
            timeout=25,
        )
        screen = ""
        for prompt, answer in exchange:
            child.expect(re.escape(prompt) + r"[^\n]*?:")
            screen += child.before + child.after
            if answer == CLOSED:
                child.kill(signal.SIGKILL)
            else:
                child.send(answer if answer == CTRL_C else f"{answer}\r")
        child.expect(pexpect.EOF)
        screen += child.before
        child.close()
        return child.exitstatus, re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen)

    return talk


def rows(case: Path, table: str) -> str:
    return (case / "data" / f"{table}.csv").read_text(encoding="utf-8")


HEARING = (
    ("source", "herald"),
    ("locator", "page 3"),
    ("certainty [stated]", ""),
    ("title", "Second day"),
    ("summary", ""),
    ("status", "hled"),
    ("status", "\x15held"),
    ("date", "2025-04-04"),
    ("time", "15:00"),
    ("timezone [Europe/Lisbon]", ""),
    ("place", "Saltmouth"),
)
REST = (
    ("replaces", ""),
    ("proceeding", ""),
    ("instance", ""),
    ("access", ""),
    ("format", ""),
    ("note", ""),
    ("source (another", ""),
    ("party (Enter: none)", "Орла Венн"),
    ("role", "accused"),
    ("note", ""),
    ("party (Enter: no more)", ""),
    ("Add a decision?", "n"),
    ("Add a demand?", "n"),
)


def test_a_hearing_without_an_id_typed_by_hand(harbour_case: Path, talk: Talk) -> None:
    code, screen = talk(
        "hearing", *HEARING, *REST, ("All right?", "2"), ("title", " of two"), ("All right?", "")
    )
    assert code == 0, screen
    assert "nothing here is called “hled”" in screen
    assert "part of day" not in screen, "a time was given"
    assert "→ Orla Venn" in screen
    assert (
        "ev-20250404-hearing,hearing,Second day of two,,2025-04-04,15:00,,Europe/Lisbon,pl-saltmouth,held,"
        in rows(harbour_case, "events")
    )
    assert "ev-20250404-hearing,pa-accused-1,accused,," in rows(harbour_case, "participations")
    assert "casetrail new hearing \\" in screen
    assert "--with participation party_id=pa-accused-1 role=accused" in screen
    assert main(["validate", str(harbour_case)]) == 0


def test_what_is_broken_off_is_kept_and_taken_up(harbour_case: Path, talk: Talk, tmp_path: Path) -> None:
    before = rows(harbour_case, "events")
    code, screen = talk("hearing", *HEARING, ("replaces", CTRL_C))
    assert code == 130
    assert "casetrail new hearing --resume" in screen
    assert rows(harbour_case, "events") == before
    (kept,) = (tmp_path / "state").rglob("answers/*.json")
    assert kept.stat().st_mode & 0o077 == 0
    code, screen = talk("hearing", *REST, ("All right?", ""), options=("--resume",))
    assert code == 0, screen
    assert "ev-20250404-hearing,hearing,Second day,," in rows(harbour_case, "events")
    assert not kept.exists()


def test_what_was_answered_is_kept_though_the_terminal_is_closed(
    harbour_case: Path, talk: Talk, tmp_path: Path
) -> None:
    talk("hearing", *HEARING, ("replaces", CLOSED))
    code, screen = talk("hearing", *REST, ("All right?", ""), options=("--resume",))
    assert code == 0, screen
    assert "ev-20250404-hearing,hearing,Second day,," in rows(harbour_case, "events")
    code, screen = talk("hearing", ("source", CTRL_C))
    assert code == 130
    assert "kept" not in screen, "there was no answer"
    assert not list((tmp_path / "state").rglob("answers/*.json"))


def test_who_breaks_off_a_change_keeps_what_was_there(harbour_case: Path, talk: Talk) -> None:
    # Line 2 is the title, 8 the claim and 9 the part of Orla Venn. What may have several is asked again.
    again = (("source (another", ""), ("party (Enter: no more)", ""), *REST[-2:])
    last = ("All right?", "8"), ("source", ""), ("locator", CTRL_C)
    assert talk("hearing", *HEARING, *REST, *last)[0] == 130
    last = ("All right?", "9"), ("party", ""), ("role", CTRL_C)
    assert talk("hearing", *again, *last, options=("--resume",))[0] == 130
    code, screen = talk("hearing", *again, ("All right?", "2"), ("title", CTRL_C), options=("--resume",))
    assert code == 130, screen
    code, screen = talk("hearing", *again, ("All right?", ""), options=("--resume",))
    assert code == 0, screen
    assert "ev-20250404-hearing,hearing,Second day,," in rows(harbour_case, "events")
    assert "so-herald,,,,,page 3,stated," in rows(harbour_case, "evidence")
    assert "ev-20250404-hearing,pa-accused-1,accused,," in rows(harbour_case, "participations")


def test_what_is_to_be_added_is_asked_where_nobody_says(talk: Talk) -> None:
    code, screen = talk("", ("add", "hearing"), ("source", CTRL_C))
    assert code == 130
    assert "The source of the hearing" in screen


def test_an_empty_answer_is_told_what_asks_for_one(talk: Talk) -> None:
    code, screen = talk(
        "party",
        *HEARING[:3],
        ("kind", "group"),
        ("disclosure", "xyz"),
        ("disclosure", "public role"),
        ("name", ""),
        ("name", "The dockers"),
        ("description", ""),
        ("description", CTRL_C),
    )
    assert code == 130
    assert "nothing here is called “xyz”" in screen
    assert screen.count("named by court") == 2, "the menu is there again"
    assert "A party that is shown has its name; fill" in screen
    assert "it must be filled, for example with" in screen


def test_the_name_of_who_is_withheld_is_not_asked_for(harbour_case: Path, talk: Talk) -> None:
    code, screen = talk(
        "party",
        ("source", "herald"),
        ("locator", "page 3"),
        ("certainty", ""),
        ("kind", "person"),
        ("disclosure", "withheld"),
        ("description", "A relative of somebody else."),
        ("country", ""),
        ("note", ""),
        ("source (another", ""),
        ("Add a charge?", "n"),
        ("Add a measure?", "n"),
        ("Add a relation?", "n"),
        ("All right?", ""),
    )
    assert code == 0, screen
    assert "name: " not in screen and "Name 1" not in screen
    assert "person,,A relative of somebody else.,,withheld," in rows(harbour_case, "parties")


def test_several_claims_for_one_row_in_one_go(harbour_case: Path, talk: Talk) -> None:
    code, screen = talk(
        "evidence",
        ("row", "ev-20250301-march"),
        ("column", ""),
        ("source", "herald"),
        ("locator", "page 3"),
        ("certainty", ""),
        ("source (another claim", "the courier"),
        ("locator", "title"),
        ("certainty", "alleged"),
        ("attributed", "Harbour Watch"),
        ("column", "date"),
        ("source (another claim", ""),
        ("All right?", ""),
    )
    assert code == 0, screen
    assert "March at the harbour (ev-20250301-march)" in screen
    evidence = rows(harbour_case, "evidence")
    assert ",events,ev-20250301-march,,,so-herald,,,,,page 3,stated," in evidence
    assert ",events,ev-20250301-march,date,,so-courier,pa-harbour-watch,,,,title,alleged," in evidence


def test_the_equivalent_command_adds_the_same(harbour_case: Path, talk: Talk) -> None:
    data = harbour_case / "data"
    before = {path: path.read_bytes() for path in data.glob("*.csv")}
    further = [
        ("source (another", "the courier"),
        ("locator", "title"),
        ("certainty", ""),
        ("what it says", "date"),
    ]
    rest = [*REST[:6], *further, *REST[6:]]
    code, screen = talk("hearing", *HEARING, *rest, ("All right?", ""))
    assert code == 0, screen
    after = {path: path.read_bytes() for path in data.glob("*.csv")}
    for path, content in before.items():
        path.write_bytes(content)
    command = screen.partition("without questions:")[2].replace("\\\r\n", " ").replace("\r", "")
    words = shlex.split(command)
    assert words[:3] == ["casetrail", "new", "hearing"]
    assert main(["new", "hearing", str(harbour_case), *words[3:]]) == 0
    assert {path: path.read_bytes() for path in data.glob("*.csv")} == after


def test_a_disagreement_is_put_together_from_claims_that_are_there(harbour_case: Path, talk: Talk) -> None:
    claim = ["--row-id", "ev-20250301-march", "--source-id", "so-herald", "--locator", "page 2", "--no-input"]
    assert main(["new", "evidence", str(harbour_case), *claim]) == 0
    code, screen = talk(
        "disagreement",
        ("question", "How was the sea?"),
        ("state", "settled"),
        ("summary", "Calm, or rough."),
        ("note", ""),
        ("row", "ev-20250301-march"),
        ("column", ""),
        ("version 1", "the courier"),
        ("value", "calm"),
        ("rank", CTRL_C),
    )
    assert code == 130, screen
    code, screen = talk(
        "disagreement",
        ("rank", "preferred"),
        ("version 2", "the herald"),
        ("value", "rough"),
        ("rank", "rejected"),
        ("reason", "A guess."),
        ("All right?", "6"),
        ("value", ""),
        ("rank", ""),
        ("reason", " So it is."),
        ("All right?", ""),
        options=("--resume",),
    )
    assert code == 0, screen
    assert ",calm,,,preferred," in rows(harbour_case, "evidence")
    assert ",rough,,,rejected,A guess. So it is.," in rows(harbour_case, "evidence")
    assert main(["validate", str(harbour_case)]) == 0
