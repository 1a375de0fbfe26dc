# What people type. `make help` lists it; docs/running.md and CONTRIBUTING.md tell more.
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
# Each worker has servers of its own: a MongoDB, a Kafka, a Tansu.
WORKERS ?= 2
# What needs neither servers nor a browser, nor long.
UNIT := not live and not browser and not slow and not verify
READY := .venv/.installed
.DEFAULT_GOAL := help
.PHONY: help up down status say talk snapshots test check verify watch bench bench-compare chaos eval docs lock lock-images lock-kafka

# `make up GATEWAY_PORT=8100 BROKER=tansu`: make hands what it is given on to the processes' environment.

help: ## This list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name does; do printf '  make %-13s %s\n' "$$name" "$$does"; done

$(READY): requirements.lock loa/install.py
	@$(PYTHON) -m loa.install

up: $(READY) ## Start everything on this machine, seed a demonstration province, stay until Ctrl-C
	@$(PY) -m loa up

down: $(READY) ## Stop everything that `make up` started, and only that
	@$(PY) -m loa down

status: $(READY) ## What runs, where it listens, where its log is
	@$(PY) -m loa status

say: $(READY) ## Be a citizen in the terminal: make say TEXT="làm căn cước cần giấy tờ gì"
	@$(PY) -m loa say "$$TEXT"

talk: $(READY) ## Chat with the bot in the terminal, without starting anything
	@$(PY) -m loa talk

check: $(READY) ## Format, lint, types, import rules, unit tests: a minute
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/lint-imports >.venv/.imports || { cat .venv/.imports; exit 1; }
	@.venv/bin/mypy .
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile -m "$(UNIT)" \
	  --cov --cov-config=tests/rules/decisions.coveragerc --cov-report=term-missing:skip-covered

test: $(READY) ## A short form of every promise, with servers of its own: ten minutes. T=tests/services/tips: only these
	@$(PY) -m tests.servers.needs
ifdef T
	@$(PY) -m pytest -ra $(T) $(PYTEST)
else
	@$(PY) -m pytest -ra -n $(WORKERS) --dist loadfile -m "not verify" --cov --cov-report=term --cov-fail-under=90 $(PYTEST)
	@$(PY) -m bench.verify --age
endif

verify: $(READY) ## Every promise in full: hours, and docs/verify-report.md. STEPS="chaos bench": only these
	@$(PY) -m tests.servers.needs
	@$(PY) -m bench.verify $(STEPS)

watch: $(READY) ## Run tests again whenever a file changes: make watch T=tests/services/tips
	@.venv/bin/watchfiles --filter python "$(PY) -m pytest -q -x -m '$(UNIT)' $(or $(T),tests)" \
	  bench chassis contracts loa sandbox services tests

snapshots: $(READY) ## Play the chatbot's transcripts and write down what happened: the difference is the review
	@$(PY) -m tests.services.chatbot.transcripts.rewrite

bench: $(READY) ## The measurements, as a table and as bench/results.json
	@$(PY) -m bench

bench-compare: $(READY) ## This commit's benches against another's, by turns: make bench-compare REF=main [ROUNDS=5] [BENCHES="webhook journey"]
	@$(PY) -m bench.compare "$(REF)" --rounds $(or $(ROUNDS),5) $(BENCHES)

chaos: $(READY) ## Two replicas of each service and everything that goes wrong at night, under load
	@$(PY) -m bench.chaos

eval: $(READY) ## How well the chatbot understands questions, on the held-out set
	@$(PY) -m loa eval

docs: $(READY) ## Write docs/metrics.md and the READMEs' tables of settings and metrics anew
	@$(PY) -m loa docs

lock: $(READY) ## Resolve requirements.lock and the images' locks anew
	@.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --group pyproject.toml:dev \
	  pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	@$(MAKE) -s lock-images

lock-images: $(READY) ## The images' locks, from deploy/requirements/*.in and requirements.lock
	@cd deploy/requirements && for service in gateway chatbot tips notify auditor; do \
	  ../../.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url -c ../../requirements.lock \
	    $$service.in -o $$service.lock --custom-compile-command "make lock"; done

lock-kafka: $(READY) ## Write the digests of Kafka's jars anew
	@$(PY) -m loa.runtime.kafka.jars
