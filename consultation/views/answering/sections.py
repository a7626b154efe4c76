"""The sections of the form, one a page."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from consultation import answers as answering
from consultation import drafts, forms, routing
from consultation.answers import Answers, WordsKey
from consultation.kinds import Value
from consultation.models import State
from consultation.questionnaire import Question, Questionnaire, Section
from consultation.views.answering import blank
from consultation.views.answering.faults import through_faults
from consultation.views.answering.keeping import keep, keep_while_paused
from consultation.views.answering.refusals import not_open, sent_already
from consultation.views.answering.visit import SWITCH, Visit, see_other, step


@step("GET", "HEAD")
def start(visit: Visit) -> HttpResponse:
    """Go to the first section, or on where somebody left off."""
    if visit.draft is None:
        return see_other(visit.address("section", 1))
    if visit.draft.sent_at:
        return see_other(visit.address("done"))
    reached, place = visit.reached(), visit.draft.place
    left = reached.section_of(place) if place else None
    return see_other(_address(visit, left or _first_new(reached, visit.answers)))


@through_faults
@csrf_exempt  # protected by tokens.py
def section(request: HttpRequest, consultation_id: int, language: str, number: int) -> HttpResponse:
    """Show a section, from what is kept where it is blank, or read it and go on."""
    key = blank.key(request, consultation_id, language, number)
    page = blank.kept(key) if key else None
    if page is None:
        page = _section(request, consultation_id, language=language, number=number)
        if key:
            blank.keep(key, page)
    return page


@step("GET", "HEAD", "POST")
def _section(visit: Visit, number: int) -> HttpResponse:
    is_sent = visit.request.method == "POST"
    if visit.draft and visit.draft.sent_at:
        return sent_already(visit) if is_sent else see_other(visit.address("done"))
    if not visit.is_open:
        paused = visit.consultation.state() == State.PAUSED
        return keep_while_paused(visit) if is_sent and paused else not_open(visit)
    if is_sent:
        return _read(visit, number)
    if not 1 <= number <= len(visit.questionnaire.sections):
        raise Http404
    shown = visit.reached().section(number)
    if shown is None:  # these answers lead past it
        onward = _onward(visit, visit.answers, number) if visit.draft else visit.address("section", 1)
        return see_other(onward)
    return _show(visit, shown, forms.filled(shown, visit.answers))


def _onward(visit: Visit, answers: Answers, number: int) -> str:
    """Where these answers lead after a section; on the way back to the check page, only to what was not shown yet."""
    reached = visit.reached(answers)
    if _returning(visit):
        return _address(visit, _first_new(reached, answers), "?return=check")
    return _address(visit, reached.section_after(number))


def _first_new(reached: Questionnaire, answers: Answers) -> Section | None:
    """The first section with a question that was not shown yet."""
    new = (section for section in reached.sections if any(q.number not in answers.values for q in section.questions))
    return next(new, None)


def _address(visit: Visit, following: Section | None, query: str = "") -> str:
    return visit.address("section", following.number) + query if following else visit.address("check")


def _returning(visit: Visit) -> bool:
    """Whether somebody came from the check page to change an answer."""
    request = visit.request
    return (request.POST if request.method == "POST" else request.GET).get("return") == "check"


def _show(visit: Visit, section: Section, fields: list[forms.Shown], **more: Any) -> HttpResponse:
    returning = _returning(visit)
    before = visit.reached().section_before(section.number)
    back = visit.address("check") if returning else visit.address("section", before.number) if before else None
    return visit.render(
        "section",
        section=section,
        token=visit.token(),
        seen=drafts.sight(visit.answers, section.questions),
        progress=routing.progress(visit.questionnaire, visit.answers.values, section.number),
        fields=fields,
        errors=[(f"#{name}", message) for name, message in forms.errors(fields)],
        returning=returning,
        has_entries=True,
        back=back or visit.offer.page.get_url(visit.request),
        languages=visit.languages("section", section.number),
        **more,
    )


def _read(visit: Visit, number: int) -> HttpResponse:
    # What the page asked, not what stands at its number now: an editor may have moved it since.
    asked, rest = visit.asked, visit.answers
    here = visit.reached().section(number)
    in_place = here is not None and asked == here.questions
    later, switching = visit.request.POST.get("then") == "later", SWITCH in visit.sent
    reading = answering.read(asked, visit.sent, complete=not (later or switching))
    answers = rest.replacing(asked, reading.answers)
    reached = visit.reached(answers)
    # Another tab may have changed an earlier answer: what these answers no longer lead to can't be missing.
    errors = {n: message for n, message in reading.errors.items() if reached.question(n)}
    if visit.key is None and not asked:
        raise PermissionDenied
    if switching and asked and "both" in visit.sent:  # whether it replaces what was saved is not decided yet
        return _show_both(visit, asked, answering.part(rest, asked))
    if errors or visit.key is None:
        found = reached.section_of(next(iter(errors), asked[0].number)) or here or reached.sections[0]
        fields = forms.refilled(found, asked, visit.sent, errors, rest, reading.about)
        return _show(visit, found, fields, stale=visit.key is None)
    if switching and _given(answers) == _given(rest):  # nothing to keep, so no draft is begun
        return see_other(_same(visit, reached, number))
    try:
        secret = keep(visit, asked, reading.answers, later)
    except drafts.AlreadySent:
        return sent_already(visit)
    except drafts.SavedMeanwhile as newer:
        return _show_both(visit, asked, newer.saved)
    if switching:
        address = _same(visit, reached, number)
    else:
        address = visit.address("later") if later else _onward(visit, answers, number if in_place else number - 1)
    notices = [f"{name}=1" for name, said in (("removed", reading.removed), ("moved", not in_place)) if said]
    page = see_other(address + ("&" if "?" in address else "?") * bool(notices) + "&".join(notices))
    return visit.remember(page, secret) if secret else page


def _same(visit: Visit, reached: Questionnaire, number: int) -> str:
    """A section in the language of the visit, or what now follows in its place."""
    return _address(visit, reached.section_after(number - 1), "?return=check" if _returning(visit) else "")


def _given(answers: Answers) -> tuple[dict[int, Value], dict[WordsKey, str]]:
    """What was said, whether or not the rest was shown."""
    return {number: value for number, value in answers.values.items() if value is not None}, dict(answers.words)


def _show_both(visit: Visit, asked: Sequence[Question], saved: Answers) -> HttpResponse:
    """Show what another tab has saved beside what was typed here, which replaces it if it is sent again."""
    here = visit.reached().section_of(asked[0].number) or visit.reached().sections[0]
    shown = [question for question in here.questions if question in asked]
    fields = forms.refilled(here, asked, visit.sent, {}, visit.answers)
    return _show(visit, here, fields, status=409, saved=forms.told(shown, saved))
