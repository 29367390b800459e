# Everything here also sets up what it needs; what did not change is not done again.
.DEFAULT_GOAL := help
.PHONY: help setup develop run test fix check locks messages clean reset

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
SET_UP = $(or $(PYTHON),$(error Python 3.11 or newer is not installed)) -m tools.setup
VENV := .venv/bin
POSTGRES_15 := /usr/lib/postgresql/15/bin

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' | while IFS='	' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

setup: ## install and build what canbao needs, without starting it
	@$(SET_UP) run

run: setup ## start the demo county on http://127.0.0.1:8000 (PORT=8001 make run: elsewhere)
	@CANBAO_DEMO=$${CANBAO_DEMO-1} exec $(VENV)/canbao run

develop: ## install also what tests and checks need
	@$(SET_UP) test

check: develop ## every check that needs no database: locks, style, types, imports, translations
	@$(VENV)/python -m tools.locks check
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy
	@$(VENV)/lint-imports
	@$(VENV)/python -m tools.messages check

test: check ## every check and every test
	$(VENV)/pytest -n 2
	@for day in 05-15 12-31; do echo "As if today were $$day:"; CANBAO_BUSINESS_DATE= CANBAO_TEST_START=$$day $(VENV)/pytest -q -n 2 -m any_date || exit 1; done
	@echo "As if it were three years later:"; CANBAO_TEST_START=$$(date -d '3 years' +%F) $(VENV)/pytest -q -n 2 -m 'any_date or any_year'
	@if [ -x $(POSTGRES_15)/postgres ]; then echo "The same on PostgreSQL 15:"; CANBAO_TEST_POSTGRES=$(POSTGRES_15) $(VENV)/pytest -n 2 -m both_databases; fi

fix: develop ## put the style right
	$(VENV)/ruff check --fix
	$(VENV)/ruff format

messages: setup ## list sentences without Chinese, and Chinese that nothing says any more
	@$(VENV)/python -m tools.messages check

locks: develop ## renew the locks after a change in requirements*.in or package.json (UPGRADE=1: newest versions)
	$(VENV)/python -m tools.locks make $(if $(UPGRADE),--upgrade)

clean: ## remove what set-up made; the data stays
	rm -rf .venv build node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find locale -name '*.mo' -delete
	find canbao tests tools -name __pycache__ -prune -exec rm -rf {} +

reset: ## remove the demo county's data in var/, so that the next start fills it anew
	@$(PYTHON) -m tools.reset
