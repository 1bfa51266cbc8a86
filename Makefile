# make demo   sets everything up, inspects the sample clips, starts worker and dashboard (FRESH=1 starts over)
# make test   sets everything up, checks style and types, runs every test
# make lint   style and types only
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
APT := DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get
RUN_PACKAGES := libgl1 libglib2.0-0
TEST_PACKAGES := chromium opencv-doc postgresql fonts-noto-cjk

.PHONY: demo test lint setup setup-test clean

demo: setup
	$(BIN)/lamplighter demo --port $(PORT) $(if $(FRESH),--fresh)

# Files of tests run side by side, one to a core and four at most: one process reached 3.9 GB, and each may start a browser.
# Each process computes in one thread: threads of two that share a core spin while they wait for one another, and trainings
# took up to four times the CPU. Files come in the order of tests/conftest.py.
test: setup-test lint
	OMP_NUM_THREADS=1 OPENCV_FOR_THREADS_NUM=1 bash tests/with_postgresql.sh $(BIN)/python -m pytest \
	  --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: $(VENV)/.runtime

setup-test: $(VENV)/.runtime $(VENV)/.tests

# OpenCV needs libGL and GLib, which a bare machine or container lacks.
$(VENV)/.runtime: requirements.txt pyproject.toml
	@ldconfig -p 2>/dev/null | grep -q libGL.so.1 || ! command -v apt-get >/dev/null \
	  || { $(APT) update -qq && $(APT) install -y -qq --no-install-recommends $(RUN_PACKAGES) >/dev/null; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@echo "Installing Lamplighter (several GB the first time, mostly torch) ..."
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runtime requirements-dev.txt
	@! command -v apt-get >/dev/null || { dpkg -s $(TEST_PACKAGES) >/dev/null 2>&1 \
	  || { $(APT) update -qq && $(APT) install -y -qq --no-install-recommends $(TEST_PACKAGES) >/dev/null; }; }
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache build *.egg-info
