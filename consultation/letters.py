"""The e-mails that a citizen can ask for, in plain text and in the language of the visit or the idea."""

import textwrap
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consultation import drafts, forms, instrument, outbox, receipts
from consultation.access import Offer, interface
from consultation.instants import in_words
from consultation.models import Draft, IdeaAddress, IdeaStep, Occasion, Response, Subscriber


class Enough(Exception):
    """As many e-mails as one draft may send were asked for already."""


def send_link(to: str, offer: Offer, draft: Draft, address: str) -> None:
    """Promise the link by which a draft is opened again. Raises Enough."""
    paragraphs = [
        _("Somebody, probably you, asked for this link to the answers that were saved on “%(title)s”.")
        % {"title": offer.title.text},
        _indented(address),
        _("It opens them on any device until %(date)s (UK time). Nothing has been sent yet.")
        % {"date": in_words(drafts.expires_at(draft))},
    ]
    _put(to, offer, draft, _("Your link: %(title)s"), paragraphs)


def send_copy(to: str, offer: Offer, draft: Draft, stored: Response, address: str) -> None:
    """Promise a copy of what was sent, with the link by which it can be corrected and taken back. Raises Enough."""
    received = in_words(stored.received_at)
    paragraphs = [
        offer.title.text,
        _("Received on %(date)s (UK time).") % {"date": received}
        + f"\n{_('Your reference is')} {stored.reference or ''}",
        _underlined(_("What you sent"), "="),
        *_answers(offer, stored),
        _underlined(_("See, correct or take back your answers"), "="),
        *_ways_back(offer, address),
        _underlined(_("What happens next"), "="),
        *_what_follows(offer),
    ]
    _put(to, offer, draft, _("Your answers: %(title)s"), paragraphs)


def send_status(address: IdeaAddress, step: IdeaStep) -> None:
    """Promise the news of an idea's status to whoever asked for them. What it says of the idea is what they wrote."""
    idea = step.idea
    with translation.override(interface(idea.language)):
        paragraphs = [
            _("The status of your idea %(reference)s is now: %(status)s.")
            % {"reference": idea.reference, "status": step.get_status_display()},
            *([_indented(step.note)] if step.note else []),
            _underlined(_("Your idea")),
            _indented(idea.text),
            _("You can see the ideas that are shown, with what has become of each, here:"),
            _indented(address.page),
            _("This is the last e-mail about it, and your address was deleted.")
            if step.status in idea.FINAL
            else _("You get this e-mail because you gave your address with the idea. It is used for nothing else."),
        ]
        subject = _("Your idea %(reference)s: %(status)s") % {
            "reference": idea.reference,
            "status": step.get_status_display(),
        }
        outbox.put(address.to, subject, "\n\n".join(paragraphs), idea.language, idea=idea)


def send_confirmation(subscriber: Subscriber, title: str, confirm: str, stop: str) -> None:
    """Ask whoever reads the mailbox whether they want to be told; where they said so before, say that they will be."""
    with translation.override(interface(subscriber.language)):
        if subscriber.confirmed_at is None:
            paragraphs = [
                _("Somebody, probably you, asked us to tell you when the outcome of “%(title)s” is out.")
                % {"title": title},
                _("Open this link and press the button, and we will:"),
                _indented(confirm),
                _("If you did not ask for this, you need not do anything. Your address is deleted after seven days."),
            ]
            subject = _("Please confirm: %(title)s")
        else:
            paragraphs = [
                _("You asked before to be told when the outcome of “%(title)s” is out, and you will be.")
                % {"title": title},
            ]
            subject = _("You will be told: %(title)s")
        _to_subscriber(subscriber, subject, title, [*paragraphs, *_way_out(stop)], stop)


def send_news(subscriber: Subscriber, occasion: Occasion, title: str, address: str, stop: str) -> None:
    """Tell a subscriber what they asked to be told."""
    with translation.override(interface(subscriber.language)):
        said, subject = {
            Occasion.RESULTS: (
                _("The results of “%(title)s” are published:"),
                _("Results: %(title)s"),
            ),
            Occasion.OUTCOME: (
                _("The outcome of “%(title)s” is out: what we asked, what people said, and what we did."),
                _("The outcome: %(title)s"),
            ),
            Occasion.WITHDRAWN: (
                _("“%(title)s” was withdrawn, so there will be no outcome. Its page says more:"),
                _("Withdrawn: %(title)s"),
            ),
        }[occasion]
        last = _("You get this e-mail because you asked for it. It is the last one, and your address is deleted now.")
        closing = _way_out(stop) if occasion == Occasion.RESULTS else [last]
        _to_subscriber(subscriber, subject, title, [said % {"title": title}, _indented(address), *closing], stop)


def _way_out(stop: str) -> list[str]:
    return [_("If you no longer want to be told, open this link and press the button:"), _indented(stop)]


def _to_subscriber(subscriber: Subscriber, subject: str, title: str, paragraphs: Sequence[str], stop: str) -> None:
    line = (subject % {"title": " ".join(title.split())})[:255]
    outbox.put(subscriber.to, line, "\n\n".join(paragraphs), subscriber.language, subscriber=subscriber, stop=stop)


def _put(to: str, offer: Offer, draft: Draft, subject: str, paragraphs: Sequence[str]) -> None:
    title = " ".join(offer.title.text.split())
    closing = [
        _("Whoever has the link can read and change the answers, so keep this e-mail to yourself."),
        _("If you did not ask for this, you need not do anything. Your address is not kept."),
    ]
    with transaction.atomic():
        if not drafts.count_letter(draft):
            raise Enough
        outbox.put(to, (subject % {"title": title})[:255], "\n\n".join([*paragraphs, *closing]), offer.language, draft)


def _answers(offer: Offer, stored: Response) -> list[str]:
    """Section by section what was asked and answered. Answers are indented, so that none passes for words of ours."""
    sent = instrument.of_version(offer.consultation, stored.version_id, offer.language)
    paragraphs = []
    for section in forms.answered(sent, receipts.answers(stored), only_given=True):
        paragraphs.append(_underlined(section.title.text))
        for row in section.questions:
            answer = "\n".join(text.text for text in row.spoken)
            paragraphs.append(f"{row.question.wording}\n{_indented(answer)}")
    return paragraphs


def _ways_back(offer: Offer, address: str) -> list[str]:
    closes = offer.consultation.closes_at
    if closes is None:
        told = _("This link shows what you sent and lets you correct it or take it back.")
    else:
        told = _("This link shows what you sent. Until %(date)s (UK time) it lets you correct it or take it back.") % {
            "date": in_words(closes)
        }
    return [told, _indented(address)]


def _what_follows(offer: Offer) -> list[str]:
    """In the editor's own words; where there are none, what is always so. And when people will hear."""
    consultation = offer.consultation
    closes, due = consultation.closes_at, consultation.outcome_due
    own = instrument.told(consultation, "next_steps", offer.language).text
    if own:
        paragraphs = own.splitlines()
    elif closes is None:
        paragraphs = [_("Every answer is read and counted, and what people said feeds the plan and its themes.")]
    else:
        paragraphs = [
            _(
                "The consultation is open until %(date)s. Every answer is then read and counted, and what people said "
                "feeds the plan and its themes."
            )
            % {"date": date_format(localtime(closes), "DATE_FORMAT")}
        ]
    if due is not None:
        paragraphs.append(_("The outcome is expected by %(date)s.") % {"date": date_format(due, "DATE_FORMAT")})
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def _underlined(heading: str, line: str = "-") -> str:
    return f"{heading}\n{line * len(heading)}"


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ", lambda line: True)
