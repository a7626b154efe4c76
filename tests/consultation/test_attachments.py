"""Files that came with letters: taken for what they are, kept apart, and gone with the letter."""

import datetime as dt
import os
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from consultation import attachments, changes, correspondence
from consultation.attachments import DOCX, LARGEST, ODT, Refused, accept
from consultation.correspondence import Received
from consultation.models import Channel, LetterFile

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "letters": settings.STORAGES["letters"]
        | {"OPTIONS": settings.STORAGES["letters"]["OPTIONS"] | {"location": tmp_path}}
    }
    return tmp_path


def image(format, size=(4, 4)):
    file = BytesIO()
    Image.new("RGB", size, "white").save(file, format)
    return file.getvalue()


def archive(**members):
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            # With no time: these bytes are in the names of tests, which have to be the same in every process.
            made.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def docx(**more):
    return archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"} | more)


def odt(mimetype=ODT):
    return archive(**{"mimetype": mimetype, "content.xml": "<office:document-content/>"})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Letter.PDF", PDF, "application/pdf"),
        ("scan.jpg", image("JPEG"), "image/jpeg"),
        ("scan.jpeg", image("JPEG"), "image/jpeg"),
        ("scan.png", image("PNG"), "image/png"),
        ("letter.docx", docx(), DOCX),
        ("letter.odt", odt(), ODT),
        ("letter.txt", "Níos mó crann".encode(), "text/plain"),
        ("old.txt", "Café".encode("cp1252"), "text/plain"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken_as_it_came(name, content, media_type):
    taken = accept(name, content)

    assert (taken.name, taken.media_type, taken.content) == (name, media_type, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.pdf", b""),
        ("page.pdf", HTML),
        ("page.html", HTML),
        ("drawing.svg", SVG),
        ("drawing.png", SVG),
        ("drawing.pdf", SVG),
        ("scan.png", image("JPEG")),
        ("scan.jpg", image("PNG")),
        ("animation.png", image("GIF")),
        ("half.png", image("PNG")[:40]),
        ("half.pdf", PDF[:20]),
        ("late.pdf", HTML + PDF),
        ("program.exe", b"MZ"),
        ("noending", PDF),
        ("letter.docx", odt()),
        ("letter.odt", docx()),
        ("letter.odt", odt("application/zip")),
        ("macros.docx", docx(**{"word/vbaProject.bin": "x"})),
        ("polyglot.docx", HTML + docx()),
        ("polyglot.odt", HTML + odt()),
        ("polyglot.jpg", HTML + image("JPEG")),
        ("plain.docx", archive(**{"a.txt": "x"})),
        ("binary.txt", b"text\x00text"),
        ("letter.pdf.exe", PDF),
    ],
)
def test_a_file_that_is_something_else_is_refused(name, content):
    with pytest.raises(Refused, match="."):
        accept(name, content)


def test_a_file_that_is_too_large_is_refused_and_one_that_just_fits_is_not():
    filling = b" " * (LARGEST - len(PDF) - 6)

    assert accept("large.pdf", PDF[:-6] + filling + b"%%EOF\n" + b" " * 6).media_type == "application/pdf"
    with pytest.raises(Refused, match="10 MB"):
        accept("large.pdf", PDF + b" " * LARGEST)


def test_an_image_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(attachments, "MOST_PIXELS", 15)

    with pytest.raises(Refused):
        accept("scan.png", image("PNG"))


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\somebody\\a.txt", "a.txt"),
        ('a"b\r\n<c>.txt', "a_b__c_.txt"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_a_name_loses_its_folders_and_what_no_file_system_takes(came, kept):
    assert accept(came, b"words").name == kept


def recorded(consultation, *files):
    received = Received(Channel.LETTER, timezone.localdate(), "en", "Words", files=[accept(*file) for file in files])
    return correspondence.record(consultation, received, None)


@pytest.mark.django_db
def test_files_lie_under_names_that_say_nothing(consultation, apart):
    recorded(consultation, ("Letter of somebody.pdf", PDF), ("a.txt", b"words"))

    assert sorted(file.read_bytes() for file in apart.iterdir()) == sorted([PDF, b"words"])
    assert not any("somebody" in file.name or file.suffix for file in apart.iterdir())
    assert all(file.stat().st_mode & 0o077 == 0 for file in apart.iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize("change", [changes.erase, changes.withdraw])
def test_what_is_erased_or_taken_back_takes_its_files_along(
    consultation, apart, change, django_capture_on_commit_callbacks
):
    response = recorded(consultation, ("a.txt", b"words"))

    with django_capture_on_commit_callbacks(execute=True):
        change(response)
        assert list(apart.iterdir())  # not before it is certain

    assert not list(apart.iterdir())
    assert not LetterFile.objects.exists()


@pytest.mark.django_db
def test_retention_takes_the_files_of_old_letters_and_leaves_the_others(
    consultation, apart, django_capture_on_commit_callbacks
):
    recorded(consultation, ("a.txt", b"old"))
    cut = timezone.now()
    later = recorded(consultation, ("b.txt", b"new"))
    type(later).objects.filter(pk=later.pk).update(received_at=cut + dt.timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        changes.anonymise(consultation, cut)

    assert [file.read_bytes() for file in apart.iterdir()] == [b"new"]


@pytest.mark.django_db
def test_a_file_that_belongs_to_nobody_is_deleted_after_a_day(consultation, apart):
    recorded(consultation, ("a.txt", b"words"))
    for name, age in (("stray", 2), ("fresh", 0)):
        attachments.storage().save(name, ContentFile(b"x"))
        then = (timezone.now() - dt.timedelta(days=age)).timestamp()
        os.utime(apart / name, (then, then))
    kept = LetterFile.objects.get().file
    os.utime(apart / kept, (0, 0))

    attachments.forget()

    assert {file.name for file in apart.iterdir()} == {"fresh", kept}
