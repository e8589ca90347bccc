"""A column of numbers where the schema wants dates."""

from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import write_table


def make(package: Path) -> None:
    write_table(pa.table({"id": ["h1"], "day": [20250401]}), package / "hearings.parquet")
