"""Visits to every page there is, without a browser; what was shown is kept in files."""

import re
from pathlib import Path

from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from wagtail.models import Page

from consultation import instrument, results
from consultation.models import Consultation, Message
from home.demo.blocks import key
from tests.consultation.test_answering import hidden, send

LANGUAGES = ("en", "ga", "pl")
ADDRESS = "ada@example.org"


class Keeper(Client):
    """A browser that keeps each page it is shown."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def request(self, **request):
        """Ask, and keep what is shown."""
        page = super().request(**request)
        if page.get("Content-Type", "").startswith("text/html") and page.status_code not in (302, 303):
            self.keep(f"{request['REQUEST_METHOD']}{request['PATH_INFO']}", page.content.decode())
        return page

    def keep(self, name: str, text: str) -> None:
        """Keep a page under a name that says where it stood."""
        number = len(list(self.folder.iterdir()))
        (self.folder / f"{number:03}-{re.sub('[^a-zA-Z0-9]+', '-', name)}.html").write_text(text, encoding="utf-8")


def visit_everything(folder: Path, client: Keeper | None = None) -> Keeper:
    """See every page, every step of answering and every refusal of the demonstration in three languages."""
    client = client or Keeper(folder)
    for page in Page.objects.live().filter(depth__gt=1).order_by("path"):
        client.get(page.get_url())
    for language in LANGUAGES:
        client.cookies.clear()
        _answer(client, _path("draft-plan", language))
        for name in ("draft-plan", "getting-about"):
            client.get(_path(name, language).replace("/answer/", "/paper/"))
        _see_every_kind(client, _path("getting-about", language))
        for name in ("play-parks", "town-centres"):
            client.get(f"{_path(name, language)}1/")
        _share(client, language)
        _ask_to_be_told(client, language)
        _fail(client, language)
    _see_results(client)
    return client


def _see_results(client: Keeper) -> None:
    """The published results with a newer version, and what stands in their place when they are taken back."""
    consultation = Consultation.objects.get(key=key("consultation/town-centres"))
    words = dict.fromkeys(LANGUAGES, "A word was wrong.")
    paths = [f"/results/{consultation.pk}/{language}/" for language in LANGUAGES]
    first = consultation.published_results.get()
    second = results.publish(consultation, None, words, words)
    for path in paths:
        client.get(path, follow=True)
        client.get(f"{path}1/")
    for version in (second, first):
        results.take_back(version, None, words)
        for path in paths:
            client.get(f"{path}{version.number}/")
            client.get(path)


def _ask_to_be_told(client: Keeper, language: str) -> None:
    """The form, its faults, and the links of its e-mail, before and after."""
    path = _path("draft-plan", language).replace("/answer/", "/tell/")
    form = hidden(client.get(path))
    client.post(path, {"email": ADDRESS, "token": "old"})
    for typed in ("nonsense", ADDRESS):
        client.post(path, form | {"email": typed})
    client.get(_path("town-centres", language).replace("/answer/", "/tell/"))
    body = Message.objects.filter(subscriber__isnull=False).latest("pk").body
    for step in ("confirm", "stop", "confirm"):
        address = re.search(rf"/tell/\d+/\S+/{step}/\w+/", body)
        assert address is not None
        client.get(address[0])
        client.post(address[0])


def _path(name: str, language: str) -> str:
    return f"/answer/{Consultation.objects.get(key=key(f'consultation/{name}')).pk}/{language}/"


def _answer(client: Keeper, path: str) -> None:
    client.post(f"{path}1/", hidden(client.get(f"{path}1/")))  # what is required is missing
    send(client, f"{path}1/", q1="1")
    client.get(f"{path}2/")
    client.get(f"{path}later/")
    equality = client.get(send(client, f"{path}check/")["Location"])
    client.post(f"{path}equality/", hidden(equality))
    for step in ("done", "receipt", "withdraw"):
        client.get(f"{path}{step}/")
    send(client, f"{path}withdraw/")
    client.get(f"{path}receipt/")
    client.get(f"{path}return/nothing/")
    client.post(f"{path}1/")  # from no form of ours


def _see_every_kind(client: Keeper, path: str) -> None:
    sections = instrument.current(Consultation.objects.get(pk=path.split("/")[2]), "en").sections
    for section in sections:
        shown = client.get(f"{path}{section.number}/")
        wrong = {question.name: "nothing like an answer" for question in section.questions}
        client.post(f"{path}{section.number}/", hidden(shown) | wrong)
    client.get(f"{path}check/")


def _share(client: Keeper, language: str) -> None:
    address = f"/ideas/{language}/"
    form = hidden(client.get(address))
    client.post(address, form)
    sent = client.post(address, form | {"idea": "A bench by the river."})
    client.get(sent.get("Location", address))
    client.get(f"{address}ABC-DEF-GHJ/")


def _fail(client: Keeper, language: str) -> None:
    def away(execute, sql, params, many, context):
        raise OperationalError("away")

    client.get(f"/{language}/nothing/here/")
    path = _path("draft-plan", language)
    form = hidden(client.get(f"{path}1/")) | {"q1": "1", "q4": "<b>What I wrote</b>"}
    with connection.execute_wrapper(away):
        client.get(f"{path}1/")
        client.post(f"{path}1/", form)
    with translation.override(language):
        for name in ("400", "500"):
            client.keep(f"{name}-{language}", render_to_string(f"{name}.html"))
