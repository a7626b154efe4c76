"""Two short ones: the form that is always open, and the consultation that opens soon."""

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


def ideas() -> list[Raw]:
    """The form that is always open."""
    return [
        section(
            "ideas/one",
            "Your idea",
            "",
            question(
                "ideas/idea",
                "long_text",
                "What is your idea?",
                hint="Please leave out names and addresses.",
                required=True,
                limit=4000,
            ),
            question("ideas/theme", "theme_choice", "Which theme does it belong to?"),
        ),
    ]
