# The few words one needs. `make` alone lists them.
PYTHON ?= python3
MENTOR = .venv/bin/mentor
COMPILE = compile --quiet --no-annotate --no-header --generate-hashes

.DEFAULT_GOAL := help
.PHONY: help setup run test test-unit lint train check bench bench-nlu lock clean

help: ## list the words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make both Python environments from the lock files (quick when nothing changed)
	@$(PYTHON) -I tools/setup.py

run: setup ## start the mentor; without TELEGRAM_TOKEN with a simulated Telegram
	@exec $(MENTOR) run

test: setup ## everything: lint, types, layers, content, unit, integration and end-to-end tests
	@$(MENTOR) test

test-unit: setup ## only the quick tests
	@$(MENTOR) test unit

lint: setup ## style, types and layers
	@$(MENTOR) test lint types layers

train: setup ## train the model if its data changed
	@$(MENTOR) train

check: setup ## look through languages, guides, phrases, stories and locales
	@$(MENTOR) check

bench: setup ## measure
	@.venv/bin/python -m bench

bench-nlu: setup ## measure how well messages are understood
	@.venv/bin/python -m bench.nlu

lock: ## choose new versions of all dependencies and write the lock files (UPGRADE=--upgrade for the newest)
	@uv pip $(COMPILE) $(UPGRADE) --group bot --python-version 3.11 -o requirements/bot.txt
	@uv pip $(COMPILE) $(UPGRADE) --group bot --group dev -c requirements/bot.txt --python-version 3.11 -o requirements/dev.txt
	@uv pip $(COMPILE) $(UPGRADE) --group rasa --python-version 3.10 -o requirements/rasa.txt
	@uv pip $(COMPILE) $(UPGRADE) requirements/uv.in -o requirements/uv.txt

clean: ## remove what can be made again, the environments included; state in var/ stays
	rm -rf .venv .venv-rasa .rasa models var/uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
