"""What an administrator chooses for the look, made into the tokens at the head of site/static/css/site.css.

Chosen is the light scheme; the dark one is derived from it. What nobody chose is left to the style sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from home.colour import READABLE, lightness_of, readable, with_lightness, worst

# What words stand on: the same values as in the style sheet.
PAPER, RAISED, WHITE = "#fbfaf6", "#f1efe7", "#ffffff"
DARK_PAPER, DARK_RAISED = "#131a18", "#1d2724"
BRAND, ACCENT = "#12403a", "#e9b872"
INKS = ("#7b2358", "#1d6337", "#1f4f8f", "#0c5f6b", "#9c3816", "#6f5200")
AT_EASE = 7.0  # what is derived for the dark scheme reads as easily as what was drawn for it
SIZES = ("small", "body", "lead", "3", "2", "1")

# In rem, for small screens and for large ones: the sizes of SIZES, then the gap and the room around parts.
SCALES = {
    "compact": ((0.875, 1, 1.1875, 1.1875, 1.4375, 1.875), (0.875, 1.0625, 1.25, 1.25, 1.625, 2.375)),
    "roomy": ((1, 1.1875, 1.4375, 1.4375, 1.75, 2.25), (1.0625, 1.3125, 1.5625, 1.5625, 2.125, 3.25)),
}
SPACES = {"compact": ((1.125, 2), (1.5, 3)), "roomy": ((2, 4), (2.75, 6))}

Tokens = dict[str, str]


@dataclass(frozen=True)
class Choices:
    """What was chosen; empty where the look stays as it comes."""

    brand: str = ""
    accent: str = ""
    inks: tuple[str, ...] = ("",) * len(INKS)
    scale: str = ""
    spacing: str = ""
    sans: bool = False


def grounds_of_brand() -> tuple[str, ...]:
    """What the brand colour is read on; white words stand on it."""
    return PAPER, RAISED, WHITE


def grounds_of_accent(brand: str) -> tuple[str, ...]:
    """What the accent is seen on: the mast, which has the brand colour."""
    return (brand or BRAND,)


def grounds_of_ink(ink: str) -> tuple[str, ...]:
    """What a theme's ink is read on, its own tint among them."""
    return PAPER, RAISED, _tint(ink)


def nearest_ink(ink: str) -> str:
    """The nearest ink that can be read; its tint, which is made from it, moves a little with it."""
    while worst(ink, grounds_of_ink(ink)) < READABLE:
        ink = readable(ink, grounds_of_ink(ink))
    return ink


def css(choices: Choices) -> str:
    """The rules that stand after the style sheet's own; none where nothing was chosen."""
    everywhere, screen, dark = _colours(choices)
    if choices.sans:
        everywhere["serif"] = "var(--sans)"
    small, large = _sizes(choices)
    return "".join(
        [
            _rule("", everywhere),
            _rule("screen", screen | small),
            _rule("screen and (min-width: 48rem)", large),
            _rule("screen and (prefers-color-scheme: dark)", dark),
        ]
    )


def _colours(choices: Choices) -> tuple[Tokens, Tokens, Tokens]:
    """Those for every medium, print included; those for screens; and those for dark ones."""
    everywhere: Tokens = {}
    screen: Tokens = {}
    dark: Tokens = {}
    brand = choices.brand or BRAND
    deep = with_lightness(brand, lightness_of(brand) * 0.75)  # the mast in the dark
    if choices.brand:
        light = readable(brand, (DARK_PAPER, DARK_RAISED), AT_EASE)
        everywhere |= {"brand": brand}
        screen |= {"mast": brand, "link": brand, "mast-line": _line(brand)}
        dark |= {"brand": light, "link": light, "mast": deep, "mast-line": _line(deep)}
    if choices.brand or choices.accent:
        accent = choices.accent or readable(ACCENT, grounds_of_accent(brand))
        screen["mast-point"] = accent
        dark["mast-point"] = readable(accent, (deep,))
    for number, ink in enumerate(choices.inks, 1):
        if ink:
            tint = with_lightness(ink, 0.14, 0.45)
            everywhere |= {f"ink-{number}": ink, f"tint-{number}": _tint(ink)}
            dark |= {
                f"ink-{number}": readable(ink, (DARK_PAPER, DARK_RAISED, tint), AT_EASE),
                f"tint-{number}": tint,
            }
    return everywhere, screen, dark


def _tint(ink: str) -> str:
    return with_lightness(ink, 0.93, 0.6)


def _line(mast: str) -> str:
    lightness = lightness_of(mast)
    return with_lightness(mast, lightness + (1 - lightness) * 0.35, 0.35)


def _sizes(choices: Choices) -> tuple[Tokens, Tokens]:
    """Those for small screens and those for large ones."""
    found: tuple[Tokens, Tokens] = {}, {}
    for tokens, at in zip(found, (0, 1), strict=True):
        if choices.scale in SCALES:
            sizes = SCALES[choices.scale][at]
            tokens |= {f"size-{name}": f"{size:g}rem" for name, size in zip(SIZES, sizes, strict=True)}
        if choices.spacing in SPACES:
            gap, room = SPACES[choices.spacing][at]
            tokens |= {"gap": f"{gap:g}rem", "room": f"{room:g}rem"}
    return found


def _rule(medium: str, tokens: Mapping[str, str]) -> str:
    if not tokens:
        return ""
    rule = ":root{" + "".join(f"--{name}:{value};" for name, value in tokens.items()) + "}\n"
    return f"@media {medium}{{{rule.strip()}}}\n" if medium else rule
