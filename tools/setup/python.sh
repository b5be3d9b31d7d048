#!/bin/sh
# Installs what requirements-dev.txt lists into .venv/; `make` runs it when the list has changed.
set -eu
. tools/setup/messages.sh
. tools/setup/caches.sh

venv=.venv
stamp=$venv/.installed

is_313() { "$@" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; }

find_python() {
  for candidate in python3.13 python3 python; do
    if is_313 "$candidate"; then echo "$candidate"; return; fi
  done
  # One that uv has installed need not be on the PATH.
  managed=$(uv python find --no-python-downloads 3.13 2>/dev/null) || return 0
  if is_313 "$managed"; then echo "$managed"; fi
}

has_package() { apt-cache show "$1" >/dev/null 2>&1; }

how_to_get_python() {
  if has pyenv; then echo "pyenv install 3.13 && pyenv global 3.13"
  elif has uv; then echo "uv python install 3.13"
  elif has brew; then echo "brew install python@3.13"
  elif has dnf; then echo "sudo dnf install python3.13"
  elif has apt-cache && has_package python3.13-venv; then
    echo "sudo apt install python3.13 python3.13-venv"
  elif has add-apt-repository; then
    echo "sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt install python3.13 python3.13-venv"
  else
    echo "pyenv install 3.13, or uv python install 3.13"
    if has apt-cache; then say_no_package python3.13; fi
  fi
}

say_no_package() {
  echo "(apt knows no package $1: on Debian 13 or Ubuntu 25.04 it does after sudo apt update)"
}

how_to_get_venv() {
  if has apt-cache && has_package python3.13-venv; then echo "sudo apt install python3.13-venv"
  else
    echo "install another Python 3.13, e.g. pyenv install 3.13, or uv python install 3.13"
    if has apt-cache; then say_no_package python3.13-venv; fi
  fi
}

# An installation that was cut short, by Ctrl-C say, has left no stamp: nothing of it is trusted.
# An older one is brought up to date, unless its Python is gone or it was made in another place.
if ! [ -e "$stamp" ] || ! is_313 "$venv/bin/python" ||
  { [ -s "$stamp" ] && [ "$(cat "$stamp")" != "$(installed_here "$venv")" ]; }; then
  python=$(find_python)
  [ -n "$python" ] ||
    missing "Python 3.13 is missing: python3.13, python3 and python are none" "$(how_to_get_python)"
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    missing "this Python 3.13 ($python) has no venv module" "$(how_to_get_venv)"
  echo "creating $venv with $("$python" --version)"
  rm -f "$stamp"
  "$python" -m venv --clear "$venv"
fi
rm -f "$stamp"

# The list is closed: what is not in it, with its hash, is not installed. pip installs uv, and uv
# the rest in a tenth of the time. Bytecode is made at once, or the first start would be slow.
echo "installing the Python packages of requirements-dev.txt (half a minute)"
sed -n '/^uv==/,/[^\]$/p' requirements-dev.txt >$venv/uv.txt
$venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps \
  --require-hashes --requirement $venv/uv.txt || no_index
uv_install $venv requirements-dev.txt
$venv/bin/uv pip install --quiet --python $venv/bin/python --no-deps --no-build-isolation \
  --editable packages/azure-quantum-emulator
installed_here $venv >$stamp
