PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
FRAMEWORKS := $(VENV)/frameworks

export DENO_DIR := $(CURDIR)/$(VENV)/deno
export DENO_NO_UPDATE_CHECK := 1
# Every process would compile the tests anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup serve test test-layout test-pages test-proxies test-delivery test-frameworks hostile check format bench load rooms soak screenshots literature learning architecture reading networks lock clean help
.DEFAULT_GOAL := run

run: serve  ## set up and serve (this is what a bare `make` does)

setup: $(READY)  ## create .venv with everything that serving and testing need
	@:

$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c '' 2>/dev/null || { \
	  echo "unrolled needs Python 3.11 or newer, and there is no '$(PYTHON)' here."; \
	  echo "Name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "unrolled needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1)."; \
	  echo "Name another with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot create virtual environments: its venv module is missing."; \
	  echo "On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	  echo "Creating $(VENV)"; $(PYTHON) -m venv --clear $(VENV); }
	@echo "Installing the pinned dependencies (about a minute the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

serve: $(READY)  ## serve the lab (HOST and PORT change the address)
	@$(BIN)/unrolled serve

# In order: a worker that has driven the browser runs no asynchronous test any more.
# A few at a time, so that no worker is left with a long row of them.
PYTEST = $(BIN)/python -m pytest -n auto --dist load --maxschedchunk 6
# A file at a time: what its tests share is made by one worker alone.
BY_FILES = --dist loadfile --no-loadscope-reorder

test: $(READY)  ## run the tests, in a real browser too (ARGS="-k stream" picks some)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.redis_server || true
	@$(BIN)/deno test --parallel --quiet --no-check --allow-read=. tests/js
	@$(PYTEST) $(BY_FILES) -m "not layout and not pages and not delivery and not frameworks" $(ARGS)

# What the run in the browser need not collect.
OTHERS = $(filter-out tests/browser, $(wildcard tests/*))

test-layout: $(READY)  ## run the browser tests in every size, language, lesson and font (CI does)
	@$(BIN)/python -m tests.browser.chromium
	@$(PYTEST) -m layout $(addprefix --ignore=, $(OTHERS)) $(ARGS)

test-pages: $(READY)  ## run the other browser tests of each page (CI does)
	@$(BIN)/python -m tests.browser.chromium
	@$(PYTEST) $(BY_FILES) -m "pages and not layout" $(addprefix --ignore=, $(OTHERS)) $(ARGS)

test-proxies: $(READY)  ## run every browser test at a prefix, behind real proxies
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.proxies
	@failed=; for behind in nginx-stripped caddy-kept; do \
	  BEHIND=$$behind $(PYTEST) -m "browser and not layout" \
	    $(addprefix --ignore=, $(OTHERS)) $(ARGS) || failed=yes; \
	done; \
	[ ! "$$failed" ]

test-delivery: $(READY)  ## build what the Dockerfile builds, serve through proxies, run `make test` as the README has it (CI does)
	@$(BIN)/python -m tests.browser.chromium
	@failed=; \
	$(PYTEST) -m "delivery and not browser" --ignore=tests/browser $(ARGS) || failed=yes; \
	$(PYTEST) -m "delivery and browser" $(addprefix --ignore=, $(OTHERS)) $(ARGS) || failed=yes; \
	[ ! "$$failed" ]

# Their packages lie over those of .venv, and no other target sees them.
$(FRAMEWORKS)/.ready: requirements-frameworks.txt $(READY)
	@echo "Installing PyTorch, TensorFlow and Keras (some minutes and 3 GB, the first time)"
	@$(BIN)/python -m venv --clear --without-pip $(FRAMEWORKS)
	@echo "import site; site.addsitedir(\"$$($(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")\")" \
	  > "$$($(FRAMEWORKS)/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/beneath.pth"
	@$(FRAMEWORKS)/bin/python -m pip install -qq --disable-pip-version-check -r requirements-frameworks.txt
	@touch $@

test-frameworks: $(FRAMEWORKS)/.ready  ## run the exported scripts in PyTorch and in Keras, and the recorder in PyTorch (CI does)
	@KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 $(FRAMEWORKS)/bin/python -m pytest \
	  -m frameworks tests/reference tests/docs $(ARGS)

hostile: $(READY)  ## send ten thousand requests that no page sends (CI does)
	@$(BIN)/python -m tests.hostile $(ARGS)

check: $(READY)  ## formatting, lint and types, of the Python and of the JavaScript
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/deno fmt --check --quiet
	@$(BIN)/deno lint --quiet
	@$(BIN)/deno check --quiet $(wildcard static/js tests/js)

format: $(READY)  ## rewrite the code as `make check` wants it
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/deno fmt --quiet

bench: $(READY)  ## measure what the README claims
	@$(BIN)/python -m bench $(ARGS)

load: $(READY)  ## measure what a class at once feels (ARGS="drag --seconds 5" picks some)
	@$(BIN)/python -m bench.load $(ARGS)

rooms: $(READY)  ## measure a room of 300 and of 1,000, and kill a worker and Redis in a vote (ARGS="try" picks some)
	@$(BIN)/python -m tests.redis_server
	@$(BIN)/python -m bench.rooms $(ARGS)

SECONDS ?= 600
soak: $(READY)  ## let a class work for ten minutes, and see whether the memory stays flat
	@$(BIN)/python -m bench.soak --seconds $(SECONDS) $(ARGS)

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

screenshots: $(READY)  ## make the pictures in docs/ again, and one of every step of the lessons
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m docs.pictures
	@$(BIN)/python -m docs.walk

literature: $(READY)  ## measure docs/literature.md and its figures again
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m docs.literature

learning: $(READY)  ## train for docs/learning.md and its figures again
	@$(BIN)/python -m tests.browser.chromium
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m docs.learning

architecture: $(READY)  ## draw the lists of docs/architecture.md again
	@$(BIN)/python -m docs.architecture

reading: $(READY)  ## how hard the English of the lessons is to read
	@$(BIN)/python -m docs.reading

networks: $(READY)  ## train the networks of the lessons again
	@$(BIN)/python -m docs.networks

lock:  ## pin the dependencies again (ARGS=--upgrade for the newest)
	@test -x $(BIN)/uv || { echo "Run 'make setup' first."; exit 1; }
	@$(COMPILE) pyproject.toml --extra dev --output-file requirements-dev.lock
	@$(COMPILE) pyproject.toml --extra keras --extra redis --extra scripts --constraint requirements-dev.lock \
	  --output-file requirements.lock
	@echo hatchling | $(COMPILE) - --constraint requirements-dev.lock \
	  --output-file requirements-build.lock

clean:  ## remove .venv and every cache
	@rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results screenshots
	@find app bench docs engine tests unrolled -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
