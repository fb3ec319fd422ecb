# Every command that a person runs; `make` alone lists them.

PYTHON ?= python3.11
UV_VERSION := 0.13.9
OUT ?= out/demo
INBOX ?= sample_docs/inbox
FROM ?=
POLICY ?=
SUBMISSION ?=
CORPORA ?= ../shared/corpora/dev
CHROMIUM ?= chromium

UV := build/uv/bin/uv
BIN := .venv/bin
STAMP := .venv/.installed
TESSDATA := $(wildcard /usr/share/tesseract-ocr/*/tessdata/eng.traineddata)
OSDDATA := $(wildcard /usr/share/tesseract-ocr/*/tessdata/osd.traineddata)

# Where Python is told to keep no bytecode, each start would compile all packages anew.
unexport PYTHONDONTWRITEBYTECODE

# One thread per process: tesseract and BLAS threads slow each other down.
export OMP_THREAD_LIMIT = 1

.DEFAULT_GOAL := help
.PHONY: help setup system demo run reprocess retry rebuild status review check check-fhir test test-all kill-runs traps explore train train-recogniser score-corpora format samples screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: system $(STAMP) ## install everything into .venv (nothing to do when it is up to date)

# Language data for reading scans; everything else comes with the Python packages.
system:
ifneq ($(and $(TESSDATA),$(OSDDATA)),)
	@:
else ifneq ($(TESSDATA_PREFIX),)
	@:
else
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq tesseract-ocr-eng tesseract-ocr-osd; \
	else \
		echo "Scans cannot be read without tesseract's language data. As root:"; \
		echo "    apt-get install tesseract-ocr-eng tesseract-ocr-osd"; \
		echo "or set TESSDATA_PREFIX to a folder with eng.traineddata and osd.traineddata."; \
		exit 1; \
	fi
endif

$(UV):
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(STAMP): requirements.lock pyproject.toml | $(UV)
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

# Exit code 1 says that some submission could not be read: one sample is broken on purpose.
demo: setup ## run the sample packets and show what came out
	@$(BIN)/chartgap run sample_docs/inbox --out out/demo || [ $$? = 1 ]
	@echo; cut -d, -f1,4,5,15,16 out/demo/summary.csv | tr -d '\r' | \
		awk -F, '{ printf "%-48s %-20s %-10s %-12s %s\n", $$1, $$2, $$3, $$4, $$5 }'
	@echo; echo "Tables:  out/demo/*.csv"; echo "Reports:"; ls out/demo/submissions/*/gap_report.html

run: setup ## process a queue: make run INBOX=folder OUT=folder
	$(BIN)/chartgap run "$(INBOX)" --out "$(OUT)"

reprocess: setup ## redo what is not up to date, or: FROM=nlp, SUBMISSION=id, POLICY=id
	$(BIN)/chartgap reprocess --out "$(OUT)" $(if $(FROM),--from "$(FROM)") \
		$(if $(POLICY),--policy-id "$(POLICY)") $(SUBMISSION)

retry: setup ## try again what failed: make retry OUT=folder [SUBMISSION=id]
	$(BIN)/chartgap retry --out "$(OUT)" $(SUBMISSION)

rebuild: setup ## make a damaged ledger anew from what lies in OUT
	$(BIN)/chartgap rebuild --out "$(OUT)"

status: setup ## what became of every submission: make status OUT=folder
	$(BIN)/chartgap status --out "$(OUT)"

review: setup ## open the review pages of OUT: make review OUT=folder
	$(BIN)/chartgap review --out "$(OUT)"

check: setup ## style, types, who imports whom, tables and policies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy pipeline
	$(BIN)/lint-imports --no-cache
	$(BIN)/chartgap policy check models/policies/*.yaml

# On all cores; a file's tests stay together, as they share what its fixtures ran.
test: check ## everything that must hold before a change lands
	$(BIN)/pytest -q -n auto --dist loadfile

test-%: setup ## the tests of one stage: make test-ingest, test-nlp, test-normalize, test-criteria
	$(BIN)/pytest -q -n auto --dist loadfile tests/$*

test-all: check ## all tests, those that take long too
	$(BIN)/pytest -q -n auto --dist loadfile -m ""

# Two validators of FHIR R4; they need npm and are asked by the tests where they are installed.
check-fhir: setup ## check the FHIR bundles of the samples by the validators of npm
	mkdir -p build/node && cp tests/fhir/package.json build/node/
	npm install --prefix build/node --no-audit --no-fund --silent
	$(BIN)/pytest -q tests/test_fhir.py

kill-runs: setup ## kill, fill up and poison runs of 40 packets and compare what comes out (an hour)
	$(BIN)/python tests/kill_runs.py

traps: setup ## put pages that tell nothing of the patient into every packet (an hour)
	$(BIN)/python -m tests.trap_packets

explore: setup ## look for counterexamples to the laws, at random and at length
	$(BIN)/pytest -q tests/nlp/test_laws.py tests/criteria/test_laws.py --hypothesis-profile=explore

# The weights are committed, so nobody needs to train. What training needs has a place of its own.
TRAINING := build/train/bin/python
MARKED ?= $(wildcard models/statements/marked/*.jsonl ../shared/corpora/statements/*.jsonl)

$(TRAINING): requirements.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --python $(PYTHON) build/train
	$(UV) pip install --quiet --python $@ -r requirements.lock --no-deps
	$(UV) pip install --quiet --python $@ --editable '.[train]'
	$(UV) pip install --quiet --python $@ --no-config huggingface-hub==2.4.0 # left out where nothing is trained

# About 40 minutes of two idle cores. With OUT=folder it also learns from what analysts corrected
# there, and keeps the new weights only if hands left out are read better by them.
train: setup $(TRAINING) ## train the reader of statements anew from MARKED (and OUT) into models/statements
	$(TRAINING) -m pipeline.training.statements $(MARKED) --out models/statements \
		$(if $(filter command line,$(origin OUT)),--corrections "$(OUT)")

# About 15 minutes of one idle core.
train-recogniser: setup ## train the recogniser anew from CORPORA into models/recogniser
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pipeline.training.train \
		--corpora "$(CORPORA)" --out models/recogniser

score-corpora: setup ## score spans, relations and contexts on every corpus of CORPORA
	$(BIN)/python -m tests.score_corpora "$(CORPORA)"

format: setup ## put the code into the project's style
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

# Needs Chromium (CHROMIUM=path); look at what it makes before it is committed.
screenshots: setup ## draw the pictures of the documents from the reports of the samples
	$(BIN)/chartgap run sample_docs/inbox --out out/demo || [ $$? = 1 ]
	$(BIN)/python -m tests.screenshots --out out/demo --chromium "$(CHROMIUM)"

samples: setup ## make the sample packets anew
	$(BIN)/python sample_docs/make_samples.py

clean: ## remove what was installed and made
	rm -rf .venv build out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
