#!/bin/sh
# Before packaging, in web/: builds the page into web/dist. Packages run no scripts when they are
# installed: some of them would send the environment, in which a pipeline has its secrets, elsewhere.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

fail() {
  echo "build-page: $1" >&2
  exit 1
}

cd "$(dirname "$0")/../../web"
npm --version >/dev/null 2>&1 ||
  fail "npm is missing, or does not run: install Node.js 20.19 or later, or azd env set QJOBS_PAGE false."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null ||
  fail "the packages of the page were not installed: is there a network, and does the npm registry answer?"
npm run build --silent || fail "the page was not built; see above."
echo "build-page: built in web/dist"
