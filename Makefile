# The commands of this project. `make lesson` and `make test` do all the set-up they need.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The first Python that is new enough; name another one with `make PYTHON=…`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# When the cells of a lesson run: always, auto (where their record does not serve), verify, or never.
EXEC ?= always
# Where builds of PyTorch for processors alone are looked for first; with `TORCH_CPU=`, nowhere but in pip's own index.
TORCH_CPU ?= https://download.pytorch.org/whl/cpu
ASK := timeout 20 $(PIP) index versions --timeout 5 --retries 0
GPU := { test -e /dev/nvidia0 || nvidia-smi -L >/dev/null 2>&1; }
# Each package in the version, and with the hash, that generator/locks/ gives; with `LOCKED=`, by pyproject.toml's ranges.
LOCKED ?= yes
locked = $(if $(LOCKED),$(PIP) install --quiet --require-hashes $2 -r generator/locks/$1.txt,true)
# Replaying what is recorded needs none of what ran.
LIVE := $(if $(filter never,$(EXEC)),,.venv/.transformers)

.PHONY: help setup lesson course check test test-slow fresh gallery lint types format docs pictures lock sbom wheel clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: .venv/.installed  ## make .venv/ with the command .venv/bin/deckcast, and find or install a browser and a voice
	@$(BIN)/deckcast doctor --fix

lesson: $(LIVE) setup  ## run chapter 1's cells and build it into output/; EXEC=never replays their record
	$(BIN)/deckcast build chapters/01-nlp-llms-and-transformers --exec=$(EXEC)

course: $(LIVE) setup  ## the same for every chapter
	$(BIN)/deckcast build --exec=$(EXEC)

check: setup  ## look for mistakes in every chapter, without running its code
	$(BIN)/deckcast check --strict

test: .venv/.developer  ## the quick tests
	$(BIN)/pytest -n auto

test-slow: .venv/.transformers .venv/.developer setup  ## the tests with a real browser, voice, encoder and kernel
	@command -v firefox-esr firefox >/dev/null || \
		echo "no Firefox here, so lessons are not played in one; on Debian: apt-get install firefox-esr (80 MB)"
	$(BIN)/python tests/slow.py -n auto --dist worksteal

gallery: .venv/.developer setup  ## draw every look in every theme, shape and language into output/gallery/
	$(BIN)/python tests/gallery/gallery.py output/gallery

fresh:  ## build in a Debian that has only its own base; needs root, debootstrap and a network (docs/ci.md)
	tests/fresh/debian.sh

lint: .venv/.developer  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.developer  ## types
	$(BIN)/mypy
	$(BIN)/pyright

format: .venv/.developer  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.developer  ## put what is made from the code into docs/
	$(BIN)/python tests/docs/generated.py

pictures: .venv/.developer setup  ## make the pictures of the README anew
	$(BIN)/python tests/docs/pictures.py

lock: .venv/.developer .venv/.transformers  ## resolve anew what make installs, into generator/locks/
	PYTHONPATH=tests $(BIN)/python -m supply.locks

sbom: .venv/.developer .venv/.transformers  ## write what deckcast is made of, as CycloneDX, into dist/
	PYTHONPATH=tests $(BIN)/python -m supply.sbom

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
	@$(PIP) install --quiet --upgrade 'pip>=25.1'

.venv/.installed: .venv/bin/python pyproject.toml generator/locks/deckcast.txt
	@echo "installing deckcast and what it needs into .venv"
	@$(call locked,deckcast)
	@$(PIP) install --quiet --editable .
	@touch $@

# Two steps, because pip's own torch for Linux is the one for NVIDIA GPUs, some 3 GB with its libraries. Where there is
# no such GPU, a build that calls itself `+cpu` is looked for; to ask for it takes 20 s at most, also without a network.
.venv/.transformers: .venv/.installed generator/locks/transformers.txt
	@if [ "$$(uname -s)" = Linux ] && ! $(GPU) && ! $(BIN)/python -c 'import torch' 2>/dev/null; then \
		cpu="$$($(ASK) torch $(if $(TORCH_CPU),--index-url $(TORCH_CPU)) 2>/dev/null | grep -oE '[0-9.]+\+cpu' | head -n1 || true)"; \
		if [ -n "$$cpu" ]; then \
			echo "installing PyTorch $$cpu, for processors alone (about 200 MB), into .venv"; \
			$(PIP) install -qq --no-deps $(if $(TORCH_CPU),--index-url $(TORCH_CPU) --retries 1) "torch==$$cpu"; \
		else \
			echo "no PyTorch for processors alone is to be had here$(if $(TORCH_CPU), ($(TORCH_CPU) does not answer)):" \
				"taking pip's own, with NVIDIA's libraries (about 3 GB)"; \
		fi; \
	fi
	@echo "installing Transformers, PyTorch and Matplotlib into .venv, as far as they are missing"
	@$(call locked,transformers,--no-deps)
	@$(PIP) install --quiet --editable '.[transformers]'
	@touch $@

.venv/.developer: .venv/.installed generator/locks/dev.txt
	@echo "installing the tools for tests, style and types into .venv"
	@$(call locked,dev)
	@$(PIP) install --quiet --group dev
	@touch $@
