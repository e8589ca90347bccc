"""Judge ro-crate-metadata.json with rocrate: does the crate open, and is each file that it names there?"""

import json
import sys
from pathlib import Path

from rocrate.rocrate import ROCrate

root = Path(sys.argv[1])
crate = ROCrate(root)
files = {one.id: one.get("sha256") for one in crate.data_entities}
print(
    json.dumps(
        {
            "name": crate.name,
            "files": files,
            "absent": [name for name in files if not (root / name).is_file()],
            "license": getattr(crate.license, "id", crate.license),
            "authors": [one["name"] for one in crate.root_dataset["author"]],
            "published": crate.root_dataset["datePublished"],
        },
        default=str,
    )
)
