"""axe-core finds nothing on any view of the page, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.program("chromium"), pytest.mark.program("npm")]

PHONE = (360, 740)


def violations(
    page: Page, axe: str, colours: bool | None = None, within: Sequence[str] = ("html",)
) -> list[str]:
    """What axe-core complains of, a line for each element: of all, of colours only, or of all but colours.

    To judge the colours takes longer than all else, and light and dark differ in nothing else; `within` are
    the selectors of the parts that are judged.
    """
    # Through the debugger, since the policy of the page allows no script but its own.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    options: dict[str, Any] = {}
    if colours is not None:
        options = (
            {"runOnly": ["color-contrast"]} if colours else {"rules": {"color-contrast": {"enabled": False}}}
        )
    found: list[dict[str, Any]] = page.evaluate(
        "([parts, options]) => axe.run({ include: parts.map(one => [one]) }, options)"
        ".then(result => result.violations)",
        [within, options],
    )
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


def as_it_opens(page: Page) -> None:
    pass


def with_all_evidence_open(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details:not(.book)').forEach(one => { one.open = true; })")
    page.wait_for_timeout(100)


def as_of_a_day(page: Page) -> None:
    page.locator("#asof summary").click()
    page.locator("#asof-day").fill("2025-03-12")


def with_results(page: Page) -> None:
    page.locator("#search").fill("harbour")
    page.locator("#results-list a").first.wait_for()


def where_an_address_leads(page: Page) -> None:
    page.evaluate("location.hash = '#ec-0022'")
    page.wait_for_timeout(100)


def with_the_keyboard(page: Page) -> None:
    for key in ("Tab", "Tab", "Shift+Tab"):
        page.keyboard.press(key)
    page.locator("[role='toolbar']").first.wait_for(state="attached")


VIEWS = [
    as_it_opens,
    with_the_keyboard,
    with_all_evidence_open,
    as_of_a_day,
    with_results,
    where_an_address_leads,
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_no_view_has_a_violation(opened, axe, view):
    with opened("small") as page:
        view(page)
        assert violations(page, axe) == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_no_view_has_a_violation_in_the_dark(opened, axe, view):
    with opened("small", color_scheme="dark") as page:
        view(page)
        assert violations(page, axe, colours=True) == []


@pytest.mark.parametrize("view", [as_it_opens, as_of_a_day, with_results], ids=lambda view: view.__name__)
def test_no_view_has_a_violation_on_a_phone(opened, axe, view):
    with opened("small", size=PHONE) as page:
        view(page)
        assert violations(page, axe, colours=False) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_package_that_is_no_case_has_none_either(opened, axe, scheme):
    with opened("plain", color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert violations(page, axe) == []


def with_a_card(page: Page) -> None:
    page.evaluate(
        "document.querySelector('#chart .m:not(.gone)').dispatchEvent(new MouseEvent('click', "
        "{ bubbles: true, cancelable: true }))"
    )
    page.locator(".card-open").wait_for()


LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"size": PHONE},
    "forced colours": {"forced_colors": "active"},
}


ROWS = {"real": ("ev-20251113-protest", "2026-01-23"), "airport": ("ev-20220105-airport", "2023-07-11")}
OPEN = ("details.e[open]", ".card-open", "#asof", "#results")


def with_all_that_opens(page: Page, row: str, day: str, word: str) -> None:
    """A row with its evidence, a card, the choice of a day and the results of a search, together."""
    page.locator(f"#{row} .what > details.e > summary").click()
    with_a_card(page)
    page.locator("#asof summary").click()
    page.locator("#asof-day").fill(day)
    page.locator("#search").fill(word)
    page.locator("#results-list a").first.wait_for()
    assert page.locator(f"#{row} li[id^='ec-']").count() > 2


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_real_cases_have_none_either(opened, axe, name, look):
    """Their colours are judged in the dark and the light, where they differ."""
    with opened(name, **LOOKS[look]) as page:
        colours = {"light": None, "dark": True}.get(look, False)
        assert violations(page, axe, colours=colours) == []
        with_the_keyboard(page)
        with_all_that_opens(page, *ROWS[name], "almaty")
        assert violations(page, axe, colours=False) == []
        if colours is not False:
            assert violations(page, axe, colours=True, within=OPEN) == []


IN_LANGUAGES = {
    "kk": ("2026 ж. 23 қаңтар", "Нәтижелер: "),
    "ru": ("23 января 2026 г.", "Результатов: "),
    "zh": ("2026年1月23日", "结果："),
}


@pytest.mark.parametrize("code", IN_LANGUAGES)
def test_no_language_has_a_violation(opened, axe, code):
    day, results = IN_LANGUAGES[code]
    with opened(f"real {code}", size=PHONE) as page:
        assert violations(page, axe) == []
        page.locator("#asof summary").click()
        page.locator("#asof-day").fill("2026-01-23")
        assert page.locator("#then-day").text_content() == day
        page.locator("#search").fill("талғар")
        assert page.locator("#results-title").text_content().startswith(results)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        assert violations(page, axe, colours=False) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, axe, colours=True, within=(".above", ".bar", "#story")) == []
