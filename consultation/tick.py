"""What has to be done again and again: fold what came in, move the public figures on, publish what is due. Idempotent.

With no tick running nothing is wrong, only slower: officers' figures count the tail themselves.
"""

import logging
from collections.abc import Callable

from django.core.management import call_command

from consultation import pin
from consultation.fold import fold
from consultation.models import Consultation

log = logging.getLogger(__name__)


def publish_due() -> None:
    """Publish and unpublish the pages whose time has come, as editors scheduled them."""
    call_command("publish_scheduled")


def tick(progress: Callable[[int], object] = lambda n: None) -> int:
    """Do one round, and return how many responses were folded. A consultation that fails does not stop the others."""
    folded = 0
    for consultation in Consultation.objects.filter(version__isnull=False):
        try:
            folded += fold(consultation, progress)
            pin.pin(consultation)
        except Exception:
            # Impatient at the barrier, no database, a row that nobody foresaw: the others are folded all the same.
            log.exception("fold of consultation %s was put off", consultation.pk)
    return folded
