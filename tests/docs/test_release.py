"""The README of a release: what it says can be done, and no link or path in any file that leads nowhere."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from document_blocks import blocks, run_python, run_r, run_sql

PATH = re.compile(
    r"(?:[\w.-]+/)*[\w*-]+\.(?:md|json|jsonld|csv|parquet|xlsx|sqlite|html|cff|bib|ris|R|ics|yml)"
)


def links(text: str) -> set[str]:
    """Where Markdown leads within the release: its links, and the paths in its code spans."""
    found = set()
    for token in MarkdownIt().enable("table").parse(text):
        for child in token.children or []:
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and not re.match(r"[a-z]+:|#", href):
                found.add(href.split("#")[0])
            if child.type == "code_inline" and PATH.fullmatch(child.content):
                found.add(child.content)
    return found


def test_no_link_or_path_leads_nowhere(release: Path) -> None:
    looked_at = 0
    for page in sorted(release.rglob("*.md")):
        for link in links(page.read_text(encoding="utf-8")):
            looked_at += 1
            # A path in a code span may be meant from the top; a table is called by the name of its file.
            places = [folder / link for folder in (page.parent, release, release / "data")]
            assert any(list(place.parent.glob(place.name)) for place in places), f"{page.name}: {link}"
    assert looked_at > 40
    html = (release / "index.html").read_text(encoding="utf-8")
    for link in set(re.findall(r'(?:href|src)="([^"#:]+)"', html)):
        assert (release / link).exists(), link
    for name in ("datapackage.json", "croissant.json", "csvw-metadata.json", "ro-crate-metadata.json"):
        text = (release / name).read_text(encoding="utf-8")
        for path in set(re.findall(r'"((?:data|json|parquet|derived)/[^"]+)"', text)):
            assert (release / path).exists(), f"{name}: {path}"


def test_every_path_in_any_text_is_one_of_a_file(release: Path) -> None:
    path = re.compile(rf"(?<![\w/:.@-]){PATH.pattern}\b(?![\w/])")
    looked_at = 0
    for file in sorted(release.rglob("*.*")):
        if file.suffix not in (".md", ".json", ".jsonld", ".cff", ".bib", ".ris", ".R", ".ics", ".html"):
            continue
        text = re.sub(r"https?://[^\s\"'<>)]+|application/[\w.+-]+", "", file.read_text(encoding="utf-8"))
        for name in set(path.findall(text)):
            looked_at += 1
            places = [folder / name for folder in (file.parent, release, release / "data")]
            assert any(list(place.parent.glob(place.name)) for place in places), f"{file.name}: {name}"
    assert looked_at > 100


def test_the_change_log_is_that_of_the_dataset(release: Path) -> None:
    headings = re.findall(r"(?m)^## (\S+)", (release / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert set(headings) == {release.name.rpartition("-")[0]}


@pytest.mark.program("Rscript")
def test_what_it_shows_loads_the_tables(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(release, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    languages = []
    for block in blocks(release / "README.md"):
        languages.append(block.language)
        if block.language == "python":
            run_python(block)
        elif block.language == "r":
            run_r(block)
        else:
            lines = block.text.split("\n", 1)
            assert lines[0].startswith("-- DuckDB")
            run_sql(type(block)(block.language, lines[1], "**DuckDB**", block.line))
    assert sorted(languages) == ["python", "python", "python", "r", "sql"]


def test_the_method_names_the_contact_of_the_descriptor(root: Path) -> None:
    document = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    method = (root / "data" / "README.md").read_text(encoding="utf-8")
    named = [one.get("email") or one.get("path") for one in document["contributors"]]
    for contact in filter(None, named):
        assert contact in method
    assert ("**At this moment it names none**" in method) is not any(named)
