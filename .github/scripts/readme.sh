#!/usr/bin/env bash
# Let the links and pictures of README.md lead to the commit that is built: the page of a registry has no files beside
# it. Where no repository is known the README stays as it is, for no address is invented.
set -euo pipefail
[ -n "${GITHUB_REPOSITORY:-}" ] || exit 0
at="${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY"
sed -i -E \
  -e "s#(\]\()([^):]+\.png\))#\1$at/raw/$GITHUB_SHA/\2#g" \
  -e "s#(\]\()([^):]+\))#\1$at/blob/$GITHUB_SHA/\2#g" README.md
