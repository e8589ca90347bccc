"""What is printed: a dossier with every claim, without what a screen alone needs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.program("chromium")

A4 = (680, 1000)
"""The room of a printed page in pixels."""


def test_printed_the_dataset_is_a_dossier_of_some_forty_pages(opened):
    with opened("real en") as page:
        pdf = page.pdf(format="A4")
        assert 25 < len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 45


def test_printed_no_claim_is_missing_and_nothing_is_cut(opened):
    with opened("real en", size=A4) as page:
        claims = page.locator("li[id^='ec-']").count()
        page.emulate_media(media="print")
        assert page.locator("li[id^='ec-']:visible").count() == claims > 1000
        expect(page.locator("#cite-apa")).to_be_visible()
        for needless in (".languages", ".bar", ".filters", ".zoom", ".arrow-keys", "#cite .book"):
            assert page.locator(f"{needless}:visible").count() == 0, needless
        assert page.evaluate("document.documentElement.scrollWidth") <= A4[0]
        cut = """[...document.querySelectorAll('main p, main li, main h3, main td')]
            .filter(e => e.checkVisibility() && !e.closest('.u') && e.clientWidth)
            .filter(e => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
            .map(e => e.outerHTML)"""
        assert page.evaluate(cut) == []
        # Browsers print no background by default, and a square without one is one of another rank.
        squares = page.locator(".squares a:visible")
        assert set(squares.evaluate_all("all => all.map(e => getComputedStyle(e).printColorAdjust)")) == {
            "exact"
        }


def test_printed_the_origins_of_a_version_are_set_apart_from_its_reason(opened):
    with opened("small") as page:
        page.emulate_media(media="print")
        separator = "e => getComputedStyle(e, '::before').content"
        assert page.locator(".version .ind").first.evaluate(separator) == '" · "'
        assert page.locator(".version .reason").first.evaluate(separator) == '" · "'
