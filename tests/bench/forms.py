"""A form of 20 questions over HTTP: shown and sent, by the site and by wagtail.contrib.forms, in the same frame.

Requests go through the whole of Django, without a server in between: what is compared is the work of each.
"""

import io
import random
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from wagtail.models import Page

from consultation import answers as answering
from consultation import drafts, instrument, tokens
from consultation.models import Consultation, Draft, Response
from consultation.views.answering.visit import COOKIE
from tests.bench.data import KINDS, answered
from tests.bench.lines import Line, alternately, step
from tests.bench.peer.models import FormField, FormPage
from tests.factories import make_consultation_page, raw_block, raw_question

BLOCK = 25  # requests one after the other, as a busy server has them
TIMES = 12  # blocks of each
SECRET = "c" * 32  # of the cookie that protects the peer's form


class Browser:
    """Sends requests to the application in this process, and insists on the answer's status."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.factory = RequestFactory()

    def get(self, path: str, cookies: str = "") -> bytes:
        """The page at an address."""
        return self._send(self.factory.get(path).environ | {"HTTP_COOKIE": cookies}, 200)

    def post(self, path: str, fields: dict[str, object], cookies: str, status: int) -> bytes:
        """What comes back for a form."""
        body = urlencode(fields, doseq=True).encode()
        environ = self.factory.post(path, body, "application/x-www-form-urlencoded").environ
        return self._send(environ | {"wsgi.input": io.BytesIO(body), "HTTP_COOKIE": cookies}, status)

    def _send(self, environ: dict[str, object], status: int) -> bytes:
        found: list[str] = []
        answer = self.application(environ, lambda line, headers, *rest: found.append(line))
        content = b"".join(answer)
        answer.close()
        if not found[0].startswith(str(status)):
            raise RuntimeError(f"{environ['PATH_INFO']}: {found[0]} instead of {status}")
        return content


def forms() -> list[Line]:
    """Show and send, in turn."""
    with step("forms over HTTP"):
        consultation, peer, browser = _consultation(), _peer(), Browser()
        section = f"/answer/{consultation.pk}/en/1/"
        peer_path = peer.get_url()
        shown, peer_shown = _blocks(lambda: browser.get(section), lambda: browser.get(peer_path))
        ours, theirs, trivial = _sent(browser, consultation), _peers(browser, peer_path), _trivial(browser)
        sent, peer_sent = _blocks(lambda: next(ours), lambda: next(theirs))
        more = _sent(browser, consultation)
        again, trivial_sent = _blocks(lambda: next(more), lambda: next(trivial))
        whole, peer_whole = _blocks(lambda: _answer(browser, consultation), lambda: next(theirs))
        stored(consultation, 3 * BLOCK * TIMES)
    name = "wagtail.contrib.forms"
    return [
        Line("show a form of 20 questions", 1 / shown, "/s", 1 / peer_shown, name, "≥", 20),
        Line("send it, five texts included", 1 / sent, "/s", 1 / peer_sent, name, "≥", 5),
        Line("the same", 1 / again, "/s", 1 / trivial_sent, "a view that does nothing", "≥", 0.2),
        Line("save its section, check, send", 1 / whole, "/s", 1 / peer_whole, f"{name}, sending alone"),
    ]


def _blocks(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The median seconds of a request of each, in blocks that take turns."""

    def block(request: Callable[[], object]) -> Callable[[], object]:
        return lambda: [request() for _ in range(BLOCK)]

    one, other = alternately(block(first), block(second), TIMES)
    return one / BLOCK, other / BLOCK


def _consultation() -> Consultation:
    questions = []
    for place, kind in enumerate(KINDS, 1):
        options = [f"Option {n} of question {place}" for n in range(1, 9)] if kind in ("single", "multiple") else []
        more = {"options": options} if options else {}
        questions.append(raw_question(kind, f"What is question {place} about?", **more))
    section = {"title": "All", "introduction": "", "questions": questions}
    return make_consultation_page(questionnaire=[raw_block("section", section, "all")]).consultation


def _peer() -> FormPage:
    kinds = {"single": "radio", "multiple": "checkboxes", "number": "number", "short_text": "singleline"}
    page = FormPage(title="A form")
    Page.objects.get(depth=2).add_child(instance=page)
    for place, kind in enumerate(KINDS, 1):
        FormField.objects.create(
            page=page,
            sort_order=place,
            clean_name=f"question_{place:02}",
            label=f"Question {place:02}",
            field_type=kinds.get(kind, "multiline"),
            required=False,
            choices="\n".join(f"Option {n} of question {place}" for n in range(1, 9)),
        )
    return page


def _given() -> Iterator[answering.Answers]:
    rng = random.Random(11)
    while True:
        yield answered(rng)


def _sent(browser: Browser, consultation: Consultation) -> Iterator[bytes]:
    """Send drafts that are complete: saving them is not measured."""
    path = f"/answer/{consultation.pk}/en/check/"
    ready = [_ready(consultation, given) for given, _ in zip(_given(), range(BLOCK * (TIMES + 1)), strict=False)]
    for draft, secret in ready:
        fields = {
            "token": tokens.issue(consultation.pk, draft.sends),
            "version": consultation.published.number,
            "revision": draft.revision,
        }
        yield browser.post(path, fields, f"{COOKIE}={secret}", 303)


def _ready(consultation: Consultation, given: answering.Answers) -> tuple[Draft, str]:
    key = tokens.read(tokens.issue(consultation.pk), consultation.pk)
    assert key is not None
    draft, secret = drafts.begin(consultation, key)
    questions = instrument.current(consultation, "en").sections[0].questions
    drafts.save(draft, consultation, questions, given, drafts.sight(answering.Answers(), questions))
    draft.refresh_from_db()
    return draft, secret


def _fields(given: answering.Answers) -> dict[str, object]:
    """The same answers as a browser sends them to the site."""
    fields: dict[str, object] = {}
    for number, value in given.values.items():
        if value is True:
            fields[f"q{number}"] = given.words[number, 0]
        elif value is not None:
            fields[f"q{number}"] = value
    return fields


def _peers(browser: Browser, path: str) -> Iterator[bytes]:
    for given in _given():
        fields: dict[str, object] = {"csrfmiddlewaretoken": SECRET}
        for number, value in given.values.items():
            name = f"question_{number:02}"
            if value is True:
                fields[name] = given.words[number, 0]
            elif KINDS[number - 1] == "number" and value is not None:
                fields[name] = value
            elif value is not None:
                chosen = value if isinstance(value, list) else [value]
                fields[name] = [f"Option {option} of question {number}" for option in chosen]
        page = browser.post(path, fields, f"{settings.CSRF_COOKIE_NAME}={SECRET}", 200)
        if b"<form" in page:
            raise RuntimeError("wagtail.contrib.forms refused what was sent")
        yield page


def _trivial(browser: Browser) -> Iterator[bytes]:
    for given in _given():
        yield browser.post("/trivial/", _fields(given), "", 200)


def _answer(browser: Browser, consultation: Consultation, rng: random.Random = random.Random(5)) -> None:  # noqa: B008
    """All that a citizen does with a form of one section: save it, look at the check page, send."""
    steps = f"/answer/{consultation.pk}/en/"
    token = tokens.issue(consultation.pk)
    key = tokens.read(token, consultation.pk)
    questions = instrument.current(consultation, "en").sections[0].questions
    fields = {
        "token": token,
        "seen": drafts.sight(answering.Answers(), questions),
        "asked": " ".join(str(question.number) for question in questions),
    }
    browser.post(f"{steps}1/", fields | _fields(answered(rng)), "", 303)
    draft = Draft.objects.get(key=key)
    cookies = f"{COOKIE}={drafts.begin(consultation, draft.key)[1]}"
    browser.get(f"{steps}check/", cookies)
    sent = {"token": token, "version": consultation.published.number, "revision": draft.revision}
    browser.post(f"{steps}check/", sent, cookies, 303)


def stored(consultation: Consultation, at_least: int) -> None:
    """Insist that what was acknowledged is there."""
    if Response.objects.filter(consultation=consultation).count() < at_least:
        raise RuntimeError("acknowledged responses are missing")
