#!/bin/sh
# node.sh FOLDER WHAT: installs what FOLDER/package-lock.json lists into FOLDER/node_modules/.
set -eu
. tools/setup/messages.sh
. tools/setup/caches.sh

folder=${1:-.}
what=${2:-Azurite}
# A range such as ^20.19.0 || >=22.12.0.
range=$(sed -n 's/^ *"node": "\([^"]*\)".*/\1/p' "$folder/package.json")

# takes VERSION: whether the range has it.
takes() {
  awk -v version="$1" -v range="$range" '
    function number(text, of) { split(text, of, "."); return of[1] * 1000000 + of[2] * 1000 + of[3] }
    BEGIN {
      for (left = split(range, parts, "[|][|]"); left; left--) {
        least = parts[left]
        gsub(/[^0-9.]/, "", least)
        other_major = parts[left] ~ /\^/ && int(version) != int(least)
        if (number(version) >= number(least) && !other_major) exit 0
      }
      exit 1
    }'
}

how_to_get_node() {
  if has brew; then echo "brew install node"
  elif has dnf; then echo "sudo dnf install nodejs npm"
  elif has apt-cache &&
    takes "$(apt-cache show nodejs 2>/dev/null | sed -n 's/^Version: \([0-9.]*\).*/\1/p')"; then
    echo "sudo apt install nodejs npm"
  else
    echo "nvm install 22, or a package of nodejs.org (what this system has is too old, or none)"
  fi
}

node_missing() {
  missing "$1; $what takes Node.js $range with npm 7 or later" "$(how_to_get_node)"
}

has node || node_missing "node is missing"
version=$(node --version)
takes "${version#v}" || node_missing "node is $version, which is too old"
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
