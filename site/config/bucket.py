"""Files in S3, or in what speaks as it does: the bucket is private, and no address of it is ever given out.

Where it is away, that is an error of input and output as a broken disk's is: whoever waits for it is told soon.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from storages.backends.s3 import S3Storage

log = logging.getLogger(__name__)

PAUSE = 60  # seconds until trying again makes sense


class Away(OSError):
    """The bucket did not answer, or refused."""


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as fault:
        raise Away(f"the bucket failed: {type(fault).__name__}") from fault


class Private(S3Storage):
    """Files that views hand out, each after asking for its right."""

    def get_default_settings(self) -> dict[str, Any]:
        """Short waits: behind each of them somebody waits for a page, or `tick` comes again."""
        waits: dict[str, Any] = {"connect_timeout": 2, "read_timeout": 10, "retries": {"total_max_attempts": 2}}
        own = {
            "client_config": Config(s3={"addressing_style": "path"}, signature_version="s3v4", **waits),
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": settings.FILE_UPLOAD_MAX_MEMORY_SIZE,  # what is larger waits on the disk
        }
        found: dict[str, Any] = super().get_default_settings()
        return found | own

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _known():
            opened = super()._open(name, mode)
            if "r" in mode:
                opened.open()  # read it now, not where nobody expects it to fail
            return opened

    def _save(self, name: str, content: Any) -> str:
        with _known():
            saved: str = super()._save(name, content)
            return saved

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is no fault."""
        with _known():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _known():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Folders and files."""
        with _known():
            folders, files = super().listdir(name)
            return folders, files

    def size(self, name: str) -> int:
        """In bytes."""
        with _known():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> Any:
        """When it was written."""
        with _known():
            return super().get_modified_time(name)

    def url(self, name: str, *arguments: Any, **more: Any) -> str:
        """None has one."""
        raise NotImplementedError("files of this storage have no address")


class Media(Private):
    """Pictures, which the site itself serves; and documents, which have an address of Wagtail's."""

    def url(self, name: str, *arguments: Any, **more: Any) -> str:
        """Where config.media shows it."""
        return f"{settings.MEDIA_URL}{name}"


class AwayMiddleware:
    """Say that files are away, with 503. What was being stored was not, for its transaction has failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """The page for this one fault."""
        if not isinstance(fault, Away):
            return None
        log.error("files are away: %s", fault)
        page = render(None, "files_away.html", status=503)
        page["Retry-After"] = str(PAUSE)
        add_never_cache_headers(page)
        return page
