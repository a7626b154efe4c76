"""What can't be taken is said kindly, with everything that was answered still there to copy."""

from django.http import HttpResponse

from consultation import answers as answering
from consultation import equality, forms
from consultation.answers import Answers
from consultation.views.answering.visit import Visit


def not_open(visit: Visit) -> HttpResponse:
    """The consultation is not open yet, or no more."""
    answers = visit.answers
    if visit.request.method == "POST":
        answers = answers.replacing(visit.asked, _typed(visit))
    sections = forms.answered(visit.reached(answers), answers) if answers.values else []
    status = 200 if visit.request.method == "GET" else 409
    dropped = any(name.startswith(equality.PREFIX) for name in visit.sent)
    return visit.render("not_open", status, state=visit.consultation.state(), sections=sections, dropped=dropped)


def sent_already(visit: Visit) -> HttpResponse:
    """The answers were sent from another tab, so these were not added to them."""
    sections = forms.answered(visit.questionnaire, _typed(visit), only_given=True)
    return visit.render("too_late", 409, sections=sections)


def _typed(visit: Visit) -> Answers:
    return answering.read(visit.asked, visit.sent).answers
