#!/bin/sh
# Before packaging, in web/: builds the page into web/dist, or unpacks the built page of a release that
# QJOBS_PAGE_PACKAGE names. Packages run no scripts when they are installed: some of them would send the
# environment, in which a pipeline has its secrets, elsewhere.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

fail() {
  echo "build-page: $1" >&2
  exit 1
}

cd "$(dirname "$0")/../../web"
if [ -n "${QJOBS_PAGE_PACKAGE:-}" ]; then
  [ -f "$QJOBS_PAGE_PACKAGE" ] ||
    fail "there is no $QJOBS_PAGE_PACKAGE: give QJOBS_PAGE_PACKAGE its whole path, or unset it to have the page built."
  rm -rf dist
  python3 -m zipfile --extract "$QJOBS_PAGE_PACKAGE" dist ||
    fail "$QJOBS_PAGE_PACKAGE is no zip that can be read: unset QJOBS_PAGE_PACKAGE to have the page built."
  [ -f dist/index.html ] || fail "$QJOBS_PAGE_PACKAGE has no index.html: it is no built page."
  echo "build-page: unpacked $QJOBS_PAGE_PACKAGE in web/dist"
  exit 0
fi
npm --version >/dev/null 2>&1 ||
  fail "npm is missing, or does not run: install Node.js 20.19 or later, or azd env set QJOBS_PAGE false."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null ||
  fail "the packages of the page were not installed: is there a network, and does the npm registry answer?"
npm run build --silent || fail "the page was not built; see above."
echo "build-page: built in web/dist"
