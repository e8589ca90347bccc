"""One step of a release as a process of its own: `python -m benchmarks.release_steps STEP DESCRIPTOR`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from casetrail.package.package import Package, open_package
from casetrail.tables.typed import TypedTable


def _typed(package: Package) -> list[TypedTable]:
    return [TypedTable(one, one.schema) for one in package.tables if one.schema is not None]


def csv(package: Package, folder: Path) -> None:
    """Write the canonical CSV of every table."""
    from casetrail.findings.report import ReportBuilder
    from casetrail.release.staged import write_canonical_csv

    for table in package.tables:
        write_canonical_csv(table, folder / f"{table.name}.csv", ReportBuilder())


def parquet(package: Package, folder: Path) -> None:
    """Write the Parquet of every table."""
    from casetrail.exports.parquet import write_parquet

    for table in _typed(package):
        write_parquet(table, folder / f"{table.name}.parquet")


def json(package: Package, folder: Path) -> None:
    """Write the JSON of every table."""
    from casetrail.exports.json_records import write_json

    for table in _typed(package):
        write_json(table, folder / f"{table.name}.json")


def sqlite(package: Package, folder: Path) -> None:
    """Write all tables as one SQLite database."""
    from casetrail.exports.sqlite import write_sqlite

    write_sqlite(_typed(package), folder / "all.sqlite")


def second_opinion(package: Package, folder: Path) -> None:
    """Let frictionless judge the package."""
    from casetrail.release.second_opinion import judge

    assert judge(package.root).valid


def pyarrow(package: Package, folder: Path) -> None:
    """What pyarrow does by itself: read each CSV, guessing the types, and write it as Parquet."""
    import pyarrow.csv
    import pyarrow.parquet

    for table in package.tables:
        read = pyarrow.csv.read_csv(package.root / table.path)
        pyarrow.parquet.write_table(read, folder / f"{table.name}.parquet", compression="zstd")


STEPS: dict[str, Callable[[Package, Path], None]] = {
    one.__name__: one for one in (csv, parquet, json, sqlite, second_opinion, pyarrow)
}


def main() -> None:
    """Run one step into a folder that is thrown away."""
    folder = Path(tempfile.mkdtemp())
    try:
        STEPS[sys.argv[1]](open_package(Path(sys.argv[2])), folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
