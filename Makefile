# Everything one does with this repository; `make` lists it. Works with GNU make from 3.81 on.

.DEFAULT_GOAL := help
.PHONY: help setup unusable installed checked demo up web emulator emulator-wheel test lint unit coverage mutants fuzz bench soak load quantum check-algorithm figures package lock clean

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
# Generators of typed clients, and linters of the contract: only tests run them.
GENERATORS := tests/generators
GENERATORS_STAMP := $(GENERATORS)/node_modules/.installed
# What judges the page in the tests.
BROWSER := tests/browser
BROWSER_STAMP := $(BROWSER)/node_modules/.installed
# The web page.
PAGE_STAMP := web/node_modules/.installed
PAGE := web/dist/index.html
# The programs that it shows are those of examples/.
PAGE_SOURCES := $(shell find web examples \( -name node_modules -o -name dist -o -name contract.ts \) \
  -prune -o -type f -print)

UV := $(VENV)/bin/uv

# The programs of an environment work only where it was made, and only while its Python is there.
ifneq ($(shell test -x $(PYTHON) && { ! test -s $(PYTHON_STAMP) || \
  test "$$(cat $(PYTHON_STAMP))" = "$$(cd $(VENV) && pwd -P)"; } && echo usable),usable)
$(PYTHON_STAMP): unusable
endif

# Options for the command behind a target: make up ARGS="--ports fixed --verbose"
ARGS ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: checked ## install everything into .venv/, .checkov/, .load/ and four node_modules/
	@echo "everything is installed"

unusable:

# What runs Azurite depends on `installed`; the rest needs no Node.js.
installed: $(PYTHON_STAMP) $(NODE_STAMP)

checked: installed $(CHECKOV_STAMP) $(LOAD_STAMP) $(GENERATORS_STAMP) $(BROWSER_STAMP) $(PAGE_STAMP)

demo: installed ## run one quantum job from end to end and show what happens
	@$(PYTHON) -m localdev demo $(ARGS)

up: installed web ## start the local stack with its page and keep it running until Ctrl-C
	@$(PYTHON) -m localdev up $(ARGS)

web: $(PAGE) ## build the web page

# It starts Azurite, and so takes Node.js, unless it is told of a storage account or of an Azurite.
OWN_STORAGE := $(AZURE_QUANTUM_EMULATOR_STORAGE)$(AZURE_QUANTUM_EMULATOR_AZURITE)$(filter \
  --storage --storage=% --azurite --azurite=% -h --help,$(ARGS))

emulator: $(PYTHON_STAMP) $(if $(OWN_STORAGE),,$(NODE_STAMP)) ## start the emulator of an Azure Quantum workspace alone, until Ctrl-C
	@AZURE_QUANTUM_EMULATOR_AZURITE=$${AZURE_QUANTUM_EMULATOR_AZURITE:-node_modules/.bin/azurite} \
	  $(PYTHON) -m azure_quantum_emulator --data .localdev/emulator $(ARGS)

emulator-wheel: installed ## run all of the emulator's own tests on its wheel, where nothing else is
	@$(PYTHON) -m pytest -q tests/integration/test_emulator_wheel.py --whole-emulator

test: checked web ## run every check
	@$(PYTHON) -m tools.checks lint test

lint: $(PYTHON_STAMP) ## run the checks that read the code: style, types, imports
	@$(PYTHON) -m tools.checks lint

unit: $(PYTHON_STAMP) ## run the tests that start nothing
	@$(PYTHON) -m tools.checks unit

coverage: $(PYTHON_STAMP) ## measure how much of what is deployed the tests that start nothing run
	@$(PYTHON) -m tools.checks coverage

mutants: $(PYTHON_STAMP) ## change the code a little, some 300 times, and show what no test notices
	@$(PYTHON) -m tools.mutants $(ARGS)

fuzz: $(PYTHON_STAMP) ## run random circuits and programs against exact states, and mutants of them
	@$(PYTHON) -m tools.fuzz $(ARGS)

bench: installed web $(BROWSER_STAMP) ## measure the stack, each figure beside its baseline and its target
	@$(PYTHON) -m tools.bench $(ARGS)

soak: installed ## run 3,000 jobs while everything fails, audit what is left, plot their latency
	@$(PYTHON) -m tools.soak $(ARGS)

load: $(LOAD_STAMP) ## submit jobs to the stack of a running `make up`, or to QJOBS_URL
	@if [ -z "$$QJOBS_URL" ]; then \
	  QJOBS_TOKEN=$$($(PYTHON) -m localdev token) || exit 1; \
	  QJOBS_URL=$$($(PYTHON) -c 'import json; print(json.load(open(".localdev/up.json"))["gateway"]["url"])'); \
	  export QJOBS_URL QJOBS_TOKEN; fi; \
	$(LOAD)/bin/locust --config tests/load/locust.conf $(ARGS)

quantum: $(PYTHON_STAMP) ## compile every algorithm, estimate it, run it on a noiseless simulator
	@$(PYTHON) -m tools.algorithm_checks $(ARGS)

check-algorithm: $(PYTHON_STAMP) ## try one algorithm, with noise, costs and plots: make check-algorithm ID=ghz
	@test -n "$(ID)" || { echo "which one? make check-algorithm ID=ghz" >&2; exit 2; }
	@$(PYTHON) -m tools.algorithm_checks --report $(ARGS) "$(ID)"

figures: $(PYTHON_STAMP) ## run all examples and write docs/catalogue.md: what they take, cost, gave
	@$(PYTHON) -m tools.algorithm_figures $(ARGS)

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
	@for folder in . $(GENERATORS) $(BROWSER) web; do \
	  npm install --prefix $$folder --package-lock-only --omit-lockfile-registry-resolved \
	    --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null || exit 1; done

clean: ## remove everything these commands made
	rm -rf $(VENV) $(CHECKOV) $(LOAD) node_modules $(GENERATORS)/node_modules $(BROWSER)/node_modules web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage \
	  .schemathesis .import_linter_cache .localdev .azure-quantum-emulator .python_packages dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON_STAMP): requirements-dev.txt .python-version packages/azure-quantum-emulator/pyproject.toml
	@sh tools/setup/python.sh

$(CHECKOV_STAMP): requirements-checkov.txt $(PYTHON_STAMP)
	@sh tools/setup/environment.sh $(CHECKOV) requirements-checkov.txt

$(LOAD_STAMP): requirements-load.txt $(PYTHON_STAMP)
	@sh tools/setup/environment.sh $(LOAD) requirements-load.txt

$(NODE_STAMP): package-lock.json package.json
	@sh tools/setup/node.sh

$(GENERATORS_STAMP): $(GENERATORS)/package-lock.json $(GENERATORS)/package.json
	@sh tools/setup/node.sh $(GENERATORS) "what generates clients in the tests"

$(BROWSER_STAMP): $(BROWSER)/package-lock.json $(BROWSER)/package.json
	@sh tools/setup/node.sh $(BROWSER) "what judges the page in the tests"

$(PAGE_STAMP): web/package-lock.json web/package.json
	@sh tools/setup/node.sh web "what the page is built with"

$(PAGE): $(PAGE_STAMP) $(PAGE_SOURCES)
	@echo "building the page (half a minute)"
	@npm run build --silent --prefix web
