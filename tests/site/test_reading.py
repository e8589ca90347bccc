"""What a reader meets first, reads and presses: each of these was wrong once."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter

import pytest
from playwright.sync_api import expect

from casetrail.describe.dataset import FileFacts
from casetrail.package.package import open_package
from casetrail.site.page import page_text

pytestmark = pytest.mark.program("chromium")

RAW_IDS = """(() => {
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), ids = [];
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.closest('.id, pre, code, script, #data')) { continue; }
        ids.push(...(texts.currentNode.data.match(
            /\\b(ev|pa|ch|re|pr|dc|pt|me|rl|si|de|na|pl|so|ec|di)-[a-z0-9]+-[a-z0-9-]+/g) || []));
    }
    return ids;
})()"""


def test_the_first_screen_says_who_where_for_what_and_what_is_not_known(opened):
    with opened("real", size=(1440, 900)) as page:
        seen = page.evaluate(
            "[...document.querySelectorAll('#story h1, #lede p, #until')].filter(e => "
            "e.getBoundingClientRect().bottom < innerHeight).map(e => e.textContent).join(' ')"
        )
        for word in ("19 people", "Atajurt", "Kazakhstan", "Xinjiang", "Chinese flags", "Article 174"):
            assert word in seen, word
        assert "No verdict has been found; that is no evidence that there was none." in seen


LOOK = """all => all.filter(e => e.checkVisibility()).map(e => { const style = getComputedStyle(e);
    return [style.borderTopWidth, getComputedStyle(e.querySelector('a')).textDecorationLine,
        parseFloat(style.fontSize) < 17].join(' '); })"""


def test_evidence_looks_the_same_wherever_it_is_opened(opened):
    with opened("real") as page:
        for summary in (
            page.locator("#ch-174-2, #ev-20260123-hearing .what").locator("> details.e > summary").all()
        ):
            summary.click()
        for summary in page.locator("#lede details.e > summary").all():
            summary.click()
        looks = page.locator(".said li:has(> a:first-child), #lede details.e li").evaluate_all(LOOK)
        assert len(looks) > 50 and set(looks) == {"0px underline true"}


@pytest.mark.parametrize("name", ["real", "airport"])
def test_rows_are_called_by_their_names_and_sentences_end_once(opened, name):
    with opened(name) as page:
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        assert page.evaluate(RAW_IDS) == []
        assert re.findall(r"[^.\s]\.\.(?!\.)", page.locator("main").inner_text()) == []
        assert "held" not in page.locator(".status").all_text_contents()


def test_evidence_is_named_after_its_row_and_an_id_says_where_it_leads(opened):
    with opened("real") as page:
        names = page.locator("details.e > summary").evaluate_all(
            "all => all.map(e => e.textContent.replace(/\\\\s+/g, ' ').trim())"
        )
        assert not [one for one in names if re.fullmatch(r"Evidence \d+", one)]
        assert Counter(names).most_common(1)[0][1] < 12
        assert "Link to this row" in page.locator(".id").first.evaluate(
            "e => getComputedStyle(e, '::before').content"
        )


def test_the_sections_stay_within_reach_on_a_phone(opened):
    with opened("real", size=(390, 844)) as page:
        page.evaluate("location.hash = '#so-' + document.querySelector('#sources article').id.slice(3)")
        expect(page.locator("#sources article").first).to_be_in_viewport()
        expect(page.locator(".bar nav a[href='#sources']")).to_be_in_viewport()
        page.locator("#asof summary").click()
        panel = page.locator("#asof > div").bounding_box()
        assert panel["height"] < 844 / 2


def test_sections_out_of_sight_are_not_laid_out_until_they_are_wanted(opened):
    with opened("real") as page:
        kept = page.locator("main > section").evaluate_all(
            "all => all.map(e => getComputedStyle(e).contentVisibility)"
        )
        assert kept == ["visible", *["auto"] * (len(kept) - 1)] and len(kept) > 4


def test_a_reader_takes_a_file_with_one_press_and_finds_the_zip_and_the_checksums(opened, pages, tmp_path):
    files = [
        FileFacts(name, name, "text/plain", 1000, "ab" * 32)
        for name in ("data/events.csv", "case.xlsx", "case.sqlite", "codebook.md", "case.json")
    ]
    place = tmp_path / "index.html"
    place.write_text(
        page_text(open_package(pages["small"].parent / "small"), downloads=files), encoding="utf-8"
    )
    with opened(url=place.as_uri()) as page:
        wanted = page.locator(".wanted a")
        kinds = [re.sub(r".*\.", "", one.get_attribute("href")) for one in wanted.all()]
        assert kinds == ["xlsx", "csv", "sqlite", "md", "zip", "SHA256SUMS"]
        assert page.locator(".wanted a[download], .files a[download]").count() == len(files) + 5
        expect(page.locator(".sum").first).to_be_hidden()


def test_what_people_say_in_public_is_in_the_public_band(opened):
    with opened("real") as page:
        mark = page.locator("#chart .wide a[href='#ev-20260115-washington']")
        band = mark.evaluate("e => e.closest('.lane').querySelector('.name').textContent")
        assert band == "Street and public"


def test_a_demand_names_who_asks_once(opened):
    with opened("real") as page:
        demands = page.locator("#ev-20251113-protest .facts > li:has(> ul)")
        expect(demands).to_have_count(1)
        expect(demands).to_contain_text("Asked by Those who took part")
        assert demands.locator("li[id^='de-']").count() == 8


@pytest.mark.parametrize("name", ["real", "airport"])
def test_the_questions_come_by_importance_and_each_can_be_read_by_itself(opened, name):
    with opened(name) as page:
        questions = page.locator(".matrix .question").evaluate_all(
            "all => all.map(e => [e.dataset.state, e.querySelectorAll('.version li').length,"
            " e.querySelector('h3').textContent])"
        )
    order = [(("open", "settled", "compatible").index(state), -claims) for state, claims, _ in questions]
    assert order == sorted(order) and len(order) > 15
    texts = [question for _, _, question in questions]
    assert len(set(texts)) == len(texts)
    assert [text for text in texts if not re.fullmatch(r"[A-Z].* .* .*\?", text)] == []
    assert [text for text in texts if re.search(r"\b(it|they|this|these|others)\b", text)] == []


ON_NAMES = """() => {
    const names = [...document.querySelectorAll('#chart .wide .m text')].map(e => e.getBoundingClientRect());
    const crossed = [];
    for (const path of document.querySelectorAll('#chart .wide .links path')) {
        const place = path.getScreenCTM(), length = path.getTotalLength();
        for (let part = 0; part <= 1; part += .05) {
            const point = path.getPointAtLength(part * length).matrixTransform(place);
            crossed.push(...names.filter(name => point.x > name.left && point.x < name.right &&
                point.y > name.top + 2 && point.y < name.bottom - 2));
        }
    }
    return [document.querySelectorAll('#chart .wide .links path').length, crossed.length]; }"""


@pytest.mark.parametrize("width", [1280, 3840])
def test_the_line_from_what_was_postponed_crosses_no_name(opened, width):
    with opened("real", size=(width, 900)) as page:
        lines, crossed = page.evaluate(ON_NAMES)
        assert lines and not crossed


@pytest.mark.parametrize("code", ["kk", "ru"])
def test_a_phone_shows_the_story_and_not_the_state_of_the_translation(opened, code):
    with opened(f"real {code}", size=(360, 740)) as page:
        assert page.locator("h1").bounding_box()["y"] < 260
        note = page.locator(".above details")
        expect(note.locator("p")).to_be_hidden()
        note.locator("summary").click()
        expect(note.locator("p")).to_be_visible()
        page.emulate_media(media="print")
        expect(note.locator("p")).to_be_visible()


@pytest.mark.parametrize("name", ["real", "airport"])
def test_every_mark_of_the_timeline_has_its_name_beside_it(opened, name):
    with opened(name) as page:
        for part in ("wide", "narrow"):
            assert page.locator(f"#chart .{part} .m").count() > 20
            assert page.locator(f"#chart .{part} .m:not(:has(text))").count() == 0


@pytest.mark.parametrize(
    ("narrowed", "band"),
    [("speech", "Street and public"), ("hearing", "Court"), ("detention", "Police and custody")],
)
def test_an_event_of_a_kind_of_the_case_is_in_the_band_of_the_kind_that_it_narrows(
    opened, pages, tmp_path, narrowed, band
):
    folder = tmp_path / "small"
    shutil.copytree(pages["small"].parent / "small", folder)
    path = folder / "schemas" / "events.json"
    schema = json.loads(path.read_text("utf-8"))
    kind = next(field for field in schema["fields"] if field["name"] == "kind")
    kind["categories"].append({"value": "own", "label": "Own", "description": "Own.", "narrows": narrowed})
    kind["constraints"]["enum"].append("own")
    path.write_text(json.dumps(schema), encoding="utf-8")
    events = folder / "data" / "events.csv"
    events.write_text(
        re.sub(r"(?m)^(ev-20250301-march),\w+,", r"\1,own,", events.read_text("utf-8")), "utf-8"
    )
    place = tmp_path / "index.html"
    place.write_text(page_text(open_package(folder)), encoding="utf-8")
    with opened(url=place.as_uri()) as page:
        mark = page.locator("#timeline .wide a[href='#ev-20250301-march']").first
        assert mark.evaluate("e => e.closest('.lane').querySelector('.name').textContent") == band
