#!/bin/sh
# Puts what requirements.txt names beside the code of a folder, for the Linux of the platform, and
# compiles it. Azure could do that, but gives it 60 seconds
# (learn.microsoft.com/azure/azure-functions/python-build-options), which 50 packages may exceed; and
# what is built here is what was tested.
set -eu
case "${1:-}" in -h | --help) exec "$(dirname "$0")/show-help.sh" "$0" ;; esac

fail() {
  echo "install-packages: $1" >&2
  exit 1
}

[ -n "${1:-}" ] || fail "which folder? Run infra/hooks/install-packages.sh FOLDER."
packages=.python_packages/lib/site-packages

# Bytecode is for one version of Python, and what is not compiled here is compiled anew at every
# start: the platform's file system is read-only.
python=
for candidate in python3.13 python3 "$PWD/.venv/bin/python"; do
  if "$candidate" -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python 3.13 with pip: install it, or run make setup."

cd "$1"
rm -rf .python_packages
# glibc up to that of the platform's image; pip wants each by name.
set --
for glibc in 36 35 34 31 28 27 26 24 17 12 5; do
  set -- "$@" --platform "manylinux_2_${glibc}_x86_64"
done
echo "install-packages: installing the packages of requirements.txt (half a minute)"
"$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-compile \
  --require-hashes --only-binary=:all: --implementation cp --python-version 3.13 "$@" \
  --platform manylinux2014_x86_64 --requirement requirements.txt --target "$packages"

# Nothing changes after this, so Python need not compare bytecode with sources.
set -- "$packages"
# A released package brings the bytecode of its own code.
[ -d functions/__pycache__ ] || set -- "$@" function_app.py functions qjobs algorithms
"$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$@"
echo "install-packages: $(du -sh .python_packages | cut -f 1) in .python_packages"
