"""The citation: what is read from the descriptor, and that nothing else is ever said."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casetrail.describe.citation import Citation, citation, doi_of
from casetrail.describe.styles import STYLES
from casetrail.findings.error import CasetrailError
from casetrail.standard.descriptor import Descriptor

LEAST: dict[str, Any] = {
    "name": "buoys",
    "title": "Buoys",
    "version": "1.0.0",
    "created": "2024-05-01T00:00:00Z",
    "contributors": [{"title": "Buoy Office", "roles": ["creator", "publisher"]}],
    "resources": [],
}


def read(**changes: Any) -> Citation:
    given = {name: value for name, value in {**LEAST, **changes}.items() if value is not None}
    return citation(Descriptor.of(given))


def apa(**changes: Any) -> str:
    return STYLES["apa"](read(**changes)).strip()


def person(given: str, family: str, **more: Any) -> dict[str, Any]:
    return {
        "title": f"{given} {family}",
        "givenName": given,
        "familyName": family,
        "roles": ["creator"],
        **more,
    }


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.5281/zenodo.1", "10.5281/zenodo.1"),
        ("http://dx.doi.org/10.5281/zenodo.1", "10.5281/zenodo.1"),
        ("doi:10.5281/Zenodo.1", "10.5281/Zenodo.1"),
        ("10.1000/a(b)<c>;d", "10.1000/a(b)<c>;d"),
        ("https://harbour.example/10.5281/zenodo.1", None),
        ("b03ec84-77fd-4270-813b-0c698943f7ce", None),
        ("10.5281/", None),
        (None, None),
        (7, None),
    ],
)
def test_what_is_a_doi(text: object, doi: str | None) -> None:
    assert doi_of(text) == doi


def test_version_doi_and_concept_doi_are_kept_apart() -> None:
    cited = read(id="https://doi.org/10.5072/v2", conceptDoi="10.5072/all")
    assert (cited.doi, cited.concept_doi, cited.identifier) == ("10.5072/v2", "10.5072/all", None)
    record = json.loads(STYLES["datacite"](cited))
    assert record["doi"] == "10.5072/v2"
    assert record["relatedIdentifiers"] == [
        {"relatedIdentifier": "10.5072/all", "relatedIdentifierType": "DOI", "relationType": "IsVersionOf"}
    ]
    document = yaml.safe_load(STYLES["cff"](cited))
    assert document["doi"] == "10.5072/v2"
    assert [(one["value"], one["description"]) for one in document["identifiers"]] == [
        ("10.5072/v2", "Version 1.0.0"),
        ("10.5072/all", "All versions"),
    ]
    for style in ("apa", "bibtex", "ris", "csl"):
        assert "10.5072/v2" in STYLES[style](cited)
        assert "10.5072/all" not in STYLES[style](cited), style


def test_a_concept_doi_alone_is_not_taken_for_that_of_the_version() -> None:
    cited = read(conceptDoi="https://doi.org/10.5072/all")
    assert cited.doi is None
    assert "doi" not in json.loads(STYLES["datacite"](cited))
    assert "10.5072" not in STYLES["apa"](cited)


def test_a_concept_doi_that_is_none() -> None:
    with pytest.raises(CasetrailError, match="'conceptDoi' is 'soon', which is no DOI"):
        read(conceptDoi="soon")


@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("2024-05-01T00:00:00Z", "2024-05-01"),
        ("2024-02-29T23:30:00+05:00", "2024-02-29"),
    ],
)
def test_the_day_is_the_one_that_is_written(created: str, day: str) -> None:
    assert read(created=created).day.isoformat() == day


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": None}, "title"),
        ({"version": None}, "version"),
        ({"created": None}, "created"),
        ({"contributors": []}, "contributors"),
    ],
)
def test_what_cannot_be_left_out(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(CasetrailError, match=f"does not say '{name}'") as raised:
        read(**changes)
    assert raised.value.exit_code == 1


def test_who_is_a_person_and_who_an_organization() -> None:
    cited = read(
        contributors=[
            person(
                "Orla", "Venn", path="https://orcid.org/0000-0002-1825-0097", organization="Harbour & Sons"
            ),
            {"title": "Tide Office", "organization": "Tide Office", "path": "https://ror.org/0abcdef12"},
            {"title": "Nobody Knows"},
        ]
    )
    venn, office, unknown = (*cited.creators, *cited.contributors)
    assert (venn.kind, venn.orcid, venn.affiliation) == ("person", "0000-0002-1825-0097", "Harbour & Sons")
    assert (office.kind, office.ror, office.affiliation) == (
        "organization",
        "https://ror.org/0abcdef12",
        None,
    )
    assert unknown.kind is None


def test_without_roles_everybody_is_an_author() -> None:
    cited = read(contributors=[{"title": "A"}, {"title": "B"}])
    assert [one.name for one in cited.creators] == ["A", "B"]
    assert cited.publisher is None


def test_the_single_role_of_version_1_counts() -> None:
    cited = read(contributors=[{"title": "A", "role": "publisher"}, {"title": "B", "role": "author"}])
    assert [one.name for one in cited.creators] == ["B"]
    assert cited.publisher is not None and cited.publisher.name == "A"


def test_apa() -> None:
    assert apa() == "Buoy Office. (2024). Buoys (Version 1.0.0) [Data set]."
    publisher = {"title": "Tide Press", "roles": ["publisher"]}
    assert apa(
        contributors=[person("Orla Jean-Marie", "Venn"), person("Li", "de Wave"), publisher],
        id="10.5072/v1",
        homepage="https://harbour.example",
    ) == (
        "Venn, O. J.-M., & de Wave, L. (2024). Buoys (Version 1.0.0) [Data set]. Tide Press. "
        "https://doi.org/10.5072/v1"
    )
    assert apa(homepage="https://harbour.example").endswith("[Data set]. https://harbour.example")


def test_apa_of_many_authors() -> None:
    people = [person("A", f"Name{number}") for number in range(1, 22)]
    assert "Name19, A., … Name21, A. (2024)" in apa(contributors=people)
    assert "Name19, A., & Name20, A. (2024)" in apa(contributors=people[:20])


def test_datacite_asks_for_a_publisher() -> None:
    with pytest.raises(CasetrailError, match="names no publisher"):
        STYLES["datacite"](read(contributors=[{"title": "A", "roles": ["creator"]}]))


@pytest.mark.parametrize("style", sorted(STYLES))
def test_what_is_absent_is_absent_everywhere(style: str) -> None:
    text = STYLES[style](read())
    # `schemaVersion` and `cff-version` are the only addresses and numbers that nobody gave.
    told = text.replace("http://datacite.org/schema/kernel-4", "").replace("1.2.0", "")
    for word in ("doi", "orcid", "http", "10.", "licen", "keyword", "abstract", "Personal"):
        assert word not in told, word


@pytest.mark.parametrize("style", sorted(STYLES))
def test_no_style_says_software(style: str) -> None:
    assert "software" not in STYLES[style](read()).lower()
    types = {
        "apa": "[Data set]",
        "bibtex": "@dataset{",
        "ris": "TY  - DATA",
        "csl": '"type": "dataset"',
        "datacite": '"resourceTypeGeneral": "Dataset"',
        "cff": "type: dataset",
    }
    assert types[style] in STYLES[style](read())


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_hostile_words_break_no_form(title: str, abstract: str) -> None:
    cited = read(title=title, description=abstract, keywords=[title])
    apa = STYLES["apa"](cited)
    assert apa.endswith("\n") and apa.count("\n") == 1 and "\r" not in apa
    entry = STYLES["bibtex"](cited)
    assert _depth(entry) == 0 and entry.endswith("\n}\n")
    lines = STYLES["ris"](cited).split("\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  -", line) for line in lines[:-1]) and lines[-1] == ""
    (item,) = json.loads(STYLES["csl"](cited))
    assert item["title"] == " ".join(title.split())
    assert json.loads(STYLES["datacite"](cited))["titles"][0]["title"] == item["title"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_cff_gives_every_word_back(title: str) -> None:
    assert yaml.safe_load(STYLES["cff"](read(title=title)))["title"] == " ".join(title.split())


def _depth(text: str) -> int:
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    return depth
