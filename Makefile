# The front door. `make run` shows what it does, `make test` proves it; `make help` lists the rest.
VENV  := .venv/bin
MESON := $(VENV)/meson
SHELL := /bin/sh
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

bootstrap-%:
	@tools/bootstrap.sh $*

build: bootstrap-build ## build the library and the command: build/classify
	@[ -f build/build.ninja ] || PATH="$(CURDIR)/$(VENV):$$PATH" $(MESON) setup build >build.log 2>&1 || { cat build.log; exit 1; }
	@rm -f build.log
	@$(VENV)/ninja -C build --quiet

run: build ## label the sample texts in models/samples.tsv
	@sh tools/run.sh

test: bootstrap-python build ## every test: C, command, Python; and C again under the sanitizers
	@PATH="$(CURDIR)/$(VENV):$$PATH" $(MESON) test -C build --print-errorlogs
	@sh tools/sanitize.sh
	@for arch in i386 s390x; do tools/cross.sh $$arch || [ $$? = 77 ] || exit 1; done
	@$(MAKE) --no-print-directory python

python: bootstrap-python ## install the Python package into .venv and test it
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check .
	@$(VENV)/python -m pytest -q tests/python

install: build ## install (PREFIX=/usr/local, DESTDIR honoured)
	@PATH="$(CURDIR)/$(VENV):$$PATH" $(MESON) configure build --prefix "$(or $(PREFIX),/usr/local)"
	@PATH="$(CURDIR)/$(VENV):$$PATH" $(MESON) install -C build

model: build ## rebuild models/default.counts and its card from corpora/ and, where it is there, shared/data/train
	@sh tools/make_model.sh

bench: bootstrap-test build ## measure speed beside the peers that can be had: tests/bench/RESULTS.md
	@$(VENV)/python tests/bench/run.py

coverage: bootstrap-dev ## which lines and branches of the library the tests run; fails below 97 % and 90 %
	@tools/coverage.sh

analyze: bootstrap-dev build ## clang-tidy, gcc -fanalyzer and valgrind, each where it is there
	@tools/analyze.sh

mutation: build ## small mistakes in the scoring and format modules: would the tests notice? (SAMPLE a file, 6)
	@$(VENV)/python tests/mutation/run.py --sample $(or $(SAMPLE),6)

fuzz: bootstrap-dev ## run every fuzzer for MINUTES (5) each; FUZZER=afl takes AFL++
	@tools/fuzz.sh $(or $(MINUTES),5)

wheel: bootstrap-build ## a wheel with everything inside, tested on every Python here: dist/
	@sh tools/wheel.sh

format: bootstrap-dev ## format the sources
	@git ls-files -z '*.c' '*.h' ':!*_table.h' | xargs -0 $(VENV)/clang-format -i
	@$(VENV)/ruff format -q . && $(VENV)/ruff check -q --fix .

lint: bootstrap-dev ## check formatting, and Python for mistakes
	@git ls-files -z '*.c' '*.h' ':!*_table.h' | xargs -0 $(VENV)/clang-format --dry-run -Werror
	@$(VENV)/ruff format -q --check . && $(VENV)/ruff check -q .

clean: ## remove what was built
	@rm -rf build build-* .venv

.PHONY: help build run test python install model bench analyze coverage mutation fuzz wheel format lint clean
