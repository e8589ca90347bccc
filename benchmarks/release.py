"""`python -m benchmarks.release`: what a release takes, on the dataset and on a million rows."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

from benchmarks.generate import events_package
from benchmarks.measure import ROOT, machine, measure, table, write
from benchmarks.release_steps import STEPS

HERE = Path(__file__).parent / "RELEASE.md"
NAMES = {
    "parquet": "Parquet, all types by the schema",
    "pyarrow": "pyarrow's own CSV to Parquet, types guessed",
    "csv": "canonical CSV",
    "json": "JSON",
    "sqlite": "SQLite",
    "second_opinion": "second opinion (frictionless)",
}


def main() -> int:
    """Measure, print, and with `--write` put the tables into RELEASE.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.release", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events of the large package (1,000,000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (5)")
    parser.add_argument("--slow-runs", type=int, default=1, help="runs of the second opinion (1)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks", help="for the packages")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/RELEASE.md")
    args = parser.parse_args()
    text = "\n\n".join([machine("casetrail", "frictionless", "pyarrow"), _small(args), _large(args)]) + "\n"
    print(text)
    if args.write:
        write(HERE, text)
    return 0


def _small(args: argparse.Namespace) -> str:
    print("the dataset", file=sys.stderr)
    output = args.folder / "dist"
    shutil.rmtree(output, ignore_errors=True)
    program = str(Path(sys.executable).parent / "casetrail")
    kept, fresh = output / "kept", output / "fresh"
    measure({"to be verified": [program, "release", str(ROOT), "--output", str(kept)]}, 1)
    (folder,) = (one for one in kept.iterdir() if one.is_dir())
    anew = f"rm -rf '{fresh}'; exec '{program}' release '{ROOT}' --output '{fresh}'"
    commands = {
        "`casetrail release`": ["sh", "-c", anew],
        "`casetrail verify` of the folder": [program, "verify", str(folder)],
        "`casetrail verify` of the zip": [program, "verify", f"{folder}.zip"],
    }
    return table("the dataset of this repository", measure(commands, args.runs))


def _large(args: argparse.Namespace) -> str:
    print("the large package", file=sys.stderr)
    package = events_package(args.folder / "events", args.rows)
    step = [sys.executable, "-m", "benchmarks.release_steps"]
    commands = {NAMES[name]: [*step, name, str(package)] for name in STEPS}
    slow = {name: commands.pop(name) for name in [NAMES["second_opinion"]]}
    output = args.folder / "dist" / "large"
    program = str(Path(sys.executable).parent / "casetrail")
    anew = f"rm -rf '{output}'; exec '{program}' release '{_publishable(package).parent}' --output '{output}'"
    slow["all of `casetrail release`"] = ["sh", "-c", anew]
    found = {**measure(commands, args.runs), **measure(slow, args.slow_runs)}
    in_order = {name: found.pop(name) for name in NAMES.values()} | found
    return table(f"{args.rows:,} events and {args.rows // 10:,} parties", in_order)


def _publishable(package: Path) -> Path:
    """The package, with what a release asks of a descriptor."""
    descriptor = json.loads(package.read_text(encoding="utf-8")) | {
        "title": "Benchmark",
        "created": "2026-01-01T00:00:00Z",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "Nobody", "organization": "Nobody"}],
    }
    package.write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    (package.parent / "LICENSE").write_text("Free for all.\n", encoding="utf-8")
    return package


if __name__ == "__main__":
    sys.exit(main())
