"""The closed consultation on town centres, whose figures the themes show."""

from home.demo.blocks import Raw, choice, chose, question, section


def town_centres() -> list[Raw]:
    """What people do there, and what those who feel unsafe would need."""
    return [
        section(
            "town/one",
            "Your town centre",
            "",
            choice(
                "town/often",
                "single",
                "How often do you go to your nearest town centre?",
                ["Most days", "Every week", "Every month", "Rarely", "Never"],
                theme="place",
            ),
            choice(
                "town/reasons",
                "multiple",
                "What do you go there for?",
                ["Shopping", "Work or school", "Eating out", "Health services", "Meeting people", ("Other", "other")],
                theme="place",
            ),
            choice(
                "town/evening",
                "single",
                "Do you feel safe there in the evening?",
                ["Always", "Mostly", "Not often", "Never", "I am not there in the evening"],
                theme="confident",
            ),
        ),
        section(
            "town/change",
            "What should change",
            "",
            choice(
                "town/safer",
                "multiple",
                "What would make you feel safer?",
                ["Better lighting", "More people about", "Later buses", "Somebody to call on", ("Other", "other")],
                theme="confident",
                show_if=chose("town/evening", 3, 4),
            ),
            question("town/one-thing", "long_text", "What one thing would you change?", theme="place", limit=2000),
        ),
    ]
