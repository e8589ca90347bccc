"""A file that was cut off: the footer, which says what is where, is gone."""

from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import write_table


def make(package: Path) -> None:
    path = package / "hearings.parquet"
    write_table(pa.table({"id": ["h1"], "day": ["2025-04-01"]}), path)
    path.write_bytes(path.read_bytes()[:-40])
