#!/usr/bin/env bash
# Install casetrail from the copy that this script is part of, unless the job has a casetrail already.
set -euo pipefail
if ! command -v casetrail >/dev/null; then
  python -m pip install --quiet "$(dirname "$0")/../.."
fi
casetrail --version
