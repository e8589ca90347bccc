"""Judge datacite.json with the JSON Schema of DataCite 4.5."""

import json
import sys
from pathlib import Path

from datacite import schema45

record = json.loads((Path(sys.argv[1]) / "datacite.json").read_text(encoding="utf-8"))
print(json.dumps({"errors": [error.message for error in schema45.validator.iter_errors(record)]}))
