# Jiedui (结对). `make` alone prints this list.
.DEFAULT_GOAL := help
.PHONY: help demo serve test bench-matching bench-register bench-register-search bench-sheets bench-linkage bench-journal bench-labour bench-labour-pages bench-county-pairs lint lock clean
export PAGE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1   \2/p' $(firstword $(MAKEFILE_LIST))

demo: ## set up, run the whole programme on synthetic data (PAGE=file reads a published page first)
	@bin/setup app
	@if [ -n "$$PAGE" ]; then exec .venv/bin/jiedui demo --page "$$PAGE"; else exec .venv/bin/jiedui demo; fi

serve: ## open the site of the demo on this machine (JIEDUI_PORT, 8000 by default; Ctrl-C stops it)
	@bin/setup app
	@exec .venv/bin/jiedui serve

test: ## set up, then linters, types, import contracts and all tests, browser included
	@bin/setup dev
	@exec .venv/bin/python bin/test.py

bench-matching: ## the matching engine beside other libraries (QUICK=1 up to 100k; ONLY=base:1m,… some rows)
	@bin/setup bench
	@exec .venv/bin/python -m bench.matching.run $(if $(QUICK),--quick) $(if $(ONLY),--only "$(ONLY)")

bench-register: ## a province's roster in and out, beside django-import-export (QUICK=1 50,000 rows)
	@bin/setup bench
	@exec .venv/bin/python -m bench.register.run $(if $(QUICK),--quick)

bench-register-search: ## search, lists and person pages at 3,000,000 persons with 50 users (QUICK=1 smaller)
	@bin/setup bench
	@exec .venv/bin/python -m bench.register_search.run $(if $(QUICK),--quick)

bench-sheets: ## spreadsheets read and written, beside calamine, openpyxl and xlsxwriter (QUICK=1 smaller)
	@bin/setup bench
	@exec .venv/bin/python -m bench.sheets.run $(if $(QUICK),--quick)

bench-linkage: ## probable duplicates, beside Splink (QUICK=1 smaller)
	@bin/setup bench
	@exec .venv/bin/python -m bench.linkage.run $(if $(QUICK),--quick)

bench-journal: ## the journal's checking and its cost
	@bin/setup bench
	@exec .venv/bin/python -m bench.journal.run

bench-labour: ## a province's labour matching, beside OR-Tools; store; warm start (QUICK=1 smaller)
	@bin/setup bench
	@exec .venv/bin/python -m bench.labour $(if $(QUICK),--quick)

bench-labour-pages: ## the pages of runs and proposals at 1,000,000 proposals (QUICK=1 smaller)
	@bin/setup bench
	@exec .venv/bin/python -m bench.labour_pages $(if $(QUICK),--quick)

bench-county-pairs: ## all poor counties and their donors' counties, beside OR-Tools
	@bin/setup bench
	@exec .venv/bin/python -m bench.county_pairs

lint: ## linters, types and import contracts only
	@bin/setup dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

lock: ## write the lock files again
	@bin/python bin/lock.py

clean: ## stop everything of this checkout and remove all that was made
	@bin/python bin/clean.py
