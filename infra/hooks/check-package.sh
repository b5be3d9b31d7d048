#!/bin/sh
# Before anything is deployed: refuses a package without its packages, and prints the path of one that
# is whole. It is the zip that is given, else QJOBS_PACKAGE, which goes with `azd deploy api
# --from-package`, else what azd has just packed. azd tells no hook where that is: releases 1.30 to 1.31
# put it where they put temporary files, with the time in its name (project_utils.go of azure-dev).
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

fail() {
  echo "check-package: $1" >&2
  exit 1
}

package=${1:-${QJOBS_PACKAGE:-}}
if [ -z "$package" ]; then
  temporary=${TMPDIR:-/tmp}
  # The last in the order of names is the newest. Others may write there, too: theirs are not taken.
  package=$(find "${temporary%/}"/qjobs-api-azddeploy-*.zip -prune -type f -user "$(id -u)" 2>/dev/null |
    sort | tail -n 1)
  [ -n "$package" ] || fail "azd has packed nothing in $temporary. With azd deploy --from-package FILE set QJOBS_PACKAGE to FILE; otherwise this azd is unknown here: install 1.31.2."
fi
[ -f "$package" ] || fail "there is no $package: correct QJOBS_PACKAGE, or unset it."
python3 "$(dirname "$0")/check_package.py" "$package" ||
  fail "$package is not deployed: it is not whole. See what is wrong above; azd package api makes it anew from dist/deployable, which infra/hooks/stage-package.sh lays out."
echo "$package"
