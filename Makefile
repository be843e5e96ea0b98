# Every target first makes sure of what it needs (.ci/setup); a second time that takes a moment.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.PHONY: help run build test test-rust test-contract test-examples test-release test-browser test-parts chaos fuzz timing bench bench-pieces lighthouse lint fmt docs

PAGE := frontend/dist/index.html
BARE_PAGE := backend/benches/bare_page/dist/index.html
PAGE_SOURCES := $(shell find frontend shared -type f -not -path 'frontend/dist/*') Cargo.toml Cargo.lock
# One set of packages and features for clippy, tests and docs: each crate is checked once and built once.
ALL := --workspace --all-features

help: ## lists the targets
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 20

# The dev profile: built in less than half of the release's time, and Argon2 is optimised all the same.
run: $(PAGE) ## builds Rekey and starts a demo, which prints the addresses to open
	@.ci/setup server
	cargo run -p rekey -- serve --demo

build: $(PAGE) ## builds target/release/rekey and frontend/dist
	@.ci/setup server
	cargo build --release -p rekey

$(PAGE): $(PAGE_SOURCES)
	@.ci/setup server frontend
	source target/frontend.env && cd frontend && trunk build && touch dist/index.html

$(BARE_PAGE): $(shell find backend/benches/bare_page -type f -not -path '*/dist/*') frontend/compress.sh Cargo.toml Cargo.lock
	@.ci/setup server frontend
	source target/frontend.env && cd backend/benches/bare_page && trunk build && touch dist/index.html

TEST_PARTS := test-rust test-contract test-examples test-release test-browser
test: $(TEST_PARTS) ## runs all tests

# Twice as many at a time as there are cores: most of them wait for a server, a letter or a time-out.
test-rust: ## runs the unit tests and the API tests, which start a private PostgreSQL, nginx and Caddy
	@.ci/setup server database proxy verifier
	RUST_TEST_THREADS=$$((2 * $$(nproc))) cargo test $(ALL) --no-fail-fast

# On the tests' build, which has been made by then. REKEY_CONTRACT_SEED makes other calls.
test-contract: ## holds the running server to its own description, with thousands of calls that nobody wrote
	@.ci/setup server contract
	cargo build $(ALL) --bin rekey
	source target/contract.env && backend/tests/contract/run.py

# On the tests' build, as test-contract.
test-examples: ## runs the examples for programs of others, each as a person would, against a server with a mailbox
	@.ci/setup server examples
	cargo build $(ALL) --bin rekey --bin journey
	source target/examples.env && examples/run.py
	source target/examples.env && examples/verify-token/test

# What only tests need must not be in the release; that the same search finds it in the tests' build shows that it searches.
test-release: build
	cargo build $(ALL) --bin rekey
	grep -aq REKEY_DRILL target/debug/rekey
	! grep -aq REKEY_DRILL target/release/rekey

test-browser: build ## runs the journeys of e2e/ in Chromium and Firefox on the release build
	@.ci/setup packages browser
	cd e2e && npm test

# The same in short is one of the API's tests. REKEY_CHAOS_SEED repeats a run.
chaos: ## lets everything break for a minute on each database, and prints what became of it
	@.ci/setup server database
	REKEY_CHAOS_SECONDS=$${REKEY_CHAOS_SECONDS:-60} cargo test $(ALL) --test api -- chaos --nocapture --test-threads=1

# Builds everything once more with other flags, so not a part of `make test`; the same parsers have properties there.
fuzz: ## lets libFuzzer try what strangers write, a minute for each of the targets in backend/fuzz
	@.ci/setup server fuzz
	source target/fuzz.env && .ci/fuzz $${REKEY_FUZZ_SECONDS:-60}

# REKEY_TIMING_SAMPLES says how many of each kind, REKEY_TIMING_ONLY measures but the lines in which it stands.
timing: build ## measures for forty minutes whether the time of an answer tells who has an account
	@.ci/setup database
	REKEY_TIMING_PROGRAM=$(CURDIR)/target/release/rekey cargo test $(ALL) --test api -- timing --ignored --nocapture --test-threads=1

# Not a part of `make test`: the score of a loaded machine says nothing of the page.
lighthouse: build ## holds the login page to Lighthouse: accessibility and best practices 100, performance 95 at least
	@.ci/setup packages browser lighthouse
	cd e2e && npx playwright test --config lighthouse/playwright.config.ts
# Together with Rekey, so that none of its crates is built twice with other features.
# ONLY names lines of the table, REKEY_BENCH_SECONDS says how long each figure is measured.
# Says no on a busy machine, unless REKEY_BENCH_BUSY is 1.
bench: $(PAGE) $(BARE_PAGE) ## measures in a quarter of an hour how fast, small and flat Rekey is: docs/performance.md
	@.ci/setup server database packages browser bench
	cargo build --release -p rekey -p rekey-bare
	source target/bench.env && REKEY_BENCH_ONLY=$(ONLY) backend/benches/load/run.py

# With the release's optimisation. Criterion says what has changed since the last run. ONLY names some of them: ONLY=letter
bench-pieces: ## measures in two minutes how long each of the pieces takes that an answer or a letter is made of
	@.ci/setup server
	cargo bench -p rekey-pieces -- $(ONLY)

test-parts:
	@echo $(TEST_PARTS)

lint: ## checks format, crates, lints, docs and types
	@.ci/setup server packages crates
	cargo fmt --all --check
	.ci/crates
	cargo clippy $(ALL) --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc $(ALL) --no-deps
	python3 -c 'import ast, pathlib, sys; [ast.parse(pathlib.Path(file).read_text(), file) for file in sys.argv[1:]]' backend/*/*/*.py
	cd e2e && npm run lint

fmt: ## formats everything
	@.ci/setup server packages
	cargo fmt --all
	cd e2e && npm run fmt

docs: ## writes the settings table of docs/operations.md, docs/openapi.json and the letters that somebody has read anew
	@.ci/setup server
	RENEW_DOCS=1 cargo test $(ALL) --lib --test api -- docs:: openapi::the_copy the_letters_are_those --test-threads=1
