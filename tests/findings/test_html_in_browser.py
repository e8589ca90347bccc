"""The page in a real browser: its style applies under its own policy, nothing is fetched, print shows all."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from casetrail.findings.excerpt import Source
from casetrail.findings.renderings import render
from casetrail.findings.report import Report


@pytest.mark.program("chromium")
def test_the_page_as_a_reader_sees_it(
    tmp_path: Path, report: Report, source: Source, browser: Browser
) -> None:
    page_file = tmp_path / "report.html"
    page_file.write_text(render(report, "html", source=source), encoding="utf-8")
    page = browser.new_page(viewport={"width": 400, "height": 900}, color_scheme="dark")
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert said == [], "the policy refuses nothing of the page, and nothing of a stranger's ran"
    assert asked == [page_file.as_uri()]
    assert page.locator("mark").first.evaluate("node => getComputedStyle(node).fontWeight") == "600"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 26)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400, "nothing is wider than a telephone"
    folded = page.get_by_text("'pa-7' is not the id of any party")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("summary").is_visible()
    page.close()
