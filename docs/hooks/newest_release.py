"""Puts the newest release of the dataset into the site, below `data/`, where `.github/scripts/pages.sh` has fetched it.

The page of a release looks for the zip beside its folder; `data/` itself leads to the
page. Without a release there is the documentation alone.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

NEWEST = Path(__file__).parent.parent.parent / "dist" / "newest"


def _zip() -> Path | None:
    return next(iter(sorted(NEWEST.glob("*.zip"))), None)


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The first page leads to the release."""
    if page.file.src_uri != "index.md" or (release := _zip()) is None:
        return markdown
    link = (
        f'- You want to read the case: <a href="data/">the page of {release.stem}</a>, with all its files.\n'
    )
    return markdown.replace("- You want to use the data:", f"{link}- You want to use the data:", 1)


def on_post_build(config: MkDocsConfig) -> None:
    """Unpack it into a folder of its name."""
    if (release := _zip()) is not None:
        data = Path(config.site_dir) / "data"
        with zipfile.ZipFile(release) as archive:
            archive.extractall(data / release.stem)
        shutil.copy(release, data)
        (data / "index.html").write_text(
            f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={release.stem}/">'
            f'<title>{release.stem}</title><a href="{release.stem}/">{release.stem}</a>\n',
            encoding="utf-8",
        )
