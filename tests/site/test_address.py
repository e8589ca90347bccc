"""What the reader chose is in the address, and the way back leads to where it was left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.program("chromium")

DEAD_ENDS = """[...document.querySelectorAll('a[href^="#"]')].filter(a => a.checkVisibility()
    && document.querySelector(a.getAttribute('href')).closest('.gone')).map(a => a.outerHTML)"""


@pytest.mark.parametrize("name", ["real", "airport"])
def test_on_no_day_does_any_link_lead_to_what_was_not_known_then(opened, name):
    with opened(name) as page:
        days = page.evaluate("JSON.parse(document.getElementById('page-data').textContent).days")
        page.locator("#asof").evaluate("e => { e.open = true; }")
        for day in days[:: max(1, len(days) // 5)]:
            page.locator("#asof-day").fill(day)
            assert page.evaluate(DEAD_ENDS) == [], day
        page.locator("#asof-all").click()
        assert page.evaluate(
            "[...document.querySelectorAll('#figures a')].every(a => !a.dataset.row || "
            "a.hash.slice(1) === a.dataset.row)"
        )


def test_the_way_back_leads_to_the_link_that_was_followed(opened):
    with opened("real", fragment="#disagreements") as page:
        link = page.locator(".question .kick a[href^='#']:not(.id)").nth(5)
        link.scroll_into_view_if_needed()
        top = link.bounding_box()["y"]
        link.click()
        expect(page.locator(":target")).to_be_in_viewport()
        page.go_back()
        expect(link).to_be_in_viewport()
        expect(link).to_be_focused()
        page.wait_for_timeout(200)
        assert abs(link.bounding_box()["y"] - top) < 40
        page.go_forward()
        expect(link).not_to_be_in_viewport()


def test_the_way_back_restores_what_was_chosen_there(opened):
    with opened("real") as page:
        page.locator("nav a[href='#disagreements']").click()
        page.locator("#asof").evaluate("e => { e.open = true; }")
        page.locator("#asof-day").fill("2025-11-20")
        page.locator("#asof").evaluate("e => { e.open = false; }")
        page.locator("nav a[href='#people']").click()
        assert page.evaluate("location.hash") == "#people?asof=2025-11-20"
        page.evaluate("document.getElementById('asof-all').click()")
        page.go_back()
        expect(page.locator("#asof-now")).to_have_text("20 November 2025")
        page.go_back()
        expect(page.locator("#asof-now")).to_have_text("all that is known")
        page.go_forward()
        expect(page.locator("#asof-now")).to_have_text("20 November 2025")


def test_the_words_searched_for_are_in_the_address(opened):
    with opened("real", fragment="#people?q=indictment") as page:
        expect(page.locator("#results-list a").first).to_be_visible()
        expect(page.locator("#search")).to_have_value("indictment")
        page.locator("#search").fill("hearing")
        assert page.evaluate("location.hash") == "#people?q=hearing"
        page.locator("#results-list a").first.click()
        assert "q=" not in page.evaluate("location.hash")
        page.go_back()
        expect(page.locator("#results")).to_be_hidden()


@pytest.mark.parametrize(
    "chosen",
    ["asof=2026-13-45", "asof=2026-02-30", "from=2026-99-01&to=x", "state=none&language=zz", "card=ev-none"],
)
def test_a_malformed_choice_is_as_none(opened, chosen):
    with opened("real", fragment=f"#timeline?{chosen}") as page:
        expect(page.locator("#asof-now")).to_have_text("all that is known")
        expect(page.locator("#chart .wide .m:visible").first).to_be_in_viewport()
        assert page.locator("#chart .wide").evaluate("e => e.scrollWidth / e.clientWidth") < 1.1
        assert page.locator(".filtered").count() == 0
        assert page.evaluate(
            "[...document.querySelectorAll('.filters select')].every(e => e.selectedIndex === 0)"
        )


def test_a_filter_counts_what_was_known_on_the_day(opened):
    with opened("real", fragment="#disagreements?state=open") as page:
        said = page.locator("#disagreements [role=status]")
        now = re.match(r"(\d+) of (\d+)", said.text_content())
        page.locator("#asof").evaluate("e => { e.open = true; }")
        page.locator("#asof-day").fill("2025-11-20")
        then = re.match(r"(\d+) of (\d+)", said.text_content())
        assert int(then[1]) < int(now[1]) and int(then[2]) < int(now[2])
        assert int(then[1]) == page.locator(".question:visible").count()
