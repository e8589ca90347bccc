"""The codebook: complete, readable as Markdown, and safe with other people's words."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from casetrail.describe.codebook import codebook
from casetrail.describe.dataset import dataset_of
from casetrail.describe.markdown_text import cell, code, paragraph, table_rows
from casetrail.package.package import open_package

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
TIDES = Path(__file__).parent.parent / "release" / "packages" / "tides"


class Page(HTMLParser):
    """The rendered page: its headings, its tables as rows of cell texts, every tag in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.tags: list[str] = []
        self._into: list[str] | None = None
        self.feed(READER.render(text))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._into = self.tables[-1][-1]
        elif tag in ("h1", "h2", "h3"):
            self.headings.append("")
            self._into = self.headings

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "h1", "h2", "h3"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


@pytest.fixture(scope="module")
def ours() -> tuple[str, Page]:
    text = codebook(dataset_of(open_package(Path(__file__).parent.parent.parent)))
    return text, Page(text)


def test_every_table_column_term_and_rule_is_there(ours: tuple[str, Page], root: Path) -> None:
    text, page = ours
    cells = {one for table in page.tables for row in table for one in row}
    for path in sorted((root / "schemas").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["name"] in page.headings
        for field in schema["fields"]:
            assert field["name"] in cells
            for category in field.get("categories", ()):
                assert category["value"] in cells and category["description"].replace("`", "") in cells
                assert category.get("origin", category["value"]) in cells
        for rule in (*schema.get("rules", ()), *schema.get("dateOrders", ())):
            assert f"`{rule['name']}`: {rule['description']}" in text


def test_every_row_of_a_table_has_all_its_cells(ours: tuple[str, Page]) -> None:
    for table in ours[1].tables:
        assert {len(row) for row in table} == {len(table[0])}
        assert len(table) > 1


def test_every_link_within_has_its_heading(ours: tuple[str, Page]) -> None:
    text, page = ours
    anchors = {
        "".join(c for c in heading.lower() if c.isalnum() or c in " -_").replace(" ", "-")
        for heading in page.headings
    }
    links = [
        token.attrGet("href")
        for one in READER.parse(text)
        for token in one.children or []
        if token.tag == "a"
    ]
    inner = {str(link)[1:] for link in links if link and str(link).startswith("#")}
    assert inner and inner <= anchors


def test_lines_are_not_repeated_in_the_whole(ours: tuple[str, Page]) -> None:
    # Terms that several columns share are told once and pointed at.
    heads = [one for one in ours[1].headings if one.startswith("Terms of ")]
    assert len(heads) == len(set(heads))
    assert "The same as: [Terms of " in ours[0]


def test_a_package_of_somebody_else() -> None:
    text = codebook(dataset_of(open_package(TIDES), rows={"readings": 3}))
    page = Page(text)
    known = {"h1", "h2", "h3", "p", "a", "code", "pre", "em", "blockquote", "ul", "li"}
    assert set(page.tags) <= known | {"table", "thead", "tbody", "tr", "th", "td"}
    columns = {row[0]: row for table in reversed(page.tables) for row in table}
    assert columns["label"][3].startswith("Words | with a pipe and <i>markup</i>.")
    assert "Unit: boats." in columns["boats"][3] and "No value: an empty cell, -." in columns["boats"][3]
    assert columns["reading_id"][:3] == ["reading_id", "whole number", "yes"]
    assert "Points at stations.station_id." in columns["station_id"][3]
    assert columns["high"] == ["high", "Gale", "", "Sea lore"]
    assert "10.5072/saltmouth.1.2.0" in text and "10.5072/saltmouth<" not in text
    assert "File: `data/readings.csv`" not in text  # It is described where it lies.
    assert columns["readings"][1] == "3"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_markup_of_others_gets_through(words: str) -> None:
    page = Page(table_rows(("a", "b"), [(cell(words), "end")]) + "\n\n" + paragraph(f"x {words}"))
    assert "script" not in page.tags and "img" not in page.tags
    tables = [table for table in page.tables if len(table) > 1]
    if tables:
        assert tables[0][1][-1] == "end" and len(tables[0][1]) == 2


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "`<b>`",
        "a `|` b",
        "`` ` ``",
        "a|b\n|c",
        "<!-- x",
        "\\`<b>x</b>`",
        "``<b>`",
        "\\\\`<b>`",
        "`\\`<b>`",
        "a \\| b",
        "\\",
    ],
)
def test_no_markup_of_others_gets_through_by_name(words: str) -> None:
    page = Page(table_rows(("a", "b"), [(cell(words), "end")]))
    assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert page.tables[0][1][1:] == ["end"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1))
def test_code_spans_show_what_they_hold(text: str) -> None:
    page = Page(table_rows(("a", "b"), [(code(text), "end")]))
    assert page.tables[0][1] == [text, "end"]
