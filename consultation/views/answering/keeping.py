"""Saving a section: into the draft that the cookie opens, or into one that begins with it."""

from collections.abc import Sequence

from django.http import HttpResponse

from consultation import answers as answering
from consultation import drafts, tokens
from consultation.answers import Answers, Reading
from consultation.questionnaire import Question
from consultation.views.answering.refusals import not_open, sent_already
from consultation.views.answering.visit import Visit


def keep(visit: Visit, asked: Sequence[Question], newer: Answers, left: bool = False) -> str | None:
    """Save answers to these questions, and return the secret of a draft that begins with them.

    left: here somebody stops, to go on later. The form has to have a key. Raises AlreadySent and SavedMeanwhile.
    """
    draft, secret = visit.draft, None
    if draft is None:
        if visit.key is None:
            raise ValueError("nothing is begun without a key")
        born = tokens.born(visit.request.POST["token"])
        draft, secret = drafts.begin(visit.consultation, visit.key, born)
    seen = visit.request.POST.get("seen", "")
    place = asked[0].number if left and asked else None
    drafts.save(draft, visit.consultation, asked, newer, seen, visit.is_trapped, place)
    return secret


def keep_while_paused(visit: Visit) -> HttpResponse:
    """Save what was typed when a pause began, as far as it can be read, and say that the consultation is paused.

    Nothing has to be complete, since whoever comes back is led through all that is missing.
    """
    if visit.key is None or not visit.asked:
        return not_open(visit, is_saved=False)
    reading = answering.read(visit.asked, visit.sent, complete=False)
    try:
        secret = keep(visit, visit.asked, _readable(visit, reading), left=True)
    except drafts.AlreadySent:
        return sent_already(visit)
    except drafts.SavedMeanwhile:
        return not_open(visit, is_saved=False)
    page = not_open(visit, is_saved=True)
    return visit.remember(page, secret) if secret else page


def _readable(visit: Visit, reading: Reading) -> Answers:
    """What was typed where it was understood, and what was saved before where it was not."""
    unread = [question for question in visit.asked if question.number in reading.errors]
    return answering.part(visit.answers, unread).replacing((), reading.answers)
