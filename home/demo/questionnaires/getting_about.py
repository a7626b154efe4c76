"""The open consultation with a question of every kind."""

from home.demo.blocks import DECLINED, Raw, block, choice, matrix, question, respondent, section


def getting_about() -> list[Raw]:
    """An open consultation with one question of every kind."""
    return [
        section(
            "about/journeys",
            "Your journeys",
            "Think of the journeys that you make most often.",
            choice(
                "about/way",
                "single",
                "How do you get about most?",
                ["On foot", "By bicycle", "By bus or train", "By car", ("Another way", "other"), DECLINED],
                required=True,
                theme="place",
            ),
            choice(
                "about/easy",
                "scale",
                "How easy is it to get where you need to be?",
                ["Very hard", "Hard", "Neither", "Easy", "Very easy", DECLINED],
                theme="place",
            ),
            choice(
                "about/recommend",
                "scale",
                "How likely are you to tell a friend to take the bus?",
                ["Not at all", *[""] * 9, "Very"],
                minimum="0",
            ),
            matrix(
                "about/state",
                "How do you find each of these?",
                {
                    "Pavements": "healthy",
                    "Cycle paths": "healthy",
                    "Bus stops and shelters": "place",
                    "Signs for visitors": "tourism",
                },
                ["Poor", "Fair", "Good", "I do not use them", DECLINED],
                hint="One answer in each row.",
            ),
        ),
        section(
            "about/change",
            "What to change",
            "",
            block("information", "<p>Not everything can be done at once. What comes first?</p>", "about/information"),
            choice(
                "about/help",
                "multiple",
                "What would help you to leave the car at home?",
                ["Buses in the evening", "Safer paths", "Lower fares", ("None of these", "exclusive"), DECLINED],
                limit=2,
                theme="place",
            ),
            choice(
                "about/first",
                "ranking",
                "Which should come first?",
                ["Pavements", "Cycle paths", "Bus stops and shelters", "Buses in the evening", "Signs for visitors"],
                theme="place",
                limit=3,
            ),
            question(
                "about/last",
                "date",
                "When did you last take a bus or a train?",
                theme="place",
                hint="Your best guess is fine.",
                earliest="2000-01-01",
            ),
            question(
                "about/minutes",
                "number",
                "How many minutes is your usual journey?",
                minimum=0,
                maximum=240,
                theme="place",
            ),
            question("about/stop", "short_text", "Which bus stop is nearest to you?"),
            question("about/area", "area", "Which area do you live in?", required=True),
            respondent("about/as", "Who are you answering as?"),
            question("about/theme", "theme_choice", "Which theme of the plan has most to do with getting about?"),
            question("about/more", "long_text", "What else should we know?", theme="place", limit=2000),
            question(
                "about/consent",
                "consent",
                "May we publish what you wrote, without your name?",
                agreed="Yes",
                refused="No",
            ),
        ),
    ]
