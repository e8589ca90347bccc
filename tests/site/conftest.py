"""What the tests of the page share: the packages shown, their pages, axe-core."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from casetrail.curate.refresh_schemas import write_schemas
from casetrail.languages.words import NAMES as LANGUAGES
from casetrail.languages.words import language_named
from casetrail.package.package import open_package
from casetrail.site.page import page_text
from extended_case import append

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NAMES = """\
na-harbour-watch-ar,pa-harbour-watch,مرصد الميناء,ar,Arab,,
na-harbour-watch-kk,pa-harbour-watch,Айлақ күзеті,kk,Cyrl,Ailaq kuzeti,
na-harbour-watch-zh,pa-harbour-watch,港口观察,zh,Hans,,
"""


def harbour_case(folder: Path) -> Path:
    """A copy of the invented case, with a name in Arabic, Cyrillic and Chinese script."""
    shutil.copytree(ROOT / "tests" / "mistakes" / "_case", folder)
    write_schemas(open_package(folder))
    with (folder / "data" / "names.csv").open("a", encoding="utf-8") as file:
        file.write(NAMES)
    return folder


def plain_package(folder: Path) -> Path:
    """A package that is no case."""
    folder.mkdir()
    (folder / "birds.csv").write_text("ring,species\n007,Turdus merula\nNA,Larus canus\n", encoding="utf-8")
    fields = [
        {"name": "ring", "type": "string", "description": "Number on the ring."},
        {"name": "species", "type": "string"},
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "birds",
        "title": "Ringed birds",
        "description": "Birds that were ringed at the harbour.",
        "resources": [{"name": "birds", "path": "birds.csv", "schema": {"fields": fields}}],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


ATTACKS = (
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "{{ 7*7 }}{% raw %}${7*7}",
    "<!--<script>",
    "evil\u202etxt.exe\u2028next",
    "&lt;b&gt;",
)


def attacked_case(folder: Path) -> Path:
    """The invented case with an attack in every cell of prose, name, locator and link that it has."""
    import csv

    harbour_case(folder)
    targets = {
        "events": ("title", "summary", "note"),
        "parties": ("name", "description", "note"),
        "names": ("name", "romanization"),
        "charges": ("offence", "statute", "note"),
        "responses": ("summary", "note"),
        "disagreements": ("question", "summary"),
        "evidence": ("locator", "as_written", "reason", "note"),
        "sources": ("publisher", "title", "author", "note"),
    }
    number = 0
    for table, columns in targets.items():
        path = folder / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for column in columns:
                if row[column]:
                    row[column] = f"{row[column]} {ATTACKS[number % len(ATTACKS)]}"
                    number += 1
            if table == "sources":
                row["url"] = ("javascript:window.hacked=1", "data:text/html,<script>1</script>", row["url"])[
                    number % 3
                ]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["title"] = f"The case {ATTACKS[1]}"
    descriptor["description"] = " ".join(ATTACKS)
    descriptor["licenses"][0]["path"] = "javascript:window.hacked=1"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def crowded_case(folder: Path) -> Path:
    """The invented case with 1,100 more events, each with its evidence."""
    harbour_case(folder)
    events, evidence = [], []
    claim = {"table": "events", "locator": "paragraph 1", "certainty": "stated"}
    for number in range(1100):
        day = f"{2000 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        event = {"event_id": f"ev-n{number}", "kind": "hearing", "date": day, "status": "held"}
        events.append({**event, "title": f"Hearing number {number}"})
        source = {"source_id": ("so-courier", "so-herald")[number % 2]}
        evidence.append({"evidence_id": f"ec-n{number}", "row_id": f"ev-n{number}", **claim, **source})
    append(folder / "data" / "events.csv", *events)
    append(folder / "data" / "evidence.csv", *evidence)
    return folder


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each package by its name."""
    base = tmp_path_factory.mktemp("pages")
    packages = {
        "small": harbour_case(base / "small"),
        "plain": plain_package(base / "plain"),
        "attacked": attacked_case(base / "attacked"),
        "crowded": crowded_case(base / "crowded"),
        "real": ROOT,
        "airport": ROOT / "examples" / "almaty-airport",
    }
    made = {}
    for name, package in packages.items():
        made[name] = base / f"{name}.html"
        made[name].write_bytes(page_text(open_package(package)).encode())
    for code in LANGUAGES:
        text = page_text(
            open_package(ROOT), language=language_named(code), pages={one: one for one in LANGUAGES}
        )
        made[f"real {code}"] = base / f"real-{code}.html"
        made[f"real {code}"].write_bytes(text.encode())
    return made


@pytest.fixture(scope="session")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of a case with more claims than a page has as text."""
    from benchmarks.generate import case_package

    base = tmp_path_factory.mktemp("heavy")
    case_package(base / "case", 900, claims=10, sources=5)
    (base / "heavy.html").write_bytes(page_text(open_package(base / "case")).encode())
    return (base / "heavy.html").as_uri()


Opener = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Opener:
    """Open a page; when it is closed, nothing may have been complained of and nothing asked for."""

    @contextmanager
    def opener(
        name: str = "small",
        *,
        size: tuple[int, int] = (1280, 900),
        url: str | None = None,
        fragment: str = "",
        **options: Any,
    ) -> Iterator[Page]:
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(8000)
        page = context.new_page()
        told: list[str] = []
        address = url or pages[name].as_uri()
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                told.append(f"request: {request.url}")
                if request.url.partition("#")[0] != address and not request.url.startswith("data:")
                else None
            ),
        )
        page.goto(address + fragment)
        yield page
        context.close()
        assert told == []

    return opener


@pytest.fixture(scope="session")
def server(pages: dict[str, Path]) -> Iterator[str]:
    """The address of a local server that has the pages."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *ignored: object) -> None:
            pass

    folder = str(next(iter(pages.values())).parent)
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, installed beside this file the first time that it is wanted."""
    script = HERE / "node_modules" / "axe-core" / "axe.min.js"
    with (HERE / ".axe.lock").open("w") as lock:
        fcntl = pytest.importorskip("fcntl")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not script.is_file():
            subprocess.run(
                ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                cwd=HERE,
                check=True,
                capture_output=True,
            )
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def attacks() -> tuple[str, ...]:
    """What stands in the cells of the attacked case."""
    return ATTACKS
