# Everything a developer types. `make` alone lists it. Needs Python >= 3.11 and make, nothing else.
#
# The recipes of run, test and the like are one plain command each, without a shell around it, so
# that SIGTERM sent to make reaches the program. Ctrl-C reaches both.

PY := .venv/bin/python
INSTALLED := .venv/.installed
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(UPGRADE)
# More words for pytest, for example: make test ARGS="tests/cart -x"
ARGS ?=
# How many processes share the tests: one a core, or just this one for a part of them.
WORKERS ?= $(if $(ARGS),0,logical)

# What `make chaos` plays with: its first seed, how many of them, and the orders of its storm.
SEED ?= 1
SEEDS ?= 1000
ORDERS ?= 500

# Compiled once, used by dozens of processes: on a machine that forbids keeping bytecode each of them
# would compile all of Django for itself.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test chaos mutations test-slow bench check fix messages pictures configuration audit lock

##@ Using it
help: ## List these commands
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(INSTALLED) ## Create .venv and install the locked packages; done by the others as needed

run: $(INSTALLED) ## Run the whole shop on this machine; Ctrl-C stops it, the data stay
	@$(PY) -m devtools.run

##@ Working on it
test: $(INSTALLED) ## Run the tests on a real database, broker, worker and browser
	@$(PY) -m pytest -m "not slow" -n $(WORKERS) --dist loadgroup $(ARGS)

chaos: $(INSTALLED) ## Simulate SEEDS shops from SEED on, then storm one of real processes with ORDERS
	@env CHAOS_SEED=$(SEED) CHAOS_SEEDS=$(SEEDS) CHAOS_ORDERS=$(ORDERS) $(PY) -m pytest -s -m slow \
	  -p no:logging tests/simulation tests/chaos/test_storm.py $(ARGS)

mutations: $(INSTALLED) ## Take each guard out of a copy: its tests must notice
	@$(PY) -m devtools.mutations

test-slow: $(INSTALLED) ## Run the tests too slow for every day
	@$(PY) -m pytest -m slow $(ARGS)

check: $(INSTALLED) ## Lint, format, types, layers, templates, migrations, deploy checks, locks, audit
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	DEBUG=1 DATABASE_URL=postgresql://unused REDIS_URL=redis://unused $(PY) -m mypy
	.venv/bin/lint-imports --no-cache --no-logo
	$(PY) -m djlint templates --lint
	$(PY) -m djlint templates --check
	$(PY) -m devtools.check migrations deploy locks audit

fix: $(INSTALLED) ## Format the code and templates, and fix what can be fixed without thinking
	$(PY) -m ruff check --fix --quiet . || true
	$(PY) -m ruff format --quiet .
	$(PY) -m djlint templates --reformat --quiet || true

messages: $(INSTALLED) ## Find what the shop says and what of it has no Russian yet
	@$(PY) -m devtools.messages

bench: $(INSTALLED) ## Measure this machine, as ratios against floors of the same run
	@$(PY) -m bench

pictures: $(INSTALLED) ## Run the shop and take the README's pictures of it (needs a Chromium)
	@$(PY) -m devtools.pictures

configuration: $(INSTALLED) ## Write docs/configuration.md from the settings and .env.example
	@$(PY) -m devtools.configuration

##@ Its packages
audit: $(INSTALLED) ## Look for known vulnerabilities in what production installs
	@$(PY) -m devtools.check audit

lock: $(INSTALLED) ## Lock pyproject.toml's packages with hashes (UPGRADE=--upgrade for newer ones)
	$(LOCK) -o requirements/production.txt
	$(LOCK) --group dev -o requirements/development.txt

# An interrupted install leaves no stamp and is simply done again.
$(INSTALLED): requirements/development.txt | .venv/bin/python
	@echo "Installing the locked packages into .venv (once, a minute or so)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
	  --require-hashes -r requirements/development.txt
	@touch $@

.venv/bin/python:
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	    "$$candidate" -m venv .venv && exit 0; \
	    rm -f .venv/bin/python; \
	    echo "$$candidate cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Kiosk needs Python 3.11 or newer, and found none. Name one: make PYTHON=/path/to/python3" >&2; \
	exit 1
