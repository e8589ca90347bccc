#!/usr/bin/env bash
# Say what changed since $BASE, in the step summary and in casetrail-changes.md, which is ready for a comment.
# That something changed is no failure; that a base cannot be read, as before the first version, is said.
set -uo pipefail
package=${PACKAGE:-.}
code=0
casetrail diff "$BASE" "$package" --format markdown --force --output casetrail-changes.md 2>casetrail-changes.err || code=$?
if [ "$code" -gt 1 ]; then
  printf 'There is nothing to compare with: %s\n' "$(head -n 1 casetrail-changes.err)" >casetrail-changes.md
fi
rm -f casetrail-changes.err
echo "changes=${FOLDER:-.}/casetrail-changes.md" >>"${GITHUB_OUTPUT:-/dev/null}"
cat casetrail-changes.md | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
