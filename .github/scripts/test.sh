#!/usr/bin/env bash
# The tests that need no other program, on whatever system this is, with the libraries of requirements.lock.
set -euo pipefail
python -m pip install --quiet --require-hashes -r requirements.lock
python -m pip install --quiet --no-deps --no-build-isolation --editable .
python -m pytest -n 2 --dist worksteal -m "not program" --ignore tests/oracles --ignore tests/fuzz
