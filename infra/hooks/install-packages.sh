#!/bin/sh
# Before packaging: puts what requirements.txt names beside the code of a folder (else this one), for
# the Linux of the platform. Azure could do that, but gives it 60 seconds
# (learn.microsoft.com/azure/azure-functions/python-build-options), which 50 packages may exceed; and
# what is built here is what was tested.
set -eu

fail() {
  echo "install-packages: $1" >&2
  exit 1
}

cd "${1:-.}"
packages=.python_packages/lib/site-packages

python=
for candidate in python3.13 python3; do
  if "$candidate" -m pip --version >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python with pip: install python3-pip."

rm -rf .python_packages
# glibc up to that of the platform's image; pip wants each by name.
set --
for glibc in 36 35 34 31 28 27 26 24 17 12 5; do
  set -- "$@" --platform "manylinux_2_${glibc}_x86_64"
done
echo "install-packages: installing the packages of requirements.txt (half a minute)"
"$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-compile \
  --require-hashes --only-binary=:all: --ignore-requires-python --implementation cp \
  --python-version 3.13 "$@" --platform manylinux2014_x86_64 --requirement requirements.txt --target "$packages"

# The platform's file system is read-only: bytecode that is not there is made anew at every start.
if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))'; then
  "$python" -m compileall -q --invalidation-mode unchecked-hash "$packages"
else
  echo "install-packages: without Python 3.13 there is no bytecode, and starting takes seconds longer" >&2
fi
echo "install-packages: $(du -sh .python_packages | cut -f 1) in .python_packages"
