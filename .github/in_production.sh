#!/bin/sh
# Prints the tag of the version that production had last with a smoke test that passed, or nothing if
# there was none yet. A release becomes the latest one only after that test; until then it is a
# prerelease.
set -eu

gh release list --repo "$GITHUB_REPOSITORY" --limit 200 --exclude-drafts --exclude-pre-releases \
  --json tagName,isLatest --jq '.[] | select(.isLatest) | .tagName'
