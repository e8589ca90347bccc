#!/usr/bin/env bash
# Validate the package: annotations in the log, the report in the step summary, the findings as SARIF.
# Ends as `casetrail validate` does: 0 valid, 1 not, 2 could not run.
set -uo pipefail
package=${PACKAGE:-.}
code=0
casetrail validate "$package" --format github || code=$?
if [ "$code" -lt 2 ]; then
  casetrail validate "$package" --format markdown >>"${GITHUB_STEP_SUMMARY:-/dev/null}" || true
  casetrail validate "$package" --format sarif --output casetrail.sarif || true
else
  echo "## The package could not be checked: see the log" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
exit "$code"
