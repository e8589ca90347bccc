"""`python -m benchmarks`: make the packages, measure everybody on them, write the tables into README.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cluster import scheduler
from benchmarks.generate import (
    case_package,
    events_package,
    in_parquet,
    many_tables_package,
    wrong_package,
)
from benchmarks.measure import (
    ROOT,
    Measure,
    casetrail,
    frictionless,
    machine,
    measure,
    rival,
    table,
    write,
)

README = Path(__file__).parent / "README.md"
PEERS = ("frictionless", "duckdb", "polars", "pandera", "dataframely", "distributed", "pyarrow")


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
    tables = _Tables(args.rows, args.runs, args.slow_runs, args.folder)
    parts = [machine("casetrail", *PEERS)]
    parts += [make() for make in tables.makers(large=args.large)]
    text = "\n\n".join([*parts, tables.aims()]) + "\n"
    print(text)
    if args.write:
        write(README, text)
    return 0


@dataclass
class _Aim:
    """That `command` takes at most so many times as long as `other`."""

    words: str
    most: float
    command: Measure
    other: Measure

    def row(self) -> str:
        wall = self.command.best / self.other.best
        processor = self.command.busy / self.other.busy
        reached = "yes" if wall <= self.most else "no"
        return f"| {self.words} | {self.most:.3g} | {wall:.3f} | {processor:.3f} | {reached} |"


@dataclass
class _Tables:
    rows: int
    runs: int
    slow_runs: int
    folder: Path

    def __post_init__(self) -> None:
        self._aims: list[_Aim] = []
        self._sound = events_package(self.folder / "events", self.rows)

    def makers(self, *, large: bool) -> list[Callable[[], str]]:
        """What makes each table, in their order."""
        always = [self.cold, self.sound, self.broken, self.wrong, self.many, self.case]
        # The scheduler, in this process, comes last: what it holds would count as the memory of the others.
        return [*always, *([self.large] if large else []), self.workers]

    def aims(self) -> str:
        """What was aimed at, and what these runs say of it."""
        head = [
            "**What is aimed at**",
            "",
            "| | at most, times | wall, best | processor, least | reached |",
            "|---|---:|---:|---:|---|",
        ]
        return "\n".join(head + [aim.row() for aim in self._aims])

    def cold(self) -> str:
        """The start of each command, on a dataset so small that hardly anything else counts."""
        small = ROOT / "datapackage.json"
        commands = {
            "frictionless validate": frictionless(small),
            "validate": casetrail("validate", small),
            "show": casetrail("show", "ev-20251113-protest", "--package", small),
            "format --check": casetrail("format", "--check", small),
            "new hearing --help": casetrail("new", "hearing", "--help"),
            "cite": casetrail("cite", small),
            "diff, of the dataset and itself": casetrail("diff", small, small),
            "codebook": casetrail("codebook", small),
            "explain": casetrail("explain", "constraint-required"),
            "export --to json": casetrail("export", small, "--to", "json", *self._output("json")),
            "page": casetrail("page", small, *self._output("page.html")),
            "--version": casetrail("--version"),
            "--help": casetrail("--help"),
            "Python alone": [sys.executable, "-c", "pass"],
        }
        found = measure(commands, max(self.runs, 7))
        other = found["frictionless validate"]
        for name in ("validate", "show", "new hearing --help", "format --check"):
            self._aims.append(_Aim(f"`{name}` from cold, of frictionless", 0.3, found[name], other))
        return table("commands of casetrail on the dataset of this repository, from cold", found)

    def _output(self, name: str) -> list[str]:
        target = self.folder / "output" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return ["--output", str(target), "--force"]

    def sound(self) -> str:
        """Rows in which nothing is wrong, as everybody reads them."""
        sound = self._sound
        ordered = events_package(self.folder / "ordered", self.rows, ordered=True)
        parquet = in_parquet(self.folder / "parquet", sound)
        commands = {
            "casetrail": casetrail("validate", sound),
            "casetrail, rows in the order of the key": casetrail("validate", ordered),
            "casetrail, the same in Parquet": casetrail("validate", parquet),
            "DuckDB, SQL written by hand": rival("duckdb_sql", sound),
            "pandera on polars": rival("pandera_polars", sound),
            "dataframely on polars": rival("dataframely_polars", sound),
            "pyarrow.csv, parsing alone (stream)": rival("floor", sound),
            "pyarrow.csv, parsing alone (whole table)": rival("floor_read", sound),
        }
        found = measure(commands, self.runs)
        found |= measure({"frictionless": frictionless(sound)}, self.slow_runs)
        ours, whole = found["casetrail"], found["pyarrow.csv, parsing alone (whole table)"]
        self._aims += [
            _Aim("a sound table, of parsing it whole", 1.5, ours, whole),
            _Aim("a sound table, of DuckDB's SQL", 0.6, ours, found["DuckDB, SQL written by hand"]),
        ]
        return table(f"{self.rows:,} sound events and {self.rows // 10:,} parties", found)

    def broken(self) -> str:
        """Rows of which a few are wrong."""
        broken = events_package(self.folder / "broken", self.rows, broken=True)
        found = measure({"casetrail": casetrail("validate", broken, "--format", "json")}, self.runs)
        found |= measure({"frictionless": frictionless(broken)}, self.slow_runs)
        both = found["casetrail"], found["frictionless"]
        self._aims.append(_Aim("a broken table, of frictionless", 1 / 40, *both))
        return table("the same, 1 % of the events broken in ten ways", found)

    def wrong(self) -> str:
        """A table that is wrong in every row."""
        wrong = wrong_package(self.folder / "wrong", self.rows // 2)
        commands = {
            "casetrail, which counts all": casetrail("validate", wrong, "--format", "json"),
            "frictionless, which stops at 1,000 errors": frictionless(wrong, limit=None),
        }
        found = measure(commands, self.runs)
        self._aims.append(_Aim("a table wrong all through, of frictionless", 1, *found.values()))
        title = f"{self.rows // 2:,} rows, in each a wrong date, a wrong number and a wrong address"
        return table(title, found)

    def many(self) -> str:
        """Many small tables."""
        many = many_tables_package(self.folder / "many", 1000)
        commands = {"casetrail": casetrail("validate", many), "frictionless": frictionless(many)}
        return table("1,000 tables of 100 rows", measure(commands, self.runs))

    def workers(self) -> str:
        """The sound rows by workers of a Dask scheduler."""
        found = measure({"in one process": casetrail("validate", self._sound)}, self.runs)
        for number in (1, 2, 4):
            name = f"--scheduler, {number} worker{'s' if number > 1 else ''} on this machine"
            with scheduler(number) as address:
                found |= measure(
                    {name: casetrail("validate", self._sound, "--scheduler", address)}, self.runs
                )
        by = "by workers of a Dask scheduler (processor and memory: of the command alone)"
        return table(f"the {self.rows:,} sound events, {by}", found)

    def case(self) -> str:
        """A Case Data Package, with all its rules."""
        case = case_package(self.folder / "case", self.rows)
        validate = {"casetrail, with row rules, evidence and hygiene": casetrail("validate", case)}
        slow = {
            "the row models of a release, on the same rows": [
                sys.executable,
                "-m",
                "benchmarks.row_models",
                str(case),
            ],
            "frictionless, schemas alone": frictionless(case),
        }
        found = measure(validate, self.runs) | measure(slow, self.slow_runs)
        return table(f"a Case Data Package: {self.rows:,} events, each with its evidence", found)

    def large(self) -> str:
        """Ten times as many sound rows."""
        large = events_package(self.folder / "large", self.rows * 10)
        commands = {
            "casetrail": casetrail("validate", large),
            "DuckDB, SQL written by hand": rival("duckdb_sql", large),
            "pyarrow.csv, parsing alone (stream)": rival("floor", large),
        }
        found = measure(commands, max(1, self.runs // 2))
        return table(f"{self.rows * 10:,} sound events and {self.rows:,} parties", found)


if __name__ == "__main__":
    sys.exit(main())
