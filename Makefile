# Two commands: `make run` opens the app, `make test` checks everything. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint types bench clean chromium

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet $(PIP_ARGS)
# the first of these that there is; set CHROMIUM for another one
export CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome))

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
	@echo
	@echo '  make run MODEL=dir LOG=file PORT=8600 ADDRESS=0.0.0.0    every one may be left out'
	@echo '  PYTHON=python3.12 builds .venv with another Python; PIP_ARGS=... reaches pip, for instance'
	@echo '  PIP_ARGS="--extra-index-url https://download.pytorch.org/whl/cpu" for a small, CPU-only torch'

run: .venv/.run-stamp ## open the app in the browser
	@exec $(BIN)/python -m streamlit run app.py \
		$${PORT:+--server.port "$$PORT"} $${ADDRESS:+--server.address "$$ADDRESS"} \
		-- $${MODEL:+--model "$$MODEL"} $${LOG:+--log "$$LOG"}

test: lint types chromium ## linters, types and every test, in a browser too
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/.dev-stamp ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.dev-stamp ## mypy, strict
	@$(BIN)/mypy

bench: .venv/.dev-stamp ## what must be fast, as ratios to yardsticks measured in the same run
	@$(BIN)/python -m gru_viz bench

clean: ## remove caches and test artifacts, leave .venv
	@rm -rf test-artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -type d -prune -exec rm -rf {} +

# The browser tests themselves say why they skip; this line is for those who only read make's output.
chromium:
	@if [ -z "$$CHROMIUM" ]; then \
		printf '\033[1;31m%s\033[0m\n' \
			'NO CHROMIUM: the browser tests cannot run.' \
			'Get one with: sudo apt-get install chromium   (or set CHROMIUM=/path/to/chrome)' >&2; \
		[ "$${REQUIRE_BROWSER:-}" != 1 ]; \
	fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "gru_viz needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
		echo 'Point make to a newer one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@echo 'building .venv ...'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo 'Building .venv failed; on Debian and Ubuntu: sudo apt-get install python3-venv' >&2; exit 1; }

.venv/.run-stamp: requirements.txt | .venv/bin/python
	@echo 'installing what the app needs (torch is large; the first time takes minutes) ...'
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev-stamp: requirements-dev.txt requirements.txt | .venv/bin/python
	@echo 'installing what the app and its tests need (the first time takes minutes) ...'
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.run-stamp
