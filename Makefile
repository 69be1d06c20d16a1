# Everything a newcomer runs. uv comes from the package registry into .uv/, the project into .venv/.

UV_VERSION := 0.13.9
UV := .uv/bin/uv
RUN := $(UV) run --frozen
# Three at a time for two cores: what waits for a server, a browser or a killed process leaves room for another.
PYTEST := pytest -n 3 --dist loadscope --no-loadscope-reorder
PYTHON ?= python3

export DAGSTER_HOME := $(CURDIR)/.dagster
export DAGSTER_DISABLE_TELEMETRY := 1
# A process that has to compile what it imports takes twice as long to start (5.8 CPU seconds instead of 3.0 for
# the definitions): bytecode is kept, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo demo-ui dashboard notebook docs dev sync metrics refresh test test-slow test-all sequences lint format bench build clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .uv || \
	  { echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# What the product itself needs; a quarter of what its tests, lints and other destinations do.
.venv/.runtime: $(UV) pyproject.toml uv.lock dagster.yaml
	@echo "Installing what uv.lock names …"
	@$(UV) sync --frozen --no-dev --inexact --quiet --python $$($(PYTHON) -c 'import sys; print(sys.executable)')
	@mkdir -p .dagster && cp dagster.yaml .dagster/dagster.yaml
	@touch $@

.venv/.installed: .venv/.runtime
	@$(UV) sync --frozen --inexact --quiet
	@touch $@

install: .venv/.installed ## Install everything that is locked, into .venv/; EXTRAS="snowflake celery" adds to it
	@$(if $(EXTRAS),$(UV) sync --frozen --inexact --quiet $(EXTRAS:%=--extra %))

demo: .venv/.runtime ## A sample workspace, every asset, the metrics, and a summary: no account needed
	@$(RUN) --no-dev python -m rootly_assets demo

demo-ui: .venv/.runtime ## The same, then the Dagster UI on it (PORT=3000)
	@$(RUN) --no-dev python -m rootly_assets demo --ui $(PORT:%=--port %)

dashboard: .venv/.installed ## Look at incidents, on-call and learning in the browser (reads only; PORT=2718)
	@$(RUN) python -m rootly_assets dashboard $(PORT:%=--port %)

notebook: .venv/.installed ## A notebook to start from: tables to pandas, Arrow and charts (PORT=2719)
	@$(RUN) python -m rootly_assets notebook $(PORT:%=--port %)

docs: .venv/.installed ## Write the models' documentation as one HTML page
	@$(RUN) python -m rootly_assets docs

dev: .venv/.installed ## Open the Dagster UI on your workspace (ROOTLY_API_TOKEN; PORT=3000)
	@$(RUN) python -m rootly_assets dev $(PORT:%=--port %)

sync: .venv/.installed ## Read what changed in Rootly (job rootly_sync)
	@$(RUN) python -m rootly_assets sync

metrics: .venv/.installed ## Build and test the metrics (job rootly_metrics)
	@$(RUN) python -m rootly_assets metrics

refresh: .venv/.installed ## Both (job rootly_refresh)
	@$(RUN) python -m rootly_assets refresh

test: .venv/.installed ## What proves it works: one whole refresh, the UI, every promise, in minutes
	@$(RUN) --group bench --group dialects $(PYTEST)

test-slow: .venv/.installed ## The same, with what CI runs too: models beside pandas, sequences of changes, PostgreSQL
	@$(RUN) --group bench --group dialects $(PYTEST) -m "not exhaustive"

test-all: .venv/.installed ## All of it: killed runs, every destination, executor and container
	@$(RUN) --group bench --group dialects $(PYTEST) -m ""

sequences: .venv/.installed ## Hundreds of changes, faults and kills by chance, for as long as you like (SEQUENCES=300)
	@ROOTLY_SEQUENCES=$(or $(SEQUENCES),300) $(RUN) --group bench --group dialects $(PYTEST) -m "" --timeout 0 \
		rootly_assets_tests/sync/test_sequences.py rootly_assets_tests/sync/test_sequences_moving_rows.py \
		rootly_assets_tests/sync/test_sequences_killed.py

lint: .venv/.installed ## Format check, lint, types, SQL
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) pyright
	@cd dbt_project && $(CURDIR)/.venv/bin/sqlfluff lint models --processes 2

format: .venv/.installed ## Format Python and SQL
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .
	@cd dbt_project && $(CURDIR)/.venv/bin/sqlfluff fix models

bench: $(UV) ## Measure against a tuned generic loader in the same run
	@$(UV) run --frozen --group bench python -m benchmarks

build: $(UV) ## Build the wheel into dist/
	@$(UV) build --wheel --quiet

clean: ## Remove what was installed and built (your data/ and the history of runs, .dagster/, stay)
	@rm -rf .uv .venv dist .pytest_cache .ruff_cache
