#!/usr/bin/env bash
# Build the sdist and of it the wheel, into dist/, with the locked builder; check that a registry takes both, and that
# the tag is that of the version. TWINE names the program that checks, where it is not on the path.
set -euo pipefail
python -m pip install --quiet --require-hashes -r requirements.lock
python -m pip install --quiet --require-hashes -r tests/oracles/twine.lock --target build/twine
rm -rf dist
.github/scripts/readme.sh
python -m hatchling build
PYTHONPATH=build/twine python -m twine check --strict dist/*
version=$(python -m hatchling version)
if [ "${GITHUB_REF_NAME:-casetrail-v$version}" != "casetrail-v$version" ]; then
  echo "::error::the tag is $GITHUB_REF_NAME, but the version makes it casetrail-v$version"
  exit 1
fi
