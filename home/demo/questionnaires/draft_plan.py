"""The open consultation on a draft plan."""

from home.demo.blocks import DECLINED, Raw, block, choice, chose, matrix, question, respondent, section
from home.demo.texts import THEMES


def draft_plan() -> list[Raw]:
    """About people and where they live, then about the plan; those who stay away from town centres are asked why."""
    return [_you(), _living(), _away(), _plan(), _hopes()]


def _you() -> Raw:
    return section(
        "plan/you",
        "About you",
        "These questions help us see whether we are hearing from everybody. Only the first one needs an answer.",
        respondent("plan/as", "Who are you answering as?", required=True),
        choice(
            "plan/link",
            "single",
            "What is your link with the borough?",
            [
                "I live in the borough",
                "I work or study in the borough",
                "I visit the borough",
                ("Something else", "other"),
            ],
        ),
        question("plan/area", "area", "Where in the borough do you live?"),
    )


def _living() -> Raw:
    return section(
        "plan/living",
        "Living here",
        "",
        choice(
            "plan/satisfied",
            "scale",
            "How satisfied are you with your area as a place to live?",
            [
                "Very dissatisfied",
                "Dissatisfied",
                "Neither satisfied nor dissatisfied",
                "Satisfied",
                "Very satisfied",
                DECLINED,
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
        choice(
            "plan/often",
            "single",
            "How often do you go to your nearest town centre?",
            ["Most days", "Every week", "Every month", "Rarely", "Never"],
            theme="place",
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
    )


def _away() -> Raw:
    return section(
        "plan/away",
        "The town centre",
        "You said that you rarely or never go there.",
        choice(
            "plan/why",
            "multiple",
            "What keeps you away from the town centre?",
            [
                "It is hard to get there",
                "There is little that I need",
                "It does not feel safe",
                "I shop online",
                "I cannot afford it",
                ("Something else", "other"),
                DECLINED,
            ],
            theme="place",
            hint="Tick everything that applies.",
        ),
        show_if=chose("plan/often", 4, 5),
    )


def _plan() -> Raw:
    return section(
        "plan/themes",
        "The draft plan",
        "The plan has six themes, and each proposes outcomes.",
        block(
            "information",
            "<p>Nothing here is settled yet: the partnership reads every answer before it decides.</p>",
            "plan/settled",
        ),
        matrix(
            "plan/agree",
            "How far do you agree with each of these outcomes?",
            {theme.outcomes[0]: theme.key for theme in THEMES},
            ["Agree", "Agree in part", "Disagree", "Not sure"],
            hint="One answer in each row.",
        ),
        choice(
            "plan/first",
            "ranking",
            "Which three themes should come first?",
            [theme.title for theme in THEMES],
            limit=3,
        ),
        choice(
            "plan/visitors",
            "multiple",
            "What should bring visitors to the borough?",
            ["The coast and countryside", "History and heritage", "Festivals and events", "Food and drink", "Sport"],
            theme="tourism",
        ),
        question(
            "plan/creative",
            "long_text",
            "What would help people and groups who make things: music, art, films, crafts?",
            theme="creative",
            limit=2000,
        ),
    )


def _hopes() -> Raw:
    return section(
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
        question(
            "plan/consent",
            "consent",
            "May we publish what you wrote, without your name?",
            agreed="Yes",
            refused="No",
        ),
    )
