# `make` alone explains what there is. What takes more than a line stands in .ci.

.PHONY: help run run-fleet serve install test readme-check test-proxies test-mcp test-peers test-fastmcp lint format docs bench bench-peers bench-plots sizing chaos clean

help: ## Explain these commands
	@echo 'Token verification with a cache that several processes can share.'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'run, test, bench and their kin install what is missing (Debian, Ubuntu) and say which.'

run: ## Walk through the main job: two servers and real requests, ends by itself
	@.ci/walkthrough

run-fleet: ## The same for a fleet: three servers that share a Redis, which fails and comes back
	@.ci/walkthrough fleet

serve: ## Run TokenGate (ARGS="--listen 127.0.0.1:8080 …"), or tell how to configure it
	@.ci/serve $(ARGS)

install: ## Install TokenGate and its systemd unit (PREFIX=/usr/local, DESTDIR=)
	@.ci/install-gate "$(or $(PREFIX),/usr/local)" "$(DESTDIR)"

test: ## Build everything, run all tests, check the documentation and what each product links
	@.ci/test

readme-check: ## Build every Swift block of the documentation, and check every command in it
	@.ci/readme-check

test-proxies: ## Try the recipes for nginx, Caddy, Traefik and Envoy with the real ones
	@.ci/test-proxies

test-mcp: ## Try the gate before a real server of the Model Context Protocol, with a real client
	@.ci/test-mcp

test-peers: ## Try signed tokens of joserfc, and an identity provider that changes its keys under load
	@.ci/test-peers

test-fastmcp: ## Compare the cache with the real FastMCP's in random histories (HISTORIES=3000 SEED=1)
	@.ci/test-fastmcp "$(or $(HISTORIES),3000)" $(SEED)

lint: ## Check the format, and that everything builds without a warning
	@.ci/lint

format: ## Rewrite the sources in the project's format
	swift format --in-place --parallel --recursive $(wildcard Package.swift Sources Backends Tests Examples Benchmarks)

docs: ## Write the documentation to .docs
	@.ci/docs

bench: ## Measure every row beside its floor (ROW="hit in memory" measures those that are called so)
	@.ci/bench $(ROW)

bench-peers: ## Measure the stores beside FastMCP and others, the gate beside mod_oauth2 (PART=stores or forward-auth)
	@.ci/bench-peers $(PART)

bench-plots: ## Draw how costs grow with the entries and the tasks, to Benchmarks/plots
	@.ci/bench-plots

sizing: ## Print what fleets of several sizes need, by the formulas of the article Sizing
	@python3 Benchmarks/Python/sizing.py

chaos: ## Break a fleet under load for a minute, and judge every answer (make chaos SEED=7 SECONDS=60)
	@.ci/chaos "$(SEED)" "$(if $(filter command line,$(origin SECONDS)),$(SECONDS))"

clean: ## Remove everything that was built
	rm -rf .build .build-* .docs Examples/.build Benchmarks/.build Benchmarks/plots Benchmarks/*.json
