#!/usr/bin/env bash
# Install casetrail from the copy that this script is part of, unless the job has a casetrail already. With
# FROM_LOCK=1 every library is the one of requirements.lock, held to its hash: as a release wants it.
set -euo pipefail
root=$(dirname "$0")/../..
if ! command -v casetrail >/dev/null; then
  if [ "${FROM_LOCK:-}" = 1 ]; then
    python -m pip install --quiet --require-hashes -r "$root/requirements.lock"
    python -m pip install --quiet --no-deps --no-build-isolation "$root"
  else
    # A release on trial, which a list of withheld names asks for, takes the second validator too.
    python -m pip install --quiet "$root${WITHHELD:+[release]}"
  fi
fi
casetrail --version
