"""How many sendings of one network were too quick today. Nobody who took their time is counted, and no address kept.

A network is hashed with a key that is derived from the site's own and from the day, so that two days, two consultations
or two sites can't be put together, and the day's counts are deleted on the next.
"""

import logging
from ipaddress import ip_address, ip_network

from django.db import Error, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from consultation.models import Haste

log = logging.getLogger(__name__)

# One short statement outside of any transaction, so that it keeps nobody waiting.
COUNT = """
    INSERT INTO consultation_haste (day, network, consultation_id, n) VALUES (%s, %s, %s, 1)
    ON CONFLICT (day, network, consultation_id) DO UPDATE SET n = consultation_haste.n + 1
    RETURNING n
"""


def network(address: str) -> str:
    """The part of an address that a household, a school or a library shares; empty where it is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((int(mapped), 24) if mapped.version == 4 else (int(mapped), 64), strict=False))


def count(consultation_id: int, address: str, what: str = "haste") -> int:
    """Count one more quick sending, and return how many of its network that makes today.

    what: another thing that is counted apart from these, in the same way. 0 where the database fails: what is sent does
    not depend on it.
    """
    day = timezone.localdate()
    hashed = salted_hmac(f"consultation.{what}.{day}", f"{consultation_id} {network(address)}", algorithm="sha256")
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [day, hashed.hexdigest()[:32], consultation_id])
            return int(cursor.fetchone()[0])
    except Error:
        log.exception("a quick sending was not counted")
        return 0


def forget() -> None:
    """Delete the counts of the days before."""
    Haste.objects.filter(day__lt=timezone.localdate()).delete()
