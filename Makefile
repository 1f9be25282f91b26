# The commands of this project. `make lesson` and `make test` do all the set-up they need.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
BIN := .venv/bin
# The first Python that is new enough; name another one with `make PYTHON=…`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help setup lesson course test test-slow lint types format wheel clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: .venv/.installed  ## make .venv/ with the command .venv/bin/deckcast, and find or install a browser and a voice
	@$(BIN)/deckcast doctor --fix

lesson: setup  ## build chapter 1 into output/
	$(BIN)/deckcast build chapters/01-nlp-llms-and-transformers

course: setup  ## build every chapter into output/
	$(BIN)/deckcast build

test: .venv/.developer  ## the quick tests
	$(BIN)/pytest -n auto

test-slow: setup .venv/.developer  ## the tests with a real browser, voice and encoder
	$(BIN)/pytest -n auto -m slow

lint: .venv/.developer  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.developer  ## types
	$(BIN)/mypy
	$(BIN)/pyright

format: .venv/.developer  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: .venv/.developer  ## build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist .

clean:  ## remove what was built; sources and .venv/ stay
	rm -rf output dist .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "deckcast needs Python 3.11 or newer; on Debian: apt-get install python3"; exit 3; }
	@echo "making .venv with $$($(PYTHON) --version)"
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "installing Debian's python3-venv"; apt-get update -qq; \
			apt-get install -y -qq --no-install-recommends python3-venv; \
		else echo "this Python cannot make virtual environments; on Debian: sudo apt-get install python3-venv"; exit 3; fi; \
	fi
	@rm -rf .venv; $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

.venv/.installed: .venv/bin/python pyproject.toml
	@echo "installing deckcast and what it needs into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.developer: .venv/.installed
	@echo "installing the tools for tests, style and types into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
