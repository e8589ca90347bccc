"""`python -m benchmarks.row_models PACKAGE`: judge every row of a case by the model of its table."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from casetrail.case.row_model import row_verdict
from casetrail.package.package import open_package


def main() -> int:
    """Judge, and print how many rows a second that were, start aside."""
    package = open_package(Path(sys.argv[1]))
    started = time.process_time()
    verdict = row_verdict(package)
    rate = verdict.rows / (time.process_time() - started)
    print(f"{verdict.rows:,} rows, {rate:,.0f} a second of processor time")
    return 1 if verdict.refused else 0


if __name__ == "__main__":
    sys.exit(main())
