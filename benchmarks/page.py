"""`python -m benchmarks.page`: how soon the page is ready, and what a reader waits for."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generate import case_package
from benchmarks.measure import ROOT, machine, measure

HERE = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- page: begin -->", "<!-- page: end -->"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUERIES = ("h", "hearing", "hearing number 99", "paragraph 3", "Атажұрт", "xyzzy")
QUIET = 1500
"""A page is ready where no task of 50 ms or more follows for so many milliseconds."""

WATCH = """window.lastTask = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => {
  window.lastTask = Math.max(window.lastTask, one.startTime + one.duration);
})).observe({ type: 'longtask', buffered: true });"""
READY = """async quiet => {
  do { await new Promise(done => setTimeout(done, 100)); }
  while (document.readyState !== 'complete' || performance.now() - window.lastTask < quiet);
  const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const loaded = performance.getEntriesByType('navigation')[0].loadEventEnd;
  return [painted, Math.max(window.lastTask, painted, loaded)];
}"""
# From what the reader does to the picture that follows it, in milliseconds.
TO_PICTURE = """window.toPicture = async act => {
  await new Promise(done => requestAnimationFrame(done));
  const began = performance.now();
  act();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
};"""
SEARCH = """async query => {
  const input = document.getElementById('search');
  input.focus();
  await new Promise(done => setTimeout(done, 3000));
  input.value = query;
  return toPicture(() => input.dispatchEvent(new Event('input')));
}"""
SLIDER = """async back => {
  const range = document.getElementById('asof-range');
  range.value = Number(range.max) - back;
  return toPicture(() => range.dispatchEvent(new Event('input')));
}"""
EVIDENCE = """async number => {
  const wanted = '.event details.e:not(.small) > summary, .event button.e:not(.small)';
  const all = document.querySelectorAll(wanted);
  const one = all[Math.floor(all.length / 7) * number];
  one.scrollIntoView();
  await new Promise(done => setTimeout(done, 300));
  return toPicture(() => one.click());
}"""


@dataclass
class Waits:
    """What the browser measured of a page: milliseconds, and megabytes of its renderer."""

    paint: list[float]
    ready: list[float]
    memory: list[float]
    slider: list[float]
    evidence: list[float]
    search: list[float]


def main() -> int:
    """Measure, print, and with `--write` put the table into README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000, help="events of the synthetic case (10,000)")
    parser.add_argument("--runs", type=int, default=5, help="times that each page is opened (5)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks", help="for the pages")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    args = parser.parse_args()
    text = "\n".join([machine("casetrail"), "", *_table(args)]) + "\n"
    print(text)
    if args.write:
        before, _, rest = HERE.read_text(encoding="utf-8").partition(BEGIN)
        HERE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


def _table(args: argparse.Namespace) -> Iterator[str]:
    large = case_package(args.folder / "page-case", args.events, claims=10, parties=500, sources=50)
    packages = {
        "the dataset": ROOT,
        f"{args.events:,} events with ten claims each, 500 parties": large.parent,
    }
    yield "| | made in | size | first paint | ready | slider step | evidence open | search | memory |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    program = str(Path(sys.executable).parent / "casetrail")
    for number, (name, package) in enumerate(packages.items()):
        page = args.folder / f"page-{number}.html"
        command = [program, "page", str(package), "--output", str(page), "--force"]
        made = measure({name: command}, 3)[name]
        if made.code:
            raise SystemExit(f"{' '.join(command)} ended with {made.code}")
        waits = _waits(page, args.runs)
        yield (
            f"| {name} | {made.wall:.2f} s | {page.stat().st_size / 1e6:.2f} MB | {_ms(waits.paint)} "
            f"| {_ms(waits.ready)} | {_ms(waits.slider)} | {_ms(waits.evidence)} | {_ms(waits.search)} "
            f"| {statistics.median(waits.memory):.0f} MB |"
        )


def _ms(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f}) ms"


def _waits(path: Path, runs: int) -> Waits:
    from playwright.sync_api import sync_playwright

    waits = Waits([], [], [], [], [], [])
    with sync_playwright() as playwright:
        for run in range(runs):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
            page.add_init_script(WATCH + TO_PICTURE)
            page.goto(path.resolve().as_uri())
            painted, ready = page.evaluate(READY, QUIET)
            waits.paint.append(painted)
            waits.ready.append(ready)
            waits.memory.append(_memory(browser))
            if run == runs - 1:
                measure_of: Callable[[str, Any], float] = page.evaluate
                waits.slider += [measure_of(SLIDER, back) for back in (1, 2, 3, 9, 0)]
                waits.evidence += [measure_of(EVIDENCE, number) for number in range(1, 6)]
                waits.search += [measure_of(SEARCH, query) for query in QUERIES]
            browser.close()
    return waits


def _memory(browser: Any) -> float:
    """The resident memory of the largest renderer, in megabytes."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = [
        int(line.split()[1])
        for one in processes
        if one["type"] == "renderer"
        for line in Path(f"/proc/{one['id']}/status").read_text(encoding="utf-8").splitlines()
        if line.startswith("VmRSS:")
    ]
    return max(sizes) / 1000


if __name__ == "__main__":
    sys.exit(main())
