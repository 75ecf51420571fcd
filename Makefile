# Two commands matter: `make run` shows a working hall, `make test` passes every test.
# Each does its own set-up and skips what is up to date. `make help` names the others.

PYTHON := .venv/bin/python
HALL ?= config/halls/zhengzhou.toml
# Tests run in this many processes; a file stays in one of them.
JOBS ?= 2
PYTEST_ARGS ?=

.PHONY: help run test check setup setup-test lint types docs docs-check arrows wheel-check bench lock format clean

help:  ## name the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup  ## show a whole hall on this machine, without hardware (HALL=FILE for another hall)
	.venv/bin/paihao demo --hall $(HALL)

test: setup setup-test  ## run every test (PYTEST_ARGS="-k kiosk" for some)
	$(PYTHON) -m pytest -q -n $(JOBS) --dist loadfile $(PYTEST_ARGS)

check: lint types docs-check arrows wheel-check  ## everything of CI but the tests

setup: .venv/ready  ## make .venv with the locked packages and this clone

.venv/ready: requirements/lock.txt pyproject.toml tools/setup.sh
	@tools/setup.sh

setup-test:  ## install the Debian packages that the tests need
	@tools/setup-test.sh

lint: setup  ## ruff: rules and layout
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: setup  ## mypy, strict
	.venv/bin/mypy

docs-check: setup  ## every topic, command, setting and error code is documented
	$(PYTHON) -m pytest -q tests/test_docs.py

docs: setup  ## write the tables of the documents anew from the code
	$(PYTHON) -m tools.docs_tables

arrows: setup  ## which room may import which
	$(PYTHON) -m pytest -q tests/test_layers.py

wheel-check: setup  ## build the wheel and try it in an empty environment
	@tools/check-wheel.sh

bench: setup  ## measure, each figure against a bare baseline of the same run
	$(PYTHON) -m bench

lock: setup  ## write requirements/lock.txt anew after a change of pyproject.toml
	@tools/lock.sh

format: setup  ## lay the code out
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

clean:  ## remove what the other targets made
	rm -rf .venv dist build out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
