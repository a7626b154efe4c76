"""Quotes: an excerpt of what somebody wrote, published with their consent once a second person has agreed.

The only module that adds and changes quotes, each change with an entry in the audit log, in one transaction. The log
says what was done, never what was written. A quote goes where the response goes: changes.py calls `forget` and `cut`.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from consultation import instrument, redacting
from consultation.kinds import AGREED, CONSENT, KINDS, RESPONDENT
from consultation.kinds.respondent import NAME, NAMED
from consultation.models import AnswerWords, Consultation, Halt, Option, Quote, Redaction, Response, Theme

State = Quote.State
LONGEST = 1_000  # characters of a quote

# Actions of the audit log.
PROPOSE, APPROVE, REFUSE = "consultation.propose_quote", "consultation.approve_quote", "consultation.refuse_quote"
TAKE_DOWN, ARRANGE = "consultation.take_down_quote", "consultation.arrange_quote"


class NotQuotable(Exception):
    """Why something can't be quoted, in words for officers."""


class Meanwhile(Exception):
    """Somebody else has changed the quote since it was shown."""


class Consent(Enum):
    """What somebody said when asked whether they may be quoted."""

    AGREED = "agreed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    NOT_ASKED = "not-asked"


WHY_NOT = {
    Consent.REFUSED: _("This person does not want to be quoted."),
    Consent.SKIPPED: _("This person did not say whether they may be quoted, so they may not."),
    Consent.NOT_ASKED: _(
        "This person was not asked whether they may be quoted, so they may not. Only answers to a questionnaire with "
        "the question “Consent to be quoted” can be."
    ),
}


def consent(response: Response) -> Consent:
    """Whether words of a response may be quoted. One query; where it was asked twice, both have to say so."""
    roles = Option.objects.filter(question__consultation=response.consultation_id, question__kind=CONSENT.name)
    known = {
        (question, number): role for question, number, role in roles.values_list("question__number", "number", "role")
    }
    asked = {question for question, _number in known if str(question) in response.answers}
    given = {question: response.answers[str(question)] for question in asked}
    if not asked:
        return Consent.NOT_ASKED
    if None in given.values():
        return Consent.SKIPPED
    agreed = all(known.get((question, value)) == AGREED for question, value in given.items())
    return Consent.AGREED if agreed else Consent.REFUSED


def organisation(response: Response) -> str:
    """The name of an organisation that consented to be named; empty for everybody else. Two queries at most."""
    roles = Option.objects.filter(
        question__consultation=response.consultation_id, question__kind=RESPONDENT.name, role=NAMED
    )
    for question, number in roles.values_list("question__number", "number"):
        if response.answers.get(str(question)) == number:
            words = AnswerWords.objects.filter(response=response, question=question, option=NAME.number).first()
            return words.text if words else ""
    return ""


def original(words: AnswerWords) -> str:
    """What a quote may be taken from: the redacted copy, where there is one."""
    place = {"response": words.response_id, "question": words.question, "option": words.option}
    copy = Redaction.objects.filter(**place).first()
    return copy.text if copy else words.text


def check(words: AnswerWords) -> None:
    """Raise NotQuotable where nothing may be quoted of a text, with the reason."""
    response = words.response
    if response.state != Response.State.COUNTED:
        raise NotQuotable(_("Only a response that is counted can be quoted."))
    said = consent(response)
    if said != Consent.AGREED:
        raise NotQuotable(WHY_NOT[said])
    kinds = dict(response.consultation.questions.values_list("number", "kind"))
    is_about = any(text.number == words.option for text in KINDS[kinds[words.question]].texts)
    if is_about or words.question in instrument.personal(response.consultation):
        raise NotQuotable(_("This answer says who somebody is, or may, so it is not quoted."))


@dataclass(frozen=True)
class Proposal:
    """What is to be quoted, and where it is to stand."""

    text: str
    language: str
    theme: Theme | None
    place: int
    is_named: bool  # beside the name of the organisation, where it consented to that


def propose(words: AnswerWords, proposal: Proposal, user: Any) -> Quote:
    """Store a quote that somebody else has to approve. Raises NotQuotable."""
    with transaction.atomic():
        words = _locked(words.response_id, words.question, words.option)
        check(words)
        text = redacting.excerpt(original(words), proposal.text)
        if not text:
            raise NotQuotable(_("The quote says something that was not written."))
        response = words.response
        quote = Quote.objects.create(
            consultation=response.consultation,
            response=response,
            question=words.question,
            option=words.option,
            text=text,
            language=proposal.language,
            year=timezone.localtime(response.received_at).year,
            organisation=organisation(response) if proposal.is_named else "",
            theme=proposal.theme,
            place=proposal.place,
            proposed_by=user,
            proposer=user.get_username(),
        )
        log(quote, PROPOSE, user=user)
        return quote


def _locked(response: int | None, question: int, option: int) -> AnswerWords:
    """The text as it is now, with its response kept as it is until the end. Raises NotQuotable where it is gone."""
    if response is None or Response.objects.select_for_update().filter(pk=response).first() is None:
        raise NotQuotable(_("The response is gone."))
    rows = AnswerWords.objects.select_related("response__consultation")
    found = rows.filter(response=response, question=question, option=option).first()
    if found is None:
        raise NotQuotable(_("Whoever wrote it has taken it back."))
    return found


def is_own(quote: Quote, user: Any) -> bool:
    """Whether somebody proposed it, so that somebody else has to approve it."""
    return bool(user.pk == quote.proposed_by_id or user.get_username() == quote.proposer)


def approve(pk: int, revision: int, theme: Theme | None, place: int, user: Any) -> None:
    """Publish a quote. Raises Meanwhile, and NotQuotable where it may no longer be quoted or it is one's own."""
    with _changing(pk, revision, State.PROPOSED) as quote:
        if is_own(quote, user):
            raise NotQuotable(_("You proposed it, so somebody else has to approve it."))
        words = _locked(quote.response_id, quote.question, quote.option)
        check(words)
        if redacting.excerpt(original(words), quote.text) != quote.text:
            raise NotQuotable(_("The answer was redacted meanwhile, and the quote says what was left out."))
        quote.theme, quote.place = theme, place
        _decided(quote, State.APPROVED, APPROVE, "", user)


def refuse(pk: int, revision: int, reason: str, user: Any) -> None:
    """Decide that a proposed quote is not published. Raises Meanwhile."""
    with _changing(pk, revision, State.PROPOSED) as quote:
        _decided(quote, State.REFUSED, REFUSE, reason, user)


def take_down(pk: int, revision: int, reason: str, user: Any) -> None:
    """Publish a quote no longer. Raises Meanwhile."""
    with _changing(pk, revision, State.APPROVED) as quote:
        _decided(quote, State.TAKEN_DOWN, TAKE_DOWN, reason, user)


def arrange(pk: int, revision: int, theme: Theme | None, place: int, user: Any) -> None:
    """Show a published quote with another theme or in another place. Raises Meanwhile."""
    with _changing(pk, revision, State.APPROVED) as quote:
        quote.theme, quote.place = theme, place
        quote.revision += 1
        quote.save()
        log(quote, ARRANGE, user=user)


@contextmanager
def _changing(pk: int, revision: int, state: Quote.State) -> Iterator[Quote]:
    """A quote in that state, kept from everybody else until the end: first its response, as changes.py locks them."""
    with transaction.atomic():
        response = Quote.objects.filter(pk=pk).values_list("response", flat=True).first()
        if response is not None:
            Response.objects.select_for_update().filter(pk=response).first()
        quote = Quote.objects.select_for_update().filter(pk=pk, revision=revision, state=state).first()
        if quote is None:
            raise Meanwhile
        yield quote


def _decided(quote: Quote, state: Quote.State, action: str, reason: str, user: Any) -> None:
    quote.state, quote.reason = state, reason
    quote.decider, quote.decided_at = user.get_username() if user else "", timezone.now()
    quote.revision += 1
    quote.save()
    log(quote, action, user=user, data={"state": state.value})


# What happens to the response


def look_again(words: AnswerWords, user: Any) -> int:
    """After a redacted copy was changed: take down what quotes what it leaves out. Returns how many quotes."""
    allowed, taken = original(words), 0
    rows = Quote.objects.select_for_update().filter(
        response=words.response_id, question=words.question, option=words.option
    )
    for quote in rows.filter(state__in=[State.PROPOSED, State.APPROVED]):
        if redacting.excerpt(allowed, quote.text) != quote.text:
            _decided(quote, State.TAKEN_DOWN, TAKE_DOWN, str(_("The answer was redacted.")), user)
            taken += 1
    return taken


def forget(responses: Collection[int]) -> None:
    """Delete the quotes of responses that are withdrawn, corrected or erased; the log keeps that there were some."""
    for quote in Quote.objects.filter(response__in=responses):
        log(quote, TAKE_DOWN, deleted=True)
        quote.delete()


def cut(responses: QuerySet[Response]) -> None:
    """With retention: what was published stays, and nobody can tell any more whose it was. The rest goes."""
    rows = Quote.objects.filter(response__in=responses)
    rows.exclude(state=State.APPROVED, response__state=Response.State.COUNTED).delete()
    rows.update(response=None)


# What the public sees


def shown() -> QuerySet[Quote]:
    """What is published: approved, and of a response that counts. Whether its consultation is public is another thing.

    Only once the consultation has closed, or while figures are shown: what some say is not to lead the others.
    """
    counts = Q(response=None) | Q(response__state=Response.State.COUNTED)
    told = Q(consultation__closes_at__lte=timezone.now()) | Q(consultation__results=Consultation.Results.WHILE_OPEN)
    rows = Quote.objects.filter(counts, told, state=State.APPROVED).exclude(consultation__halt=Halt.WITHDRAWN)
    return rows.select_related("consultation").order_by("place", "pk")
