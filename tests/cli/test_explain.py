"""`casetrail explain` as it is called: a code, the list, a slip, and the links that reports have to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import casetrail
from casetrail.cli.main import main
from casetrail.findings.catalogue import catalogue

MISTAKES = Path(__file__).parent.parent / "mistakes"


def explain(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["explain", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_code_is_explained_with_its_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = explain(capsys, "type-date")
    assert (code, err) == (0, "")
    for words in (
        "type-date (error)",
        "A value is not of the type 'date'.",
        "To mend it: Write it like 2025-03-01",
        "    h2,2025-02-30",
        "hearings.csv:3: '2025-02-30' is not a date: there is no day 30 in February 2025",
    ):
        assert words in out


def test_the_list_has_every_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explain(capsys, "--list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(catalogue())


def test_a_slip_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = explain(capsys, "typ-date")
    assert (code, out) == (2, "")
    assert err == "casetrail: no finding has the code 'typ-date'; did you mean 'type-date'?\n"


@pytest.mark.parametrize("words", [(), ("type-date", "--list")])
def test_what_is_asked_for_has_to_be_clear(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = explain(capsys, *words)
    assert code == 2 and "--list" in err


def test_sarif_and_the_page_explain_and_link() -> None:
    report = casetrail.validate(MISTAKES / "type-date")
    url = "https://docs.example.org/casetrail"
    (rule,) = json.loads(report.render("sarif", documentation_url=url))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == f"{url}/findings/#type-date"
    assert rule["fullDescription"]["text"].startswith("A value is not of the type 'date'. Write it like")
    assert "h2,2025-02-30" in rule["help"]["text"] and "```text" in rule["help"]["markdown"]
    assert f'<a href="{url}/findings/#type-date"><code>type-date</code></a>' in report.render(
        "html", documentation_url=url
    )


def test_nothing_links_to_an_address_that_is_not_known() -> None:
    report = casetrail.validate(MISTAKES / "type-date")
    assert "helpUri" not in report.render("sarif")
    assert "<a href" not in report.render("html")
