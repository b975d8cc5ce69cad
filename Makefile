# What there is to do with a checkout. Needs Python 3.11 to 3.13 with venv, and make; see the README.
PYTHON ?= python3
VENV = .venv/bin/python
ARGS ?=
WANTED = install Python 3.11 to 3.13 and name it, as in make PYTHON=python3.12

.PHONY: run python install dev test soak lint bench clean
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
	@exec $(VENV) -m embedded $$PPID

install: python
	@exec $(PYTHON) -m embedded.install --parent $$PPID requirements-embedded.lock

dev: python
	@exec $(PYTHON) -m embedded.install --parent $$PPID requirements-dev.lock

test: dev
	@exec $(VENV) -m pytest $(ARGS)

soak: dev
	@exec $(VENV) -m pytest -m soak --timeout 1800 $(ARGS)

lint: dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy .

bench: dev
	@exec $(VENV) -m bench $(ARGS)

clean:
	@rm -rf .venv .icmp .mypy_cache .ruff_cache .pytest_cache .hypothesis build front-end/node_modules front-end/dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
