# All targets: make help. The environment is made in .venv on first use.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
# pip draws its bars on a terminal only; a log gets the lines of `say` below.
PIP    := $(BIN)/python -m pip install --disable-pip-version-check $(shell test -t 2 || echo --quiet)
say     = @echo "$(1)" >&2
# A build, a grading and the tests start hundreds of Pythons: none may compile again what another has compiled.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help data links book lab public public-book live serve watch grading quick test bench clean publishers check lock

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/.book: requirements.txt constraints.txt pyproject.toml
	$(call say,1 of 2: making the environment in $(VENV))
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(call say,2 of 2: installing what requirements.txt lists; this takes some minutes the first time)
	$(PIP) -r requirements.txt
	@touch $@

$(BIN)/.dev: requirements-dev.txt $(BIN)/.book
	$(call say,Installing the grading and test tools that requirements-dev.txt lists; this takes some minutes)
	$(PIP) -r requirements-dev.txt
	@touch $@

book: $(BIN)/.book ## build the whole book and say which page to open
	$(BIN)/course book build

live: $(BIN)/.book ## put Python for the browser together (about 17 MB, each file verified), then build: cells run in the page
	$(BIN)/course live
	$(BIN)/course book build

public: $(BIN)/.book ## write the public edition into _build/public, without solutions, hidden checks and keys
	$(BIN)/course public

public-book: public ## build the book from the public edition alone
	cd _build/public && PYTHONPATH=. COURSE_DATA=data $(CURDIR)/$(BIN)/course book build

serve: $(BIN)/.book ## show the built book at http://localhost:8000
	$(BIN)/course book serve --port $(PORT)

lab: $(BIN)/.book ## write the chapters as notebooks and open them in JupyterLab
	$(BIN)/course book notebooks
	$(BIN)/jupyter lab notebooks

watch: $(BIN)/.book ## build again whenever a file is saved, and show the book at http://localhost:8000
	$(BIN)/course book watch --port $(PORT)

publishers: $(BIN)/.book ## refresh a copy of the tables from the publishers' files in the folder COURSE_PUBLISHERS
	$(BIN)/course data publishers

check: $(BIN)/.book ## check every table: types, keys, published figures
	$(BIN)/course data check

data: $(BIN)/.book ## write the archive of the tables (CSV, Parquet, SQLite, codebook) into _build/archive
	$(BIN)/course data archive

links: $(BIN)/.dev ## ask every outside address of the built book whether it still answers (needs the internet)
	$(BIN)/course book links

grading: $(BIN)/.dev ## add the grading and test tools to the environment
	$(call say,The grading tools are in $(VENV). Next: $(BIN)/course doctor)

# The grading and its attacks, builds and browsers are left to `make test`: tests/conftest.py says what is quick.
quick: $(BIN)/.dev ## style and the fast tests, in a minute: run it between edits (no build, no browser)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m quick

test: $(BIN)/.dev ## style, the built book, every test (gets Chromium when it is missing)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tests/get_chromium.py
	$(BIN)/python tests/get_live.py
	$(BIN)/course book build
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=40 --durations-min=4

bench: $(BIN)/.dev ## print the timings beside their goals: builds, pages, loading, grading
	$(BIN)/python -m bench

clean: ## remove the built book, keep the environment
	rm -rf _build

lock: $(BIN)/.dev ## write constraints.txt from the environment as it is
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^-e' > constraints.txt
