# Footnote's few commands. `make run` is the main one; `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where PyTorch without GPU packages comes from; a GPU build: make install TORCH_INDEX=https://download.pytorch.org/whl/cu130
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# Before a command that may be silent for minutes: every PULSE seconds a line says that it is still at it. The line
# ends with the command, whose exit code stays.
PULSE ?= 15
STILL = $(PYTHON) -c "$$STILL_AT_IT" $(PULSE) & pulse=$$!; \
  trap 'kill $$pulse 2>/dev/null' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM;
# One process without children: it ends with a signal at any moment, or with the shell that began it.
define STILL_AT_IT
import os, sys, time
shell, pulse, began = os.getppid(), float(sys.argv[1]), time.monotonic()
told = pulse
while os.getppid() == shell:
    time.sleep(min(1, pulse))
    if time.monotonic() - began >= told and os.getppid() == shell:
        print(f"   still at it, {told:g} s", flush=True)
        told += pulse
endef
export STILL_AT_IT
# Compiled once, also where the shell says otherwise: pytest's own compiling takes longer than many of the tests.
unexport PYTHONDONTWRITEBYTECODE
REAL := model or server or browser or namespace
UNIT := not ($(REAL) or long or whole)
WHOLE := whole and not ($(REAL) or long)
# `make check` has just passed: `make test CHECKED=yes` leaves out what would only be run again.
CHECKED ?=

.PHONY: help run install test test-long check unit-of-the-page unit-of-the-rest format clean

help:
	@echo "make run        set up, fetch the model, read the starter library, open the chat"
	@echo "make test       set up, then run every test that this machine allows"
	@echo "make install    the common first half: packages, model, embedder"
	@echo "make check      format, lint, types and unit tests"
	@echo "make test-long  load, kills, soaks, many more examples: minutes to hours"
	@echo "make format     put the code into its one format"
	@echo "make clean      remove the virtual environment (data stays; see the README)"

run: install
	@echo "== The library, then the chat"
	@$(BIN)/footnote serve --sync

install: $(VENV)/.installed
	@echo "== The model and the embedder"
	@$(BIN)/footnote models fetch

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $(PYTHON) is older than 3.11; set another: make run PYTHON=python3.11"; exit 1; }
	@echo "== A virtual environment in $(VENV)"
	@$(STILL) $(PYTHON) -m venv $(VENV)

$(VENV)/.torch: constraints.txt | $(VENV)/bin/python
	@echo "== PyTorch (about 200 MB without GPU packages)"
	@if timeout 5 $(PYTHON) -c "import urllib.request; urllib.request.urlopen('$(TORCH_INDEX)/torch/', timeout=4)" 2>/dev/null; \
	then extra="--extra-index-url $(TORCH_INDEX)"; \
	else extra=""; echo "   PyTorch's own index is not reachable: taken from where pip is set up to look"; fi; \
	$(STILL) $(BIN)/pip install --disable-pip-version-check -c constraints.txt $$extra torch
	@touch $@

# Leaves out what Footnote never loads, about half of the work.
ALONE := -DCMAKE_PROJECT_llama_cpp_INCLUDE=$(CURDIR)/ui/bundle/engine_alone.cmake

$(VENV)/.llama: constraints.txt | $(VENV)/bin/python
	@command -v c++ >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null || \
	  { echo "make: no C++ compiler; install one (Debian: apt-get install g++), then run make again"; exit 1; }
	@echo "== llama.cpp, compiled for this machine's processor: 5 to 10 minutes, once (pip keeps the result)"
	@$(STILL) CMAKE_ARGS="$${CMAKE_ARGS:--DLLAVA_BUILD=OFF '$(ALONE)'}" \
	  $(BIN)/pip install --disable-pip-version-check -c constraints.txt llama-cpp-python
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt $(VENV)/.torch $(VENV)/.llama
	@echo "== Footnote and the rest of its packages"
	@$(STILL) $(BIN)/pip install --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@echo "== What the tests need"
	@$(STILL) $(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
	@touch $@

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@echo "== The unit tests, in two halves side by side: about a minute"
	@$(MAKE) --no-print-directory -j2 --output-sync=target unit-of-the-page unit-of-the-rest

# Two halves side by side: each loads only what its own tests need, and nobody has to hand them out.
unit-of-the-page:
	$(BIN)/pytest -m "$(UNIT)" tests/ui

unit-of-the-rest:
	$(BIN)/pytest -m "$(UNIT)" --ignore=tests/ui tests

# A test that does not even end by its own limit ends the run, and says where it stands.
STUCK := -o faulthandler_exit_on_timeout=true -o faulthandler_timeout

test: install $(VENV)/.dev
	@echo "== The small model that the tests use"
	@$(BIN)/footnote models fetch qwen2.5-coder-0.5b || echo "   not to be had: tests with a real model are left out"
	$(BIN)/pytest -n auto --dist worksteal $(STUCK)=300 -m "$(if $(CHECKED),$(WHOLE),not ($(REAL) or long))"
	$(BIN)/pytest $(STUCK)=2400 -m "($(REAL)) and not long"

test-long: install $(VENV)/.dev
	$(BIN)/footnote models fetch qwen2.5-coder-0.5b
	$(BIN)/pytest -n auto --dist worksteal -m "not ($(REAL) or long)" --hypothesis-profile thorough
	$(BIN)/pytest -m long

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV)
