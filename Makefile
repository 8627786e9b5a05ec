# GNU make, one target a task; `make help` lists them. Variables: CASE, CASES, PYTHON, ARGS (passed on).

CASE   ?= cases/femur_press_fit.toml
CASES  ?= cases/*.toml
PYTHON ?= python3
ARGS   ?=

UV     := $(shell command -v uv 2>/dev/null)
VENV   := .venv
BIN    := $(VENV)/bin
# On arm64 Linux gmsh comes from the system, so the environment must see it.
SYSTEM_SITE := $(if $(filter Linux-aarch64,$(shell uname -sm | tr ' ' -)),--system-site-packages)

# The stamps carry what they were made from, and the folder, because an environment cannot be moved.
hash      = $(shell { cat $(1) && pwd -P; } 2>/dev/null | cksum | cut -d' ' -f1)
PACKAGES := $(VENV)/.packages-$(call hash,requirements.lock)
STAMP    := $(VENV)/.stamp-$(call hash,requirements.lock pyproject.toml)

# What only people can state stands beside a case and is none.
SUMMARIES = $(patsubst cases/%.toml,results/%/summary.json,$(filter-out %.dossier.toml,$(wildcard $(CASES))))
# Dense algebra is small here, and threads of its own get in each other's way (fea/__init__.py says so to
# numpy, which under pytest is loaded before it).
ONE_THREAD = OPENBLAS_NUM_THREADS=1
# Cases that run side by side take one thread each; a case alone takes what it finds.
THREADS   = $(if $(filter-out -j1,$(filter -j%,$(MAKEFLAGS))),OMP_NUM_THREADS=1 MKL_NUM_THREADS=1)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run batch mesh sweep converge uncertain report board compare dossier doctor test check verify bench bench-bones \
  bench-peer validation figures gallery threads matrix docs format schema lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(STAMP) ## Compute one case and its report: make run CASE=cases/my_case.toml
	@$(BIN)/python fea/doctor.py
	@$(BIN)/osseofit run $(CASE) $(ARGS)

batch: $(STAMP) ## Compute every case that is not done yet: make -j2 batch CASES="cases/*.toml"
	@test -n "$(SUMMARIES)" || { echo "CASES=$(CASES) names no file: give TOML files below cases/" >&2; exit 1; }
	@$(MAKE) --no-print-directory --keep-going $(SUMMARIES) || \
	  { echo "Some cases failed, see above; the others are done, and make batch resumes" >&2; exit 1; }

results/%/summary.json: cases/%.toml | $(STAMP)
	@$(THREADS) $(BIN)/osseofit run $< --results $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $@)))) $(ARGS)
	@touch -c $@

mesh: $(STAMP) ## Mesh one case, without solving it
	@$(BIN)/osseofit mesh $(CASE) $(ARGS)

sweep: $(STAMP) ## Vary uncertain inputs: make sweep CASE=... ARGS="--friction 0.3:0.9:7 --interference-um 5:50:10"
	@$(BIN)/python fea/doctor.py
	@$(BIN)/osseofit sweep $(CASE) $(ARGS)

converge: $(STAMP) ## Solve a case on three or more meshes: order and error of every quantity (ARGS="--finest 0.8")
	@$(BIN)/python fea/doctor.py
	@$(BIN)/osseofit converge $(CASE) $(ARGS)

uncertain: $(STAMP) ## How sure is the verdict: make uncertain CASE=... ARGS="--models 8 --samples 16"
	@$(BIN)/python fea/doctor.py
	@$(BIN)/osseofit uncertain $(CASE) $(ARGS)

report: $(STAMP) ## Write the report of a computed case again; as PDF, too, with ARGS=--pdf
	@$(BIN)/osseofit report $(CASE) $(ARGS)

board: $(STAMP) ## Write results/index.html: all cases with verdicts, numbers, pictures, what is stale
	@$(BIN)/osseofit board $(ARGS)

compare: $(STAMP) ## Put computed cases side by side: make compare CASES="cases/a.toml cases/b.toml"
	@$(BIN)/osseofit compare $(CASES) $(ARGS)

dossier: $(STAMP) ## Build the credibility dossier of a computed case; ARGS=--template asks for what is missing
	@$(BIN)/osseofit dossier $(CASE) $(ARGS)

doctor: ## Say what this machine lacks, and the line that installs it
	@if [ -x $(BIN)/python ]; then $(BIN)/python fea/doctor.py; else $(PYTHON) fea/doctor.py; fi

test: $(STAMP) ## Run the tests (minutes); options for pytest in ARGS
	@$(ONE_THREAD) $(BIN)/pytest $(ARGS)

check: $(STAMP) ## Check format, style, types and import directions
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

verify: $(STAMP) ## Solve every verification case, write docs/verification.md, run the slow tests (tens of minutes)
	@failed=0; $(ONE_THREAD) $(BIN)/python tests/verification/publish.py || failed=1; \
	  $(ONE_THREAD) $(BIN)/pytest -m slow --ignore tests/verification/test_cases.py $(ARGS) || failed=1; exit $$failed

bench: $(STAMP) ## Measure time and memory: the default case phase by phase, and cost against size
	@$(BIN)/python bench/run.py $(ARGS)
	@$(BIN)/python bench/scaling.py

bench-bones: $(STAMP) ## From a scan to a mesh at full size: bench/bones.md (two minutes)
	@$(BIN)/python bench/bones.py $(ARGS)

bench-peer: $(STAMP) ## Hold the product beside CalculiX: time, memory, results (needs ccx; half an hour)
	@$(BIN)/python bench/peer.py $(ARGS)

validation: $(STAMP) ## Hold the product beside published experiments: docs/validation.md (six minutes)
	@$(ONE_THREAD) OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python bench/validation.py $(ARGS)

threads: $(STAMP) ## Compare rings with a helix on the threaded fixture, and write docs/threads.md
	@$(BIN)/python bench/threads.py

matrix: $(STAMP) ## Put every implant into every bone, check and mesh all, write docs/bones_families.md (an hour)
	@$(ONE_THREAD) OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python bench/matrix.py $(ARGS)

gallery: $(STAMP) ## Compute the examples, draw the galleries of docs/implants.md and docs/bones.md (ten minutes)
	@$(BIN)/python bench/gallery.py $(ARGS)

figures: $(STAMP) ## Compute the default case and renew the pictures of the documentation
	@$(MAKE) --no-print-directory run CASE=cases/femur_press_fit.toml
	@mkdir -p docs/figures
	@cp results/femur_press_fit/assembly.png results/femur_press_fit/unrolled_micromotion.png \
	  results/femur_press_fit/unrolled_status.png docs/figures/
	@$(BIN)/python docs/figures/implants/draw.py
	@$(BIN)/osseofit fit cases/femur_varus.toml --plot docs/figures/implants/seating.svg
	@$(BIN)/python docs/figures/implants/draw_stem.py
	@$(BIN)/python docs/figures/implants/draw_abutment.py
	@$(BIN)/python docs/figures/implants/draw_anchor.py
	@$(BIN)/python docs/figures/implants/draw_thread.py
	@$(BIN)/python docs/figures/implants/draw_screw.py
	@$(BIN)/python docs/figures/implants/draw_fail_safe.py
	@$(BIN)/python docs/figures/implants/draw_taper.py
	@$(BIN)/python docs/figures/implants/draw_jaw.py
	@$(BIN)/python docs/figures/implants/draw_bone.py

docs: $(STAMP) ## Build the site of the documentation, offline: build/docs/index.html (a minute)
	@$(BIN)/python -m sphinx -W --keep-going --quiet --jobs auto -b html docs build/docs $(ARGS)
	@echo "written to build/docs/index.html"

format: $(STAMP) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

schema: $(STAMP) ## Write the JSON Schema of a case, for editors
	@$(BIN)/osseofit schema > cases/case.schema.json.part
	@mv cases/case.schema.json.part cases/case.schema.json
	@$(BIN)/osseofit schema --taper-joint > cases/taper_joint.schema.json.part
	@mv cases/taper_joint.schema.json.part cases/taper_joint.schema.json

# Panel is there for one file, vtk.js, and never imported: what it alone needs to run is not installed.
PANEL_NEEDS = bokeh linkify-it-py markdown narwhals nh3 pandas panel-material-ui param pyviz-comms tornado tqdm \
  xyzservices

lock: ## Resolve the dependencies again (needs uv); newest versions with ARGS=--upgrade
	@test -n "$(UV)" || { echo "make lock needs uv on the path: install it, for example with pip install uv" >&2; exit 1; }
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  $(PANEL_NEEDS:%=--no-emit-package %) --extra dev --extra viewer --extra docs \
	  --custom-compile-command "make lock" --output-file requirements.lock $(ARGS) pyproject.toml

clean: ## Remove the environment and every cache; results stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov build dist
	@find fea geometry materials tests bench docs -name __pycache__ -prune -exec rm -rf {} +

# An environment is made from nothing and stamped last: what an interrupted install leaves is thrown away.
$(PACKAGES):
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "There is no command $(PYTHON): install Python 3.11 or newer, or name one, as make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) fea/doctor.py >/dev/null
	@echo "Installing the locked packages into $(VENV): 2.5 GB, a minute or two"
	@rm -rf $(VENV)
ifneq ($(UV),)
	@$(UV) venv --quiet $(SYSTEM_SITE) --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
else
	@$(PYTHON) -m venv $(SYSTEM_SITE) $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
endif
	@touch $@

$(STAMP): $(PACKAGES)
	@rm -f $(VENV)/.stamp-*
ifneq ($(UV),)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@
