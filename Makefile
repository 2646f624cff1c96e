# Everything is set up by the targets themselves: only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check browser screenshots bench lock clean help
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Dragoman needs Python 3.11 or newer; set PYTHON=" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## code the reports in examples/ and print their events
	@$(BIN)/dragoman code examples/*.txt examples/*.json --format table

check: $(READY) ## formatting, lint, types, layers
	$(BIN)/ruff format --check src tests benchmarks tools training
	$(BIN)/ruff check src tests benchmarks tools training
	$(BIN)/mypy
	$(BIN)/lint-imports

# One process a core and at most four, of which each holds the models; files are not split, for what their tests share.
test: check ## everything that CI runs
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

browser: $(READY) ## install the Chromium that the tests of the pages need (Debian, as root), and run those tests
	command -v chromium || apt-get install -y --no-install-recommends chromium fonts-noto-core
	DRAGOMAN_BROWSER=required $(BIN)/pytest tests/test_browser_*.py

screenshots: $(READY) ## make the pictures of docs/desk anew
	$(BIN)/python -m tools.screenshots

bench: $(READY) ## measure accuracy and speed, write benchmarks/results/
	$(BIN)/python -m benchmarks.run

lock: $(READY) ## renew the hashed requirements
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-header --quiet --upgrade -o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-header --quiet --upgrade -o requirements/run.txt

clean: ## remove what the other targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
