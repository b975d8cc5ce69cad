# What there is to do with a checkout. Needs Python 3.11 to 3.13 with venv, and make; see the README.
PYTHON ?= python3
.PHONY: run install dev test soak lint bench clean

run: install
	@exec .venv/bin/python -m embedded

install:
	@$(PYTHON) embedded/install.py requirements-embedded.lock

dev:
	@$(PYTHON) embedded/install.py requirements-dev.lock

test: dev
	@.venv/bin/python -m pytest $(ARGS)

soak: dev
	@.venv/bin/python -m pytest -m soak --timeout 1800 $(ARGS)

lint: dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy .

bench: dev
	@.venv/bin/python -m bench $(ARGS)

clean:
	@rm -rf .venv .icmp .mypy_cache .ruff_cache .pytest_cache .hypothesis build front-end/node_modules front-end/dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
