# SPDX-License-Identifier: AGPL-3.0-or-later
# Everything one does with Plein's source: `make run` to have it, `make test` to prove it.

SHELL := /bin/sh
.DEFAULT_GOAL := run
.PHONY: run test browser check lint types templates imports translations translations-check migrations tests sweeps \
	bench bench-large bench-network nightly dev clean

BIN := .venv/bin
PYTHON := $(BIN)/python
SHARED ?= ../shared
# One more than the cores of a small machine: tests often wait for a browser, a server or a disk.
WORKERS ?= 3

# What is compiled once is not compiled again by each of the hundreds of processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

run:
	@tools/bootstrap run
	@exec $(BIN)/plein run

# The checks are of one thread each, so two of them run at once.
test: dev
	@$(MAKE) --no-print-directory -j2 browser check
	@$(MAKE) --no-print-directory tests
	@$(MAKE) --no-print-directory sweeps

dev:
	@tools/bootstrap dev

browser:
	@tools/browser

check: dev lint types templates imports translations-check migrations

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

templates:
	@find plein -path '*/templates/*' -name '*.html' | xargs -r $(BIN)/djade --target-version 6.0 --check

imports:
	$(BIN)/lint-imports --cache-dir .cache/import-linter

translations-check:
	$(PYTHON) tools/translations.py check

translations: dev
	$(PYTHON) tools/translations.py update

migrations:
	$(PYTHON) tools/migrations.py
	$(PYTHON) tools/first_tables.py check

tests:
	$(BIN)/pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# Trials on large real data, which is not part of Plein: they run where that data lies beside the source.
sweeps:
	@if [ -d "$(SHARED)/data" ]; then \
		echo "Sweeps over $(SHARED)/data:"; \
		PLEIN_SWEEP_DATA="$(SHARED)/data" $(BIN)/pytest -q -n $(WORKERS) -m sweep --timeout 600 || [ $$? = 5 ]; \
	else \
		echo "No sweeps: there is no $(SHARED)/data here."; \
	fi

bench: dev
	$(PYTHON) -m bench $(ARGS)

bench-large: dev
	$(PYTHON) -m bench --large --remove $(ARGS)

# The network alone: 100,000 and 1,000,000 relations, which are made the first time and kept.
bench-network: dev
	$(PYTHON) -m bench --only network $(ARGS)

# Everything in full: the samples whole, the trials of survival, the sweeps. PARTS="trials" runs some of it.
nightly: dev
	@WORKERS=$(WORKERS) tools/nightly $(PARTS)

clean:
	rm -rf .venv .venv.new .cache build *.egg-info .hypothesis
	find plein tools -name __pycache__ -type d -prune -exec rm -rf {} +
