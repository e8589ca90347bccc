#!/usr/bin/env bash
# Validate the package: annotations in the log, the report in the step summary, the findings as SARIF in FOLDER.
# It runs where the repository is checked out, so that annotations name its files. Ends as `casetrail validate
# --fail-on` does.
set -uo pipefail
folder=${FOLDER:-.}
package=${PACKAGE:-.}
case $package in
  /*) ;;
  *) package=$folder/$package ;;
esac
sarif=$folder/casetrail.sarif
report=$(mktemp -d)/report.md
code=0
casetrail validate "$package" --fail-on "${FAIL_ON:-error}" --force \
  --output github --output "markdown=$report" --output "sarif=$sarif" || code=$?
if [ -s "$report" ]; then
  cat "$report" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  echo "sarif=$sarif" >>"${GITHUB_OUTPUT:-/dev/null}"
else
  echo "## The package could not be checked: see the log" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
rm -rf "$(dirname "$report")"
exit "$code"
