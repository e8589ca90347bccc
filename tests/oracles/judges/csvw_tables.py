"""Judge csvw-metadata.json with csvw: read every table through it, each value with its type."""

import json
import sys
import warnings
from pathlib import Path

from csvw import TableGroup

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    group = TableGroup.from_file(Path(sys.argv[1]) / "csvw-metadata.json")
    tables = {str(table.url): list(table) for table in group.tables}
    group.check_referential_integrity()


def told(value):
    return None if value is None else [type(value).__name__, str(value)]


print(
    json.dumps(
        {
            "tables": {
                name: [{key: told(value) for key, value in row.items()} for row in rows]
                for name, rows in tables.items()
            },
            "warnings": [str(one.message) for one in caught],
        }
    )
)
