"""Fails the build where a page links to what is not there, or would fetch something from another place."""

from __future__ import annotations

import logging
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger("mkdocs.plugins.check_pages")
FETCHED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            if name in ("href", "src") and value is not None:
                self.links.append((tag, name, value))


def on_post_build(config: MkDocsConfig) -> None:
    """Look at every link of every page that was built."""
    site = Path(config.site_dir)
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        where = path.relative_to(site).as_posix()
        for tag, name, link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                canonical = tag == "link" and config.site_url and link.startswith(config.site_url)
                if (tag, name) in FETCHED and parts.scheme != "data" and not canonical:
                    log.warning("%s would fetch %s", where, link)
                continue
            if path.name == "404.html":
                continue
            target = path.parent if parts.path and not parts.path.startswith("/") else site
            target = (target / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                log.warning("%s links to %s, which is not there", where, link)
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                log.warning("%s links to %s, which has no such part", where, link)
