#!/usr/bin/env bash
# Publish what release.sh built: a release of the tag on GitHub, with the zip and the newest notes of the dataset.
set -euo pipefail
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
heading="## ${GITHUB_REF_NAME%-v*} ${GITHUB_REF_NAME##*-v} "
awk -v heading="$heading" '/^## / { on = index($0, heading) == 1; next } on' CHANGELOG.md >"$notes"
kind=()
# As SemVer has it: a hyphen behind the three numbers says that the version comes before them.
case "${GITHUB_REF_NAME##*-v}" in *-*) kind=(--prerelease) ;; esac
gh release create "$GITHUB_REF_NAME" dist/*.zip --verify-tag "${kind[@]}" --title "$GITHUB_REF_NAME" --notes-file "$notes"
