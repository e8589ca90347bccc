#!/usr/bin/env bash
# Build and verify a release, and search all of it for the names in WITHHELD, one a line, where it is given. Of
# those names nothing is printed. A tag that is not <name>-v<version> of the package is refused.
set -euo pipefail
output=${OUTPUT:-dist}
options=(--output "$output")
if [ -n "${WITHHELD:-}" ]; then
  umask 077
  list=$(mktemp)
  trap 'rm -f "$list"' EXIT
  printf '%s\n' "$WITHHELD" >"$list"
  options+=(--withheld "$list")
else
  echo "::notice::no list of withheld names is given, so nothing is searched for"
fi
casetrail release "${PACKAGE:-.}" "${options[@]}"
folder=$(ls -d "$output"/*/ | head -n 1)
casetrail verify "$folder"
release=$(basename "$folder")
# From the descriptor, for a version may have hyphens itself, as 1.0.0-rc.1.
tag=$(python3 -c 'import json, sys; p = json.load(open(sys.argv[1], encoding="utf-8")); print(p["name"] + "-v" + p["version"])' "$folder/datapackage.json")
if [ "${GITHUB_REF_TYPE:-}" = tag ] && [ "$GITHUB_REF_NAME" != "$tag" ]; then
  echo "::error::the tag is $GITHUB_REF_NAME, but datapackage.json makes it $tag"
  exit 1
fi
printf '## %s\n\n`%s`\n' "$release" "$(sha256sum "$output/$release.zip")" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
