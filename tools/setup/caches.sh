# Lets uv and npm keep their downloads in the checkout where the home directory cannot be written.
# shellcheck shell=sh

# can_write DIRECTORY: it, or what it would be made in, can be written.
can_write() {
  place=$1
  while ! [ -e "$place" ]; do place=$(dirname "$place"); done
  [ -w "$place" ]
}

home=${HOME:-/nonexistent}
if ! can_write "${UV_CACHE_DIR:-${XDG_CACHE_HOME:-$home/.cache}/uv}"; then
  export UV_CACHE_DIR="$PWD/.localdev/cache/uv" PIP_NO_CACHE_DIR=1
fi
if ! can_write "${npm_config_cache:-$home/.npm}"; then
  export npm_config_cache="$PWD/.localdev/cache/npm"
fi
