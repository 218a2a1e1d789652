# yufang 预防. `make help` lists what there is; everything that make does, `python -m assets` does too.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=

where = $(if $(RAW),--raw "$(RAW)") $(if $(OUT),--out "$(OUT)")
run = $(where) $(if $(MONTH),--month $(MONTH)) $(if $(POLICY),--policy "$(POLICY)") $(if $(REGIONS),--regions $(REGIONS)) $(if $(NORMS),--norms "$(NORMS)") \
      $(if $(filter 1,$(ACCEPT_CHANGED)),--accept-changed)

.DEFAULT_GOAL := help
.PHONY: help run fetch test test-spark dev notebook issue score simulate check dictionary requirements clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run.installed ## newest month from data/raw to data/marts [RAW= OUT= MONTH= POLICY= REGIONS= NORMS= ACCEPT_CHANGED=1]
	@$(BIN)/python -m assets run $(run)

fetch: $(VENV)/run.installed ## a month from the databases in data/sources.toml to data/raw [MONTH= FROM= SOURCE= AGAIN=1 RAW= OUT=]
	@$(BIN)/python -m assets fetch $(where) $(if $(MONTH),--month $(MONTH)) $(if $(FROM),--from $(FROM)) \
	  $(if $(SOURCE),--source "$(SOURCE)") $(if $(filter 1,$(AGAIN)),--again)

dev: $(VENV)/run.installed ## the Dagster UI on this machine only [RAW= OUT= PORT=3000]
	@$(BIN)/python -m assets dev $(where) --port $(or $(PORT),3000)

issue: $(VENV)/run.installed ## archive the list that goes before the meeting [MONTH= OUT=]
	@$(BIN)/python -m assets issue $(where) --month $(MONTH)

simulate: $(VENV)/run.installed ## a simulated city; DEFECTS=1 writes it as dirty as real exports [RAW= ENTERPRISES=5000 LATER=3 DEFECTS=0 SILENT=0]
	@$(BIN)/python -m assets simulate --raw "$(or $(RAW),data/raw)" --enterprises $(or $(ENTERPRISES),5000) --later $(or $(LATER),3) \
	    --defects $(or $(DEFECTS),0) --silent $(or $(SILENT),0)

notebook: $(VENV)/dev.installed ## JupyterLab on the published months [OUT=]
	@YUFANG_MARTS="$(if $(OUT),$(OUT)/marts,data/marts)" $(BIN)/jupyter lab --ip 127.0.0.1 notebooks

test: $(VENV)/dev.installed ## lint, types and every test that this machine can run
	@$(BIN)/ruff check . && $(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/python tests/run.py

test-spark: $(VENV)/spark.installed ## the same SQL on Spark (needs Java 17)
	@$(BIN)/python tests/run.py --only spark

score: $(VENV)/dev.installed ## lists and sites against what happened the year after (needs the scoring material beside the project)
	@$(BIN)/python benchmarks/score.py && $(BIN)/python benchmarks/score_sites.py

dictionary: $(VENV)/run.installed ## docs/dictionary.md anew from the contracts
	@$(BIN)/python -m pipelines.contracts.dictionary

requirements: ## pinned and hashed requirements anew from pyproject.toml (needs uv)
	@requirements/compile

clean: ## removes caches and working copies; raw, marts, issued and settings stay
	rm -rf data/core .dagster .pytest_cache .ruff_cache .hypothesis .coverage

# pip compiles what it installs; uv has to be asked to. Uncompiled, every start costs five seconds more.
$(VENV)/bin/python:
	@if [ -n "$(UV)" ]; then uv venv -q --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

$(VENV)/%.installed: requirements/%.txt requirements/run.txt | $(VENV)/bin/python
	@echo "安装 $* 所需的软件包 ……"
	@if [ -n "$(UV)" ]; then uv pip install -q --python $(BIN)/python --require-hashes --compile-bytecode -r $<; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<; fi
	@touch $@

$(VENV)/spark.installed: $(VENV)/dev.installed
