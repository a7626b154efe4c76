"""What every test can ask for: the cast, the one consultation, a browser. And what turns a run red.

A test that lacks an engine or a browser skips with a reason that begins with MISSING. A developer's run shows it; with
CI=true such a skip makes the run fail, for a check that did not run has found nothing.
"""

import datetime as dt
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config import json_lines
from consultation import instrument, outbox
from consultation.models import Consultation
from consultation.tick import tick
from consultation.views.answering import blank
from home.demo import ideas as demo_ideas
from home.demo import pages as demo_pages
from home.demo import responses as demo_responses
from home.demo import results as demo_results
from home.demo import translations as demo_translations
from home.demo.blocks import key
from tests import factories, pristine
from tests.mail_server import MailServer

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
MISSING = "missing: "
ABSENT = "absent: ../shared/data"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # Chromium refuses its sandbox to root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

SLOW: Any = {"suppress_health_check": [HealthCheck.too_slow]}  # other work may share the machine
hypothesis_settings.register_profile("default", max_examples=50, deadline=None, **SLOW)
hypothesis_settings.register_profile("battery", max_examples=5_000, deadline=None, **SLOW)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


# The database


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Make a database that can only be this run's: what is emptied and dropped was made here. See tests/pristine.py."""
    with django_db_blocker.unblock(), pristine.database(tmp_path_factory.mktemp("database")) as made:
        yield made


DATABASE = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches no database once, and skip what reads the folder of real material where that is absent."""
    for item in items:
        if not item.get_closest_marker("django_db") and not DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("once")
        if item.get_closest_marker("shared_data") and not SHARED_DATA.exists():
            item.add_marker(pytest.mark.skip(reason=ABSENT))


@pytest.fixture(autouse=True)
def forget() -> None:
    """Empty what is kept in memory by the numbers of rows: between tests, unlike in production, numbers come back."""
    instrument.forget()
    blank.forget()
    cache.clear()
    translation.deactivate()  # a page asked for in Irish would leave its language to the next test


@pytest.fixture(autouse=True)
def mail_is_due_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the seconds that an e-mail is held back; who tests those sets them."""
    monkeypatch.setattr(outbox, "HOLD", dt.timedelta(0))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """wagtail-localize publishes after the commit, and a test never commits."""
    monkeypatch.setattr("wagtail_localize.models.transaction.on_commit", lambda publish: publish())


# The cast


@pytest.fixture
def editor(django_user_model: Any) -> Any:
    """Writes pages and sends them for approval."""
    user = django_user_model.objects.create_user("editor", "editor@example.org", "editor")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def officer(django_user_model: Any) -> Any:
    """Reads summaries, downloads responses and decides on those that are held."""
    user = django_user_model.objects.create_user("officer", "officer@example.org", "officer")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    return user


@pytest.fixture
def administrator(django_user_model: Any) -> Any:
    """May do everything."""
    return django_user_model.objects.create_superuser("administrator", "administrator@example.org", "administrator")


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    """Anybody's browser, not signed in."""
    return Client()


@pytest.fixture
def editor_client(editor: Any) -> Client:
    """The editor's browser."""
    return _client(editor)


@pytest.fixture
def officer_client(officer: Any) -> Client:
    """The officer's browser."""
    return _client(officer)


@pytest.fixture
def administrator_client(administrator: Any) -> Client:
    """The administrator's browser."""
    return _client(administrator)


# The consultation


@pytest.fixture
def make_consultation(db: None) -> Callable[..., Any]:
    """Publish the one consultation, with changes: see tests/factories.py."""
    return factories.make_consultation


@pytest.fixture
def consultation(make_consultation: Callable[..., Any]) -> Any:
    """The one consultation, published and open."""
    return make_consultation()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real material, where it is present."""
    if not SHARED_DATA.exists():
        pytest.skip(ABSENT)
    return SHARED_DATA


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the demonstration is kept for every process of the run, once a test has made it."""
    folder = tmp_path_factory.getbasetemp()
    return (folder if worker_id == "master" else folder.parent) / "demo"


@pytest.fixture
def demo(transactional_db: None, django_db_setup: Any, demo_file: Path) -> Consultation:
    """The demonstration's pages, translations, responses and ideas, folded, committed; its draft plan is returned.

    Making it takes a quarter of a minute, so the first test's is copied for the next ones.
    """
    with pristine.locked(demo_file.with_suffix(".lock")):
        if not demo_file.exists():
            demo_pages.add_all()
            demo_translations.add_all()
            demo_responses.add()
            demo_ideas.add_all()
            tick()
            demo_results.add()
            django_db_setup.keep(demo_file)
        else:
            django_db_setup.fill(demo_file)
    return Consultation.objects.get(key=key("consultation/draft-plan"))


# The log


@pytest.fixture
def written() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is logged meanwhile, a line for each request among it, as production writes it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_lines.Formatter())
    loggers = [logging.getLogger(name) for name in ("", "django", "access")]
    level = loggers[2].level
    loggers[2].setLevel(logging.INFO)
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    loggers[2].setLevel(level)
    for logger in loggers:
        logger.removeHandler(handler)


# The mail server


@pytest.fixture
def mail_server(tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    """A mail server in a process of its own, which the site sends through."""
    folder = tmp_path / "mail"
    folder.mkdir()
    server = MailServer(folder)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 2
    settings.DEFAULT_FROM_EMAIL = "plan@example.org"
    yield server
    server.stop()


# The browser


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium, or of the one that CHROMIUM names."""
    executable = shutil.which(CHROMIUM)
    if executable is None:
        pytest.skip(f"{MISSING}Chromium at {CHROMIUM}; install it or set CHROMIUM")
    return executable


@pytest.fixture(scope="session")
def browser(chromium: str, django_db_setup: None) -> Iterator[Any]:
    """Chromium, blocked from everything but this machine."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code. While it runs, this
        # thread has another connection, which has to be closed in time.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield launched
        launched.close()
        connections.close_all()


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The site on a port of this machine, with connections of its own.

    The database has to be there first: pytest-django decides at the server's start whether threads share the test's
    connection, and a SQLite connection that is shared with threads crashes Python.
    """
    assert not live_server.thread.connections_override
    return live_server


@contextmanager
def pages(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Make pages, and fail at the end if one asked anything of a third party or a script of ours broke."""
    contexts, faults = [], []

    def make(user: Any = None, **options: Any) -> Any:
        context = browser.new_context(base_url=address, **options)
        contexts.append(context)
        context.on("request", lambda request: faults.extend(third_parties(request.url)))
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        if user is not None:
            cookie = _client(user).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def new_page(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Make a page in a browser context of its own: new_page(), new_page(officer, java_script_enabled=False).

    Addresses may begin with a slash. A request to a third party or a broken script fails the test.
    """
    with pages(browser, live_server.url) as make:
        yield make


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A visitor's page."""
    return new_page()


def third_parties(url: str) -> list[str]:
    """The address, where it leads beyond this machine."""
    parts = urlsplit(url)
    return [url] if parts.hostname and parts.hostname not in ("127.0.0.1", "localhost", "::1") else []


@pytest.fixture
def axe() -> Callable[..., None]:
    """Assert that a page breaks no rule of accessibility: axe(page), axe(page, context="main")."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any, context: Any = None) -> None:
        results = Axe().run(page, context=context)
        assert results.response["testEngine"]["name"] == "axe-core"
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


# What turns a run red


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true, fail the run where a test skipped for want of something that the run should have had."""
    unmet = _unmet(session.config)
    if unmet and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say so."""
    for reason in _unmet(terminalreporter.config):
        terminalreporter.write_line(f"RED: skipped with CI=true, {reason}", red=True)


def _unmet(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return []
    reasons = {report.longrepr[2] for report in reporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)}
    forbidden = (MISSING, ABSENT) if SHARED_DATA.exists() else (MISSING,)
    return sorted(reason for reason in reasons if reason.removeprefix("Skipped: ").startswith(forbidden))
