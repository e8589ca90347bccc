"""Hostile texts in every writer: what reads the format for people gives the same text back.

JSON, SARIF and JUnit are in `findings/`, SQLite, R and calendars in `exports/`, BibTeX and RIS in `oracles/`,
spreadsheets in `workbook/`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import tempfile
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from casetrail.describe import markdown_text
from casetrail.describe.citation import citation
from casetrail.describe.styles import STYLES
from casetrail.exports.sql_tables import sql_name, sql_text
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.markdown import escaped
from casetrail.findings.place import Place
from casetrail.findings.renderings import render
from casetrail.findings.report import Report, ReportBuilder
from casetrail.findings.visible import encodable, visible, visible_lines
from casetrail.package.package import open_package
from casetrail.site.page import page_text
from casetrail.standard.descriptor import Descriptor
from casetrail.tables.csv_writer import csv_bytes

PIECES = [
    *(
        "a",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\ud800",
        "é",
        "汉",
        "\U0001f642",
        "|",
        "`",
        "``",
    ),
    *(
        "\\",
        "*",
        "_",
        "**x**",
        "[x](javascript:1)",
        "![x](http://x)",
        "<b>",
        "</script>",
        "<!--",
        "]]>",
        "&amp;",
        "&#0;",
    ),
    *(
        "@x",
        "#1",
        "~~",
        "- ",
        "1. ",
        "> ",
        "---",
        "```",
        "$x$",
        "www.x.org",
        "http://x.org",
        "<http://x.org>",
        "::error::",
    ),
    *(
        "%0A",
        "%",
        "##[x]",
        "'",
        '"',
        "';--",
        "{{",
        "{%",
        "${x}",
        "=1+1",
        "a: b",
        "!!python",
        "- a",
        "\u2028",
        "\x85",
        ",",
    ),
]
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.text(st.characters(), max_size=15)
)
WORDS = TEXT.filter(str.strip)
MANY = settings(max_examples=200, deadline=None)
GITHUB = MarkdownIt("gfm-like", {"linkify": False})


def text_of(tokens: list[Token]) -> str:
    """What a reader sees; a picture, raw HTML or a heading of the text would show here as another kind."""
    shown = ""
    for token in tokens:
        assert token.type not in ("html_inline", "html_block", "image", "heading_open", "fence", "hr"), token
        if token.type in ("softbreak", "hardbreak"):
            shown += " "
        shown += text_of(token.children) if token.children else token.content
    return shown


@MANY
@given(TEXT)
def test_words_in_markdown_are_read_as_they_are(text: str) -> None:
    """Reports and lists of changes: nothing in the words is markup, in a line and in a cell of a table."""
    wanted = " ".join(visible(text).split())
    assert " ".join(text_of(GITHUB.parse(f"x {escaped(text)}")).split()) == f"x {wanted}".strip()
    tokens = GITHUB.parse(f"| a | b |\n| --- | --- |\n| x {escaped(text)} | y |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert [" ".join(text_of([token]).split()) for token in cells] == ["a", "b", f"x {wanted}".strip(), "y"]


@MANY
@given(WORDS.map(encodable))
def test_names_in_the_codebook_are_read_as_they_are(text: str) -> None:
    tokens = GITHUB.parse(f"| {markdown_text.code(text)} | y |\n| --- | --- |\n")
    ((name,), _) = [token.children or [] for token in tokens if token.type == "inline"]
    assert name.type == "code_inline"
    assert name.content.split() == text.replace("\0", "\ufffd").split()


@MANY
@given(TEXT, TEXT)
def test_no_description_brings_html_or_pictures_into_markdown(text: str, address: str) -> None:
    """A description may have emphasis and links; what a browser would run or fetch it has not."""
    address = encodable(address)
    for made in (markdown_text.paragraph(text), markdown_text.cell(text), markdown_text.link(text, address)):
        assert "\n" not in made and "\r" not in made
        for token in GITHUB.parse(f"x {made}"):
            for child in token.children or []:
                assert child.type not in ("html_inline", "image"), made
                if child.type == "link_open":
                    assert not str(child.attrGet("href")).lower().startswith("javascript:")
    row = f"| a | b |\n| --- | --- |\n| x{markdown_text.cell(text)} | y |\n"
    assert sum(token.type == "td_open" for token in GITHUB.parse(row)) == 2


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in a log, as the runner of GitHub reads them."""
    found = []
    for line in log.splitlines():
        match = re.match(r"\s*::([^ :]+)(?: ([^:]*))?::(.*)", line)
        if match:
            pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
            unescape = lambda text: re.sub("%(0D|0A|3A|2C|25)", lambda code: unquote(code[0]), text)  # noqa: E731
            found.append((match[1], {name: unescape(value) for name, _, value in pairs}, unescape(match[3])))
        assert "##[" not in re.sub(r"^::.*", "", line)
    return found


def report_of(text: str, code: str = "a-code") -> Report:
    builder = ReportBuilder(10)
    place = Place(path=f"{text}.csv", line=2, row=2, field=text, value=text, table=text)
    builder.add(Finding(code, f"it says {text}", place, severity=Severity.ERROR, hint=text))
    return Report.of(builder, package=text, version=text, tables=(), checks=())


@MANY
@given(TEXT)
@example("::error::\t[x](javascript:1)")
def test_a_log_has_the_command_of_the_finding_and_no_other(text: str) -> None:
    (command,) = commands(render(report_of(text), "github", colour=False, width=None, source=None))
    name, properties, message = command
    assert (name, properties["file"], properties["line"]) == ("error", visible(f"{text}.csv"), "2")
    assert message.split("\n")[0].startswith("it says ")
    assert commands(render(report_of(text), "text", colour=False, width=80, source=None)) == []


@MANY
@given(TEXT)
def test_a_terminal_is_given_no_character_that_acts(text: str) -> None:
    for shown in (
        visible(text),
        visible_lines(text),
        render(report_of(text), "text", colour=False, width=80, source=None),
    ):
        shown.encode()
        unseen = [
            letter
            for letter in shown
            if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]
        assert unseen == []


class Page(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.attributes: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on") and name != "srcdoc", (tag, name)
            if name in ("href", "src", "action", "formaction"):
                scheme = urlsplit((value or "").strip()).scheme.lower()
                assert scheme in ("", "http", "https", "mailto", "data"), value
            self.attributes.append(value or "")
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data[:80]}")


def read_page(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


@settings(max_examples=40, deadline=None)
@given(WORDS.map(encodable))
@example("</script><script>alert(1)</script>")
def test_a_page_has_the_tags_of_any_other_page(text: str) -> None:
    """The page of a package and the report on it: other words change the text and no tag."""
    pages = {}
    for words in ("plain", text):
        schema = {
            "fields": [{"name": "a", "title": words, "description": words}],
            "title": words,
            "description": words,
        }
        table = {"name": "t", "type": "table", "path": "t.csv", "title": words, "schema": schema}
        described = {
            **{"name": "x", "version": "1.0.0", "created": "2026-01-01T00:00:00Z", "resources": [table]},
            **{"title": words, "description": words, "keywords": [words], "contributors": [{"title": words}]},
        }
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
            (folder / "t.csv").write_bytes(csv_bytes(["a"], [[visible(words)]]))
            pages[words] = read_page(page_text(open_package(folder)))
        pages[f"report {words}"] = read_page(
            render(report_of(words), "html", colour=False, width=None, source=None)
        )
    for kind in ("", "report "):
        tags = [
            tag for tag in pages[f"{kind}{text}"].tags if tag not in ("code", "p", "br", "wbr", "bdi", "span")
        ]
        plain = [
            tag for tag in pages[f"{kind}plain"].tags if tag not in ("code", "p", "br", "wbr", "bdi", "span")
        ]
        assert tags == plain


@MANY
@given(TEXT.filter(lambda text: "\0" not in text and encodable(text) == text))
def test_sql_gives_any_text_and_name_back(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    (name,) = connection.execute(f"SELECT {sql_text(text)} AS {sql_name(f'x{text}')}").description
    assert name[0] == f"x{text}"
    assert connection.execute(f"SELECT {sql_text(text)}").fetchone() == (text,)


@MANY
@given(st.lists(st.lists(TEXT.map(encodable), min_size=2, max_size=2), min_size=1, max_size=4))
def test_csv_gives_any_text_back(rows: list[list[str]]) -> None:
    data = csv_bytes(["a", "b"], rows).decode("utf-8")
    assert list(csv.reader(io.StringIO(data, newline=""), strict=True)) == [["a", "b"], *rows]


@MANY
@given(WORDS.map(encodable))
def test_every_word_of_a_citation_file_comes_back(text: str) -> None:
    contributor = {"title": text, "roles": ["creator"], "organization": text}
    about = {"name": "x", "version": "1.0.0", "created": "2024-05-01T00:00:00Z", "description": text}
    described = {**about, "title": text, "keywords": [text], "contributors": [contributor], "resources": []}
    read = yaml.safe_load(STYLES["cff"](citation(Descriptor.of(described))))
    assert read["title"] == " ".join(text.split())
    assert [word.split() for word in (read["keywords"][0], read["authors"][0]["name"])] == [text.split()] * 2
    assert set(read) <= {
        "cff-version",
        "message",
        "type",
        "title",
        "version",
        "date-released",
        "authors",
        "abstract",
        "keywords",
    }


def test_no_address_becomes_another_in_a_link() -> None:
    for address in (
        "https://x.example/a)b",
        "https://x.example/a b",
        "https://x.example/<b>",
        f"https://x.example/{os.sep}",
    ):
        (inline,) = [
            token for token in GITHUB.parse(markdown_text.link("x", address)) if token.type == "inline"
        ]
        href = next(
            str(child.attrGet("href")) for child in inline.children or [] if child.type == "link_open"
        )
        assert unquote(href) == address
