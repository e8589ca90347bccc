"""`python -m benchmarks`: make the packages, measure everybody on them, write the table into README.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from benchmarks.cluster import scheduler
from benchmarks.generate import case_package, events_package, many_tables_package, wrong_package
from benchmarks.measure import ROOT, Measure, casetrail, frictionless, measure, rival

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> int:
    """Measure, print, and with `--write` put the tables into README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events of the package (1,000,000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (5)")
    parser.add_argument("--slow-runs", type=int, default=1, help="runs of what takes most of a minute (1)")
    parser.add_argument("--large", action="store_true", help="also ten times as many events")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks", help="for the packages")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    args = parser.parse_args()
    text = "\n\n".join(_tables(args)) + "\n"
    print(text)
    if args.write:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def _tables(args: argparse.Namespace) -> list[str]:
    rows, folder = args.rows, args.folder
    whole = events_package(folder / "events", rows)
    ordered = events_package(folder / "ordered", rows, ordered=True)
    broken = events_package(folder / "broken", rows, broken=True)
    case = case_package(folder / "case", rows)
    parts = [_machine()]

    print("sound package", file=sys.stderr)
    found = measure(
        {
            "casetrail": casetrail(whole),
            "casetrail, rows in the order of the key": casetrail(ordered),
            "DuckDB, SQL written by hand": rival("duckdb_sql", whole),
            "pandera on polars": rival("pandera_polars", whole),
            "dataframely on polars": rival("dataframely_polars", whole),
            "pyarrow.csv, parsing alone (stream)": rival("floor", whole),
            "pyarrow.csv, parsing alone (whole table)": rival("floor_read", whole),
        },
        args.runs,
    )
    slow = measure({"frictionless": frictionless(whole)}, args.slow_runs)
    parts.append(_table(f"{rows:,} sound events and {rows // 10:,} parties", {**found, **slow}, "casetrail"))

    print("broken package", file=sys.stderr)
    found = measure({"casetrail": casetrail(broken, "--format", "json")}, args.runs)
    slow = measure({"frictionless": frictionless(broken)}, args.slow_runs)
    parts.append(_table("the same, 1 % of the events broken in ten ways", {**found, **slow}, "casetrail"))

    print("wrong all through", file=sys.stderr)
    wrong = wrong_package(folder / "wrong", rows // 2)
    found = measure(
        {
            "casetrail, which counts all": casetrail(wrong, "--format", "json"),
            "frictionless, which stops at 1,000 errors": frictionless(wrong, limit=None),
        },
        args.runs,
    )
    title = f"{rows // 2:,} rows, in each a wrong date, a wrong number and a wrong address"
    parts.append(_table(title, found, "casetrail, which counts all"))

    print("many tables", file=sys.stderr)
    many = many_tables_package(folder / "many", 1000)
    found = measure({"casetrail": casetrail(many), "frictionless": frictionless(many)}, args.runs)
    parts.append(_table("1,000 tables of 100 rows", found, "casetrail"))

    print("workers of a scheduler", file=sys.stderr)
    found = measure({"in one process": casetrail(whole)}, args.runs)
    for workers in (1, 2, 4):
        with scheduler(workers) as address:
            name = f"--scheduler, {workers} worker{'s' if workers > 1 else ''} on this machine"
            found |= measure({name: casetrail(whole, "--scheduler", address)}, args.runs)
    title = f"the {rows:,} sound events, by workers of a Dask scheduler (processor: of the command alone)"
    parts.append(_table(title, found, "in one process"))

    print("case package", file=sys.stderr)
    found = measure({"casetrail, with row rules, evidence and hygiene": casetrail(case)}, args.runs)
    models = [sys.executable, "-m", "benchmarks.row_models", str(case)]
    found |= measure({"the row models of a release, twice as many rows": models}, args.slow_runs)
    slow = measure({"frictionless, schemas alone": frictionless(case)}, args.slow_runs)
    first = next(iter(found))
    parts.append(
        _table(f"a Case Data Package: {rows:,} events, each with its evidence", {**found, **slow}, first)
    )

    print("small dataset", file=sys.stderr)
    small = ROOT / "datapackage.json"
    found = measure({"casetrail": casetrail(small), "frictionless": frictionless(small)}, max(args.runs, 9))
    parts.append(_table("the dataset of this repository, from cold", found, "casetrail"))

    if args.large:
        print("large package", file=sys.stderr)
        large = events_package(folder / "large", rows * 10)
        found = measure(
            {
                "casetrail": casetrail(large),
                "DuckDB, SQL written by hand": rival("duckdb_sql", large),
                "pyarrow.csv, parsing alone (stream)": rival("floor", large),
            },
            max(1, args.runs // 2),
        )
        parts.append(_table(f"{rows * 10:,} sound events and {rows:,} parties", found, "casetrail"))
    return parts


def _machine() -> str:
    names = (
        "casetrail",
        "frictionless",
        "duckdb",
        "polars",
        "pandera",
        "dataframely",
        "distributed",
        "pyarrow",
    )
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine = f"{platform.system()} {platform.machine()}, {cores} cores"
    return f"{machine}, Python {platform.python_version()}; {versions}."


def _table(title: str, found: Mapping[str, Measure], base: str) -> str:
    unit = found[base]
    lines = [
        f"**{title}**",
        "",
        "| | wall, median | wall, best | times casetrail (best) | processor | peak memory | exit |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {one.wall:.2f} s | {one.best:.2f} s | {one.best / unit.best:.2f} | {one.busy:.2f} s "
        f"| {one.memory:,} MiB | {one.code} |"
        for name, one in found.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
