"""Colours as #rrggbb, and how well one can be read on another: WCAG 2, relative luminance and contrast ratio."""

import colorsys
import re
from collections.abc import Iterable, Iterator

READABLE = 4.5  # the least contrast of text, success criterion 1.4.3
STEPS = 255
WRITTEN = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def is_colour(text: str) -> bool:
    """Whether a text is a colour in this notation."""
    return WRITTEN.fullmatch(text) is not None


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 for black to 1 for white."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 for a colour on itself to 21 for black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def worst(colour: str, grounds: Iterable[str]) -> float:
    """The contrast with the ground on which it reads worst."""
    return min(contrast(colour, ground) for ground in grounds)


def readable(colour: str, grounds: Iterable[str], least: float = READABLE) -> str:
    """The nearest colour of the same hue with that contrast on all of these grounds: itself, where it has it.

    Only its lightness moves. Raises ValueError where no lightness will do, as on black and white at once.
    """
    on = tuple(grounds)
    for candidate in _nearer_first(colour):
        if worst(candidate, on) >= least:
            return candidate
    raise ValueError(f"nothing can be read on {on}")


def with_lightness(colour: str, lightness: float, saturation: float = 1) -> str:
    """The same hue at another lightness, from 0 to 1; with a saturation, no more of it than that."""
    hue, _lightness, own = colorsys.rgb_to_hls(*_parts(colour))
    return _written(*colorsys.hls_to_rgb(hue, lightness, min(own, saturation)))


def lightness_of(colour: str) -> float:
    """How light it is, from 0 to 1."""
    return colorsys.rgb_to_hls(*_parts(colour))[1]


def _nearer_first(colour: str) -> Iterator[str]:
    yield colour.lower()
    own = lightness_of(colour)
    for step in range(1, STEPS + 1):
        for lightness in (own - step / STEPS, own + step / STEPS):
            if -1 / STEPS < lightness < 1 + 1 / STEPS:
                yield with_lightness(colour, min(1.0, max(0.0, lightness)))


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / STEPS for at in (1, 3, 5))
    return red, green, blue


def _written(*parts: float) -> str:
    return "#" + "".join(f"{round(part * STEPS):02x}" for part in parts)
