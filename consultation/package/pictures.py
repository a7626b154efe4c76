"""The images of a questionnaire: under names of their own in a package, in Wagtail's library on a site."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField

from consultation.models import Consultation

# "images/1.png". One that is gone from the library has no ending, and no file.
NAME = re.compile(r"images/([1-9][0-9]{0,3})(\.[a-z0-9]{1,5})?\Z")
BATCH = 64_000  # bytes at a time


def named(consultation: Consultation) -> dict[int, str]:
    """The names of all images that any version shows, by primary key, in the order in which versions first did."""
    shown: dict[int, None] = {}
    for structure in consultation.versions.order_by("number").values_list("structure", flat=True):
        for section in structure["sections"]:
            shown |= {item["image"]: None for item in section["items"] if "image" in item}
    files = {image.pk: image.file.name for image in get_image_model().objects.filter(pk__in=shown)}
    return {
        pk: f"images/{number}{PurePosixPath(files[pk]).suffix.lower() if pk in files else ''}"
        for number, pk in enumerate(shown, 1)
    }


def read(pk: int) -> Iterator[bytes]:
    """An image's file, as it was uploaded."""
    with get_image_model().objects.get(pk=pk).file.open("rb") as file:
        while part := file.read(BATCH):
            yield part


def is_gone(name: str) -> bool:
    """Whether the image was gone from the library when the package was written."""
    return not PurePosixPath(name).suffix


def number(name: str) -> int:
    """The number in a name."""
    found = NAME.match(name)
    return int(found[1]) if found else 0


def wrong(name: str, content: bytes) -> str:
    """What the library has against the file: its ending, its real format, its size. Empty where it takes it."""
    try:
        WagtailImageField().clean(_file(name, content))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def add(name: str, content: bytes, title: str) -> Any:
    """Add an image to the library, and return it."""
    image = get_image_model()(title=title[:255], file=_file(name, content))
    image.save()
    return image


def take_back(images: Iterable[Any]) -> None:
    """Delete the files of images that were added in a transaction that fails."""
    for image in images:
        image.file.storage.delete(image.file.name)


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(PurePosixPath(name).name, content)
