# What there is to do with a checkout. Needs Python 3.11 to 3.13 with venv, and make; see the README.
PYTHON ?= python3
VENV = .venv/bin/python
ARGS ?=
TESTS_AT_ONCE ?= 3
WANTED = install Python 3.11 to 3.13 and name it, as in make PYTHON=python3.12

.PHONY: run python install dev test soak lint types bench clean
.NOTPARALLEL:

ifeq ($(wildcard $(firstword $(SHELL))),)
$(error icmp: there is no shell at $(SHELL): name one, as in `make SHELL=/usr/bin/bash run`)
endif

python:
	@command -v $(firstword $(PYTHON)) >/dev/null || { \
		echo "icmp: there is no $(PYTHON): $(WANTED)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("icmp: this Python is too old: $(WANTED)")'

# Each process is told make's own id ($$PPID), and ends with it.
run: install
	@exec $(VENV) -m dev $$PPID

install: python
	@exec $(PYTHON) -m dev.install --parent $$PPID requirements/development.lock

dev: python
	@exec $(PYTHON) -m dev.install --parent $$PPID requirements/test.lock

# Tests are many processes, each of which would compile all that it loads where Python may keep nothing compiled.
test soak: export PYTHONDONTWRITEBYTECODE =

test: dev
	@$(VENV) -m dev.front_end
	@$(VENV) -m dev.front_end test
	@exec $(VENV) -m pytest -n $(TESTS_AT_ONCE) --dist loadfile --no-loadscope-reorder $(ARGS)

soak: dev
	@exec $(VENV) -m pytest -m soak --timeout 1800 $(ARGS)

lint: dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy .
	@$(VENV) -m dev.front_end lint

# After a change of the API: what the front-end's types are made from, and the types.
types: dev
	@$(VENV) -m routes > front-end/openapi.json
	@$(VENV) -m dev.front_end types

bench: dev
	@exec $(VENV) -m dev.bench $(ARGS)

clean:
	@rm -rf .venv .icmp .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	@cd front-end && rm -rf node_modules dist dist.new build.log .npm
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
