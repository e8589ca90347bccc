"""`casetrail new` adds a row with all that belongs to it, or says why not and writes nothing."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrail.cli.main import main

EVIDENCE = ["--source", "so-courier", "--locator", "paragraph 9"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def new(harbour_case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `casetrail new`; the exit code, what was said, and what was refused.

    The case must be valid and in canonical form afterwards, whatever happened.
    """
    monkeypatch.chdir(harbour_case)

    def run(kind: str, *options: str, stdin: str | None = None) -> tuple[int, str, str]:
        before = {path: path.read_bytes() for path in harbour_case.rglob("*.csv")}
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin or ""))
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
        *(
            "--with",
            "participation",
            "party_id=pa-accused",
            "role=accused",
            "people=5",
            "people_precision=exact",
        ),
        *("--with", "participation", "party_id=pa-harbour-watch", "role=speaker"),
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
    evidence = [line.split(",") for line in rows(harbour_case, "evidence").split("\n") if "20250404" in line]
    assert sorted(cells[1:4] for cells in evidence) == [
        ["events", "ev-20250404-hearing", ""],
        ["events", "ev-20250404-hearing", "date"],
        ["events", "ev-20250404-hearing", "place_id"],
        ["participations", "pt-20250404-hearing-accused", ""],
        ["participations", "pt-20250404-hearing-accused", "people"],
        ["participations", "pt-20250404-hearing-harbour-watch", ""],
    ]


def test_a_response_with_signatories_and_demands(harbour_case: Path, new: Run) -> None:
    code, _, _ = new(
        "response",
        *("--kind", "statement", "--date", "2025-04-05", "--stance", "critical", "--summary", "Asks again."),
        *(
            "--signatories-known",
            "all",
            "--with",
            "signatory",
            "party_id=pa-harbour-watch",
            "capacity=author",
        ),
        *("--with", "demand", "demand=release"),
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
        *("--disclosure", "public_role"),
        *("--with", "name", "language=ru", "name=Брендан Квилл", "romanization=Brendan Kvill"),
        *("--with", "name", "language=zh", "name=奎尔"),
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
    given = [
        *source,
        "--url",
        "https://gazette.example/2",
        "--published",
        "2025-04-04",
        "--accessed",
        "2025-05",
        "--language",
        "en",
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
            " --with name language=pt 'name=Vigia do Porto'",
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
            "--accused-id pa-accused --statute 'Penal code of Saltland'"
            " --article 12 --part 1 --offence x --status reported",
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
    assert "\nev-20250403-hearing-no2,hearing," in rows(harbour_case, "events")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--title", "x", "--date", "2025-05-01", *EVIDENCE], "status: it must be filled"),
        (["--title", "x", "--date", "2025-05-01", "--status", "hled", *EVIDENCE], "did you mean 'held'"),
        (["--title", "x", "--date", "1 May 2025", "--status", "held", *EVIDENCE], "date “1 May 2025”"),
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
                "--with",
                "participation",
                "pa-a",
            ],
            "'pa-a' is no cell",
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
            "is in the case already",
        ),
        (["--title", "x", "--status", "alleged", "--id", "hearing-1", *EVIDENCE], "event_id “hearing-1”"),
        (["--title", "x", "--status", "held", "--source", "so-nobody", "--locator", "p"], "so-nobody"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_line(new: Run, options: list[str], words: str) -> None:
    code, said, refused = new("hearing", *options)
    assert code in (1, 2)
    assert said == ""
    assert words in refused
    assert refused.removesuffix("Nothing was written.\n").count("\n") == 1


def test_a_retired_id_is_never_proposed_nor_taken(harbour_case: Path, new: Run) -> None:
    retired = harbour_case / "data" / "retired.csv"
    retired.write_text(retired.read_text() + "rt-zz,ev-20250501-hearing,,Was a summons.,1.1.0,\n")
    given = ["--title", "x", "--date", "2025-05-01", "--status", "held", *EVIDENCE]
    assert "is retired" in new("hearing", *given, "--id", "ev-20250501-hearing")[2]
    assert "ev-20250501-hearing-no2" in new("hearing", *given)[1]


def test_all_that_is_wrong_is_said_at_once(new: Run) -> None:
    code, _, refused = new(
        "hearing",
        *("--title", "x", "--date", "1 May 2025", "--status", "hled", "--time", "15:00"),
        *("--with", "participation", "party_id=pa-accused", "roll=accused"),
        *EVIDENCE,
    )
    assert code == 1
    for words in (
        "date “1 May 2025”",
        "did you mean 'held'",
        "fill both `time` and `timezone`",
        "participations, roll: the table has no such column; did you mean 'role'?",
        "participations, pt-2025-hearing-accused, role: it must be filled",
    ):
        assert words in refused


def test_several_claims_for_one_row(harbour_case: Path, new: Run) -> None:
    claims = [
        "--source-id",
        "so-courier",
        "--locator",
        "title",
        "--source-id",
        "so-herald",
        "--locator",
        "p 2",
    ]
    assert new("evidence", "--row-id", "ev-20250403-hearing", "--field", "date", *claims)[0] == 0
    added = [
        line
        for line in rows(harbour_case, "evidence").split("\n")
        if line.startswith("ec-20250403-hearing-courier,")
    ]
    assert [line.split(",")[1:4] for line in added] == [["events", "ev-20250403-hearing", "date"]]
    assert ",so-herald,,,,,p 2,stated," in rows(harbour_case, "evidence")
    code, _, refused = new("evidence", *claims, "--locator", "p 3")
    assert code == 2
    assert "--source-id is given 2 times, another option 3 times" in refused


def test_two_sources_for_a_new_row(harbour_case: Path, new: Run) -> None:
    given = ["--title", "Second day", "--date", "2025-04-04", "--status", "held"]
    assert new("hearing", *given, *EVIDENCE, "--source", "so-herald", "--locator", "page 2")[0] == 0
    added = [line.split(",") for line in rows(harbour_case, "evidence").split("\n") if "20250404" in line]
    assert sorted((cells[3], cells[5], cells[10]) for cells in added) == [
        ("", "so-courier", "paragraph 9"),
        ("", "so-herald", "page 2"),
        ("date", "so-courier", "paragraph 9"),
        ("date", "so-herald", "page 2"),
    ]


def test_a_disagreement_takes_in_claims_that_are_there(harbour_case: Path, new: Run) -> None:
    claim = ["--row-id", "ev-20250301-march", "--source-id", "so-herald", "--locator", "page 2"]
    assert new("evidence", *claim)[0] == 0
    first, second = "ec-0001", "ec-20250301-march-herald"
    code, said, refused = new(
        "disagreement",
        *("--question", "How was the sea?", "--state", "settled", "--summary", "Calm, or rough."),
        *("--with", "evidence", f"evidence_id={first}", "value=calm", "rank=preferred"),
        *("--with", "evidence", f"evidence_id={second}", "value=rough", "rank=rejected", "reason=A guess."),
    )
    assert code == 0, refused
    assert f"disagreements: added di-how-was-the\nevidence: changed {first}\n" in said
    table = rows(harbour_case, "evidence")
    assert f"\n{first},events,ev-20250301-march,,di-how-was-the," in table
    assert ",calm,,,preferred," in table
    assert ",rough,,,rejected,A guess.," in table


def test_rows_as_json_on_standard_input(harbour_case: Path, new: Run) -> None:
    entries = [
        {
            "title": "Second day",
            "date": "2025-04-04",
            "participations": [
                {"party_id": "pa-accused", "role": "accused", "people": 5, "people_precision": "exact"}
            ],
            "evidence": [{"source_id": "so-courier", "locator": "title"}],
        },
        {
            "title": "Third day",
            "date": "2025-04-05",
            "evidence": [{"source_id": "so-herald", "locator": "title"}],
        },
    ]
    code, said, refused = new("hearing", "--status", "held", "--json", stdin=json.dumps(entries))
    assert code == 0, refused
    assert "events: added ev-20250404-hearing\nevents: added ev-20250405-hearing\n" in said
    assert "pt-20250404-hearing-accused,ev-20250404-hearing,pa-accused,accused,5,exact,\n" in rows(
        harbour_case, "participations"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[1]", "neither a row nor a list"),
        ('{"evnets": []}', "no table"),
        ('{"title": true}', "title: write a text or number, or a list of rows, instead of true or false"),
        ('{"evidence": {}}', "evidence: write a text or number, or a list of rows, instead of an object"),
        ('{"evidence": ["so-courier"]}', "evidence: write each of its rows as an object"),
        ('{"evidence": [{"field": ["date"]}]}', "evidence, field: write each of its rows as an object"),
        ('{"evidence": [{"fields": "date"}]}', "evidence, fields: write a list of columns"),
        ('{"title": "x", "title": "y"}', "title: it is there twice"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_json_of_another_form_is_refused(new: Run, text: str, words: str) -> None:
    code, _, refused = new("hearing", "--json", stdin=text)
    assert code in (1, 2)
    assert words in refused
    assert "mistake in casetrail" not in refused


@pytest.mark.parametrize(
    ("kind", "options", "row_id"),
    [
        (
            "charge",
            "--accused-id pa-accused-1 --statute 'Penal Code of Saltland'"
            " --article 12 --part 1 --status reported",
            "ch-12-1-no2",
        ),
        (
            "party",
            "--kind organization --name 文恩社 --description x --disclosure public_role",
            "pa-wenenshe",
        ),
        ("place", "--kind town --name Талдықорған", "pl-taldyqorghan"),
        ("place", "--kind town --name 城", "pl-cheng"),
        (
            "relation",
            "--kind member_of --party-id pa-accused-1 --related-id pa-harbour-watch",
            "rl-accused-1-member-of-harbour-watch",
        ),
        ("protest", "--title x --date 2025-06/2025-07 --status held", "ev-202506-protest"),
        (
            "decision",
            "--event-id ev-20250403-hearing --kind ruling --outcome refused",
            "dc-ruling-20250403-hearing",
        ),
        (
            "decision",
            "--event-id ev-20250403-hearing --kind verdict --party-id pa-accused-1 --outcome convicted",
            "dc-verdict-accused-1",
        ),
        ("retired", "--retired-key ev-20250101-x --reason x --version 1.0.0", "rt-ev-20250101-x"),
        ("evidence", "--row-id ev-20250403-hearing --field date", "ec-20250403-hearing-courier"),
    ],
)
def test_ids_are_proposed_for_every_table_and_script(new: Run, kind: str, options: str, row_id: str) -> None:
    evidence = EVIDENCE if kind != "retired" else []
    code, said, refused = new(kind, *shlex.split(options), *evidence, "--anyway")
    assert code == 0, refused
    assert f": added {row_id}\n" in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("herring", "did you mean 'hearing'?"),
        ("x", "add one of event, party, charge"),
        ("other", "it is a kind of"),
    ],
)
def test_an_unknown_kind_is_named(new: Run, kind: str, words: str) -> None:
    code, _, refused = new(kind)
    assert code == 2
    assert words in refused


def test_who_writes_a_name_instead_of_an_id_is_told_the_id(new: Run) -> None:
    hearing = ["--title", "x", "--status", "alleged", *EVIDENCE]
    for party, words in (
        ("Венн", "there is no row “Венн” in parties; is it pa-accused-1?"),
        ("pa-acused-1", "there is no row “pa-acused-1” in parties; did you mean 'pa-accused-1'?"),
    ):
        code, _, refused = new(
            "hearing", *hearing, "--with", "participation", f"party_id={party}", "role=judge"
        )
        assert code == 1
        assert words in refused
        assert refused.count("party_id") == 1, "that it has not the form of an id is not said besides"


def test_a_source_that_is_not_there_is_said_once(new: Run) -> None:
    hearing = ["--title", "Second day", "--date", "2025-04-04", "--status", "held"]
    code, _, refused = new("hearing", *hearing, "--source", "so-nothere", "--locator", "title")
    assert code == 1
    assert refused.count("there is no row “so-nothere” in sources") == 1


def test_what_is_no_call_of_the_command_is_said_in_a_line(
    new: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for options, words in (
        (["--tilte", "x"], "there is no option '--tilte': did you mean '--title'?"),
        (["--title", "x", "y"], "there is no option 'y'"),
        (["--title"], "argument --title: expected one argument"),
        (["--title", "\udcff", "--status", "held", *EVIDENCE], "events, title: it is not in UTF-8"),
    ):
        code, _, refused = new("hearing", *options)
        assert code == (2 if "UTF-8" not in words else 1)
        assert words in refused
        assert "mistake in casetrail" not in refused
    assert main(["new"]) == 2
    assert "say what to add: casetrail new KIND; add one of event, party," in capsys.readouterr().err


def test_a_table_of_the_case_itself(harbour_case: Path, new: Run, capsys: pytest.CaptureFixture[str]) -> None:
    fields = [
        {
            "name": "observation_id",
            "type": "string",
            "description": "The id.",
            "constraints": {"required": True, "pattern": "ob-[a-z0-9]+(-[a-z0-9]+)*"},
        },
        {
            "name": "event_id",
            "type": "string",
            "description": "At which event.",
            "constraints": {"required": True, "pattern": "ev-[a-z0-9-]+"},
        },
        {
            "name": "observer_id",
            "type": "string",
            "description": "Who observed.",
            "constraints": {"required": False},
        },
        {
            "name": "right",
            "type": "string",
            "description": "Which right.",
            "constraints": {"required": True, "enum": ["open_hearing", "language"]},
            "categories": [
                {"value": "open_hearing", "description": "That anybody may attend."},
                {"value": "language", "description": "That the accused understands."},
            ],
        },
    ]
    schema = {
        "name": "observations",
        "title": "Observations",
        "description": "What an observer found.",
        "idPrefix": "ob",
        "label": "{right} at {event_id}",
        "evidenced": True,
        "fields": fields,
        "primaryKey": ["observation_id"],
        "foreignKeys": [
            {"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}},
            {"fields": ["observer_id"], "reference": {"resource": "parties", "fields": ["party_id"]}},
        ],
        "missingValues": [""],
    }
    (harbour_case / "schemas" / "observations.json").write_text(json.dumps(schema), encoding="utf-8")
    (harbour_case / "data" / "observations.csv").write_text("observation_id,event_id,observer_id,right\n")
    path = harbour_case / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"].append(
        {
            **descriptor["resources"][0],
            "name": "observations",
            "path": "data/observations.csv",
            "schema": "schemas/observations.json",
            "title": "Observations",
            "description": "What an observer found.",
        }
    )
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    given = ["--event-id", "ev-20250403-hearing", "--right", "open_hearing"]
    code, said, refused = new("observation", *given, *EVIDENCE)
    assert code == 0, refused
    assert "observations: added ob-open-hearing-20250403-hearing\n" in said
    assert "observation of the same" not in refused
    assert new("observation", *given, *EVIDENCE)[0] == 1, "it is there already"
    part = ["--with", "observation", "right=language", "observer_id=pa-harbour-watch"]
    hearing = ["--title", "Second day", "--date", "2025-04-04", "--status", "held"]
    assert "ob-20250404-hearing-language" in new("hearing", *hearing, *part, *EVIDENCE)[1]
    with pytest.raises(SystemExit) as ended:
        main(["new", "observation", "--help"])
    assert ended.value.code == 0
    assert "Which right. (open_hearing, language)" in " ".join(capsys.readouterr().out.split())


def test_the_name_of_who_is_withheld_is_repeated_nowhere(new: Run) -> None:
    given = ["--kind", "person", "--disclosure", "withheld", "--description", "A relative of Orla Zzyzx."]
    code, said, refused = new("party", *given, "--name", "Orla Zzyzx", *EVIDENCE)
    assert code == 1
    assert "has no name here" in refused
    assert "Zzyzx" not in said + refused


def test_a_further_source_supports_the_cells_that_it_names(harbour_case: Path, new: Run) -> None:
    given = [
        "--title",
        "Second day",
        "--date",
        "2025-04-04",
        "--place-id",
        "pl-saltmouth",
        "--status",
        "held",
    ]
    claims = ["--source", "so-courier", "--locator", "p 1", "--fields", "all"]
    claims += ["--source", "so-herald", "--locator", "p 2", "--fields", "date"]
    assert new("hearing", *given, *claims)[0] == 0
    added = [line.split(",") for line in rows(harbour_case, "evidence").split("\n") if "20250404" in line]
    assert sorted(cells[3] for cells in added if cells[5] == "so-courier") == ["", "date", "place_id"]
    assert sorted(cells[3] for cells in added if cells[5] == "so-herald") == ["", "date"]
