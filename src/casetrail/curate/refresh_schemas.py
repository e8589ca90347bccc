"""Schemas of a case, written anew where they are not as its profile and its own additions ask."""

from __future__ import annotations

from casetrail.case.schema_files import stale_schemas
from casetrail.curate.writing import folder_of, write_files
from casetrail.package.package import Package


def write_schemas(package: Package) -> list[str]:
    """Write the schemas of a case that are not as they should be; the paths of those written."""
    stale = stale_schemas(package)
    if stale:
        contents = {path: text.encode() for path, text in stale.items()}
        write_files(folder_of(package.files, "schemas"), contents, package.files)
    return list(stale)
