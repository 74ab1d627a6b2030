# Everything that one does here. Needs Python 3.11+ and make.
PYTHON ?= python3
PORT ?= 8000
# tests wait as often as they work: one process more than there are cores, each with servers of its own
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
BIN := .venv/bin
.DEFAULT_GOAL := help
# what packages ask for and we never use: num2words' command line, and a second browser beside the one that tests drive
UNUSED := docopt playwright greenlet pyee
# of wordllama two files are read and no code: what its code asks for is not needed where the wire runs
NOT_RUN := safetensors tokenizers toml requests urllib3 charset-normalizer huggingface-hub hf-xet fsspec filelock tqdm httpx2 httpcore2 \
  httpx2-jsfetch truststore

# what tests start hundreds of times is compiled once, whatever this machine says of that
export PYTHONDONTWRITEBYTECODE :=

# examples of `make fuzz`: about an hour of one processor
FUZZ ?= 400000

.PHONY: help setup up test test-fast coverage fuzz check fix bench chaos smoke secrets audit pin clean

help: ## say what there is
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## create the environment .venv; its bin/barq is the command

up: .venv/ready ## run all of Barq here; PORT=N for another port
	@exec $(BIN)/barq up --port $(PORT)

test: .venv/ready-to-test ## run every test; ARGS='-k killed' for pytest, PROCESSES=N for how many at once
	$(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder --durations=25 $(ARGS)

test-fast: .venv/ready-to-test ## run the tests that start nothing
	$(BIN)/pytest -n $(PROCESSES) -q tests/unit tests/architecture $(ARGS)

coverage: .venv/ready-to-test ## run what runs in one process, unit and integration tests, and print which branches they never took
	$(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder -q --cov --cov-report=term:skip-covered tests/unit tests/integration $(ARGS)

fuzz: .venv/ready-to-test ## try the readers on FUZZ=400000 documents that nobody has tried, about an hour
	BARQ_FUZZ_EXAMPLES=$(FUZZ) BARQ_FUZZ_SEED=$${BARQ_FUZZ_SEED:-$$(date +%s)} $(BIN)/pytest -q -p no:xdist tests/unit/ingest/test_hostile_input.py -k no_input

check: .venv/ready-to-test ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy

fix: .venv/ready-to-test ## mend what the linter can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/ready-to-test ## measure the way from a push to a feed; figures as ratios within one run
	$(BIN)/python -m bench.end_to_end

chaos: .venv/ready-to-test ## stage every kind of failure while items flow and readers read, for hours (ITEMS, SEED, ONLY, MINUTES)
	$(BIN)/python -m tests.chaos.run --items $(or $(ITEMS),50000) --seed $(or $(SEED),1) \
	  $(if $(ONLY),--only "$(ONLY)") $(if $(MINUTES),--minutes $(MINUTES))

smoke: .venv/ready ## push a story into a running wire and read it back: URL=... KEY=...
	$(BIN)/python deploy/smoke.py --url $(or $(URL),http://127.0.0.1:$(PORT)) $(if $(KEY),--key $(KEY))

secrets: ## make the passwords that docker-compose.yml wants and .env has not
	@umask 077 && touch .env && for name in DATABASE WIRE_DATABASE EDGE_DATABASE BROKER FLOWER; do \
	  grep -q "^BARQ_$${name}_PASSWORD=" .env || { echo "BARQ_$${name}_PASSWORD=$$($(PYTHON) -c \
	  'import secrets; print(secrets.token_urlsafe(32))')" >> .env && echo "made BARQ_$${name}_PASSWORD in .env"; }; done

audit: .venv/ready ## look for known holes in dependencies and for secrets in the tree; asks the network, so by hand
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install -q --disable-pip-version-check 'pip-audit>=2.9,<3' 'detect-secrets>=1.5,<2'
	.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/main.txt
	git ls-files -z | xargs -0 .venv/audit/bin/detect-secrets-hook --exclude-files '^(tests|bench|requirements)/'

pin: .venv/ready ## choose the newest versions again and write their hashes
	$(BIN)/pip install -q uv
	for part in main test flower clients; do \
	  not_run=; [ $$part != main ] || not_run="$(NOT_RUN:%=--no-emit-package %)"; \
	  $(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header $(UNUSED:%=--no-emit-package %) $$not_run requirements/$$part.in -o requirements/$$part.txt; done

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
