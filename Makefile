# The commands of a checkout. They need Python 3.11 to 3.13 with venv, and make. docs/CONTRIBUTING.md describes them.
PYTHON ?= python3
VENV = .venv/bin/python
ARGS ?=
TEST_PROCESSES ?= 4
PYTHON_HELP = install Python 3.11 to 3.13 and pass it to make, as in `make PYTHON=python3.12`

.PHONY: run python install dev test test-all coverage soak lint types bench evaluate clean
.NOTPARALLEL:

ifeq ($(wildcard $(firstword $(SHELL))),)
$(error icmp: there is no shell at $(SHELL): pass one to make, as in `make SHELL=/usr/bin/bash run`)
endif

python:
	@command -v $(firstword $(PYTHON)) >/dev/null || { \
		echo 'icmp: there is no $(PYTHON): $(PYTHON_HELP)' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("icmp: this Python is too old: $(PYTHON_HELP)")'

# $$PPID is the process ID of make: what it starts ends with it.
run: install
	@exec $(VENV) -m dev $$PPID

install: python
	@exec $(PYTHON) -m dev.install --parent $$PPID requirements/development.lock

dev: python
	@exec $(PYTHON) -m dev.install --parent $$PPID requirements/test.lock

# The tests start many processes. Without this, each of them might compile every module that it imports.
test coverage soak: export PYTHONDONTWRITEBYTECODE =

PYTEST = $(VENV) -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

test: dev
	@$(VENV) -m dev.front_end
	@$(VENV) -m dev.front_end test
	@exec $(PYTEST) $(ARGS)

test-all: override ARGS += -m 'not soak'
test-all: test

coverage: dev
	@$(VENV) -m dev.front_end
	@exec $(PYTEST) --cov --cov-report=term-missing:skip-covered $(ARGS)

soak: dev
	@exec $(VENV) -m pytest -m soak --timeout 1800 $(ARGS)

lint: dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy .
	@$(VENV) -m dev.front_end lint

# Run this after changing the API: it generates the OpenAPI document of the front-end and its types.
types: dev
	@$(VENV) -m routes > front-end/openapi.json
	@$(VENV) -m dev.front_end types

bench: dev
	@exec $(VENV) -m dev.bench $(ARGS)

# The model is the one in OPENAI_BASE_URL or OPENAI_API_KEY.
evaluate: dev
	@exec $(VENV) -m dev.evaluation $(ARGS)

clean:
	@rm -rf .venv .icmp .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .coverage build
	@cd front-end && rm -rf node_modules dist dist.new build.log .npm
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
