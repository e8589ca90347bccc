"""`casetrail new` adds a row with all that belongs to it, or says why not and writes nothing."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

EVIDENCE = ["--source", "so-courier", "--locator", "paragraph 9"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def new(harbour_case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `casetrail new`, with answers where it asks; the exit code, what was said, and what was refused.

    The case must be valid and in canonical form afterwards, whatever happened.
    """
    monkeypatch.chdir(harbour_case)

    def run(kind: str, *options: str, answers: str | None = None) -> tuple[int, str, str]:
        before = {path: path.read_bytes() for path in harbour_case.rglob("*.csv")}
        if answers is not None:
            monkeypatch.setattr("sys.stdin", io.StringIO(answers))
            options = (*options, "--ask")
        code = main(["new", kind, *options])
        said = capsys.readouterr()
        if code != 0:
            assert {path: path.read_bytes() for path in harbour_case.rglob("*.csv")} == before
        assert main(["format", "--check"]) == 0
        assert main(["validate"]) == (1 if "still to do" in said.err else 0), capsys.readouterr().out
        capsys.readouterr()
        return code, said.out, said.err

    return run


def rows(case: Path, table: str) -> str:
    return (case / "data" / f"{table}.csv").read_text(encoding="utf-8")


def test_a_hearing_with_its_parties_and_evidence(harbour_case: Path, new: Run) -> None:
    code, said, _ = new(
        "hearing",
        *("--title", "Second day", "--date", "2025-04-04", "--status", "held", "--place-id", "pl-saltmouth"),
        *("--participant", "pa-accused:accused:5:exact", "--participant", "pa-harbour-watch:speaker"),
        *EVIDENCE,
    )
    assert code == 0
    assert "events: added ev-20250404-hearing\n" in said
    assert "ev-20250404-hearing,hearing,Second day,,2025-04-04,,,,pl-saltmouth,held," in rows(
        harbour_case, "events"
    )
    assert "pt-20250404-hearing-accused,ev-20250404-hearing,pa-accused,accused,5,exact,\n" in rows(
        harbour_case, "participations"
    )
    evidence = [line for line in rows(harbour_case, "evidence").split("\n") if "20250404" in line]
    assert [line.split(",")[1:3] for line in evidence] == [
        ["events", "ev-20250404-hearing"],
        ["participations", "pt-20250404-hearing-accused"],
        ["participations", "pt-20250404-hearing-harbour-watch"],
    ]


def test_a_response_with_signatories_and_demands(harbour_case: Path, new: Run) -> None:
    code, _, _ = new(
        "response",
        *("--kind", "statement", "--date", "2025-04-05", "--stance", "critical", "--summary", "Asks again."),
        *("--signatories-known", "all", "--signatory", "pa-harbour-watch", "--demand", "release"),
        *EVIDENCE,
    )
    assert code == 0
    assert "re-20250405-statement,pa-harbour-watch,author," in rows(harbour_case, "signatories")
    assert "re-20250405-statement,,,,release," in rows(harbour_case, "demands")


def test_a_charge_a_measure_and_a_claim_of_somebody(harbour_case: Path, new: Run) -> None:
    charge = ["--accused-id", "pa-accused-1", "--statute", "Penal Code of Saltland", "--article", "40"]
    assert new("charge", *charge, "--offence", "Noise", "--status", "reported", *EVIDENCE)[0] == 0
    assert "ch-40,pa-accused-1," in rows(harbour_case, "charges")
    measure = ["--kind", "travel_ban", "--party-id", "pa-accused-1", "--date", "2025-03", *EVIDENCE]
    assert new("measure", *measure, "--attributed-to", "pa-harbour-watch")[0] == 0
    assert "me-202503-travel-ban-accused-1,travel_ban,pa-accused-1,,,,,2025-03," in rows(
        harbour_case, "measures"
    )
    assert ",so-courier,pa-harbour-watch,,,,paragraph 9,alleged," in rows(harbour_case, "evidence")


def test_a_party_with_spellings(harbour_case: Path, new: Run) -> None:
    code, _, _ = new(
        "party",
        *("--kind", "person", "--name", "Brendan Quill", "--description", "Spokesperson of the port."),
        *(
            "--disclosure",
            "public_role",
            "--spelling",
            "ru:Брендан Квилл:Brendan Kvill",
            "--spelling",
            "zh:奎尔",
        ),
        *EVIDENCE,
    )
    assert code == 0
    assert "pa-brendan-quill,person,Brendan Quill," in rows(harbour_case, "parties")
    names = rows(harbour_case, "names")
    assert "na-brendan-quill-ru,pa-brendan-quill,Брендан Квилл,ru,Cyrl,Brendan Kvill,\n" in names
    assert "na-brendan-quill-zh,pa-brendan-quill,奎尔,zh,Hans,,\n" in names


def test_the_id_of_a_person_without_a_public_role_names_nobody(harbour_case: Path, new: Run) -> None:
    given = ["--kind", "person", "--name", "Brendan Quill", "--description", "One of the accused."]
    assert new("party", *given, "--disclosure", "named_by_rights_body", *EVIDENCE)[0] == 0
    assert "pa-person-1,person,Brendan Quill," in rows(harbour_case, "parties")


def test_a_source_waits_for_what_it_supports(harbour_case: Path, new: Run) -> None:
    source = ["--kind", "news", "--publisher", "The Gazette", "--title", "Day two at court", "--read", "full"]
    source += ["--language", "en"]
    given = [
        *source,
        "--url",
        "https://gazette.example/2",
        "--published",
        "2025-04-04",
        "--accessed",
        "2025-05",
    ]
    code, said, to_do = new("source", *given)
    assert code == 0
    assert "sources: added so-the-gazette-20250404-day-two-at\n" in said
    assert "still to do: " in to_do
    hearing = ["--title", "Second day", "--date", "2025-04-04", "--status", "held"]
    assert (
        new("hearing", *hearing, "--source", "so-the-gazette-20250404-day-two-at", "--locator", "title")[0]
        == 0
    )


@pytest.mark.parametrize(
    ("kind", "options", "near"),
    [
        ("party", "--kind person --name 'Орла Венн' --description x --disclosure public_role", "Orla Venn"),
        (
            "party",
            "--kind organization --name 'Port Eye' --description x --disclosure public_role"
            " --spelling 'pt:Vigia do Porto'",
            "pa-harbour-watch",
        ),
        ("hearing", "--title x --date 2025-04 --status held", "ev-20250403-hearing"),
        (
            "source",
            "--kind news --publisher x --read not_seen --url http://www.courier.example/1/?utm_source=mail#top",
            "the same address",
        ),
        (
            "source",
            "--kind news --publisher 'the courier' --read not_seen --title 'Five accused after harbor march'",
            "so-courier",
        ),
        ("measure", "--kind fine --party-id pa-accused-1", "me-fine"),
        (
            "charge",
            "--accused-id pa-accused --statute x --article 12 --part 1 --offence x --status reported",
            "ch-12-1",
        ),
        (
            "response",
            "--kind statement --date 2025-03-20 --stance critical --summary x --signatories-known none",
            "re-20250320-harbour-watch",
        ),
    ],
)
def test_what_may_be_there_already_is_shown(new: Run, kind: str, options: str, near: str) -> None:
    evidence = [] if kind == "source" else EVIDENCE
    code, _, said = new(kind, *shlex.split(options), *evidence)
    assert code == 1
    assert near in said
    assert "--anyway" in said


def test_another_one_may_be_added_all_the_same(harbour_case: Path, new: Run) -> None:
    given = ["--title", "x", "--date", "2025-04-03", "--status", "held", *EVIDENCE]
    assert new("hearing", *given, "--anyway")[0] == 0
    assert "\nev-20250403-hearing-2,hearing," in rows(harbour_case, "events")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--title", "x", "--date", "2025-05-01", *EVIDENCE], "a hearing needs --status too"),
        (["--title", "x", "--date", "2025-05-01", "--status", "hled", *EVIDENCE], "did you mean 'held'"),
        (["--title", "x", "--date", "1 May 2025", "--status", "held", *EVIDENCE], "date '1 May 2025'"),
        (["--title", "x", "--date", "2025-05-01", "--status", "held"], "say who says so"),
        (
            ["--title", "x", "--date", "2025-05-01", "--status", "held", "--time", "15:00", *EVIDENCE],
            "fill both `time` and `timezone`",
        ),
        (
            [
                "--title",
                "x",
                "--date",
                "2025-05-01",
                "--status",
                "held",
                "--place-id",
                "pl-nowhere",
                *EVIDENCE,
            ],
            "pl-nowhere",
        ),
        (
            [
                "--title",
                "x",
                "--date",
                "2025-05-01",
                "--status",
                "held",
                "--participant",
                "pa-a:accused:1:2:3",
            ],
            "too many parts",
        ),
        (
            [
                "--title",
                "x",
                "--date",
                "2025-05-01",
                "--status",
                "held",
                "--id",
                "ev-20250301-march",
                *EVIDENCE,
            ],
            "stands in the case already",
        ),
        (["--title", "x", "--status", "alleged", "--id", "hearing-1", *EVIDENCE], "event_id 'hearing-1'"),
        (["--title", "x", "--status", "held", "--source", "so-nobody", "--locator", "p"], "so-nobody"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_line(new: Run, options: list[str], words: str) -> None:
    code, said, refused = new("hearing", *options)
    assert code in (1, 2)
    assert said == ""
    assert words in refused
    assert refused.count("\n") == 1


def test_a_retired_id_is_never_proposed_nor_taken(harbour_case: Path, new: Run) -> None:
    retired = harbour_case / "data" / "retired.csv"
    retired.write_text(retired.read_text() + "rt-zz,ev-20250501-hearing,,Was a summons.,1.1.0,\n")
    given = ["--title", "x", "--date", "2025-05-01", "--status", "held", *EVIDENCE]
    assert "is retired" in new("hearing", *given, "--id", "ev-20250501-hearing")[2]
    assert "ev-20250501-hearing-2" in new("hearing", *given)[1]


def test_it_asks_for_what_was_not_given(harbour_case: Path, new: Run) -> None:
    # title, summary, date, time, part of day, time zone, place, status (a wrong one first), replaces, the
    # proceeding, its instance, access, format, note, then source and locator, then the proposed id.
    answers = [
        "Second day",
        "",
        "2025-04-04",
        "",
        "2",
        "",
        "",
        "hled",
        "6",
        "",
        "",
        "",
        "",
        "",
        "",
        "so-courier",
        "title",
        "",
    ]
    code, said, _ = new("hearing", answers="\n".join(answers) + "\n")
    assert code == 0
    assert "What kind of thing happened." not in said, "the kind is settled"
    assert "The part of the day, where no time is known." in said
    assert "That cannot stand here: did you mean 'held'?." in said or "did you mean 'held'" in said
    assert "ev-20250404-hearing,hearing,Second day,,2025-04-04,,afternoon,,,held," in rows(
        harbour_case, "events"
    )


def test_asked_whether_it_is_another_one_no_is_the_answer(new: Run) -> None:
    given = ["--title", "x", "--summary", "", "--date", "2025-04-03", "--time", "", "--part-of-day", ""]
    given += ["--timezone", "", "--place-id", "", "--status", "held", "--replaces", "", "--access", ""]
    given += ["--proceeding-id", "", "--instance", "", "--format", ""]
    assert new("hearing", *given, "--note", "", *EVIDENCE, answers="\n")[0] == 1


def test_answers_that_end_too_early_write_nothing(new: Run) -> None:
    code, _, said = new("hearing", answers="Second day\n")
    assert code == 2
    assert "nothing was written" in said
