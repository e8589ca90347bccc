"""The page: one HTML file that shows a package, with its evidence where it is a case, from disk and offline.

Nothing in it comes from elsewhere: style and script are in it, and its policy allows exactly those two, by
their hashes. Text, tables and charts are in the HTML; the script adds search, the case as of a
day, and copying. The same package gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casetrail.describe.citation import Citation, citation, contacts
from casetrail.describe.dataset import FileFacts, dataset_of, tables_of
from casetrail.describe.schema_org import schema_org_document
from casetrail.findings.error import CasetrailError
from casetrail.site.jinja import environment
from casetrail.site.safe_text import embedded
from casetrail.site.search_folding import search_folding
from casetrail.site.section import Section

if TYPE_CHECKING:
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
    "search.js",
    "start.js",
)


def page_text(package: Package, *, downloads: Iterable[FileFacts] = ()) -> str:
    """The page of a package as text; `downloads` are the files of the release that lie beside it."""
    style = _joined(_STYLES)
    # In one function, so that nothing of it is global.
    script = f'(function () {{\n"use strict";\n{_joined(_SCRIPTS)}}})();\n'
    content, rows = _content(package)
    files = tuple(downloads)
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
                {**(view.script_data if view else {}), "folding": search_folding(text)}
            ),
            as_json=embedded,
            linked_data=_linked_data(package),
            package=package,
            descriptor=package.descriptor,
            cited=_cited(package),
            contacts=contacts(package.descriptor),
            tables=tables_of(package, rows),
            files=files,
            paths={one.path for one in files},
            closing=[Section("data", "Data")],
            **content,
        )
    )


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
        "sections": [Section("story", "Overview"), Section("tables", "Tables")],
    }
    return content, {one.name: one.rows for one in plain}


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


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
