# Everything a developer or a newcomer runs. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA := $(or $(COCKPIT_DATA_DIR),var)
JOBS ?= 3
ARGS ?=

.PHONY: help setup constraints demo clean-demo test lint format bench long cover score soak pictures browser servers

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make .venv with the exact versions of constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@set -e; \
	if ! [ -x $(BIN)/python ]; then \
	  for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then found=$$p; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Python 3.11 or newer is needed and was not found on the PATH." >&2; exit 1; fi; \
	  if ! $$found -m venv $(VENV); then rm -rf $(VENV); \
	    echo "$$found cannot make a virtual environment: install its venv package" \
	      "(Debian, Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; fi; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

constraints: ## renew constraints.txt from a new environment
	rm -rf build/constraints && python3 -m venv build/constraints
	build/constraints/bin/pip install --quiet --disable-pip-version-check '.[dev]'
	{ head -2 constraints.txt; build/constraints/bin/pip freeze --exclude province-cockpit; } > build/constraints.txt
	mv build/constraints.txt constraints.txt && rm -rf build/constraints

demo: setup ## start the cockpit with simulated feeds (ARGS="--port 9000")
	@exec $(BIN)/cockpit demo $(ARGS)

clean-demo: ## remove the demo's data, so that the next start begins anew
	@./tools/clean_data.sh "$(DATA)"

browser: setup
	@./tools/browser.sh

servers: setup
	@./tools/servers.sh

test: lint browser servers ## everything: rules, types, tests, a real browser
	$(BIN)/pytest -q -n $(JOBS) -m "not browser and not long"
	$(BIN)/pytest -q -n 2 -m "browser and not long"

lint: setup ## style, types, who may know whom, lengths and words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/rules.py
	$(BIN)/python tools/circles.py

format: setup ## put the code into the project's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup browser ## measure ingest, pages, evaluation, a browser and the world; figures as docs/benchmarks.md shows them
	@mkdir -p build/bench
	$(BIN)/cockpit bench ingest --json > build/bench/ingest.json
	$(BIN)/cockpit bench pages --json > build/bench/pages.json
	$(BIN)/cockpit bench evaluate --json > build/bench/evaluate.json
	$(BIN)/cockpit bench coverage --json > build/bench/coverage.json
	$(BIN)/python -m cockpit.bench.browser --json > build/bench/browser.json
	$(BIN)/python -m cockpit.bench.stage --json > build/bench/stage.json
	$(BIN)/python -m cockpit.bench.world --json > build/bench/world.json
	$(BIN)/python -m cockpit.bench.flood --json > build/bench/flood.json
	$(BIN)/python -m cockpit.bench.report build/bench

long: setup browser ## the tests that take minutes
	$(BIN)/pytest -q -p no:xdist --timeout 7200 -m long

cover: setup servers ## how much of the code the tests run in their own process; fails below the floor of pyproject.toml
	$(BIN)/pytest -q -n $(JOBS) -m "not browser and not long" --cov --cov-report=term:skip-covered

score: setup ## play every scenario, and two drawn by chance, with the judging seeds; hold the alerts to their targets
	@mkdir -p build
	$(BIN)/cockpit score --all --random 2 --seeds 101-110 --check --json $(ARGS) > build/score.json

soak: setup ## 60 minutes with 20 viewers: memory and latency (ARGS="--minutes 10")
	$(BIN)/python -m cockpit.bench.soak $(ARGS)

pictures: setup browser ## draw the screens of docs/pictures anew
	$(BIN)/python tools/pictures.py
