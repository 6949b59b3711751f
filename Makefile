# Thin on purpose: every target names the real commands, and each can be typed by hand.

CARGO ?= cargo
NPM ?= npm
PYTHON ?= python3
TARGET := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(TARGET)/debug/passerelle
RELEASE := $(TARGET)/release/passerelle
OUT := $(TARGET)/plugins
FIRST_PARTY := plugins/channel-telegram plugins/bot-menu plugins/router-default
FOR_TESTS := $(patsubst %/plugin.toml,%,$(wildcard tests/plugins/*/plugin.toml))
NODE_MODULES := tests/npm/node_modules/.package-lock.json
VENV := tests/python/.venv
WEB_MODULES := core/web/node_modules/.package-lock.json
WEB_SOURCES := $(shell find core/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
WIDGET := core/web/widget/dist/manifest.json
BROWSER_MODULES := tests/browser/node_modules/.package-lock.json

.PHONY: run web plugins test-plugins python binary check lint test chromium browser bench doc clean

## Runs the demo: the gateway, three plugins and a channel emulator on this machine.
run: plugins $(NODE_MODULES)
	$(BINARY) demo --plugins $(OUT)

$(WEB_MODULES): core/web/package-lock.json
	cd core/web && $(NPM) ci --no-audit --no-fund
	@touch $@

$(WIDGET): $(WEB_MODULES) $(WEB_SOURCES)
	cd core/web && $(NPM) run build

## Builds the web widget, which becomes part of the binary.
web: $(WIDGET)

## Builds the binary.
binary: web
	$(CARGO) build --locked -p passerelle-server

## Builds the first-party plugins to components.
plugins: binary
	$(BINARY) plugin build $(FIRST_PARTY) --out $(OUT)

## Builds the plugins that only tests use.
test-plugins: binary
	$(if $(FOR_TESTS),$(BINARY) plugin build $(FOR_TESTS) --out $(OUT))

$(NODE_MODULES): tests/npm/package-lock.json
	cd tests/npm && $(NPM) ci --no-audit --no-fund
	@touch $@

## What the tests take from PyPI, in a folder of its own. Debian keeps `venv` in a package that root can install.
python: $(VENV)/installed

$(VENV)/installed: tests/python/requirements.txt
	$(PYTHON) -m venv $(VENV) || { apt-get install --yes python3-venv && $(PYTHON) -m venv $(VENV); }
	$(VENV)/bin/pip install --quiet --requirement tests/python/requirements.txt
	@touch $@

$(BROWSER_MODULES): tests/browser/package-lock.json
	cd tests/browser && $(NPM) ci --no-audit --no-fund
	@touch $@

## The browser of the tests. Debian has it; root can install it.
chromium:
	command -v chromium >/dev/null || { apt-get update && apt-get install --yes --no-install-recommends chromium; }

## The widget in a real browser, against the real binary; screenshots go to `tests/browser/shots`. NAMES runs some only.
browser: plugins chromium $(BROWSER_MODULES)
	cd tests/browser && PASSERELLE_BINARY="$(abspath $(BINARY))" PASSERELLE_PLUGINS_DIR="$(abspath $(OUT))" node run.mjs $(NAMES)

## Formatting and lints.
lint: web
	cd core/web && $(NPM) run check
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

## What a change should pass before it is shown: lints and the fast tests.
check: lint
	$(CARGO) test --locked --workspace --exclude passerelle-e2e --exclude passerelle-torture --exclude passerelle-bench

## Everything: lints, plugins with their fixtures, all tests, a short torture run, the documentation.
test: lint plugins test-plugins $(NODE_MODULES) $(VENV)/installed
	cd core/web && $(NPM) test && $(NPM) run budget
	$(BINARY) plugin test $(FIRST_PARTY) tests/plugins/channel-loop-native --out $(OUT)
	PASSERELLE_PLUGINS_DIR="$(abspath $(OUT))" $(CARGO) test --locked --workspace
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps
	$(MAKE) browser

## Figures: what a plugin call costs, durable ingest beside a server without plugins, a crowd of visitors.
bench: plugins test-plugins
	$(CARGO) build --locked --release -p passerelle-server -p passerelle-bench
	PASSERELLE_BINARY="$(abspath $(RELEASE))" PASSERELLE_PLUGINS_DIR="$(abspath $(OUT))" $(TARGET)/release/passerelle-bench

## The API of the crates, and the book where mdBook is installed.
doc:
	$(CARGO) doc --locked --workspace --no-deps
	if command -v mdbook >/dev/null; then mdbook build docs; fi

clean:
	$(CARGO) clean
