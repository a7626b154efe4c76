"""A short one: the consultation that opens soon."""

from home.demo.blocks import Raw, choice, question, section


def play_parks() -> list[Raw]:
    """The consultation that opens soon."""
    return [
        section(
            "parks/one",
            "Play parks",
            "",
            choice(
                "parks/use",
                "single",
                "How often do you use a play park?",
                ["Every week", "Every month", "Less often", "Never"],
                theme="healthy",
            ),
            question("parks/wish", "long_text", "What is missing at the play park nearest to you?", theme="healthy"),
        ),
    ]
