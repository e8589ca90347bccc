"""What must hold of the sources of the dataset: all are there, none claims more reading than there was."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from casetrail.case.case import Case
from casetrail.case.profile import profile
from casetrail.case.row_model import CaseRow as Source
from casetrail.package.package import open_package

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return {row["source_id"]: row for row in Case.load(open_package(ROOT)).rows("sources")}


@pytest.fixture(scope="module")
def searched() -> set[str]:
    return {row["source_id"] for row in _rows(HERE / "dossier-sources.csv")}


def _root(source_id: str, sources: dict[str, Source]) -> str:
    trail = [source_id]
    while (origin := sources[trail[-1]].derived_from) is not None:
        assert origin not in trail, f"{source_id} derives from itself by way of {trail}"
        trail.append(origin)
    return trail[-1]


def test_every_source_that_was_found_is_there_and_was_read(
    sources: dict[str, Source], searched: set[str]
) -> None:
    assert len(searched) == 81
    assert searched <= {key for key, row in sources.items() if row.read != "not_seen"}


def test_every_fact_of_the_ledger_comes_from_a_source_that_was_read(searched: set[str]) -> None:
    facts = _rows(HERE / "dossier-facts.csv")
    assert {row["source_id"] for row in facts} == searched
    assert [row["fact_id"] for row in facts if row["is_seed"] == "true"] == [f"F{n:03}" for n in range(1, 17)]
    assert len({row["fact_id"] for row in facts}) == len(facts)


def test_of_the_first_sources_one_claims_to_have_been_read_in_full(
    sources: dict[str, Source], searched: set[str]
) -> None:
    """A source that comes later may have been read in full; of these it is known that they were not."""
    in_full = {key for key in searched if sources[key].read == "full"}
    assert in_full == {"so-redcensor-nd-p99298-postponed"}


def test_a_source_that_was_read_has_address_language_and_month_of_reading(sources: dict[str, Source]) -> None:
    for row in sources.values():
        if row.read == "not_seen":
            assert (row.url, row.accessed) == (None, None), row.source_id
            assert row.note is not None, row.source_id
        else:
            assert row.url is not None, row.source_id
            assert row.language not in (None, "und"), row.source_id
            assert row.accessed is not None, row.source_id


def test_addresses_are_not_repeated(sources: dict[str, Source]) -> None:
    urls = [row.url for row in sources.values() if row.url is not None]
    assert len(urls) == len(set(urls))


def test_each_original_that_was_not_seen_is_reached_from_a_source_that_was_read(
    sources: dict[str, Source],
) -> None:
    reached: set[str] = set()
    for key, row in sources.items():
        origin = row.derived_from if row.read != "not_seen" else None
        while origin is not None:
            reached.add(origin)
            origin = sources[origin].derived_from
        assert _root(key, sources) in sources
    unread = {key for key, row in sources.items() if row.read == "not_seen"}
    assert unread - reached >= {"so-chinesenote-nd-text", "so-indictment-nd-text", "so-un-nd-post"}
    for key in unread - reached:
        assert sources[key].kind in ("case_document", "social_media")


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(
            (
                "so-afp-20251114-sinodaily",
                "so-afp-20251114-yahoohk",
                "so-afpbb-20251115-3608946",
                "so-justiceinfo-nd-152226-afp",
                "so-ltn-20251114-5246586",
            ),
            id="one agency dispatch in four languages",
        ),
        pytest.param(
            ("so-fergana-nd-142793-fr", "so-fergana-nd-142812-de", "so-fergana-nd-142817-it"),
            id="three editions of one report",
        ),
        pytest.param(
            (
                "so-rferl-nd-33654001-note",
                "so-slobodnaevropa-20260121-note",
                "so-azathabar-20260123-33657914-note",
            ),
            id="a report and its translations",
        ),
        pytest.param(
            (
                "so-diplomat-nd-tca-burning-xi",
                "so-diplomat-nd-qoshe-burning-xi",
                "so-prism-nd-jp-summary",
                "so-prism-nd-en-summary",
            ),
            id="an article, its copies and its digests",
        ),
        pytest.param(
            ("so-hrw-20260115-drop-charges", "so-decrimpoverty-nd-hrw-copy", "so-azattyk-nd-33649646-hrw"),
            id="a statement of a rights body",
        ),
        pytest.param(
            ("so-iphr-kibhr-20260115-bureau", "so-tirek-nd-iphr-kibhr-ru", "so-eurasiareview-nd-iphr-qoshe"),
            id="a statement of two rights bodies",
        ),
        pytest.param(
            (
                "so-inform-20251114-522b41",
                "so-kazpravda-20251114-18people",
                "so-zakon-20251114-6497755",
                "so-lada-20251114-145851",
                "so-qaz365-nd-16456",
                "so-baq-nd-200025393",
                "so-kursiv-20251114-uyghur",
                "so-reportaz-20251114-flag",
            ),
            id="the police statement",
        ),
        pytest.param(
            (
                "so-freedomforeurasia-nd-want-him-home",
                "so-ani-20250829-lokmat",
                "so-ani-20250829-webindia",
                "so-devdiscourse-nd-3607855",
            ),
            id="a report, its digest by an agency, and the reprints of that",
        ),
        pytest.param(
            ("so-chineseheadlinenews-20251223-indictment", "so-redcensor-nd-p95414-indictment"),
            id="a text in Chinese and in English",
        ),
        pytest.param(
            ("so-bitterwinter-nd-52939-steenberg", "so-ians-20260105-bitterwinter"),
            id="an opinion and its digest",
        ),
    ],
)
def test_versions_of_one_text_have_one_root(family: tuple[str, ...], sources: dict[str, Source]) -> None:
    assert len({_root(key, sources) for key in family}) == 1


def test_reports_made_independently_keep_their_own_roots(sources: dict[str, Source]) -> None:
    independent = [
        "so-hrw-20260115-drop-charges",
        "so-amnesty-nd-globalaffair-copy",
        "so-iphr-kibhr-20260115-bureau",
        "so-rferl-nd-33654001-note",
        "so-azattyq-nd-33657661-closed",
        "so-azattyk-20260123-33657770-closed",
        "so-chinaaid-20260124-first-hearing",
        "so-eurasianet-20260129-bureau",
        "so-forum18-20260120-3025",
        "so-ulysmedia-nd-35078-remand",
        "so-inform-20251114-522b41",
        "so-afp-20251114-sinodaily",
        "so-redcensor-nd-p99298-postponed",
    ]
    assert len({_root(key, sources) for key in independent}) == len(independent)


def test_a_translation_is_in_another_language_and_a_copy_in_the_same(sources: dict[str, Source]) -> None:
    for row in sources.values():
        languages = {row.language, row.derived_from and sources[row.derived_from].language}
        if row.derived_from is None or languages & {None, "und"}:
            continue
        same = row.language == sources[row.derived_from].language
        if row.derivation == "translation":
            assert not same, row.source_id
        elif row.derivation == "copy":
            assert same, row.source_id


def test_a_copy_is_not_older_than_its_original(sources: dict[str, Source]) -> None:
    for row in sources.values():
        if row.derived_from is None or row.published is None:
            continue
        original = sources[row.derived_from].published
        if original is None:
            continue
        earliest, latest = original.earliest, row.published.latest
        assert earliest is None or latest is None or earliest <= latest, row.source_id


def test_a_date_that_is_not_printed_has_its_basis_in_the_note(sources: dict[str, Source]) -> None:
    for row in sources.values():
        if row.read == "not_seen" or (row.published and row.published.is_day):
            continue
        assert row.note and re.search(r"\bUndated\b|\bDate:", row.note), row.source_id


def test_sources_named_in_notes_are_there(sources: dict[str, Source]) -> None:
    named = {word for row in sources.values() for word in re.findall(r"\bso-[a-z0-9-]+", row.note or "")}
    assert named
    assert named <= sources.keys()


def test_the_method_counts_as_the_table_does(sources: dict[str, Source], searched: set[str]) -> None:
    method = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    unread = sum(row.read == "not_seen" for row in sources.values())
    assert f"**{len(searched)} documents**" in method
    assert unread >= 25 and "**25 further sources**" in method
    for words in ("November 2026", "3 March 2026", "only the opening", "presumed innocent"):
        assert words in method


def test_the_file_is_in_its_one_form(sources: dict[str, Source]) -> None:
    raw = (ROOT / "data" / "sources.csv").read_bytes()
    text = raw.decode("utf-8")
    assert "\r" not in text
    assert text.endswith("\n")
    assert unicodedata.is_normalized("NFC", text)
    assert list(sources) == sorted(sources)
    assert text.splitlines()[0] == ",".join(profile().tables["sources"].columns)


def test_licences_say_what_they_cover() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    data = (ROOT / "LICENSE-DATA").read_text(encoding="utf-8")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in data
    assert "CC-BY-4.0" in data
