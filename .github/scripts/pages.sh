#!/usr/bin/env bash
# Build the documentation into dist/docs, and below it, in data/, the newest published release of the dataset, whose
# page is its index. Without a release there is the documentation alone.
set -euo pipefail
sudo apt-get install -qq -y --no-install-recommends r-base-core r-cran-jsonlite >/dev/null
make docs
tag=$(gh release list --exclude-drafts --json tagName --jq '[.[].tagName | select(startswith("atajurt-case-v"))][0] // ""')
if [ -n "$tag" ]; then
  gh release download "$tag" --pattern '*.zip' --dir dist/newest
  mkdir -p dist/docs/data
  unzip -q dist/newest/*.zip -d dist/docs/data
  cp dist/newest/*.zip dist/docs/data/
else
  echo "::notice::no release of the dataset is published yet; the site has the documentation alone"
fi
