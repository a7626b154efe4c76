"""The line of an indicator: true to the years between its values and to their order."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from home.trend import HEIGHT, MARGIN, WIDTH, draw

values = st.dictionaries(st.integers(1900, 2200), st.decimals(-(10**9), 10**9, places=3), min_size=2, max_size=40)


def line(*pairs):
    return draw([(year, Decimal(value)) for year, value in pairs])


def test_a_higher_value_lies_higher():
    trend = line((2022, 16), (2023, 18))

    assert trend.end.y < trend.start.y


def test_a_year_without_a_value_leaves_a_gap():
    first, second, third = line((2020, 1), (2021, 2), (2024, 3)).spots

    assert (third.x - second.x) == 3 * (second.x - first.x)


def test_values_that_are_all_alike_lie_in_the_middle():
    assert {spot.y for spot in line((2020, 5), (2021, 5)).spots} == {HEIGHT / 2}


@given(values)
def test_every_point_lies_within_the_picture(found):
    trend = draw(sorted(found.items()))

    assert all(MARGIN <= spot.x <= WIDTH - MARGIN and MARGIN <= spot.y <= HEIGHT - MARGIN for spot in trend.spots)
    assert len(trend.path.split()) == len(found)
