"""The questionnaires of the demonstration."""

from home.demo.blocks import Raw, block, choice, matrix, question, section


def draft_plan() -> list[Raw]:
    """The open consultation on a draft plan."""
    return [
        section(
            "plan/you",
            "About you",
            "These questions help us see whether we are hearing from everybody. Only the first one needs an answer.",
            choice(
                "plan/as",
                "single",
                "Who are you answering as?",
                [
                    "Somebody who lives in the borough",
                    "Somebody who works or studies in the borough",
                    "A visitor",
                    "An organisation or group",
                    ("Somebody else", "other"),
                ],
                required=True,
            ),
            choice(
                "plan/where",
                "single",
                "Where in the borough do you live?",
                ["In a town", "In a village", "In the countryside", "Outside the borough"],
            ),
        ),
        section(
            "plan/living",
            "Living here",
            "",
            choice(
                "plan/satisfied",
                "single",
                "How satisfied are you with your area as a place to live?",
                [
                    "Very satisfied",
                    "Satisfied",
                    "Neither satisfied nor dissatisfied",
                    "Dissatisfied",
                    "Very dissatisfied",
                ],
                theme="place",
            ),
            choice(
                "plan/active",
                "multiple",
                "What would help you to be more active?",
                [
                    "Safer walking and cycling routes",
                    "Places to sit and rest on the way",
                    "Activities nearer to home",
                    "Lower prices",
                    ("Something else", "other"),
                    ("None of these", "exclusive"),
                ],
                theme="healthy",
                hint="Tick everything that applies.",
            ),
            question(
                "plan/visits",
                "number",
                "How many times did you go to your nearest town centre in the last month?",
                theme="place",
                hint="Your best guess is fine.",
                minimum=0,
                maximum=31,
            ),
            choice(
                "plan/training",
                "multiple",
                "Which kinds of training would you use?",
                [
                    "Digital skills",
                    "A trade",
                    "Starting a business",
                    "Languages",
                    "Care and childcare",
                    ("None of these", "exclusive"),
                ],
                theme="skilled",
                limit=3,
            ),
        ),
        section(
            "plan/themes",
            "The draft plan",
            "The plan has six themes. These questions are about three of them.",
            block(
                "information",
                "<p>Nothing here is settled yet: the partnership reads every answer before it decides.</p>",
                "plan/settled",
            ),
            choice(
                "plan/welcome",
                "single",
                "“Everybody feels welcome here” is one of the outcomes we propose. Do you agree with it?",
                ["Agree", "Agree in part", "Disagree", "Not sure"],
                theme="confident",
            ),
            choice(
                "plan/visitors",
                "multiple",
                "What should bring visitors to the borough?",
                [
                    "The coast and countryside",
                    "History and heritage",
                    "Festivals and events",
                    "Food and drink",
                    "Sport",
                ],
                theme="tourism",
            ),
            question(
                "plan/creative",
                "long_text",
                "What would help people and groups who make things: music, art, films, crafts?",
                theme="creative",
                limit=2000,
            ),
        ),
        section(
            "plan/hopes",
            "Your hopes",
            "",
            question(
                "plan/hope",
                "long_text",
                "What do you hope the borough will be like in 15 to 20 years?",
                hint="Please leave out names and addresses.",
                limit=4000,
            ),
            question("plan/together", "short_text", "Which organisations should work together more?"),
            choice(
                "plan/consent",
                "single",
                "May we publish what you wrote, without your name?",
                ["Yes", "No"],
            ),
        ),
    ]


def town_centres() -> list[Raw]:
    """The closed consultation on town centres."""
    return [
        section(
            "town/one",
            "Your town centre",
            "",
            choice(
                "town/often",
                "single",
                "How often do you go to your nearest town centre?",
                ["Every day", "Every week", "Every month", "Less often"],
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
                ["Yes", "Mostly", "Not often", "No", "I am not there in the evening"],
                theme="confident",
            ),
            question("town/change", "long_text", "What one thing would you change?", theme="place", limit=2000),
        ),
    ]


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
                hint="For example, 27 3 2026. Your best guess is fine.",
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
            question("about/more", "long_text", "What else should we know?", theme="place", limit=2000),
        ),
    ]


DECLINED = ("Prefer not to say", "declined")


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
            choice(
                "ideas/theme",
                "single",
                "Which theme does it belong to?",
                [
                    "Confident and welcoming community",
                    "Healthy community",
                    "Skilled and enterprising economy",
                    "Tourism economy",
                    "Creative place",
                    "Enhanced and revitalised place",
                    "I am not sure",
                ],
            ),
        ),
    ]
