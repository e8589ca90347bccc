# The two commands are `make release` and `make test`; each sets up what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-from-lock
# Which programs the tests may not do without; see tests/conftest.py.
export PYTHONHASHSEED ?= 0

ORACLES := .venv-oracles
ORACLE_STAMPS := $(foreach env,$(ORACLES) $(ORACLES)-cff $(ORACLES)-s3 $(ORACLES)-twine,$(env)/.installed-from-lock)
# followthemoney builds PyICU; where that cannot be built, its tests say that they did not run.
ifneq (,$(shell pkg-config --exists icu-i18n 2>/dev/null && command -v g++))
ORACLE_STAMPS += $(ORACLES)-ftm/.installed-from-lock
endif

.PHONY: setup oracles release test test-elsewhere docs pictures lint format fuzz bench clean

setup: $(STAMP)

# The lock carries hashes, so what is installed is what was tested. Byte-compiled once,
# because a start that recompiles its libraries takes three times as long.
$(STAMP): requirements.lock pyproject.toml
	@set -e; if command -v uv >/dev/null 2>&1; then \
	  [ -x $(BIN)/python ] || uv venv --quiet --python $(PYTHON) $(VENV); \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock; \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
	  [ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); \
	  env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	  env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q src
	@touch $(STAMP)

# The programs of others that judge a release in the tests. They pin old libraries, so they live apart.
oracles: $(ORACLE_STAMPS)

$(ORACLES)/.installed-from-lock: tests/oracles/requirements.lock
$(ORACLES)-cff/.installed-from-lock: tests/oracles/cffconvert.lock
$(ORACLES)-s3/.installed-from-lock: tests/oracles/moto.lock
$(ORACLES)-twine/.installed-from-lock: tests/oracles/twine.lock
$(ORACLES)-ftm/.installed-from-lock: tests/oracles/followthemoney.lock
$(ORACLE_STAMPS):
	@set -e; python=$(@D)/bin/python; if command -v uv >/dev/null 2>&1; then \
	  [ -x $$python ] || uv venv --quiet --python $(PYTHON) $(@D); \
	  uv pip install --quiet --python $$python --require-hashes --compile-bytecode -r $<; \
	else \
	  [ -x $$python ] || $(PYTHON) -m venv $(@D); \
	  env -u PYTHONDONTWRITEBYTECODE $$python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; \
	fi
	@touch $@

release: setup
	@$(BIN)/casetrail release

test: setup oracles
	@$(BIN)/python -m pytest -n 2 --dist worksteal

# The tests that need nothing but Python: for a second Python beside the one of `make test`.
test-elsewhere: setup
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not program" --ignore tests/oracles --ignore tests/fuzz

# The documentation site, from an environment of its own, into dist/docs. It needs no network; the R page needs R.
DOCS := .venv-docs
$(DOCS)/.installed-from-lock: docs/requirements.lock pyproject.toml
	@set -e; python=$(DOCS)/bin/python; if command -v uv >/dev/null 2>&1; then \
	  [ -x $$python ] || uv venv --quiet --python $(PYTHON) $(DOCS); \
	  uv pip install --quiet --python $$python --require-hashes --compile-bytecode -r docs/requirements.lock; \
	  uv pip install --quiet --python $$python --no-deps --no-build-isolation --editable .; \
	else \
	  [ -x $$python ] || $(PYTHON) -m venv $(DOCS); \
	  env -u PYTHONDONTWRITEBYTECODE $$python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/requirements.lock; \
	  env -u PYTHONDONTWRITEBYTECODE $$python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

# Not --quiet: it would keep the warnings from being counted, and nothing would be strict.
docs: $(DOCS)/.installed-from-lock
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --clean

# The pictures of README and site, by Chromium and LibreOffice: after a change of the page, the workbook or a finding.
pictures: $(DOCS)/.installed-from-lock
	@$(DOCS)/bin/python docs/hooks/make_pictures.py

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

# Some half an hour on two cores; CASETRAIL_FUZZ_SEED=1000 tries other cases.
fuzz: setup
	@CASETRAIL_FUZZ_SECONDS=$${CASETRAIL_FUZZ_SECONDS:-160} $(BIN)/python -m pytest -n 2 --dist worksteal tests/fuzz

bench: setup
	@$(BIN)/python -m benchmarks

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache
