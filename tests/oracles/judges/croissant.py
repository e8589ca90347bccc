"""Judge croissant.json with mlcroissant: is it valid, and can every record set be loaded?"""

import json
import logging
import sys
from pathlib import Path

import mlcroissant

logging.disable(logging.WARNING)
path = Path(sys.argv[1]) / "croissant.json"
dataset = mlcroissant.Dataset(jsonld=str(path))
issues = dataset.metadata.ctx.issues


def plain(value):
    return value.decode() if isinstance(value, bytes) else value if value == value else None


records = {
    one.id: [{key: plain(value) for key, value in row.items()} for row in dataset.records(one.id)]
    for one in dataset.metadata.record_sets
}
print(
    json.dumps(
        {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings), "records": records},
        default=str,
    )
)
