# Every target sets up what it needs from nothing but Python 3.11 or later.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -n auto --dist worksteal

# A checkout without bytecode compiles itself anew in every process: half a second of each pass,
# and the tests start hundreds. Where the environment forbids to write it, it is written all the same.
unexport PYTHONDONTWRITEBYTECODE
# Users' output is buffered: what it does as a program ends must not be hidden from the tests.
unexport PYTHONUNBUFFERED

.PHONY: run test check docs screenshots lock clean help

help:
	@echo "make run    one pass over the embedded newsroom, ends with a digest"
	@echo "make test   all tests"
	@echo "make check  the gate: format, lint, types, layers, dependencies, dead code"
	@echo "make docs   write the generated parts of docs/ anew"
	@echo "make screenshots   take the README's pictures anew (needs Chromium)"
	@echo "make lock   write the lock files anew (needs uv)"

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chipwire needs Python 3.11 or later; set PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml $(VENV)/.created
	@echo "installing chipwire and its libraries into $(VENV): a minute or two, once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml $(VENV)/.run
	@echo "installing what the tests need: a minute or two, once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# The next Datasette, beside: the review page is tried on both lines.
$(VENV)/.datasette1: requirements-datasette1.lock $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade --target $(VENV)/datasette1 -r requirements-datasette1.lock
	@touch $@

run: $(VENV)/.run
	@$(BIN)/chipwire run --sample

test: $(VENV)/.dev $(VENV)/.datasette1
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture

docs: $(VENV)/.dev
	$(BIN)/python -m tests.documents

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.documents.screenshots

# The dev lock decides the versions; the run lock is its subset.
UV ?= uv
UVC := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(UVC) pyproject.toml --all-extras --group dev -o requirements-dev.lock
	$(UVC) pyproject.toml --extra review --group build -c requirements-dev.lock -o requirements.lock

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .import_linter_cache
