"""Words are quoted with consent, after two people agreed, without what was left out; and they go where the words go."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from consultation import changes, instrument, ledger, one_response, quotes
from consultation.answers import Answers
from consultation.models import AnswerWords, Channel, Consultation, Halt, Quote, Redaction, Response, Theme
from consultation.quotes import Consent, Meanwhile, NotQuotable, Proposal
from consultation.redacting import GAP, excerpt
from consultation.source import SourceItem, SourceOption, SourceSection

pytestmark = pytest.mark.django_db

WROTE = "More trees by the river, please. Not more cars."
AGREED, REFUSED = 1, 2


def ask(kind, name="", options=(), **settings):
    return SourceItem(id=name or kind, kind=kind, label=name or kind, options=options, **settings)


def fixed(*names):
    return tuple(SourceOption(name, name, name if name != "myself" else "") for name in names)


@pytest.fixture
def consultation(make_consultation):
    """Asks 1 for words, 2 for consent, 3 who answers, 4 for words that may name somebody."""
    items = (
        ask("long_text"),
        ask("consent", options=fixed("agreed", "refused")),
        ask("respondent", options=fixed("myself", "named", "unnamed")),
        ask("short_text", personal=True),
    )
    return make_consultation(sections=(SourceSection(id="all", title="All", introduction="", items=items),))


def send(consultation, said=AGREED, who=1, text=WROTE):
    words = {(1, 0): text, (4, 0): "Ada"} | ({(3, 1001): "Demo Anglers"} if who > 1 else {})
    answers = Answers({1: True, 2: said, 3: who, 4: True}, words)
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)


@pytest.fixture
def sent(consultation):
    return send(consultation)


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_user("second")


def text_of(response, question=1, option=0):
    return AnswerWords.objects.select_related("response__consultation").get(
        response=response, question=question, option=option
    )


def propose(response, user, text="More trees by the river", question=1, **changes):
    asked = {"language": "en", "theme": None, "place": 1, "is_named": False} | changes
    return quotes.propose(text_of(response, question), Proposal(text, **asked), user)


def publish(response, proposer, approver, **changes):
    quote = propose(response, proposer, **changes)
    quotes.approve(quote.pk, quote.revision, quote.theme, quote.place, approver)
    Consultation.objects.update(opens_at=timezone.now() - dt.timedelta(9), closes_at=timezone.now())
    return Quote.objects.get(pk=quote.pk)


def actions():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


# The excerpt


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WROTE, WROTE),
        ("More trees", f"More trees {GAP}"),
        ("trees by the river", f"{GAP} trees by the river {GAP}"),
        (f"More trees {GAP} please. Not more cars.", f"More trees {GAP} please. Not more cars."),
        (f"{GAP}river{GAP}cars.{GAP}", f"{GAP} river {GAP} cars."),
        ("more  \n trees", ""),
        ("More  \n trees", f"More trees {GAP}"),
        ("tree", ""),
        ("ore cars", ""),
        ("cars More", ""),
        (f"cars {GAP} trees", ""),
        ("", ""),
        (GAP, ""),
        (f"{GAP} {GAP}", ""),
        ("Trees by the river", ""),
    ],
)
def test_an_excerpt_leaves_out_whole_words_and_says_so_at_its_ends(text, found):
    assert excerpt(WROTE, text) == found


@pytest.mark.parametrize(
    ("whole", "part"),
    [("I am unhappy", "happy"), ("I don’t agree", "don"), ("a well-being plan", "being"), ("né", "n")],
)
def test_a_word_is_never_cut(whole, part):
    assert excerpt(whole, part) == ""


def test_what_a_redacted_copy_leaves_out_is_in_no_excerpt():
    assert excerpt(f"Ring {GAP} now", "Ring now") == ""
    assert excerpt(f"Ring {GAP} now", f"Ring {GAP} now") == f"Ring {GAP} now"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "b-c", "d’e", "no", "not", "."]), min_size=1, max_size=8), st.data())
def test_an_excerpt_is_an_excerpt_of_the_same_and_only_leaves_out(words, data):
    kept = [data.draw(st.booleans()) for _word in words]
    text = " ".join(word if keep else GAP for word, keep in zip(words, kept, strict=True))

    found = excerpt(" ".join(words), text)

    assert bool(found) == any(kept)
    assert excerpt(" ".join(words), found) == found
    said = [word for word in found.split() if word != GAP]
    assert said == [word for word, keep in zip(words, kept, strict=True) if keep]


# Consent


@pytest.mark.parametrize(
    ("said", "found"), [(AGREED, Consent.AGREED), (REFUSED, Consent.REFUSED), (None, Consent.SKIPPED)]
)
def test_nothing_is_quoted_of_whoever_did_not_agree(consultation, officer, said, found):
    response = send(consultation, said)

    assert quotes.consent(response) == found
    if found != Consent.AGREED:
        with pytest.raises(NotQuotable, match="they may not|does not want"):
            propose(response, officer)
    assert not Quote.objects.exists()


def test_whoever_was_not_asked_is_not_quoted(make_consultation, officer):
    other = make_consultation()
    asked = Answers({5: True}, {(5, 0): WROTE})
    response = ledger.submit(other, uuid.uuid4(), other.published, "en", Channel.WEB, asked)

    with pytest.raises(NotQuotable, match="was not asked"):
        propose(response, officer, question=5)


def test_an_answer_that_names_somebody_is_not_quoted(consultation, officer):
    response = send(consultation, who=2)

    for question, option in ((4, 0), (3, 1001)):
        with pytest.raises(NotQuotable, match="says who somebody is"):
            quotes.check(text_of(response, question, option))


@pytest.mark.parametrize("step", [changes.hold, lambda response: (changes.hold(response), changes.reject(response))])
def test_what_is_held_is_not_quoted_and_a_quote_of_it_not_shown(consultation, sent, officer, second, step):
    publish(sent, officer, second)
    assert quotes.shown().count() == 1

    step(sent)

    assert not quotes.shown()
    with pytest.raises(NotQuotable, match="that is counted"):
        quotes.check(text_of(sent))


@pytest.mark.parametrize(
    ("who", "is_named", "found"), [(1, True, ""), (2, True, "Demo Anglers"), (2, False, ""), (3, True, "")]
)
def test_an_organisation_is_named_where_it_consented_and_the_officer_says_so(
    consultation, officer, who, is_named, found
):
    response = send(consultation, who=who)

    assert propose(response, officer, is_named=is_named).organisation == found


# Two people


def test_a_second_person_approves_and_everything_is_logged(sent, officer, second):
    quote = publish(sent, officer, second)

    assert (quote.state, quote.proposer, quote.decider) == ("approved", "officer", "second")
    assert quote.text == f"More trees by the river {GAP}"
    assert list(quotes.shown()) == [quote]
    assert actions() == [quotes.PROPOSE, quotes.APPROVE]
    assert "trees" not in repr(list(ModelLogEntry.objects.values()))


def test_nobody_approves_their_own(sent, officer, second):
    quote = propose(sent, officer)
    officer.is_superuser = True

    with pytest.raises(NotQuotable, match="somebody else"):
        quotes.approve(quote.pk, 0, None, 1, officer)

    officer.delete()
    quotes.approve(quote.pk, 0, None, 1, second)
    assert Quote.objects.get().state == "approved"


def test_what_is_refused_or_taken_down_is_not_shown(sent, officer, second):
    refused = propose(sent, officer)
    quotes.refuse(refused.pk, 0, "Out of context", second)
    down = publish(sent, officer, second, text="Not more cars.")
    quotes.take_down(down.pk, 1, "Asked for", officer)

    assert not quotes.shown()
    assert set(Quote.objects.values_list("state", "reason")) == {
        ("refused", "Out of context"),
        ("taken-down", "Asked for"),
    }


def test_what_somebody_else_changed_meanwhile_is_noticed(sent, officer, second):
    quote = propose(sent, officer)
    quotes.refuse(quote.pk, 0, "No", second)

    for step in (
        lambda: quotes.approve(quote.pk, 0, None, 1, second),
        lambda: quotes.refuse(quote.pk, 1, "No", second),
        lambda: quotes.take_down(quote.pk, 1, "No", second),
        lambda: quotes.approve(0, 0, None, 1, second),
    ):
        with pytest.raises(Meanwhile):
            step()


def test_a_published_quote_moves_to_another_theme(sent, officer, second):
    theme = Theme.objects.create(key=uuid.uuid4(), name="Rivers", number=9)
    quote = publish(sent, officer, second)

    quotes.arrange(quote.pk, quote.revision, theme, 3, officer)

    moved = quotes.shown().get()
    assert (moved.theme, moved.place) == (theme, 3)


# Redacted copies


def redact(response, text, user):
    place = {"response": response, "question": 1, "option": 0}
    Redaction.objects.update_or_create(**place, defaults={"text": text, "by": user, "name": "officer"})


def test_a_quote_is_taken_from_the_redacted_copy_where_there_is_one(sent, officer):
    redact(sent, f"More trees {GAP} Not more cars.", officer)

    with pytest.raises(NotQuotable, match="not written"):
        propose(sent, officer)
    assert propose(sent, officer, "More trees").text == f"More trees {GAP}"
    assert text_of(sent).text == WROTE


def test_what_was_redacted_after_the_proposal_is_not_approved(sent, officer, second):
    quote = propose(sent, officer)
    redact(sent, f"More trees {GAP}", officer)

    with pytest.raises(NotQuotable, match="redacted meanwhile"):
        quotes.approve(quote.pk, 0, None, 1, second)


def test_what_is_redacted_after_the_publication_is_taken_down_at_once(sent, officer, second):
    gone = publish(sent, officer, second)
    stays = publish(sent, officer, second, text="Not more cars.")
    redact(sent, f"More trees {GAP} Not more cars.", officer)

    assert quotes.look_again(text_of(sent), officer) == 1

    assert list(quotes.shown()) == [stays]
    assert Quote.objects.get(pk=gone.pk).state == "taken-down"


# What happens to the response


def correct(response):
    answers = Answers({1: True, 2: REFUSED, 3: 1, 4: None}, {(1, 0): "Something else"})
    return changes.correct(response, uuid.uuid4(), response.version, "en", answers)


@pytest.mark.parametrize("step", [changes.withdraw, changes.erase, correct])
def test_a_quote_goes_at_once_with_the_response(sent, officer, second, step):
    publish(sent, officer, second)
    propose(sent, officer, "Not more cars.")
    Consultation.objects.update(closes_at=timezone.now() + dt.timedelta(1))

    step(sent)

    assert not Quote.objects.exists()
    assert actions().count(quotes.TAKE_DOWN) == 2


def test_retention_keeps_what_was_published_without_the_response(consultation, sent, officer, second):
    stays = publish(sent, officer, second)
    propose(sent, officer, "Not more cars.")

    changes.anonymise(consultation, timezone.now() + dt.timedelta(1))
    changes.anonymise(consultation, timezone.now() + dt.timedelta(1))

    assert list(quotes.shown()) == [stays]
    kept = Quote.objects.get()
    assert kept.response is None
    quotes.take_down(kept.pk, kept.revision, "Somebody asked", second)
    assert not quotes.shown()


def test_retention_deletes_quotes_of_what_is_held(consultation, sent, officer, second):
    publish(sent, officer, second)
    changes.hold(sent)

    changes.anonymise(consultation, timezone.now() + dt.timedelta(1))

    assert not Quote.objects.exists()


def test_the_copy_for_the_person_says_what_is_quoted(sent, officer, second):
    publish(sent, officer, second)

    (told,) = one_response.own_copy(Response.objects.get())["quotes"]

    assert told == {"question": 1, "option": 0, "text": f"More trees by the river {GAP}", "state": "approved"}


@pytest.mark.parametrize(
    ("changed", "n"),
    [
        ({}, 1),
        ({"closes_at": timezone.now() + dt.timedelta(1)}, 0),
        ({"closes_at": timezone.now() + dt.timedelta(1), "results": "open"}, 1),
        ({"halt": Halt.WITHDRAWN}, 0),
    ],
)
def test_quotes_are_shown_once_they_can_lead_nobody(sent, officer, second, changed, n):
    publish(sent, officer, second)
    Consultation.objects.update(**changed)

    assert quotes.shown().count() == n


def test_consent_is_a_question_with_figures_like_any_other(consultation):
    send(consultation)
    send(consultation, REFUSED)

    question = instrument.current(consultation, "en").question(2)

    assert [option.role for option in question.options] == ["agreed", "refused"]
