# What the scripts beside it share: how they say what is missing, and how they install.
# shellcheck shell=sh

has() { command -v "$1" >/dev/null 2>&1; }

# missing WHAT HOW...: says what is missing, and a way to get it on this system on each line.
missing() {
  echo "make: $1. To get it:" >&2
  shift
  printf '  %s\n' "$@" >&2
  echo "then run make again" >&2
  exit 1
}

no_index() {
  echo "make: the packages were not installed. They come from PyPI, or from the index that" >&2
  echo "  PIP_INDEX_URL and UV_DEFAULT_INDEX name: is there a network, and does it answer?" >&2
  exit 1
}

# What the stamp of an environment says: where it was made. Its programs are of use only there.
installed_here() { (cd "$1" && pwd -P); }

# uv_install ENVIRONMENT LIST: what is in the list, and nothing that has not its hash.
uv_install() {
  .venv/bin/uv pip install --quiet --no-deps --require-hashes --compile-bytecode \
    --python "$1/bin/python" --requirement "$2" || no_index
}
