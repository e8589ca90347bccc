#!/usr/bin/env bash
# Build and verify the release that the tag names; a tag that is not <name>-v<version> of the package is refused.
set -euo pipefail
casetrail release
folder=$(ls -d dist/*/ | head -n 1)
casetrail verify "$folder"
release=$(basename "$folder")
tag="${release%-*}-v${release##*-}"
if [ "${GITHUB_REF_NAME:-$tag}" != "$tag" ]; then
  echo "::error::the tag is $GITHUB_REF_NAME, but datapackage.json makes it $tag"
  exit 1
fi
printf '## %s\n\n`%s`\n' "$release" "$(sha256sum "dist/$release.zip")" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
