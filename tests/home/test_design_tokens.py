"""The tokens that are made from what an administrator chose."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home import design_tokens, stylesheet
from home.colour import READABLE, contrast, readable
from home.design_tokens import INKS, Choices, css
from tests.home.test_colour import colours

MEDIA = ("", "screen", "screen and (min-width: 48rem)", "screen and (prefers-color-scheme: dark)")


def tokens(sheet, medium=""):
    """What the rules of a medium say: of a page's own sheet or of what is added to it."""
    before, *rules = sheet.split("@media ")
    found = [rule for rule in rules if rule.startswith((medium + "{", medium + " {"))] if medium else [before]
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", "".join(found)))


def shown(choices, scheme):
    """Every token of a scheme on a screen, as the cascade leaves them."""
    found = {}
    for sheet in (stylesheet.plain(), css(choices)):
        found |= tokens(sheet) | tokens(sheet, "screen")
        if scheme == "dark":
            found |= tokens(sheet, MEDIA[-1])
    return found


def unreadable(found):
    """What can't be read, of all that is written on something."""
    pairs = [
        *[(ink, ground) for ink in ("text", "soft", "link", "brand", "error") for ground in ("paper", "raised")],
        ("on-brand", "brand"),
        ("mast-text", "mast"),
        ("mast-point", "mast"),
        *[(f"ink-{n}", ground) for n in range(1, 7) for ground in ("paper", "raised", f"tint-{n}")],
        *[("text", f"tint-{n}") for n in range(1, 7)],
    ]
    return [(one, other) for one, other in pairs if contrast(full(found[one]), full(found[other])) < READABLE]


def full(colour):
    """#rrggbb also for #rgb."""
    return colour if len(colour) == 7 else "#" + "".join(2 * part for part in colour[1:])


def accepted(brand, accent, inks):
    """Choices as the setting lets them through: each colour the nearest that can be read."""
    brand = readable(brand, design_tokens.grounds_of_brand())
    return Choices(
        brand,
        readable(accent, design_tokens.grounds_of_accent(brand)),
        tuple(design_tokens.nearest_ink(ink) for ink in inks),
    )


def test_the_grounds_and_the_first_colours_are_those_of_the_style_sheet():
    light, dark = shown(Choices(), "light"), shown(Choices(), "dark")

    assert (light["paper"], light["raised"]) == (design_tokens.PAPER, design_tokens.RAISED)
    assert (dark["paper"], dark["raised"]) == (design_tokens.DARK_PAPER, design_tokens.DARK_RAISED)
    assert light["brand"] == light["mast"] == design_tokens.BRAND
    assert light["mast-point"] == design_tokens.ACCENT
    assert tuple(light[f"ink-{n}"] for n in range(1, 7)) == INKS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_look_that_the_site_comes_with_can_be_read(scheme):
    assert not unreadable(shown(Choices(), scheme))


@given(colours, colours, st.lists(colours, min_size=6, max_size=6))
def test_whatever_is_chosen_can_be_read_in_both_schemes(brand, accent, inks):
    choices = accepted(brand, accent, inks)

    for scheme in ("light", "dark"):
        assert not unreadable(shown(choices, scheme))


@given(colours)
def test_the_points_can_be_seen_on_any_brand_colour(brand):
    choices = Choices(brand=readable(brand, design_tokens.grounds_of_brand()))

    for scheme in ("light", "dark"):
        assert not unreadable(shown(choices, scheme))


def test_a_colour_that_can_not_be_read_is_found():
    assert ("brand", "paper") in unreadable(shown(Choices(brand="#ffee00"), "light"))


def test_where_nothing_was_chosen_nothing_is_added():
    assert css(Choices()) == ""


def test_print_keeps_its_own_sizes_and_its_white_mast():
    added = css(Choices("#003366", "#ffcc00", INKS, "roomy", "compact", True))

    assert set(tokens(added)) == {"brand", "serif", *(f"{kind}-{n}" for kind in ("ink", "tint") for n in range(1, 7))}
    assert "mast" in tokens(added, "screen")


@pytest.mark.parametrize("scale", design_tokens.SCALES)
def test_no_scale_makes_the_text_smaller_than_the_browsers_own(scale):
    for medium in ("screen", MEDIA[2]):
        assert float(tokens(css(Choices(scale=scale)), medium)["size-body"].removesuffix("rem")) >= 1


def test_each_choice_is_said_once_and_in_the_widths_it_is_for():
    small, large = (tokens(css(Choices(scale="compact", spacing="roomy")), medium) for medium in MEDIA[1:3])

    assert small.keys() == large.keys() == {"gap", "room", *(f"size-{name}" for name in design_tokens.SIZES)}
    assert all(float(large[name][:-3]) >= float(small[name][:-3]) for name in small)


def test_choices_that_are_alike_give_the_same_text():
    one = Choices("#003366")

    assert css(one) == css(replace(one)) != css(Choices("#003367"))
