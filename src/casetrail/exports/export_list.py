"""The exports by name: what `casetrail export` offers and, those that are files, what a release holds."""

from __future__ import annotations

from casetrail.exports import ftm, ical, json_records, parquet, postgresql, r_loader, sqlite
from casetrail.exports.export import DatabaseExport, FileExport

EXPORTS: dict[str, FileExport | DatabaseExport] = {
    module.EXPORT.name: module.EXPORT
    for module in (parquet, json_records, sqlite, r_loader, postgresql, ftm, ical)
}
"""In the order in which a release makes them: `load.R` reads JSON files and knows their checksums."""
