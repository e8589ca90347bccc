from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from casetrail.case.case import Case
from casetrail.case.profile import SHAPES as NAMES_OF_SHAPES
from casetrail.case.profile import profile
from casetrail.case.views.labels import label
from casetrail.describe.dataset import FileFacts
from casetrail.languages.words import language_named
from casetrail.package.package import open_package
from casetrail.site.compact import compact
from casetrail.site.marks import SHAPES
from casetrail.site.page import page_text


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag if tag in self.raw else ""
        if self._inside:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside][-1] += data

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]  # type: ignore[misc]


@pytest.fixture(params=["small", "plain", "attacked", "real"])
def elements(request: pytest.FixtureRequest, pages: dict[str, Path]) -> Elements:
    return Elements(pages[request.param].read_text(encoding="utf-8"))


def test_the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else(elements):
    (policy,) = [a["content"] for tag, a in elements.tags if a.get("http-equiv") == "Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    def fingerprint(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    *linked, data, script = elements.raw["script"]
    (style,) = elements.raw["style"]
    assert parts == {
        "default-src": "'none'",
        "script-src": fingerprint(script),
        "style-src": fingerprint(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert isinstance(json.loads(data), dict)
    assert all(json.loads(one)["@type"] == "Dataset" for one in linked)


def test_a_homepage_is_the_canonical_address_and_search_engines_are_told_what_it_is(pages, tmp_path):
    import shutil

    folder = tmp_path / "small"
    shutil.copytree(pages["small"].parent / "small", folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    text = page_text(open_package(folder))
    assert 'rel="canonical"' not in text and 'property="og:url"' not in text
    (folder / "datapackage.json").write_text(
        json.dumps({**descriptor, "homepage": "https://harbour.example/case"}), encoding="utf-8"
    )
    text = page_text(open_package(folder))
    assert '<link rel="canonical" href="https://harbour.example/case">' in text
    assert '<meta property="og:url" content="https://harbour.example/case">' in text
    linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert linked["name"] == descriptor["title"] and linked["url"] == "https://harbour.example/case"
    assert "https://harbour.example/case" in re.search(r"<p id=cite-apa[^>]*>([^<]*)", text)[1]


def test_whom_to_write_to_is_said_or_that_nobody_is_named(pages, tmp_path):
    import shutil

    folder = tmp_path / "small"
    shutil.copytree(pages["small"].parent / "small", folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert "No contact for corrections and removals is named." in page_text(open_package(folder))
    people = [
        {"title": "Desk", "email": "desk@harbour.example", "roles": ["contact"]},
        {"title": "Maker", "path": "https://maker.example/", "roles": ["creator"]},
    ]
    for contributors, words in (
        (people, "Corrections and removals: desk@harbour.example. Give"),
        (
            people[1:],
            '<a href="https://maker.example/" rel="noopener noreferrer">https://maker.example/</a>. Give',
        ),
    ):
        (folder / "datapackage.json").write_text(
            json.dumps({**descriptor, "contributors": contributors}), encoding="utf-8"
        )
        text = page_text(open_package(folder))
        assert words in text and "No contact" not in text


def test_nothing_in_it_runs_or_loads(elements):
    for tag, attributes in elements.tags:
        assert tag not in {"iframe", "object", "embed", "img", "base", "link"} or (
            tag == "link" and str(attributes["href"]).startswith("data:")
        )
        assert not any(name.startswith("on") or name in {"style", "src", "srcset"} for name in attributes)
        href = attributes.get("href") or "#"
        if tag == "a":
            assert re.match(r"#|https?://", href), href
            if href.startswith("http"):
                assert attributes["rel"] == "noopener noreferrer"


def test_every_id_is_there_once_and_every_link_leads_to_one(elements):
    ids = elements.ids()
    assert len(ids) == len(set(ids))
    links = {
        a["href"][1:] for tag, a in elements.tags if tag == "a" and (a.get("href") or "").startswith("#")
    }
    assert links - set(ids) == set()


@pytest.mark.parametrize("name", ["small", "real"])
def test_every_row_has_an_address(pages, root, name):
    package = root if name == "real" else pages["small"].parent / "small"
    ids = set(Elements(pages[name].read_text(encoding="utf-8")).ids())
    rows = {row_id for _, row_id, _ in Case.load(open_package(package)).every_row()}
    assert rows - ids == set()


def test_every_text_of_the_dataset_is_in_the_page_without_script(pages, root):
    text = re.sub(r"<(script|style)\b.*?</\1>", "", pages["real"].read_text(encoding="utf-8"), flags=re.S)
    words = _plain(text)
    case = Case.load(open_package(root))
    ids = re.compile("|".join(sorted((key for _, key, _ in case.every_row()), key=len, reverse=True)))
    told = {
        "events": ("title", "summary", "note"),
        "parties": ("name", "description", "note"),
        "names": ("name",),
        "charges": ("offence", "note"),
        "responses": ("summary", "note"),
        "disagreements": ("question", "summary", "note"),
        "evidence": ("locator", "as_written", "note"),
        "sources": ("publisher", "title", "note"),
        "participations": ("note",),
        "relations": ("note",),
        "demands": ("note",),
        "measures": ("note",),
        "places": ("name", "note"),
    }
    for table, columns in told.items():
        for row_id, cells in case[table].items():
            for column in columns:
                # An id in a text is called by its label.
                said = _squeezed(ids.sub(lambda match: f"“{label(case, match[0])}”", cells[column]))
                assert said in words or said.rstrip(".") in words, (row_id, column)


def _plain(text: str) -> str:
    import html

    return _squeezed(html.unescape(re.sub(r"<[^>]+>", "", text)))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", ["kk", "ru", "zh"])
def test_the_page_of_the_dataset_is_below_a_megabyte_in_each_language(pages, root, code):
    assert pages["real"].stat().st_size < 900_000
    # A release adds its list of files.
    assert len(page_text(open_package(root), language=language_named(code)).encode()) < 1_000_000 - 16_000


def test_compact_html_is_the_same_document_without_needless_end_tags_and_lines():
    html = "<ul>\n  <li>a <b>b</b>\n c</li>\n<li><p>d</p> <details>\n</details></li></ul><pre>\n&lt;li</pre>"
    assert compact(html) == ("<ul><li>a <b>b</b>\n c<li><p>d</p> <details></details></ul><pre>\n&lt;li</pre>")
    assert compact("<div><p>one</p>\n<p>two</p></div>") == "<div><p>one<p>two</div>"
    assert compact('<a class="u x" href="#so-1" lang="en">b</a><use href="#s"/>') == (
        '<a class="u x" href=#so-1 lang=en>b</a><use href="#s"/>'
    )
    assert compact("<p>in a link</p></a>") == "<p>in a link</p></a>"


def test_the_same_package_gives_the_same_bytes_under_any_hash_seed_zone_and_locale(pages, tmp_path):
    package = pages["small"].parent / "small"
    program = (
        "import sys; from casetrail.package.package import open_package;"
        "from casetrail.site.page import page_text; from pathlib import Path;"
        "sys.stdout.buffer.write(page_text(open_package(Path(sys.argv[1]))).encode())"
    )
    outcomes = {
        subprocess.run(
            [sys.executable, "-c", program, str(package)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            check=True,
            cwd=tmp_path,
        ).stdout
        for seed, zone in (("1", "Asia/Almaty"), ("2", "America/Lima"))
    }
    assert outcomes == {pages["small"].read_bytes()}


def test_downloads_have_size_checksum_and_a_line_to_load_them(pages):
    files = [
        FileFacts("data/events.csv", "The table as CSV", "text/csv", 1234, "ab" * 32),
        FileFacts("parquet/events.parquet", "The table as Parquet", "application/x", 2_500_000, "cd" * 32),
        FileFacts("later.json", "Made after the page", "application/json"),
    ]
    text = page_text(open_package(pages["small"].parent / "small"), downloads=files)
    assert 'href="data/events.csv"' in text and "1.2 kB" in text and "ab" * 32 in text
    assert "2.5 MB" in text and "cd" * 32 in text
    assert "later.json" not in text
    assert "pd.read_parquet(&#34;parquet/events.parquet&#34;)" in text
    assert "SELECT * FROM &#39;parquet/events.parquet&#39;;" in text


def test_what_the_page_says_of_loading_works(pages, tmp_path, monkeypatch):
    """The lines of the page itself, run in a folder that has the files."""
    import html

    import pandas as pd

    (tmp_path / "parquet").mkdir()
    pd.DataFrame({"event_id": ["ev-1"]}).to_parquet(tmp_path / "parquet" / "events.parquet")
    files = [FileFacts("parquet/events.parquet", "Parquet", "application/x", 1, "ab" * 32)]
    text = page_text(open_package(pages["small"].parent / "small"), downloads=files)
    lines = {
        key: html.unescape(line) for key, line in re.findall(r"<pre id=load-(\w+)[^>]*>(.*?)</pre>", text)
    }
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(lines["pandas"], names)
    assert list(names["events"]["event_id"]) == ["ev-1"]
    duckdb = pytest.importorskip("duckdb")
    assert duckdb.sql(lines["duckdb"]).fetchall() == [("ev-1",)]


def test_a_package_that_lacks_what_a_citation_needs_gets_a_page_that_says_so(pages):
    text = pages["plain"].read_text(encoding="utf-8")
    assert "does not say enough to cite it" in text


def test_a_table_that_is_too_long_is_shown_in_part_and_the_page_says_so(tmp_path):
    rows = "".join(f"{number},{'x' * 600}\n" for number in range(40_000))
    (tmp_path / "long.csv").write_text("a,b\n" + rows, encoding="utf-8")
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    descriptor = {
        "name": "long",
        "resources": [{"name": "long", "path": "long.csv", "schema": {"fields": fields}}],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    text = page_text(open_package(tmp_path))
    assert "40,000 rows" in text and "the first 30,000 are shown" in text
    assert "x" * 501 not in text


def test_kinds_are_told_apart_by_shape_alone():
    kind = profile().tables["events"].columns["kind"]
    assert len({term.shape for term in kind.vocabulary.values()} - {None}) == len(kind.vocabulary)
    assert {term.tone for term in kind.vocabulary.values()} == {band.value for band in kind.bands}
    stances = profile().tables["responses"].columns["stance"].vocabulary.values()
    assert len({term.shape for term in stances}) == len(stances)
    # Red would be a judgement.
    assert len({term.tone for term in stances} - {None, "red"}) == len(stances)
    assert tuple(SHAPES) == NAMES_OF_SHAPES
    assert len(set(SHAPES.values())) == len(SHAPES)
