#!/bin/sh
# environment.sh FOLDER LIST: installs a list into an environment of its own, made by the uv of .venv/.
set -eu
. tools/setup/messages.sh
. tools/setup/caches.sh

echo "installing the Python packages of $2"
rm -f "$1/.installed"
.venv/bin/uv venv --quiet --clear --python .venv/bin/python "$1"
uv_install "$1" "$2"
installed_here "$1" >"$1/.installed"
