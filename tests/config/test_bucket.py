"""With files in S3, everything is where it was, nothing is public, and pages show while the bucket is away."""

import datetime as dt
import io
import socket
import subprocess
import sys
import time
import uuid

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from config import media
from config.bucket import Away
from consultation import correspondence, exports, instrument, ledger, tasks
from consultation.answers import Answers
from consultation.attachments import Accepted
from consultation.columns import Form
from consultation.correspondence import Received
from consultation.downloads import Contents
from consultation.models import Channel, Download, DownloadEnd, Export, Format, LetterFile, Level, Response
from home.models import NewsPage
from tests.test_settings import PRODUCTION, import_production

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bucket")]
BUCKET = "connected"
KEYS = {"access_key": "only-for-tests", "secret_key": "only-for-tests"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """What speaks as S3 does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("bucket") / "log").open("wb")
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    until = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < until
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
    log.close()


def configured(address):
    options = {"bucket_name": BUCKET, "endpoint_url": address, "region_name": "eu-west-2", **KEYS}
    private = ("exports", "imports", "letters")
    return {
        "default": {"BACKEND": "config.bucket.Media", "OPTIONS": {**options, "location": "media"}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        **{name: {"BACKEND": "config.bucket.Private", "OPTIONS": {**options, "location": name}} for name in private},
    }


@pytest.fixture
def bucket(server, settings):
    """The site keeps its files there."""
    keys = {"aws_access_key_id": KEYS["access_key"], "aws_secret_access_key": KEYS["secret_key"]}
    s3 = boto3.resource("s3", endpoint_url=server, region_name="eu-west-2", **keys)
    made = s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    settings.STORAGES = configured(server)
    settings.WAGTAILDOCS_SERVE_METHOD = "serve_view"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "config.bucket.AwayMiddleware"]
    yield made
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def away(bucket, settings):
    """Nobody listens where it was."""

    def go():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            settings.STORAGES = configured(f"http://127.0.0.1:{probe.getsockname()[1]}")

    return go


def picture():
    file = io.BytesIO()
    Pillow.new("RGB", (1600, 900), "green").save(file, "PNG")
    return get_image_model().objects.create(title="Green", file=ContentFile(file.getvalue(), "green.png"))


def letter(consultation, officer, text="In the file."):
    file = Accepted("letter.txt", "text/plain", b"What I think.")
    received = Received(Channel.LETTER, dt.date.today(), "en", text, "", "", False, 0, [file])
    return correspondence.record(consultation, received, officer)


def export(consultation, officer):
    answers = Answers({1: 1, 2: None, 3: None, 5: None}).asked_by(instrument.current(consultation, "en"))
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)
    contents = Contents(consultation, Download.Holds.RESPONSES, Level.ANALYSIS, Format.XLSX, "en", Form.KEYS)
    return exports.ask(officer, contents)


def test_production_keeps_files_there_where_a_bucket_is_named():
    told = {"S3_BUCKET": BUCKET, "S3_ACCESS_KEY_ID": "a", "S3_SECRET_ACCESS_KEY": "b", "S3_REGION": "eu-west-2"}

    started = import_production(**PRODUCTION, **told)

    assert started.returncode == 0, started.stderr


def test_a_picture_and_its_rendition_are_there_and_shown_by_the_site(bucket):
    rendition = picture().get_rendition("width-400")

    keys = {item.key for item in bucket.objects.all()}
    assert {key.split("/")[1] for key in keys} == {"original_images", "images"}
    assert all(key.startswith("media/") for key in keys)
    assert rendition.url.startswith("/media/images/green")
    shown = media.show(RequestFactory().get(rendition.url), rendition.file.name)
    assert shown["Content-Type"] == "image/png"
    assert Pillow.open(io.BytesIO(b"".join(shown.streaming_content))).width == 400


TO_A_DOCUMENT = [
    "documents/a.txt",
    "./documents/a.txt",
    "images/../documents/a.txt",
    "images//../documents/a.txt",
    "/documents/a.txt",
    "documents\\a.txt",
]


@pytest.mark.parametrize("path", ["images/none.png", "images", "../exports/secret.xlsx", *TO_A_DOCUMENT])
def test_what_is_no_picture_is_not_there(bucket, path):
    storages["exports"].save("secret.xlsx", ContentFile(b"answers"))
    storages["default"].save("documents/a.txt", ContentFile(b"restricted"))

    with pytest.raises(Http404):
        media.show(RequestFactory().get("/"), path)


@pytest.mark.parametrize("path", TO_A_DOCUMENT)
def test_no_spelling_of_its_path_leads_past_the_restrictions_of_a_document_in_a_folder(settings, tmp_path, path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "images").mkdir()
    storages["default"].save("documents/a.txt", ContentFile(b"restricted"))

    with pytest.raises(Http404):
        media.show(RequestFactory().get("/"), path)


def test_a_document_is_served_by_the_site_and_restrictions_hold(bucket, visitor):
    made = get_document_model().objects.create(title="Minutes", file=ContentFile(b"Minutes.", "minutes.txt"))

    shown = visitor.get(made.url)
    assert b"".join(shown.streaming_content) == b"Minutes."
    made.collection.view_restrictions.create(restriction_type="login")
    assert visitor.get(made.url).status_code == 302


def test_an_export_is_made_by_the_task_and_handed_out_to_whoever_asked(
    bucket, consultation, officer, officer_client, administrator_client
):
    asked = export(consultation, officer)

    assert exports.make_due() == 1

    address = reverse("consultations:export_file", args=[asked.pk])
    [key] = [item.key for item in bucket.objects.all()]
    assert key.startswith("exports/") and key.endswith(".xlsx")
    assert b"".join(officer_client.get(address).streaming_content).startswith(b"PK")
    assert DownloadEnd.objects.get().complete
    assert administrator_client.get(address).status_code == 404
    with pytest.raises(NotImplementedError):
        exports.storage().url(key)


def test_a_letter_s_attachment_is_handed_out_by_its_view_alone(bucket, consultation, officer, officer_client):
    response = letter(consultation, officer)

    file = LetterFile.objects.get()
    sent = officer_client.get(reverse("consultations:attachment", args=[consultation.pk, file.pk]))
    assert response.state == Response.State.COUNTED
    assert b"".join(sent.streaming_content) == b"What I think."
    assert [item.key.split("/")[0] for item in bucket.objects.all()] == ["letters"]


def test_a_page_with_a_picture_shows_while_the_bucket_is_away(bucket, away, visitor):
    image = picture()
    page = news(image)
    assert "/media/images/" in visitor.get(page.url).content.decode()
    fresh = news(picture())  # whose renditions nobody has made yet
    away()

    begun = time.monotonic()
    shown, unmade = visitor.get(page.url), visitor.get(fresh.url)

    assert (shown.status_code, unmade.status_code) == (200, 200)
    assert "/media/images/" in shown.content.decode()
    assert time.monotonic() - begun < 10


def news(image):
    from wagtail.models import Page

    from home.models import NewsIndexPage
    from tests.home.test_pages import add

    index = NewsIndexPage.objects.first() or add(Page.objects.get(depth=2), NewsIndexPage(title="News", slug="news"))
    made = NewsPage(title="Green", slug=f"green-{uuid.uuid4().hex[:6]}", image=image, image_alt="A green square")
    return add(index, made)


def test_an_export_waits_until_the_bucket_is_there_again(bucket, away, server, settings, consultation, officer, caplog):
    asked = export(consultation, officer)
    away()
    for _ in range(tasks.ATTEMPTS + 2):
        exports.make_due()
        Export.objects.update(seen_at=timezone.now() - dt.timedelta(seconds=1))
    exports.make_due()
    asked.refresh_from_db()
    assert (asked.state, asked.attempts, asked.is_put_off) == (Export.State.WAITING, 0, True)
    assert f"export {asked.pk} was put off" in caplog.text

    settings.STORAGES = configured(server)
    assert exports.make_due() == 0  # not before its minute is over
    Export.objects.update(seen_at=timezone.now())

    assert exports.make_due() == 1


def test_what_needs_the_bucket_says_so_while_it_is_away(bucket, away, consultation, officer, officer_client):
    letter(consultation, officer)
    file = LetterFile.objects.get()
    away()

    sent = officer_client.get(reverse("consultations:attachment", args=[consultation.pk, file.pk]))
    before = Response.objects.count()
    with pytest.raises(Away):
        letter(consultation, officer)

    assert sent.status_code == 503
    assert "Files can’t be reached right now" in sent.content.decode()
    assert Response.objects.count() == before
