"""Nothing of another site is embedded, so nobody can make the server call one."""

import pytest
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedException
from wagtail.embeds.finders.oembed import OEmbedFinder

VIDEO = "https://www.youtube.com/watch?v=abc"


@pytest.fixture
def called(monkeypatch):
    """The addresses that the server asks for."""
    asked = []

    def note(address, *more, **options):
        asked.append(address)
        raise ConnectionError("nothing is called in tests")

    monkeypatch.setattr("wagtail.embeds.finders.oembed.requests.get", note)
    return asked


@pytest.mark.django_db
def test_an_address_that_is_to_be_embedded_makes_the_server_call_nobody(called):
    with pytest.raises(EmbedException):
        get_embed(VIDEO)

    assert called == []


@pytest.mark.django_db
def test_an_editor_is_told_that_nothing_can_be_embedded(called, editor_client):
    page = editor_client.post("/admin/embeds/chooser/upload/", {"embed-chooser-url": VIDEO})

    assert page.status_code == 200
    assert "embed_chosen" not in page.content.decode()
    assert called == []


@pytest.mark.django_db
def test_what_wagtail_would_do_by_itself_is_seen(called, monkeypatch):
    monkeypatch.setattr("wagtail.embeds.embeds.get_finders", lambda: [OEmbedFinder()])

    with pytest.raises((EmbedException, ConnectionError)):
        get_embed(VIDEO)

    assert called == ["https://www.youtube.com/oembed"]
