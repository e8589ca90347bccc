"""Judge datapackage.json with the JSON Schema of Data Package 2.0, as dplib ships it."""

import json
import sys
from importlib import resources
from pathlib import Path

import jsonschema

descriptor = json.loads((Path(sys.argv[1]) / "datapackage.json").read_text(encoding="utf-8"))
shipped = resources.files("dplib") / "profiles" / "2.0" / "datapackage.json"
profile = json.loads(shipped.read_text(encoding="utf-8"))
validator = jsonschema.validators.validator_for(profile)(profile)
print(json.dumps({"errors": [error.message[:300] for error in validator.iter_errors(descriptor)]}))
