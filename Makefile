# Everything one does with this repository; `make` lists it. Works with GNU make from 3.81 on.

.DEFAULT_GOAL := help
.PHONY: help setup installed checked demo up emulator emulator-wheel test lint unit coverage bench load quantum package lock clean

VENV := .venv
PYTHON := $(VENV)/bin/python
# A stamp is newer than what it was made from, so a second `make setup` has nothing to do.
PYTHON_STAMP := $(VENV)/.installed
NODE_STAMP := node_modules/.installed
# checkov pins packages that others need newer, so it has an environment of its own.
CHECKOV := .checkov
CHECKOV_STAMP := $(CHECKOV)/.installed
# Locust brings gevent, so it has one as well.
LOAD := .load
LOAD_STAMP := $(LOAD)/.installed

# The lists are closed: what is not in them, with its hash, is not installed. pip installs uv, and uv
# the rest in a tenth of the time. Bytecode is made at once, or the first start would be slow.
PIP_INSTALL := -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes
UV := $(VENV)/bin/uv
UV_INSTALL := $(UV) pip install --quiet --no-deps --require-hashes --compile-bytecode
INDEX_HINT := echo "make: packages come from PyPI, or from the index that UV_DEFAULT_INDEX names" >&2

# Options for the command behind a target: make up ARGS="--ports fixed --verbose"
ARGS ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: checked ## install everything into .venv/, .checkov/, .load/ and node_modules/
	@echo "everything is installed"

installed: $(PYTHON_STAMP) $(NODE_STAMP)

checked: installed $(CHECKOV_STAMP) $(LOAD_STAMP)

demo: installed ## run one quantum job from end to end and show what happens
	@$(PYTHON) -m localdev demo $(ARGS)

up: installed ## start the local stack and keep it running until Ctrl-C
	@$(PYTHON) -m localdev up $(ARGS)

emulator: installed ## start the emulator of an Azure Quantum workspace alone, until Ctrl-C
	@AZURE_QUANTUM_EMULATOR_AZURITE=node_modules/.bin/azurite \
	  $(PYTHON) -m azure_quantum_emulator --data .localdev/emulator $(ARGS)

emulator-wheel: installed ## run all of the emulator's own tests on its wheel, where nothing else is
	@$(PYTHON) -m pytest -q tests/integration/test_emulator_wheel.py --whole-emulator

test: checked ## run every check
	@$(PYTHON) -m tools.checks lint test

lint: installed ## run the checks that read the code: style, types, imports
	@$(PYTHON) -m tools.checks lint

unit: $(PYTHON_STAMP) ## run the tests that start nothing
	@$(PYTHON) -m tools.checks unit

coverage: $(PYTHON_STAMP) ## measure how much of what is deployed the tests that start nothing run
	@$(PYTHON) -m tools.checks coverage

bench: installed ## measure the stack, each figure beside its floor and its target
	@$(PYTHON) -m tools.bench $(ARGS)

load: installed $(LOAD_STAMP) ## submit jobs to the stack of a running `make up`, or to QJOBS_URL
	@if [ -z "$$QJOBS_URL" ]; then \
	  QJOBS_TOKEN=$$($(PYTHON) -m localdev token) || exit 1; \
	  QJOBS_URL=$$($(PYTHON) -c 'import json; print(json.load(open(".localdev/up.json"))["gateway"]["url"])'); \
	  export QJOBS_URL QJOBS_TOKEN; fi; \
	$(LOAD)/bin/locust --config tests/load/locust.conf $(ARGS)

quantum: installed ## compile every algorithm, estimate it, run it on a noiseless simulator
	@$(PYTHON) -m tools.algorithm_checks $(ARGS)

package: $(PYTHON_STAMP) ## build what is deployed, with its bill of materials, into dist/
	@$(PYTHON) -m tools.package $(ARGS)

# For every platform, with the hashes of all files of a release. The index is PyPI, or what UV_INDEX_URL
# names; it is not written down.
UV_COMPILE := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes \
  --no-header --annotation-style line --strip-extras
OVERRIDES := --override requirements-overrides.in

lock: $(PYTHON_STAMP) ## pin the packages anew after a change of requirements*.in or package.json
	@echo "pinning the Python packages"
	@$(UV_COMPILE) $(OVERRIDES) --output-file requirements.txt requirements.in $(ARGS)
	@$(UV_COMPILE) $(OVERRIDES) --output-file requirements-dev.txt requirements-dev.in $(ARGS)
	@$(UV_COMPILE) --output-file requirements-checkov.txt requirements-checkov.in $(ARGS)
	@$(UV_COMPILE) --output-file requirements-load.txt requirements-load.in $(ARGS)
	@echo "pinning the npm packages"
	@npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts \
	  --no-audit --no-fund --loglevel=error >/dev/null

clean: ## remove everything these commands made
	rm -rf $(VENV) $(CHECKOV) $(LOAD) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage \
	  .schemathesis .import_linter_cache .localdev .python_packages dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON_STAMP): requirements-dev.txt .python-version packages/azure-quantum-emulator/pyproject.toml
	@python=; for candidate in python3.13 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; \
	  then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "make: Python 3.13 is missing. Install it so that python3.13 is on the PATH, e.g." >&2; \
	  echo "  apt install python3.13-venv | brew install python@3.13 | pyenv install 3.13" >&2; \
	  exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "make: this Python 3.13 cannot make environments: apt install python3.13-venv" >&2; \
	  exit 1; fi; \
	if ! $(PYTHON) -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then \
	  echo "creating $(VENV) with $$($$python --version)"; \
	  $$python -m venv --clear $(VENV); fi
	@echo "installing the Python packages of requirements-dev.txt (half a minute)"
	@sed -n '/^uv==/,/[^\]$$/p' requirements-dev.txt >$(VENV)/uv.txt
	@$(PYTHON) $(PIP_INSTALL) --requirement $(VENV)/uv.txt
	@$(UV_INSTALL) --python $(PYTHON) --requirement requirements-dev.txt || { $(INDEX_HINT); exit 1; }
	@$(UV) pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation \
	  --editable packages/azure-quantum-emulator
	@touch $@

$(CHECKOV_STAMP): requirements-checkov.txt $(PYTHON_STAMP)
	@echo "installing checkov of requirements-checkov.txt"
	@$(UV) venv --quiet --clear --python $(PYTHON) $(CHECKOV)
	@$(UV_INSTALL) --python $(CHECKOV)/bin/python --requirement requirements-checkov.txt || { $(INDEX_HINT); exit 1; }
	@touch $@

$(LOAD_STAMP): requirements-load.txt $(PYTHON_STAMP)
	@echo "installing Locust of requirements-load.txt"
	@$(UV) venv --quiet --clear --python $(PYTHON) $(LOAD)
	@$(UV_INSTALL) --python $(LOAD)/bin/python --requirement requirements-load.txt || { $(INDEX_HINT); exit 1; }
	@touch $@

$(NODE_STAMP): package-lock.json package.json
	@if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null \
	  || ! npm --version >/dev/null 2>&1; then \
	  echo "make: Node.js 20 or later with npm is missing, e.g." >&2; \
	  echo "  apt install nodejs npm | brew install node | nvm install 22" >&2; \
	  exit 1; fi
	@echo "installing Azurite, the storage emulator, from package-lock.json (half a minute)"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@
