"""What every kind of question keeps to, whatever it is given."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation import forms, instrument, ledger, recount
from consultation.answers import Answers, decode, encode, look_again, read
from consultation.kinds import KINDS, Given, Refused
from consultation.models import Channel, Response
from consultation.source import SourceItem, SourceOption, SourceRow, SourceSection

OPTIONS = tuple(
    SourceOption(name, name, role)
    for name, role in (("a", ""), ("b", ""), ("c", ""), ("other", "other"), ("no", "declined"), ("none", "exclusive"))
)
SETTINGS = {
    "multiple": {"limit": 3},
    "long_text": {"limit": 100},
    "number": {"minimum": 0, "maximum": 120, "decimals": True},
    "scale": {"minimum": 0},
    "ranking": {"limit": 2},
    "date": {"minimum": 20200101, "maximum": 20301231},
}


def items():
    """One question of each kind."""
    for name, kind in KINDS.items():
        fixed = tuple(SourceOption(own, own, role) for own, role in kind.fixed.items())
        options = fixed or tuple(option for option in OPTIONS if option.role in kind.roles)
        rows = tuple(SourceRow(row, row) for row in ("first", "second")) if name == "matrix" else ()
        yield SourceItem(id=name, kind=name, label=name, options=options, rows=rows, **SETTINGS.get(name, {}))


@pytest.fixture
def every_kind(make_consultation):
    section = SourceSection(id="all", title="All", introduction="", items=tuple(items()))
    return make_consultation(sections=(section,))


INPUT = st.sampled_from([*"01234567", "", " ", "on", "1.5", "1,000", "12", "2020", "2020-02-29", "02", "x" * 200])
INPUTS = st.lists(INPUT | st.text(max_size=8), max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_form_sends_is_refused_in_words_or_stored_and_read_back_equal(every_kind, data):
    questionnaire = instrument.current(every_kind, "en")
    accepted = Answers()
    for question in questionnaire.questions:
        words = st.sampled_from(["", "by boat", "\x00"])
        texts = {text.name: data.draw(words) for text in KINDS[question.kind].texts}
        given = Given(data.draw(INPUTS), data.draw(words), texts)
        try:
            KINDS[question.kind].accept(question, given)
        except Refused as refusal:
            assert str(refusal)
        form = {question.name: given.chosen, f"{question.name}_other": [given.words]}
        form |= {f"{question.name}_{name}": [text] for name, text in texts.items()}
        reading = read([question], form)
        forms.refilled(questionnaire.sections[0], [question], form, reading.errors, accepted)
        accepted = accepted.replacing([question], reading.answers)

    stored = ledger.submit(every_kind, uuid.uuid4(), every_kind.published, "en", Channel.WEB, accepted)

    assert Response.objects.get(pk=stored.pk).answers == {str(n): value for n, value in accepted.values.items()}
    groups = recount.groups(every_kind, Response.objects.filter(pk=stored.pk))
    assert {group.question: group.value for group in groups if group.question} == accepted.values
    assert decode(encode(accepted)) == accepted
    assert look_again(questionnaire, accepted).answers.asked_by(questionnaire) == accepted.asked_by(questionnaire)
    for question in questionnaire.questions:
        spoken = list(forms.spoken(question, accepted))
        assert bool(spoken) == (accepted.values.get(question.number) is not None)
