"""Cohen's kappa is what the textbook says, and where there is none, nobody is told one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation import agreement, coding
from consultation.agreement import Agreement, Confusion, OfCode
from consultation.models import Code
from tests.coding import codes_of, make_frame, place, write

pytestmark = pytest.mark.django_db


def by_hand(both, first, second, neither):
    """As a textbook writes it, in floats: the marginal shares multiplied and added up."""
    n = both + first + second + neither
    agreed = (both + neither) / n
    yes = (both + first) / n * (both + second) / n
    no = (second + neither) / n * (first + neither) / n
    return (agreed - (yes + no)) / (1 - (yes + no))


# Worked examples: 50 grant proposals (kappa 0.40); and two with the same agreement of 60 of 100, whose marginals
# alone differ (0.1304 and 0.2593).
@pytest.mark.parametrize(
    ("found", "kappa"),
    [
        (Confusion(20, 5, 10, 15), 0.4),
        (Confusion(45, 15, 25, 15), 0.1304),
        (Confusion(25, 35, 5, 35), 0.2593),
        (Confusion(5, 0, 0, 5), 1),
        (Confusion(0, 5, 5, 0), -1),
        (Confusion(1, 3, 3, 9), 0),
    ],
)
def test_kappa_is_that_of_worked_examples(found, kappa):
    assert found.kappa == pytest.approx(kappa, abs=0.0001)
    assert found.kappa == pytest.approx(by_hand(found.both, found.first, found.second, found.neither))


COUNTS = st.builds(Confusion, *[st.integers(0, 40)] * 4)


@given(found=COUNTS)
def test_kappa_lies_between_its_bounds_and_does_not_care_who_is_first(found):
    turned = Confusion(found.both, found.second, found.first, found.neither)

    assert found.kappa == turned.kappa
    if found.kappa is None:
        assert found.n == 0 or found.both == found.n or found.neither == found.n
    else:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == (found.first == found.second == 0)


@pytest.mark.parametrize("found", [Confusion(7, 0, 0, 0), Confusion(0, 0, 0, 7), Confusion(0, 0, 0, 0)])
def test_where_both_always_did_the_same_kappa_is_not_defined(found):
    assert found.kappa is None
    assert found.is_constant == (found.n > 0)


def test_where_one_alone_was_constant_kappa_is_nought():
    assert Confusion(4, 3, 0, 0).kappa == 0


def test_pooled_kappa_is_made_of_the_means():
    codes = (OfCode(Code(), Confusion(20, 5, 10, 15)), OfCode(Code(), Confusion(5, 5, 0, 40)))

    pooled = Agreement("first", "second", 50, 30, codes).kappa

    agreed, chance = (0.7 + 0.9) / 2, (0.5 + (0.2 * 0.1 + 0.8 * 0.9)) / 2
    assert pooled == pytest.approx((agreed - chance) / (1 - chance))
    assert Agreement("first", "second", 0, 0, ()).kappa is None
    assert Agreement("first", "second", 3, 3, (OfCode(Code(), Confusion(3, 0, 0, 0)),)).kappa is None


@pytest.fixture
def read_twice(consultation, django_user_model):
    """Five texts that two have read, one that a third read with the first, one that the first alone did."""
    frame = make_frame(consultation)
    first, second, third = (django_user_model.objects.create_user(name) for name in ("first", "second", "third"))
    buses, trees, _litter = (code.pk for code in codes_of(frame))
    found = [([buses], [buses]), ([buses], []), ([], [trees]), ([], []), ([buses, trees], [buses, trees])]
    texts = [write(consultation) for _ in range(7)]
    for text, (one, other) in zip(texts, found, strict=False):
        coding.read(frame, place(text), one, first)
        coding.read(frame, place(text), other, second)
    coding.read(frame, place(texts[5]), [buses], first)
    coding.read(frame, place(texts[5]), [], third)
    coding.read(frame, place(texts[6]), [], first)
    return frame, texts, first


def test_each_pair_is_compared_on_the_texts_that_both_have_read(read_twice):
    frame, _texts, _first = read_twice

    found = agreement.agreements(frame)

    assert [(a.first, a.second, a.n, a.alike) for a in found] == [("first", "second", 5, 3), ("first", "third", 1, 0)]
    codes = {found.code.name: found.confusion for found in found[0].codes}
    assert codes == {"Buses": Confusion(2, 1, 0, 2), "Trees": Confusion(1, 0, 1, 3)}
    assert found[1].kappa == 0


def test_texts_on_which_coders_differ_wait_until_somebody_decides(read_twice):
    frame, texts, first = read_twice
    assert agreement.undecided(frame) == [place(texts[n]) for n in (1, 2, 5)]

    coding.decide(frame, place(texts[2]), [], first)

    assert agreement.undecided(frame) == [place(texts[n]) for n in (1, 5)]
    assert agreement.agreements(frame)[0].n == 5
