#!/bin/sh
# node.sh FOLDER WHAT: installs what FOLDER/package-lock.json lists into FOLDER/node_modules/.
set -eu
. tools/setup/messages.sh
. tools/setup/caches.sh

folder=${1:-.}
what=${2:-Azurite}

how_to_get_node() {
  if has brew; then echo "brew install node"
  elif has dnf; then echo "sudo dnf install nodejs npm"
  elif has apt-cache && apt-cache show nodejs 2>/dev/null |
    sed -n 's/^Version: \([0-9]*\).*/\1/p' | grep -qE '^([2-9][0-9]|[0-9]{3,})$'; then
    echo "sudo apt install nodejs npm"
  else
    echo "nvm install 22, or a package of nodejs.org (what this system has is too old, or none)"
  fi
}

node_missing() {
  missing "$1; $what takes Node.js 20 or later with npm 7 or later" "$(how_to_get_node)"
}

has node || node_missing "node is missing"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
  node_missing "node is $(node --version), which is too old"
npm=$(npm --version 2>/dev/null) || node_missing "npm is missing, or does not run"
[ "${npm%%.*}" -ge 7 ] || missing "npm is $npm, and 7 or later is needed" "npm install -g npm@10"

cd "$folder"
# npm would empty the folder that a link leads to, which belongs to another checkout.
if [ -L node_modules ]; then
  echo "$what is taken from $(readlink node_modules) as it is"
  exit 0
fi
echo "installing $what from package-lock.json (half a minute)"
rm -f node_modules/.installed
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null || {
  echo "make: $what was not installed. It comes from the npm registry, or from the one that" >&2
  echo "  npm_config_registry or .npmrc names: is there a network, and does it answer?" >&2
  exit 1
}
touch node_modules/.installed
