"""Contrast as WCAG 2 has it, and the nearest colour that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.colour import READABLE, contrast, is_colour, lightness_of, luminance, readable, with_lightness, worst

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
light = st.sampled_from(["#ffffff", "#fbfaf6", "#f1efe7"])
dark = st.sampled_from(["#000000", "#131a18", "#1d2724"])


def written(red, green, blue):
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_ratio_is_the_one_of_the_standard(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.02)


@given(colours, colours)
def test_contrast_is_the_same_both_ways_and_never_below_one_or_above_twenty_one(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(colours)
def test_a_colour_has_no_contrast_with_itself(colour):
    assert contrast(colour, colour) == 1


@given(st.integers(0, 254), st.integers(0, 255), st.integers(0, 255))
def test_more_of_any_part_is_brighter(red, green, blue):
    for shift in (lambda a, b, c: (a + 1, b, c), lambda a, b, c: (b, a + 1, c), lambda a, b, c: (b, c, a + 1)):
        after = shift(red, green, blue)
        before = shift(red - 1, green, blue)
        assert luminance(written(*after)) > luminance(written(*before))


@given(colours, st.lists(light, min_size=1) | st.lists(dark, min_size=1), st.sampled_from([READABLE, 7.0]))
def test_what_is_called_readable_is_on_every_ground(colour, grounds, least):
    assert worst(readable(colour, grounds, least), grounds) >= least


@given(colours, st.lists(light, min_size=1))
def test_a_colour_that_can_be_read_stays_as_it_is(colour, grounds):
    found = readable(colour, grounds)

    assert (found == colour) == (worst(colour, grounds) >= READABLE)


@given(colours, st.lists(light, min_size=1))
def test_no_colour_of_that_hue_is_nearer(colour, grounds):
    found = readable(colour, grounds)
    moved = abs(lightness_of(found) - lightness_of(colour))
    nearer = [step / 255 for step in range(256) if abs(step / 255 - lightness_of(colour)) < moved - 2 / 255]

    assert not [x for x in nearer if worst(with_lightness(colour, x), grounds) >= READABLE]


def test_where_nothing_can_be_read_that_is_said():
    with pytest.raises(ValueError, match="nothing can be read"):
        readable("#336699", ["#000000", "#ffffff", "#777777"])


@pytest.mark.parametrize("text", ["", "#12345", "#1234567", "red", "#12345g", "#123456\n", "123456", "#１２３４５６"])
def test_what_is_no_colour_is_known_as_such(text):
    assert not is_colour(text)
