# SPDX-License-Identifier: Apache-2.0
# `make demo` and `make test` install what they need: a virtual environment here, compilers and QEMU on the machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
FUZZ_COUNT ?= 2000
FUZZ_SEED ?= 0
# A tenth of the fuzzing in every test run, from another seed each day; the seed is printed.
SMOKE_COUNT ?= 200
SMOKE_SEED ?= $(shell echo $$(( $$(date +%s) / 86400 * 1000 )))
PYTHON_SOURCES := sdk converters tests examples
C_SOURCES = $(shell git ls-files --cached --others --exclude-standard '*.c' '*.h')

.PHONY: demo test lint format fuzz pytest packaging schemas clean

demo: $(VENV)/installed toolchain
	$(BIN)/edgesdk profile tests/models/kws01.tflite --board mps2-an386

test: lint pytest fuzz-smoke packaging

lint: $(VENV)/installed-dev
	$(BIN)/ruff check $(PYTHON_SOURCES)
	$(BIN)/ruff format --check $(PYTHON_SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/clang-format --dry-run -Werror $(C_SOURCES)

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix $(PYTHON_SOURCES)
	$(BIN)/ruff format $(PYTHON_SOURCES)
	$(BIN)/clang-format -i $(C_SOURCES)

pytest: $(VENV)/installed-dev toolchain
	EDGESDK_FUZZ_SEED=$(SMOKE_SEED) $(BIN)/pytest -rs -n $(JOBS) --ignore=tests/converters
	$(BIN)/pytest -rs -n $(JOBS) tests/converters # apart: TensorFlow and OR-Tools do not go into one process

packaging: $(VENV)/installed-dev toolchain
	$(BIN)/python tests/packaging/check_packaging.py

fuzz: $(VENV)/installed-dev toolchain
	$(BIN)/python tests/fuzz/fuzz_models.py --count $(FUZZ_COUNT) --seed $(FUZZ_SEED)

.PHONY: fuzz-smoke
fuzz-smoke: $(VENV)/installed-dev toolchain
	$(BIN)/python tests/fuzz/fuzz_models.py --count $(SMOKE_COUNT) --seed $(SMOKE_SEED)

# The numbers of docs/results, measured anew.
.PHONY: bench
bench: $(VENV)/installed-dev toolchain
	$(BIN)/python tests/record_bench.py
	$(BIN)/python tests/record_speed.py
	$(BIN)/python tests/record_readme.py

# What kernels cost on every core, which the planner chooses by: half an hour.
.PHONY: costs
costs: $(VENV)/installed-dev toolchain
	$(BIN)/python tests/record_costs.py

schemas: $(VENV)/installed
	$(BIN)/python -m edgesdk.report.schema docs/schema

.PHONY: toolchain
toolchain: $(VENV)/installed
	$(BIN)/edgesdk toolchain install

$(VENV)/installed: pyproject.toml
	PYTHON="$(PYTHON)" sh tools/make_venv.sh $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf build dist out $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
