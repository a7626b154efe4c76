# Everything a developer or a build server runs. `make` alone lists the targets.

PORT ?= 8000
ARGS ?=
PYTHON ?= python3
PACKAGES = git postgresql chromium libreoffice-calc-nogui default-jre-headless python3-venv \
    nginx gettext-base openssl pgbouncer redis-server iproute2 shellcheck systemd user-mode-linux wrk
PY = .venv/bin/python
# A stamp is named after what was installed, so that a new lock or another Python installs again.
stamp = $(or $(2),.venv)/$(1)-$(shell { $(PYTHON) --version; cat $(1); } 2>&1 | sha256sum | cut -c1-16)
RUN = $(call stamp,requirements.txt)
DEV = $(call stamp,requirements-dev.txt)
# Scanners pin what we have in other versions, so each has an environment of its own.
SCAN_CODE = $(call stamp,requirements-scan-code.txt,.venv-scan-code)
SCAN_SITE = $(call stamp,requirements-scan-site.txt,.venv-scan-site)
CODE = home consultation site $(wildcard deploy)

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: run test check bench battery scan-code scan fresh test-deps help

run: $(RUN)  ## the site at http://127.0.0.1:8000/ with demonstration content (PORT=8001 for another port)
	@$(PY) manage.py run_site --port $(PORT)

test: $(DEV) $(SCAN_CODE)  ## every test, on SQLite and PostgreSQL and in Chromium (ARGS="-k word" for some)
	$(PY) -m pytest -n auto --dist loadgroup $(ARGS)
	$(PY) tests/postgres.py -- $(PY) -m pytest -n auto --dist loadgroup -m "not browser and not battery and not once" $(ARGS)

check: export DJANGO_SETTINGS_MODULE = config.settings.test
check: $(DEV) scan-code  ## lint, format, types, templates, the direction of imports, migrations, holes in the code
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy home consultation site/config tests/power tests/rig
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m djlint templates --check
	PYTHONPATH=site $(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

bench: $(DEV)  ## how fast: responses, pages, summaries, downloads
	$(PY) tests/bench/run.py $(ARGS)

scan-code: $(DEV) $(SCAN_CODE)  ## holes in the code: bandit, rules of our own, versions with a known hole
	$(PY) -m bandit --configfile pyproject.toml --quiet --recursive $(CODE)
	$(PY) tests/scan/rules.py $(CODE) templates
	$(PY) tests/scan/freshness.py --offline

scan: scan-code $(SCAN_SITE)  ## the same, and holes in the running site: wapiti and sqlmap as each role, about an hour
	$(PY) -m tests.scan.attack
	$(PY) tests/postgres.py --durable -- $(PY) -m tests.scan.attack sqlmap

fresh: $(DEV)  ## whether what is locked is still what ought to run; asks the index of packages
	$(PY) tests/scan/freshness.py

battery: $(DEV) fresh scan  ## the long tests of reliability, on SQLite and on a PostgreSQL that waits for the disk
	HYPOTHESIS_PROFILE=battery $(PY) -m pytest -n auto --dist loadgroup -v --timeout=5400 -m battery $(ARGS)
	HYPOTHESIS_PROFILE=battery $(PY) tests/postgres.py --durable -- $(PY) -m pytest -n auto --dist loadgroup -v --timeout=5400 -m battery $(ARGS)

test-deps:  ## install what the tests need from Debian (make test does it by itself where CI=true)
	@dpkg -s $(PACKAGES) >/dev/null 2>&1 || { $(sudo) apt-get update -q && \
	$(sudo) env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(PACKAGES); }

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

sudo = $(if $(filter 0,$(shell id -u)),,sudo)
ifeq ($(CI),true)
$(DEV): | test-deps
endif

.venv/% .venv-scan-code/% .venv-scan-site/%:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
	{ echo "Missing: Python 3.11, 3.12 or 3.13 as $(PYTHON) (on Debian: apt install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "Missing: Python's venv (on Debian: apt install python3-venv)"; exit 1; }
	@echo "Installing into $(@D) ..."
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	    -r $(firstword $(subst .txt-,.txt ,$*))
	@rm -f $(@D)/$(firstword $(subst .txt-,.txt ,$*))-*
	@touch $@
