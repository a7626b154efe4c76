"""The consultation that closed long ago and has no outcome yet."""

from home.demo.blocks import DECLINED, Raw, choice, chose, matrix, question, section


def libraries() -> list[Raw]:
    """Different questions for those who use a library and for those who do not."""
    return [
        section(
            "libraries/use",
            "Libraries and you",
            "",
            choice(
                "libraries/often",
                "single",
                "How often do you go to a library?",
                ["Every week", "Every month", "A few times a year", "Never", DECLINED],
                theme="confident",
                required=True,
            ),
        ),
        section(
            "libraries/visits",
            "Your visits",
            "",
            choice(
                "libraries/happy",
                "scale",
                "How happy are you with the library that you use?",
                ["Not at all", "", "", "", "Very", DECLINED],
                theme="confident",
            ),
            matrix(
                "libraries/parts",
                "How important are these to you?",
                {"Books": "creative", "Computers and help with them": "skilled", "Events and groups": "creative"},
                ["Very", "A little", "Not at all"],
                hint="One answer in each row.",
            ),
            show_if=chose("libraries/often", 1, 2, 3),
        ),
        section(
            "libraries/more",
            "What could be",
            "",
            choice(
                "libraries/why",
                "multiple",
                "Why do you not use a library?",
                ["It is too far away", "It is closed when I have time", "I read on a screen", ("Other", "other")],
                theme="confident",
                show_if=chose("libraries/often", 4),
            ),
            question(
                "libraries/wish", "long_text", "What else should there be in a library?", theme="creative", limit=2000
            ),
        ),
    ]
