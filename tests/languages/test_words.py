"""The page and the codebook in a language: no word of ours is left in English."""

from __future__ import annotations

import json
import re
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from casetrail.case.case import Case
from casetrail.case.views.date_words import date_words
from casetrail.cli.main import main
from casetrail.describe.codebook import codebook_document
from casetrail.describe.dataset import FileFacts
from casetrail.languages.profile_words import in_language, untranslated
from casetrail.languages.words import NAMES, Language, language_named, speaking
from casetrail.package.package import open_package
from casetrail.site.page import page_text
from extended_case import OBSERVATIONS

ROOT = Path(__file__).parents[2]
AIRPORT = ROOT / "examples" / "almaty-airport"


class Bracketed(NullTranslations):
    """A language in which every message is in brackets."""

    def gettext(self, message: str) -> str:
        # A list of names is read word by word.
        return " ".join(f"⟦{one}⟧" for one in message.split()) if "Jan" in message[:3] else f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


class BracketedTerms(dict[tuple[str, str], str]):
    """Every text of the profile in brackets."""

    def get(self, key: tuple[str, str], default: Any = None) -> str:  # type: ignore[override]
        return f"⟦{key[1]}⟧"


PSEUDO = Language("eo", "Pseudo", Bracketed(), BracketedTerms())


VOID = {"meta", "link", "input", "br", "img", "path", "line", "rect", "use", "circle"}
APART = ("script", "style", "pre", "title")


class Texts(HTMLParser):
    """The texts of a page that are not marked as being in another language, and its labels."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in VOID:
            return
        if self.skipped or tag in APART or (tag != "html" and "lang" in values):
            self.skipped.append(tag)
        if not self.skipped:
            self.texts += [values[name] or "" for name in ("aria-label", "placeholder") if name in values]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        # End tags that HTML does not need are left out.
        while tag in self.skipped and self.skipped.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.texts.append(data)


def left_in_english(html: str, data: str) -> list[str]:
    """What is in no brackets and in no cell of the data."""
    reader = Texts()
    reader.feed(html)
    # A message with links in it is several texts, so brackets are matched in all of them together.
    text = "\x00".join(" ".join(one.split()) for one in reader.texts)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "\x00", text)) != text:
        text = shorter
    words = (part.strip(" .,;:()“”«»–·?…").lower() for part in text.split("\x00"))
    return [one for one in words if re.search(r"[^\W\d_]{3}", one) and one not in data]


def data_of(folder: Path) -> str:
    cells = [row for rows in Case.load(open_package(folder)).tables.values() for row in rows.values()]
    texts = [value for row in cells for value in row.values()]
    return " ".join(" ".join([*texts, (folder / "datapackage.json").read_text("utf-8")]).split()).lower()


def test_no_word_of_the_page_is_left_in_english() -> None:
    folder = AIRPORT
    html = page_text(open_package(folder), language=PSEUDO)
    assert left_in_english(html, data_of(folder)) == []
    assert left_in_english(html.replace("⟦Timeline⟧", "Timeline"), data_of(folder))[:1] == ["timeline"]


def test_no_word_of_a_script_is_left_in_english() -> None:
    assets = ROOT / "src" / "casetrail" / "site" / "assets"
    for path in sorted(assets.glob("*.js")):
        source = re.sub(r"(?m)^\s*//.*$", "", path.read_text(encoding="utf-8"))
        said = re.sub(r'\bsay\("[^"]*"', "", source)
        prose = [
            text
            for text in re.findall(r'"([^"\n]*)"', said)
            if re.search(r"^[A-Z][a-z]{3}|[a-z]+ [a-z]+ [a-z]+", text)
        ]
        assert [
            one for one in prose if not re.search(r"[#.\[:>=]|^(Arrow|Page|Inter|Home|End|Escape)", one)
        ] == [], path


@pytest.mark.parametrize("code", NAMES)
def test_a_page_says_its_language_and_leads_to_the_others(code: str) -> None:
    pages = {one: f"index.{one}.html" for one in NAMES}
    html = page_text(open_package(AIRPORT), language=language_named(code), pages=pages)
    assert f'<html lang="{code}">' in html
    for other, name in NAMES.items():
        assert f'<link rel="alternate" hreflang="{other}" href="index.{other}.html">' in html
        assert f'hreflang="{other}"' in html and f">{name}</a>" in html
    assert html.count('aria-current="page"') == 1
    assert ("casetrail" in html.partition("<header")[0].partition("class=above")[2]) == (code != "en")
    assert html == page_text(open_package(AIRPORT), language=language_named(code), pages=pages)


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("folder", [ROOT, AIRPORT], ids=["atajurt", "airport"])
def test_a_page_of_a_real_case_stays_small(folder: Path, code: str) -> None:
    files = [
        FileFacts(
            f"parquet/a-table-{number}.parquet", "A table as Parquet, with its types", "x", 9999, "0" * 64
        )
        for number in range(110)
    ]
    pages = {one: one for one in NAMES}
    html = page_text(open_package(folder), language=language_named(code), pages=pages, downloads=files)
    assert len(html.encode()) < 1_000_000


def test_dates_are_said_as_the_language_says_them() -> None:
    dates = ("2025-11-13", "2025-11", "[..2026-01-23]", "2025-11-13/2025-11-14", "[2025-11-14..2025-12-23]")
    said = {}
    for code in ("kk", "ru", "zh"):
        with speaking(language_named(code)):
            said[code] = [date_words(one) for one in dates]
    assert said == {
        "kk": [
            "2025 ж. 13 қараша",
            "2025 ж. қараша",
            "2026 ж. 23 қаңтар немесе одан бұрын",
            "2025 ж. 13–14 қараша",
            "2025 ж. 14 қараша – 23 желтоқсан аралығында",
        ],
        "ru": [
            "13 ноября 2025 г.",
            "ноябрь 2025 г.",
            "23 января 2026 г. или раньше",
            "13–14 ноября 2025 г.",
            "в пределах 14 ноября – 23 декабря 2025 г.",
        ],
        "zh": [
            "2025年11月13日",
            "2025年11月",
            "不晚于2026年1月23日",
            "2025年11月13日至14日",
            "2025年11月14日至12月23日之间",
        ],
    }


def test_a_term_of_a_case_has_the_words_of_its_schema() -> None:
    russian = language_named("ru")
    schema = json.loads(json.dumps(OBSERVATIONS))
    missing = list(untranslated(schema, russian))
    assert (".finding.no_seats", "No seats") in missing
    term = schema["fields"][2]["categories"][1]
    term["translations"] = {"ru": {"label": "Нет мест", "description": "Публике не хватило места."}}
    said = in_language(schema, russian)["fields"][2]["categories"]
    assert [one["label"] for one in said] == ["No interpreter", "Нет мест"]
    assert {".finding.no_seats"} == {where for where, _ in missing} - {
        where for where, _ in untranslated(schema, russian)
    }


def test_the_command_names_what_a_case_has_not_translated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "page.html"
    assert main(["page", str(ROOT), "--lang", "kk", "--output", str(target)]) == 0
    assert '<html lang="kk">' in target.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert (
        main(["page", str(ROOT), "--lang", "kk", "--lang", "ru", "--output", str(tmp_path / "c.html")]) == 0
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.kk.html", "c.ru.html", "page.html"]
    assert "stay" not in capsys.readouterr().err
    package = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert package["languages"] == list(NAMES)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_codebook_speaks_the_language(form: str, tmp_path: Path) -> None:
    target = tmp_path / "codebook"
    assert main(["codebook", str(AIRPORT), "--lang", "ru", "--format", form, "--output", str(target)]) == 0
    text = target.read_text(encoding="utf-8")
    for words in ("Содержание под стражей", "не проверен носителем языка", "Как читать таблицы"):
        assert words in text
    # What the descriptor says of a table, in English alone, gives way to what its schema says.
    assert "Мера" in text and "A restraint or penalty" not in text
    assert ('<html lang="ru">' in text) == (form == "html")


def test_no_word_of_the_codebook_is_left_in_english() -> None:
    from casetrail.describe.codebook_html import html

    with speaking(PSEUDO):
        text = html(codebook_document(open_package(AIRPORT)))
    document = (AIRPORT / "datapackage.json").read_text("utf-8").lower()
    schemas = " ".join(
        json.dumps(table.schema.to_json(), ensure_ascii=False).lower()
        for table in open_package(AIRPORT).tables
        if table.schema
    )
    allowed = document + schemas
    assert left_in_english(text, allowed) == []
