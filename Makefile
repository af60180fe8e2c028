# Glimpse: `make demo` runs it, `make test` tests it. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
NETWORK ?= efficientnet_lite0
JOBS ?= 2
BIN := .venv/bin

export OMP_NUM_THREADS ?= 1
export TOKENIZERS_PARALLELISM ?= false

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench clean

help:  ## List what make can do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: .venv/.dev  ## Install Glimpse with everything that tests and checks need

demo: .venv/.base  ## Set up the demo study and serve it (PORT=8000, HOST=0.0.0.0, NETWORK=squeezenet1_1)
	@$(BIN)/python manage.py demo --network $(NETWORK) --host $(HOST) --port $(PORT)

test: .venv/.dev  ## Run all tests (JOBS=2 at a time; ARGS="tests/labeling -k trust" chooses)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.dev  ## Check format, style, types and migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/.dev  ## Measure and print tables of ratios
	$(BIN)/python -m pytest tests/benchmarks -m benchmark_table -s $(ARGS)

clean:  ## Remove the demo's data; .venv stays
	rm -rf var

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Glimpse needs Python 3.11 or newer: make demo PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/.base: .venv/.python pyproject.toml
	@echo "Installing Glimpse. PyTorch is large: this takes a few minutes the first time."
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/.dev: .venv/.python pyproject.toml
	@echo "Installing Glimpse and its tools. PyTorch is large: this takes a few minutes the first time."
	@$(BIN)/python -m pip install --quiet --editable '.[dev,postgres,redis]'
	@touch .venv/.base $@
