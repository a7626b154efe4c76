"""The editor's field "Show only if": what can't decide is refused on publishing, at its place, and kept in drafts."""

import pytest
from django.core.exceptions import ValidationError

from consultation.blocks import QuestionnaireBlock
from consultation.conditions import ConditionBlock
from tests.consultation.test_answering_routed import CAR, DRIVES, raw_routed, when

pytestmark = pytest.mark.django_db


def questionnaire(show_if):
    raw = raw_routed()
    raw[1]["value"]["show_if"] = show_if
    block = QuestionnaireBlock()
    return block, block.to_python(raw)


def test_a_condition_on_an_earlier_section_can_be_published():
    block, value = questionnaire(when(DRIVES, "Yes"))

    assert block.clean(value)[1].value["show_if"] == when(DRIVES, "Yes")


@pytest.mark.parametrize(
    "show_if", [when(CAR, "Electric"), when(DRIVES, "Yes") | {"any": []}, when(DRIVES, "Gone"), when("Gone", "x")]
)
def test_what_can_not_decide_is_refused_at_its_place_and_kept_in_a_draft(show_if):
    block, value = questionnaire(show_if)

    with pytest.raises(ValidationError) as refused:
        block.clean(value)

    assert list(refused.value.block_errors[1].block_errors) == ["show_if"]
    assert block.clean_deferred(value)[1].value["show_if"] == show_if


@pytest.mark.parametrize("stored", [None, "", "x", [], {}, {"question": 3}, {"question": "", "any": []}])
def test_whatever_is_no_condition_is_none(stored):
    assert ConditionBlock().to_python(stored) is None
