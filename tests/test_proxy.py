"""The proxy, a real nginx: what it keeps, what it never keeps, whom it asks, and what it writes down."""

import http.client
import http.server
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page, PageViewRestriction

from config import masking
from consultation.models import Consultation
from home import forgetting, shared_pages
from home.demo.blocks import key
from home.models import StandardPage
from tests.proxy import DEPLOY, Proxy, free_ports, proxy
from tests.rig.asked import one_section

PAGE = "/en/somewhere/"
SECRET = "5ec2e7" * 10 + "abcd"
MARKED = {shared_pages.MARK: "60"}


# Web hosts of the test's own


@dataclass
class WebHost:
    """Says what number of request this was, and keeps what it was asked."""

    headers: dict[str, str] = field(default_factory=dict)
    dies: bool = False  # over each request, once it has it
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    address: str = ""


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes a request whole and replies."""

    web: WebHost

    def reply(self) -> None:
        """Reply, or die over it."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.web.asked.append((self.command, self.path, dict(self.headers)))
        if self.web.dies:
            self.connection.close()
            return
        text = f"reply {len(self.web.asked)}".encode()
        self.send_response(200)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(text)), **self.web.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_HEAD = do_POST = reply

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class OneThread(http.server.HTTPServer):
    """Serves one after the other, and lets many wait."""

    request_queue_size = 128


@contextmanager
def web_host(server: type[http.server.HTTPServer] = http.server.ThreadingHTTPServer, **how: Any) -> Iterator[WebHost]:
    """Run one."""
    web = WebHost(**how)
    running = server(("127.0.0.1", 0), type("Its", (Handler,), {"web": web}))
    web.address = f"127.0.0.1:{running.server_port}"
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        running.shutdown()
        running.server_close()


@dataclass
class Reply:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]


def ask(at: str, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    """Ask without a browser."""
    connection = http.client.HTTPConnection(at.removeprefix("http://"), timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, sent)
    reply = connection.getresponse()
    return Reply(reply.status, reply.read().decode(errors="replace"), dict(reply.getheaders()))


# What is kept


def test_a_page_that_the_site_marks_is_made_once():
    with web_host(headers=MARKED) as web, proxy([web.address]) as front:
        replies = [ask(front.url, PAGE) for _ in range(3)]

    assert [reply.text for reply in replies] == ["reply 1"] * 3
    assert shared_pages.MARK not in replies[0].headers
    assert len({reply.headers["X-Request-ID"] for reply in replies}) == 3


@pytest.mark.parametrize(
    ("path", "said", "asked_with"),
    [
        (PAGE, {}, {}),
        (PAGE, {"Cache-Control": "public, max-age=600"}, {}),
        (PAGE, MARKED | {"Set-Cookie": "answering=1"}, {}),
        (PAGE, MARKED | {"Cache-Control": "no-store"}, {}),
        (PAGE, MARKED | {"Cache-Control": "max-age=0, private"}, {}),
        (PAGE, MARKED, {"Cookie": "sessionid=abc"}),
        (PAGE, MARKED, {"Cookie": "other=1; __Host-session=abc"}),
        (PAGE, MARKED, {"Cookie": "__Host-csrf=abc"}),
        (PAGE, MARKED, {"Cookie": "csrftoken=abc"}),
        (PAGE, MARKED, {"Cookie": "__Secure-answering=abc"}),
        (PAGE, MARKED, {"Authorization": "Basic abc"}),
        (f"{PAGE}?page=2", MARKED, {}),
        ("/answer/1/en/1/", MARKED, {}),
        ("/tell/1/en/", MARKED, {}),
        ("/ideas/en/", MARKED, {}),
        ("/paper/1/en/", MARKED, {}),
        ("/account/login/", MARKED, {}),
        ("/admin/", MARKED, {}),
        ("/documents/1/minutes.pdf", MARKED, {}),
        ("/en/search/", MARKED, {}),
        ("/", MARKED, {}),
    ],
)
def test_everything_else_is_asked_for_each_time(path, said, asked_with):
    with web_host(headers=said) as web, proxy([web.address]) as front:
        replies = [ask(front.url, path, **asked_with) for _ in range(2)]
        anonymous = ask(front.url, path)

        assert [reply.text for reply in [*replies, anonymous]] == ["reply 1", "reply 2", "reply 3"]
        if not asked_with:
            assert "reply" not in front.kept


def test_somebody_with_a_session_gets_their_own_page_and_somebody_with_another_sites_cookie_the_kept_one():
    with web_host(headers=MARKED) as web, proxy([web.address]) as front:
        kept = ask(front.url, PAGE, Cookie="_ga=1")
        mine = ask(front.url, PAGE, Cookie="_ga=1; sessionid=abc")
        others = ask(front.url, PAGE, Cookie="theme=dark")

    assert (kept.text, mine.text, others.text) == ("reply 1", "reply 2", "reply 1")
    assert [headers.get("Cookie") for _method, _path, headers in web.asked] == [None, "_ga=1; sessionid=abc"]


def test_every_cookie_that_the_site_sets_in_production_keeps_the_proxy_from_sharing():
    names = re.search(r"\((\S+)\)\?\((\S+)\)\\s\*=", (DEPLOY / "connected.conf.template").read_text())
    assert names
    sets = ("__Host-session", "__Host-csrf", "__Secure-answering", "messages")
    sets += (site_settings.SESSION_COOKIE_NAME, site_settings.CSRF_COOKIE_NAME)

    assert [name for name in sets if not re.fullmatch(f"({names[1]})?({names[2]})", name)] == []


def test_another_host_name_has_pages_of_its_own():
    with web_host(headers=MARKED) as web, proxy([web.address]) as front:
        replies = [ask(front.url, PAGE, Host=host).text for host in ("a.example", "b.example", "a.example")]

    assert replies == ["reply 1", "reply 2", "reply 1"]


def test_every_language_of_the_site_is_one_that_the_proxy_knows():
    listed = re.search(r'"~\^/\(([a-z|-]+)\)/', (DEPLOY / "connected.conf.template").read_text())

    assert listed
    assert set(listed[1].split("|")) == {code for code, _name in site_settings.LANGUAGES}


# What is forgotten


def test_a_purge_forgets_all_pages_those_that_are_just_being_made_included():
    with web_host(headers=MARKED) as web, proxy([web.address]) as front:
        before = [ask(front.url, path).text for path in (PAGE, "/ga/", "/sitemap.xml")]
        purged = ask(front.forget_url, "/whatever/", "PURGE")
        after = [ask(front.url, path).text for path in (PAGE, "/ga/", "/sitemap.xml")]

    assert purged.status == 200
    assert (before, after) == (["reply 1", "reply 2", "reply 3"], ["reply 4", "reply 5", "reply 6"])


def test_a_page_that_was_being_made_before_a_purge_is_not_shown_after_it():
    with web_host(headers=MARKED) as web:
        slow = threading.Event()
        with proxy([web.address]) as front:
            reply, waiting = Handler.reply, threading.Event()

            def made_slowly(handler: Handler) -> None:
                waiting.set()
                slow.wait(10)
                reply(handler)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Handler, "do_GET", made_slowly)
                before = threading.Thread(target=ask, args=(front.url, PAGE))
                before.start()
                waiting.wait(10)
                ask(front.forget_url, "/", "PURGE")
                slow.set()
                before.join()
            after = ask(front.url, PAGE)

    assert after.text == "reply 2"


def test_nobody_but_the_web_hosts_can_let_it_forget():
    with web_host(headers=MARKED) as web, proxy([web.address], forget_from="192.0.2.0/24") as front:
        ask(front.url, PAGE)
        purged = [ask(front.forget_url, PAGE, "PURGE").status, ask(front.forget_url, PAGE).status]
        outside = ask(front.url, PAGE, "PURGE").status
        after = ask(front.url, PAGE)

    assert purged == [403, 405]
    assert outside == 501  # what our web host says to such a method
    assert after.text == "reply 1"


def test_a_proxy_that_is_away_holds_nobody_up(settings, caplog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        ports = (silent.getsockname()[1], *free_ports(1))
        settings.WAGTAILFRONTENDCACHE = {
            str(port): {"BACKEND": "home.forgetting.Proxy", "LOCATION": f"http://127.0.0.1:{port}"} for port in ports
        }
        begun = time.monotonic()

        forgetting.forget_now()

    assert time.monotonic() - begun < forgetting.PATIENCE + 1
    assert caplog.text.count("was not told to forget") == 2


# When web hosts are away


def test_a_kept_page_stands_in_while_no_web_host_answers_and_others_say_sorry():
    with web_host(headers=MARKED | {shared_pages.MARK: "1"}) as web, proxy([web.address]) as front:
        ask(front.url, PAGE)
        web.dies = True
        time.sleep(1.5)
        kept, other, form = ask(front.url, PAGE), ask(front.url, "/en/other/"), ask(front.url, "/answer/1/en/1/")

    assert (kept.status, kept.text) == (200, "reply 1")
    assert (other.status, form.status) == (503, 503)
    assert "what you wrote should still be there" in form.text
    assert form.headers["Cache-Control"] == "no-store" and form.headers["Retry-After"]


def test_nobody_is_shown_an_old_page_while_a_web_host_answers():
    with web_host(headers={shared_pages.MARK: "1"}) as web, proxy([web.address]) as front:
        first = ask(front.url, PAGE)
        time.sleep(2.1)
        second = ask(front.url, PAGE)

    assert (first.text, second.text) == ("reply 1", "reply 2")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_web_host_that_refuses_is_skipped(method):
    (gone,) = free_ports(1)
    with web_host() as web, proxy([f"127.0.0.1:{gone}", web.address]) as front:
        replies = [ask(front.url, "/account/login/", method, b"x=1") for _ in range(6)]

    assert [reply.status for reply in replies] == [200] * 6


@pytest.mark.parametrize(
    ("method", "path", "is_asked_again"),
    [("GET", "/account/login/", True), ("POST", "/answer/1/en/check/", True), ("POST", "/admin/pages/3/edit/", False)],
)
def test_what_a_host_died_over_goes_to_the_next_where_it_counts_once_however_often_it_comes(
    method, path, is_asked_again
):
    with web_host(dies=True) as dying, web_host() as living, proxy([dying.address, living.address]) as front:
        replies = [ask(front.url, path, method, b"x=1").status for _ in range(4)]

    assert dying.asked
    assert replies.count(503) == (0 if is_asked_again else len(dying.asked))
    assert len(living.asked) == (4 if is_asked_again else 4 - len(dying.asked))


# Slow visitors and large ones


def slow(port: int, count: int) -> list[socket.socket]:
    """Connections of visitors who have sent half of a form."""
    opened = []
    for _ in range(count):
        visitor = socket.create_connection(("127.0.0.1", port))
        visitor.sendall(b"POST /answer/1/en/1/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf")
        opened.append(visitor)
    return opened


def answers_within(port: int, seconds: float) -> bool:
    """Whether somebody else is served meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", "/en/other/")
        return connection.getresponse().status == 200
    except TimeoutError:
        return False
    finally:
        connection.close()


def test_forty_slow_visitors_stop_a_web_host_of_one_thread_and_nothing_behind_the_proxy():
    with web_host(OneThread) as bare:
        visitors = slow(int(bare.address.rpartition(":")[2]), 40)
        alone = answers_within(int(bare.address.rpartition(":")[2]), 1)
        for visitor in visitors:
            visitor.close()
    with web_host(OneThread) as web, proxy([web.address]) as front:
        visitors = slow(front.port, 40)
        behind = answers_within(front.port, 5)
        for visitor in visitors:
            visitor.close()

    assert (alone, behind) == (False, True)


def test_what_is_too_large_is_refused_and_officers_may_bring_more():
    with web_host() as web, proxy([web.address]) as front:
        answer, import_, too_much = (
            ask(front.url, path, "POST", b"x" * size).status
            for path, size in (
                ("/answer/1/en/1/", site_settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
                ("/admin/import/", 55_000_000),
                ("/answer/1/en/1/", 17 * 1024 * 1024),
            )
        )

    assert (answer, import_, too_much) == (200, 200, 413)


# What it hands on, serves and refuses


def test_the_site_learns_where_a_request_came_from_and_a_visitor_cannot_make_it_up():
    with web_host() as web, proxy([web.address]) as front:
        sent = {"X_Forwarded_For": "192.0.2.9", "X_Forwarded_Proto": "https", "X_Request_ID": "mine"}
        reply = ask(front.url, PAGE, X_Forwarded_Host="evil.example", **sent)
    headers = web.asked[0][2]

    assert headers["X-Forwarded-For"].split(", ")[-1] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Request-ID"] == reply.headers["X-Request-ID"] != "mine"
    assert "X-Forwarded-Host" not in headers


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/readyz", "/readyz/", "/_edition", "/_new_edition"])
def test_what_is_for_those_who_run_it_is_not_for_the_public(path):
    with web_host() as web, proxy([web.address]) as front:
        assert ask(front.url, path).status == (200 if path == "/_new_edition" else 404)
        assert ask(front.url, "/healthz").status == 200


def test_pictures_are_served_and_documents_left_to_the_site(tmp_path):
    tmp_path.chmod(0o755)
    for name in ("images/a.jpg", "documents/secret.pdf"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("there")
    for folder in tmp_path.parents:
        if folder.name.startswith(("pytest-", "popen-")):  # pytest's own, which it keeps to itself
            folder.chmod(0o755)
    with web_host() as web, proxy([web.address], media=tmp_path) as front:
        paths = ("images/a.jpg", "documents/secret.pdf", "images/../documents/secret.pdf", "documents%2Fsecret.pdf")
        found = [ask(front.url, f"/media/{path}") for path in paths]
        bucket = ask(front.url, "/media/images/in-the-bucket.jpg")

    assert [reply.status for reply in found] == [200, 404, 404, 404]
    assert bucket.text == "reply 1"
    assert found[0].headers["X-Content-Type-Options"] == "nosniff"


# What it writes down


def secret_addresses() -> list[str]:
    """Every address of the site that ends in somebody's secret, with one in it."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif {"secret", "uidb36"} & set(pattern.pattern.regex.groupindex):
                found.append(re.sub(r"\(\?P<uidb36>.*\)/", f"x-{SECRET}/", f"/{route}"))

    walk([each for each in get_resolver().url_patterns if not str(each.pattern).startswith("admin/")], "")
    filled = [address.replace("<slug:secret>", SECRET).replace("<slug:language>", "sco-ulster") for address in found]
    return [re.sub(r"<id:\w+>", "12", address) for address in filled]


def written(front: Proxy, addresses: list[str]) -> str:
    """All that is written when these are asked for."""
    for address in addresses:
        ask(front.url, address, Referer=f"https://plan.example.org{addresses[0]}", User_Agent="canary-browser")
    time.sleep(0.2)
    return front.everything_written


def test_no_log_of_the_proxy_has_a_secret_a_query_or_a_person_whether_or_not_the_site_answers():
    addresses = secret_addresses()
    assert len(addresses) == 4
    assert [address for address in addresses if SECRET in masking.mask(address)] == []
    more = [address.replace("/", "%2F")[3:] for address in addresses] + [address[:-1] for address in addresses]
    asked = [*addresses, *(f"/{address}" for address in more), f"/account/oidc/?code={SECRET}&state={SECRET}"]
    (gone,) = free_ports(1)

    for web_address in (None, f"127.0.0.1:{gone}"):
        with web_host() as web, proxy([web_address or web.address]) as front:
            text = written(front, asked)
            assert len(front.log) == len(asked)
            assert "/answer/12/sco-ulster/return/***" in text
            assert [word for word in (SECRET, "canary-browser", "code=", "127.0.0.1, ") if word in text] == []


def test_a_log_without_the_mask_is_found():
    template = (DEPLOY / "connected.conf.template").read_text().replace("$connected_path", "$uri", 1)
    plain = re.sub(r'"path":"\$connected_path"', '"path":"$uri"', template)
    with web_host() as web, proxy([web.address], template=plain.replace("map $uri $uri", "map $uri $unused")) as front:
        assert SECRET in written(front, secret_addresses())


# The whole site behind it


@pytest.fixture
def front(live_server: Any, settings: Any) -> Iterator[Proxy]:
    """The proxy before the site, which tells it what to forget."""
    with proxy([live_server.url.removeprefix("http://")]) as running:
        settings.WAGTAILFRONTENDCACHE = {
            "it": {"BACKEND": "home.forgetting.Proxy", "LOCATION": running.forget_url},
        }
        yield running


def hot(front: Proxy, path: str) -> Reply:
    """A page that is kept by now."""
    before = len(front.log)
    ask(front.url, path)
    reply = ask(front.url, path)
    until = time.monotonic() + 10
    while len(front.log) < before + 2 and time.monotonic() < until:  # a line is written once the reply is sent
        time.sleep(0.02)
    assert front.log[-1]["cache"] == "HIT", f"{path} is not kept: {front.log[-1]}"
    return reply


def contact() -> Any:
    return StandardPage.objects.get(slug="contact", locale__language_code="en")


def rename(page: Any, title: str) -> None:
    page.title = title
    page.save_revision().publish()


@pytest.mark.xdist_group("demo")
@pytest.mark.django_db(transaction=True)
def test_what_is_published_taken_back_or_restricted_shows_with_the_next_request(demo, front):
    page = contact()
    assert page.title in hot(front, "/en/contact/").text
    assert hot(front, "/en/").status == 200

    rename(page, "Where we are found")
    assert "Where we are found" in ask(front.url, "/en/contact/").text
    assert "Where we are found" in hot(front, "/en/contact/").text

    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert ask(front.url, "/en/contact/").status == 302
    restriction.delete()
    assert hot(front, "/en/contact/").status == 200

    page.unpublish()
    assert ask(front.url, "/en/contact/").status == 404


@pytest.mark.xdist_group("demo")
@pytest.mark.django_db(transaction=True)
def test_without_being_told_the_proxy_would_show_the_old_page(demo, front, settings):
    page = contact()
    hot(front, "/en/contact/")
    settings.WAGTAILFRONTENDCACHE = {}

    rename(page, "Where we are found")

    assert "Where we are found" not in ask(front.url, "/en/contact/").text


def crawl(front: Proxy, cookie: str = "") -> dict[str, Reply]:
    """Every public page and file, and a form, as the one whose cookie it is."""
    paths = [page.get_url() for page in Page.objects.live().filter(depth__gt=1).order_by("path")]
    paths += ["/sitemap.xml", "/robots.txt", "/en/news.atom", "/ga/news.atom", "/en/events.ics"]
    town_centres = Consultation.objects.get(key=key("consultation/town-centres"))
    paths += [f"/results/{town_centres.pk}/en/1/", f"/answer/{town_centres.pk}/en/"]
    sent = {"Cookie": cookie} if cookie else {}
    return {path: ask(front.url, re.sub(r"^https?://[^/]+", "", path), **sent) for path in paths if path}


@pytest.mark.xdist_group("demo")
@pytest.mark.django_db(transaction=True)
def test_nothing_that_was_made_for_somebody_is_kept_or_shown_to_anybody_else(
    demo, front, editor, officer, administrator, client
):
    for user in (editor, officer, administrator):
        user.first_name, user.last_name = f"Canary{user.pk}", "Canary-Person"
        user.save()

    sessions = []
    crawl(front)
    for user in (editor, officer, administrator):
        client.force_login(user)
        sessions.append(client.cookies[site_settings.SESSION_COOKIE_NAME].value)
        mine = crawl(front, f"{site_settings.SESSION_COOKIE_NAME}={sessions[-1]}")
        assert "wagtail-userbar" in mine["/en/contact/"].text
    seen = crawl(front)

    assert sum(line["cache"] == "HIT" for line in front.log) > 40
    shown = "".join(reply.text for reply in seen.values())
    marks = ("Canary", "wagtail-userbar", "csrfmiddlewaretoken", "Set-Cookie", *sessions)
    assert [mark for mark in marks if mark in front.kept + shown] == []
    assert not any("Set-Cookie" in reply.headers for reply in seen.values())
    assert not re.search("^KEY: .*/answer/", front.kept, re.MULTILINE)


@pytest.mark.django_db(transaction=True)
def test_an_answering_page_that_somebody_marks_is_not_kept_and_without_the_proxys_own_rules_would_be_found(
    front, live_server, monkeypatch
):
    monkeypatch.setattr(shared_pages, "is_for_everybody", lambda request, page: True)
    section = one_section() + "1/"
    for _attempt in range(2):
        assert ask(front.url, section).status == 200
    careless = (
        (DEPLOY / "connected.conf.template")
        .read_text()
        .replace('"~^/results/" ', '"~^/(results|answer)/" ')
        .replace('"~*(no-store|private)"    1;', "")
        .replace("location ~ ^/(answer|tell|ideas)/", "location ~ ^/(tell|ideas)/")
    )
    with proxy([live_server.url.removeprefix("http://")], template=careless) as without:
        for _attempt in range(2):
            ask(without.url, section)
        kept = without.kept

    assert "/answer/" not in front.kept
    assert section in kept and 'name="token"' in kept
