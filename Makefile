# Linli 邻里. Needs Python 3.11 or newer and make; everything else comes from the lock.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON3 ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PYTEST := $(PY) -m pytest
# A module's tests in one process, for whatever they share. The tables are made from the models; that
# the migrations make the same is a slow test.
SPREAD := -n 3 --dist loadscope
# What is about time and about each other's locks runs alone.
RACES := $(wildcard tests/*/*races)

# Hundreds of processes: where nothing compiled is kept, each compiles the product and the tests again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test test-slow test-slow-sqlite test-slow-postgres slow-cells slow-others slow-races bench lint schema pictures

install: $(STAMP)

$(STAMP): requirements.lock admin_theme/locale/zh_Hans/LC_MESSAGES/django.po admin_theme/locale/zh_Hans/LC_MESSAGES/djangojs.po admin_theme/locale/en/LC_MESSAGES/django.po
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Linli needs Python 3.11 or newer: install python3.11 and try again."; exit 1; }
	@test -x $(PY) || $(PYTHON3) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m admin_theme.compile_messages
	@touch $@

demo: install
	@exec $(PY) -m fixtures.serve

test: install
	$(PYTEST) -m "not slow" $(SPREAD) --no-migrations
	$(PY) -m tests.postgres $(PYTEST) -m "not slow" $(SPREAD) --no-migrations

test-slow: test-slow-sqlite test-slow-postgres

test-slow-sqlite: install
	$(MAKE) -k slow-cells slow-others slow-races

test-slow-postgres: install
	$(MAKE) -k slow-cells slow-others slow-races ON="$(PY) -m tests.postgres" ASKED="and not once"

# Three parts: one that fails does not keep the others from being run.
slow-cells:
	$(ON) $(PYTEST) -m "cells $(ASKED)" -n 3 --no-migrations tests/access

slow-others:
	$(ON) $(PYTEST) -m "slow and not cells $(ASKED)" -n 2 --no-migrations --ignore-glob="*races"

slow-races:
	$(ON) $(PYTEST) -m "slow $(ASKED)" $(RACES)

bench: install
	$(PY) -m tests.bench

lint: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

schema: install
	$(PY) manage.py export_schemas
	$(PY) manage.py export_roles

# The docs' pictures, made by the browser tests.
pictures: install
	LINLI_PICTURES=1 $(PYTEST) tests/browser -n 0
