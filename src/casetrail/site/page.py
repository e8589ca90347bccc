"""The page: one HTML file that shows a package, with its evidence where it is a case, from disk and offline.

Nothing in it comes from elsewhere: style and script are in it, and its policy allows exactly those two, by
their hashes. Text, tables and charts are in the HTML; the script adds search, the case as of a
day, and copying. The same package gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casetrail.case.name_folding import search_folding
from casetrail.case.views.date_words import month_names
from casetrail.describe.citation import Citation, citation, contacts
from casetrail.describe.dataset import FileFacts, dataset_of, languages_of, tables_of
from casetrail.describe.schema_org import schema_org_document
from casetrail.findings.error import CasetrailError
from casetrail.languages.profile_words import untranslated
from casetrail.languages.words import (
    ENGLISH,
    Language,
    chosen_language,
    language_named,
    message,
    say,
    speaking,
)
from casetrail.site.jinja import environment
from casetrail.site.safe_text import embedded, reveal_invisible
from casetrail.site.section import Section

if TYPE_CHECKING:
    from markupsafe import Markup

    from casetrail.package.package import Package

_ASSETS = Path(__file__).parent / "assets"
_STYLES = ("base.css", "rows.css", "chart.css", "dark.css", "print.css")
_SCRIPTS = (
    "page.js",
    "address.js",
    "copy.js",
    "evidence.js",
    "claims.js",
    "asof.js",
    "filters.js",
    "timeline.js",
    "card.js",
    "stops.js",
    "search.js",
    "start.js",
)


_MESSAGE = re.compile(r'\bsay\("([^"]+)"')
"""A message in a script."""


def page_text(
    package: Package,
    *,
    downloads: Iterable[FileFacts] = (),
    language: Language = ENGLISH,
    pages: Mapping[str, str] | None = None,
) -> str:
    """The page of a package as text.

    `downloads` are the files of the release that lie beside it, and `pages` the pages in all languages, this
    one too, by the code of the language.
    """
    with speaking(language):
        return _page_text(package, tuple(downloads), pages or {})


def _page_text(package: Package, files: tuple[FileFacts, ...], pages: Mapping[str, str]) -> str:
    language = chosen_language()
    style = _compact_style(_joined(_STYLES))
    # In one function, so that nothing of it is global.
    script = f'(function () {{\n"use strict";\n{_joined(_SCRIPTS)}}})();\n'
    content, rows = _content(package)
    view = content["view"]
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            data=lambda text: embedded(
                {
                    **(view.script_data if view else {}),
                    "folding": search_folding(text),
                    "months": [month_names(of_day=True), month_names(short=True)],
                    "words": _script_words(script),
                }
            ),
            as_json=embedded,
            linked_data=_linked_data(package),
            package=package,
            language=language,
            pages=[(language_named(code), href) for code, href in pages.items()],
            codebook="codebook.md" if language is ENGLISH else f"codebook.{language.code}.md",
            own=_marked(languages_of(package.descriptor)[0]),
            english=_marked(ENGLISH.code),
            in_page_language=_within(languages_of(package.descriptor)[0]),
            written=_written(languages_of(package.descriptor)[0]),
            descriptor=package.descriptor,
            cited=_cited(package),
            contacts=contacts(package.descriptor),
            tables=tables_of(package, rows),
            files=files,
            paths={file.path for file in files},
            closing=[Section("data", message("Data"))],
            **content,
        )
    )


def untranslated_words(package: Package, language: Language) -> list[str]:
    """The texts of the schemas that stay as they are in the page in a language, each with its place."""
    if language is ENGLISH:
        return []
    return [
        f"{table.name}{where} “{text}”"
        for table in package.tables
        if table.schema is not None
        for where, text in untranslated(table.schema.to_json(), language)
    ]


def _marked(code: str) -> Markup | str:
    """The attribute of what is in a language; none where the page is in it."""
    from markupsafe import Markup

    return "" if code == chosen_language().code else Markup(' lang="{}"').format(code)


def _within(code: str) -> Markup | str:
    """The attribute of words of the page in the midst of what is in a language."""
    from markupsafe import Markup

    page = chosen_language().code
    return "" if code == page else Markup(' lang="{}"').format(page)


def _written(code: str) -> Callable[[str], Markup | str]:
    """What puts a text of the package into the midst of words of the page."""
    from markupsafe import Markup

    mark = _marked(code)
    if not mark:
        return lambda text: text
    return lambda text: Markup("<span{}>{}</span>").format(
        mark, text if isinstance(text, Markup) else reveal_invisible(text)
    )


def _script_words(script: str) -> dict[str, str]:
    """The messages of the scripts that are not what they are in English."""
    messages = dict.fromkeys(_MESSAGE.findall(script))
    return {text: words for text in messages if (words := say(text)) != text}


def _content(package: Package) -> tuple[dict[str, Any], dict[str, int]]:
    """What the sections show, and the number of rows of each table."""
    if package.case_profile is not None:
        from casetrail.case.case import Case
        from casetrail.case.story import read_story
        from casetrail.site.case_view import CASE_SECTIONS, OTHER_ROWS, CaseView

        case = Case.load(package)
        view = CaseView(case)
        content = {"view": view, "as_of": view.as_of, "sections": CASE_SECTIONS, "other_section": OTHER_ROWS}
        content["story"] = read_story(package)[0]
        return content, {key: len(case[key]) for key in case.tables}
    from casetrail.site.plain_tables import plain_tables

    plain = plain_tables(package)
    content = {
        "view": None,
        "story": None,
        "plain": plain,
        "sections": [Section("story", message("Overview")), Section("tables", message("Tables"))],
    }
    return content, {table.name: table.rows for table in plain}


def _linked_data(package: Package) -> str:
    """The dataset for search engines, without its columns; `""` where too little is known to cite it."""
    try:
        document = schema_org_document(dataset_of(package))
    except CasetrailError:
        return ""
    return embedded({name: value for name, value in document.items() if name != "variableMeasured"})


def _cited(package: Package) -> Citation | None:
    """How the package is cited; `None` where its descriptor does not say enough for that."""
    try:
        return citation(package.descriptor)
    except CasetrailError:
        return None


def _joined(names: Iterable[str]) -> str:
    """The assets in one text, without indentation and lines of comment."""
    lines = "".join((_ASSETS / name).read_text(encoding="utf-8") for name in names).split("\n")
    return "".join(
        f"{line.strip()}\n" for line in lines if line.strip() and not line.strip().startswith("//")
    )


def _compact_style(style: str) -> str:
    """The style without the blanks that mean nothing; what is between quotes stays."""
    return re.sub(
        r'("[^"]*")|\s*([{};,])\s*|(:)\s+', lambda match: "".join(filter(None, match.groups())), style
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
