"""The floor once more, the whole table at once on all cores and with no line breaks in cells."""

from __future__ import annotations

import sys
from pathlib import Path

from pyarrow import csv, string

folder = Path(sys.argv[1]).parent / "data"
for path in sorted(folder.glob("*.csv")):
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    convert = csv.ConvertOptions(column_types=dict.fromkeys(names, string()), strings_can_be_null=False)
    print(path.name, csv.read_csv(path, convert_options=convert).num_rows)
