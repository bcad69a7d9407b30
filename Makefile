# Set-up needs Python 3.11 or newer and nothing else installed by hand.
.DELETE_ON_ERROR:
.PHONY: setup dev run demo test quality bench lint lock clean

PYTHON ?= python3
BIN    := .venv/bin

setup: .venv/.run            ## .venv/bin/cruxwatch works
dev: .venv/.dev

# Debian packs venv apart from Python: install it where we may, say so where we may not
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "cruxwatch: $(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -m venv .venv 2>/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear .venv; } || { \
	  rm -rf .venv; echo "cruxwatch: $(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 2; }

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "cruxwatch: installing into .venv from requirements.lock"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/build.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: tests/requirements.lock .venv/.run
	@echo "cruxwatch: installing the tools of the tests from tests/requirements.lock"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

run: setup                   ## crawl, read, and write today's digest
	@$(BIN)/cruxwatch run

demo: setup                  ## the whole product without a network
	@$(BIN)/cruxwatch demo

test: dev                    ## everything that must hold
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

quality: dev                 ## the figures, and their floors
	@$(BIN)/python -m pytest tests/quality -s

bench: dev                   ## speed, as ratios in one run
	@$(BIN)/python -m tests.bench

lint: dev
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock:                        ## anew from pyproject.toml (needs uv); names no index host
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml -c requirements.lock -o tests/requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra browser pyproject.toml -c requirements.lock -o tests/browser.lock
	printf 'hatchling==1.33.0\neditables==0.6\n' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -c requirements.lock -o tests/build.lock

clean:
	rm -rf .venv dist build
