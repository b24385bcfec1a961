# Everything runs from here, on a machine that has Python 3.11 or newer and make. `make` alone prints what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,$(if $(shell $(python) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(python))))
VENV := .venv/bin
DJANGO := env DJANGO_SETTINGS_MODULE=jiannuo.site.settings $(VENV)/python -m django
PYTEST := $(VENV)/python -m pytest -n 2
PORT ?= 8000

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: python ## Install what running the platform needs into .venv
	@$(PYTHON) tools/setup.py runtime documents

.PHONY: setup-dev
setup-dev: python ## Install what developing needs as well: tools, Chromium, a Chinese font, PostgreSQL
	@$(PYTHON) tools/setup.py dev browser postgres documents

.PHONY: demo
demo: setup ## Build the made-up county and serve it on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(VENV)/jiannuo demo --port $(PORT)

.PHONY: test
test: setup-dev ## Run every test: those of the database on PostgreSQL, then everything on SQLite, browser included
	$(VENV)/python -m tools.postgres $(PYTEST) -m "database and not journey"
	$(PYTEST)

.PHONY: check
check: tooling ## Format, lint, types, import contracts, packs, migrations, deployment settings, docs
	$(VENV)/ruff format --check
	$(VENV)/ruff check
	$(VENV)/mypy
	$(VENV)/lint-imports
	set -e; for pack in packs/*/; do echo "pack check $$pack"; $(VENV)/jiannuo pack check "$$pack"; done
	$(VENV)/python -m tools.scratch $(DJANGO) makemigrations --check --dry-run
	JIANNUO_HTTPS=True $(VENV)/python -m tools.scratch $(DJANGO) check --deploy --fail-level WARNING
	$(VENV)/python -m pytest tests/docs tests/layout -m pure

.PHONY: format
format: tooling ## Rewrite the code in the one format, mend what the linter can mend
	$(VENV)/ruff check --fix
	$(VENV)/ruff format

.PHONY: bench
bench: setup-dev ## Measure beside the peers: one table of ratios, and JSON
	$(VENV)/python -m benchmarks

.PHONY: lock
lock: python ## Remake the locks in requirements/ from the .in files
	@$(PYTHON) tools/lock.py

.PHONY: clean
clean: ## Remove the environment, caches and the data of demo and tests in var/
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The tools alone: `make check` needs neither a browser nor PostgreSQL.
.PHONY: tooling
tooling: python
	@$(PYTHON) tools/setup.py dev

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found on this machine."; exit 1; }
