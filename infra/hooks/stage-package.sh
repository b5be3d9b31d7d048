#!/bin/sh
# Before packaging: lays out in dist/deployable exactly what is deployed, the code and its packages.
#
# azd packs a folder but for what its .funcignore leaves out, and it does not read that file as git
# does: a star crosses slashes, and a folder left out is not entered. In the root of a checkout the
# file would have to name everything that must stay behind. Here what goes is named instead, and
# nothing is left out.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

folder=dist/deployable

# The second region would get that one, and the first what is packed now.
if [ -n "${QJOBS_PACKAGE:-}" ]; then
  echo "stage-package: QJOBS_PACKAGE names a package, which azd deploy api --from-package \"$QJOBS_PACKAGE\" deploys: run that, or unset QJOBS_PACKAGE to have a new one packed." >&2
  exit 1
fi

rm -rf "$folder"
mkdir -p "$folder/apim"
cp -R function_app.py host.json requirements.txt functions qjobs algorithms "$folder"
cp apim/openapi.yaml "$folder/apim"
find "$folder" \( -name __pycache__ -o -name '.*' \) -prune -exec rm -rf {} +
# Empty, but there: without the file azd leaves out all bytecode.
: >"$folder/.funcignore"
"$(dirname "$0")/install-packages.sh" "$folder"
