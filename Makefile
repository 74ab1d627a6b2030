# Everything that one does here. Needs Python 3.11+ and make.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
.DEFAULT_GOAL := help
# what packages ask for and we never use: num2words' command line, and a second browser beside the one that tests drive
UNUSED := docopt playwright greenlet pyee

.PHONY: help setup up test check fix bench chaos smoke secrets audit pin clean

help: ## say what there is
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## create the environment .venv; its bin/barq is the command

up: .venv/ready ## run the wire here; PORT=N for another port
	@exec $(BIN)/barq up --port $(PORT)

test: .venv/ready-to-test ## run every test
	$(BIN)/pytest

check: .venv/ready-to-test ## lint and types
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: .venv/ready-to-test ## mend what the linter can mend
	$(BIN)/ruff check --fix .

bench: .venv/ready-to-test ## measure; figures as ratios within one run
	$(BIN)/python -m bench.end_to_end

chaos: .venv/ready-to-test ## the proof: a wire under load, and every kind of fault (ITEMS, SEED, ONLY, MINUTES)
	$(BIN)/python -m tests.chaos.run --items $(or $(ITEMS),50000) --seed $(or $(SEED),1) \
	  $(if $(ONLY),--only "$(ONLY)") $(if $(MINUTES),--minutes $(MINUTES))

smoke: .venv/ready ## push a story into a running wire and read it back: URL=... KEY=...
	$(BIN)/python deploy/smoke.py --url $(or $(URL),http://127.0.0.1:$(PORT)) $(if $(KEY),--key $(KEY))

secrets: ## make the passwords that docker-compose.yml wants, once, in .env
	@test ! -e .env || { echo ".env is there already; nothing was changed"; exit 1; }
	@umask 077 && for name in DATABASE BROKER; do \
	  echo "BARQ_$${name}_PASSWORD=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(32))')"; done > .env && echo "made .env"

audit: .venv/ready ## look for known holes in dependencies and for secrets in the tree; asks the network, so by hand
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install -q --disable-pip-version-check 'pip-audit>=2.9,<3' 'detect-secrets>=1.5,<2'
	.venv/audit/bin/pip-audit --require-hashes --disable-pip -r requirements/main.txt
	git ls-files -z | xargs -0 .venv/audit/bin/detect-secrets-hook --exclude-files '^(tests|bench|requirements)/'

pin: .venv/ready ## choose the newest versions again and write their hashes
	$(BIN)/pip install -q uv
	for part in main test; do \
	  $(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header $(UNUSED:%=--no-emit-package %) requirements/$$part.in -o requirements/$$part.txt; done

clean: ## remove the environment and caches; data under var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build *.egg-info

.venv/ready: requirements/main.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Barq needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/main.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-to-test: .venv/ready requirements/test.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/test.txt
	@touch $@
