# make run   sets everything up and runs the main job      PORT=8797 make run  serves it on that port
# make test  sets everything up and passes every check
# make live  tries the connectors against real servers, started here (as root: installs them)
PYTHON ?= python3
PORT ?= 8765
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint benchmarks live clean

run: $(VENV)/.run
	$(BIN)/chaperone up --port $(PORT)

test: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

benchmarks: $(VENV)/.test
	$(BIN)/python -m benchmarks

live: $(VENV)/.test
	$(BIN)/python -m live

$(VENV)/.run: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build *.egg-info
