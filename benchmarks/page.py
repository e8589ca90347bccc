"""`python -m benchmarks.page`: how large the page is, and how soon it is seen and a search answered."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generate import case_package
from benchmarks.measure import ROOT, machine, measure, write

HERE = Path(__file__).parent / "PAGE.md"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUERIES = ("h", "hearing", "hearing number 99", "paragraph 3", "Атажұрт", "xyzzy")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SEARCH = """async query => {
  const input = document.getElementById('search');
  input.focus();
  await new Promise(done => setTimeout(done, 3000));
  input.value = query;
  const began = performance.now();
  input.dispatchEvent(new Event('input'));
  return performance.now() - began;
}"""


@dataclass
class Seen:
    """What the browser measured of one page, in milliseconds."""

    paints: list[float]
    search: dict[str, float]


def main() -> int:
    """Measure, print, and with `--write` put the table into PAGE.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000, help="events of the synthetic case (10,000)")
    parser.add_argument("--runs", type=int, default=7, help="times that each page is opened (7)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks", help="for the pages")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/PAGE.md")
    args = parser.parse_args()
    text = "\n".join([machine("casetrail"), "", *_table(args)]) + "\n"
    print(text)
    if args.write:
        write(HERE, text)
    return 0


def _table(args: argparse.Namespace) -> Iterator[str]:
    large = case_package(args.folder / "page-case", args.events)
    packages = {"the dataset": ROOT, f"{args.events:,} events, each with its evidence": large.parent}
    yield "| | made in | size | first paint, median | best | longest search | search, median |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    program = str(Path(sys.executable).parent / "casetrail")
    for number, (name, package) in enumerate(packages.items()):
        page = args.folder / f"page-{number}.html"
        command = [program, "page", str(package), "--output", str(page)]
        made = measure({name: command}, 3)[name]
        if made.code:
            raise SystemExit(f"{' '.join(command)} ended with {made.code}")
        seen = _look(page, args.runs)
        yield (
            f"| {name} | {made.wall:.2f} s | {page.stat().st_size / 1e6:.2f} MB "
            f"| {statistics.median(seen.paints):.0f} ms | {min(seen.paints):.0f} ms "
            f"| {max(seen.search.values()):.1f} ms | {statistics.median(seen.search.values()):.1f} ms |"
        )


def _look(path: Path, runs: int) -> Seen:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)

        def opened() -> Any:
            context = browser.new_context(viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
            page = context.new_page()
            page.goto(path.resolve().as_uri())
            page.wait_for_timeout(500)
            return page

        paints = []
        for _ in range(runs):
            page = opened()
            paints.append(float(page.evaluate(PAINT)))
            page.context.close()
        page = opened()
        search = {query: float(page.evaluate(SEARCH, query)) for query in QUERIES}
        browser.close()
    return Seen(paints, search)


if __name__ == "__main__":
    sys.exit(main())
