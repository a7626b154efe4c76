"""Who asked to be told when the outcome is out: asked once more by e-mail, told once, and forgotten.

An address stands here and in the outbox, and nowhere else: with no response, in no list, in no file. The e-mails go
through the outbox, so that none is lost; that each is written once is in the transaction that marks who was told.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from consultation import derived, letters, results
from consultation.access import is_public
from consultation.derived import hash_secret
from consultation.models import Consultation, LifeEvent, Message, Occasion, State, Subscriber, Telling
from consultation.tick import Faults

TELL = "consultation.tell"  # an action of the audit log

OFFERED = (State.OPEN, State.PAUSED, State.CLOSED)  # in which there is something to wait for
SALT = "consultation.subscriber"
LETTERS = 3  # confirmations that one address is sent about one consultation
UNCONFIRMED = dt.timedelta(days=7)
LIFETIME = dt.timedelta(days=2 * 365)  # of an address where nothing ever came of it
SECOND_THOUGHTS = dt.timedelta(days=1)  # in which a withdrawal can be taken back before anybody is told
BATCH = 200  # e-mails written in one transaction


def ask(consultation: Consultation, to: str, language: str, site: str, title: str) -> None:
    """Send a confirmation to an address; three at most. Whoever asks learns nothing of whether it is known."""
    key = uuid.uuid4()
    fresh = {"key": key, "secret": hash_secret(derived.new(SALT, key)), "language": language, "site": site}
    with transaction.atomic():
        subscriber, _created = Subscriber.objects.get_or_create(
            consultation=consultation, to=to.lower(), defaults=fresh
        )
        if Subscriber.objects.filter(pk=subscriber.pk, letters__lt=LETTERS).update(letters=F("letters") + 1):
            letters.send_confirmation(subscriber, title, _address(subscriber, "confirm"), _address(subscriber, "stop"))


def _secret(subscriber: Subscriber) -> str:
    """Made from the key, since the last e-mail has it as well as the first.

    Where the site's key was changed and the old one is not known any more, it is another from now on.
    """
    secret = derived.again(SALT, subscriber.key, subscriber.secret)
    if secret is None:
        secret = derived.new(SALT, subscriber.key)
        Subscriber.objects.filter(pk=subscriber.pk).update(secret=hash_secret(secret))
    return secret


def _address(subscriber: Subscriber, step: str) -> str:
    path = reverse(f"telling:{step}", args=[subscriber.consultation_id, subscriber.language, _secret(subscriber)])
    return urljoin(subscriber.site, path)


def find(consultation_id: int, secret: str) -> Subscriber | None:
    """Whom a secret belongs to."""
    if len(secret) > 100:
        return None
    rows = Subscriber.objects.select_related("consultation")
    return rows.filter(consultation=consultation_id, secret=hash_secret(secret)).first()


def confirm(subscriber: Subscriber) -> None:
    """Take it that whoever reads the mailbox wants to be told."""
    Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def stop(subscriber: Subscriber) -> None:
    """Delete an address, with the e-mails to it that are still to be sent."""
    subscriber.delete()


def tell_due(faults: Faults | None = None) -> int:
    """Write the e-mails of what there is to tell, forget who was told, and return how many e-mails these were."""
    faults, written = faults or Faults(), 0
    with faults.part("a look at the subscribers"):
        for consultation in Consultation.objects.filter(Exists(Subscriber.objects.filter(consultation=OuterRef("pk")))):
            with faults.part(f"news of consultation {consultation.pk}"):
                for occasion, since in _occasions(consultation):
                    written += _tell_all(consultation, occasion, since)
    with faults.part("forgetting of subscribers"):
        forget()
    return written


def _occasions(consultation: Consultation) -> Iterator[tuple[Occasion, dt.datetime]]:
    """What there is to tell of a consultation now, and since when.

    Results are told once: a later version is for whoever looks, and its page says why there is one.
    """
    now, is_withdrawn = timezone.now(), consultation.state() == State.WITHDRAWN
    if not is_withdrawn and (version := results.newest(consultation)):
        yield Occasion.RESULTS, version.published_at
    if consultation.state() == State.OUTCOME:
        yield Occasion.OUTCOME, now
    if is_withdrawn and not _just_withdrawn(consultation):
        yield Occasion.WITHDRAWN, now


def _just_withdrawn(consultation: Consultation) -> bool:
    events = consultation.life.filter(kind=LifeEvent.Kind.WITHDRAWN, at__gt=timezone.now() - SECOND_THOUGHTS)
    return events.exists()


def _tell_all(consultation: Consultation, occasion: Occasion, since: dt.datetime) -> int:
    """Tell whoever is not told yet, in batches; each batch is told and marked in one transaction."""
    pages, told = _pages(consultation), 0
    if consultation.language not in pages:  # there is nothing to read yet
        return 0
    named = {"consultation": consultation, "occasion": occasion}
    Telling.objects.get_or_create(**named, defaults={"at": since})
    while n := _tell_some(Telling.objects.get(**named), pages):
        told += n
    if told:
        data = {"occasion": occasion.value, "number": told}
        log(consultation, TELL, data=data)
    return told


@transaction.atomic
def _tell_some(telling: Telling, pages: dict[str, Page]) -> int:
    # The rows are locked: another tick waits, and then finds them told.
    rows = list(_waiting(telling).select_for_update()[:BATCH])
    for subscriber in rows:
        page = pages.get(subscriber.language) or pages[telling.consultation.language]
        address = urljoin(subscriber.site, _where(telling, page))
        letters.send_news(subscriber, Occasion(telling.occasion), page.title, address, _address(subscriber, "stop"))
    field = "results_at" if telling.occasion == Occasion.RESULTS else "done_at"
    Subscriber.objects.filter(pk__in=[row.pk for row in rows]).update(**{field: timezone.now()})
    Telling.objects.filter(pk=telling.pk).update(told=F("told") + len(rows))
    return len(rows)


def _where(telling: Telling, page: Page) -> str:
    """Where what there is to tell is to be read."""
    if telling.occasion == Occasion.RESULTS:
        return reverse("results:newest", args=[telling.consultation_id, page.locale.language_code])
    return page.get_url() or "/"


def _waiting(telling: Telling) -> QuerySet[Subscriber]:
    """Who is to be told. Results that were there when somebody confirmed are no news to them."""
    rows = Subscriber.objects.filter(consultation=telling.consultation_id, confirmed_at__isnull=False, done_at=None)
    if telling.occasion == Occasion.RESULTS:
        rows = rows.filter(results_at=None, confirmed_at__lte=telling.at)
    return rows.order_by("pk")


def _pages(consultation: Consultation) -> dict[str, Page]:
    """The pages that everybody can read, by language."""
    live = Page.objects.live().filter(is_public(), translation_key=consultation.key, alias_of=None)
    return {page.locale.language_code: page for page in live.select_related("locale")}


def forget() -> int:
    """Delete who did not confirm, who was told the last there is to tell, and whom nobody can tell anything any more.

    An address stays while an e-mail to it is tried, so that it can still be stopped. Returns how many it deleted.
    """
    now = timezone.now()
    tried = Message.objects.filter(subscriber=OuterRef("pk"), state=Message.State.WAITING)
    over = Q(confirmed_at=None, created_at__lt=now - UNCONFIRMED) | Q(created_at__lt=now - LIFETIME)
    told = Q(~Exists(tried), done_at__isnull=False)
    return Subscriber.objects.filter(over | told).delete()[1].get("consultation.Subscriber", 0)


@dataclass(frozen=True)
class Standing:
    """How many asked to be told, and what was told; for officers. It knows no address."""

    waiting: int
    told: tuple[Telling, ...]


def standing(consultation: Consultation) -> Standing:
    """Count them. Two queries."""
    waiting = consultation.subscribers.filter(confirmed_at__isnull=False, done_at=None).count()
    return Standing(waiting, tuple(consultation.tellings.filter(told__gt=0)))
