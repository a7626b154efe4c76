"""The demonstration's partners, indicators, actions and working groups. No organisation that exists is said to do anything."""

from dataclasses import dataclass

from home.models import Action, Indicator, Partner

FOR_ILLUSTRATION = "Listed for illustration."
EXAMPLE = "An example, made up for this demonstration."
EXAMPLE_FIGURES = "Example figures, made up for this demonstration"

STATUTORY, BUSINESS, EDUCATION, HEALTH, COMMUNITY, VOLUNTARY = Partner.Sector
PLANNED, UNDER_WAY, DONE, DELAYED, STOPPED = Action.Status
UP, DOWN, HOLD = Indicator.Wanted


@dataclass(frozen=True)
class PartnerText:
    """A partner."""

    key: str
    name: str
    sector: Partner.Sector
    description: str = FOR_ILLUSTRATION
    ended: int | None = None  # days ago


PARTNERS = (
    PartnerText("education", "Education Authority", STATUTORY),
    PartnerText("trusts", "Health and Social Care Trusts", STATUTORY),
    PartnerText("public-health", "Public Health Agency", STATUTORY),
    PartnerText("police", "Police Service of Northern Ireland", STATUTORY),
    PartnerText("housing", "Northern Ireland Housing Executive", STATUTORY),
    PartnerText("fire", "Northern Ireland Fire and Rescue Service", STATUTORY),
    PartnerText("invest", "Invest Northern Ireland", STATUTORY),
    PartnerText("tourism", "Tourism NI", STATUTORY),
    PartnerText("sport", "Sport NI", STATUTORY),
    PartnerText("libraries", "Libraries NI", STATUTORY),
    PartnerText("ccms", "Council for Catholic Maintained Schools", STATUTORY),
    PartnerText("council", "Demonstration Borough Council", STATUTORY, EXAMPLE),
    PartnerText("health", "Demo Health Partnership", HEALTH, EXAMPLE),
    PartnerText("chamber", "Demo Chamber of Commerce", BUSINESS, EXAMPLE),
    PartnerText("college", "Demo College", EDUCATION, EXAMPLE),
    PartnerText("network", "Demo Community Network", COMMUNITY, EXAMPLE),
    PartnerText("volunteers", "Demo Volunteer Centre", VOLUNTARY, EXAMPLE),
    PartnerText("rural", "Demo Rural Group", COMMUNITY, EXAMPLE, ended=400),
)


@dataclass(frozen=True)
class IndicatorText:
    """What is measured; without values it is data development, and the note says what is being done."""

    title: str
    wanted: Indicator.Wanted = UP
    unit: str = ""
    values: tuple[str, ...] = ()  # of the last years, the latest last year's
    note: str = ""


@dataclass(frozen=True)
class ActionText:
    """Something that partners do. Months are counted from the day when it is added."""

    title: str
    lead: str
    status: Action.Status
    months: tuple[int | None, int | None]  # from and until
    supporting: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class GroupText:
    """What a working group suggests, beside the outcomes of its theme."""

    title: str
    members: tuple[str, ...]
    priorities: tuple[str, ...]


@dataclass(frozen=True)
class ThemeRecords:
    """What belongs to a theme of the demonstration."""

    indicators: tuple[IndicatorText, ...]
    actions: tuple[ActionText, ...]
    group: GroupText


THEMES = {
    "confident": ThemeRecords(
        (
            IndicatorText(
                "People who feel that they belong to their neighbourhood", UP, "%", ("61", "63", "62.5", "66")
            ),
            IndicatorText(
                "People who take part in decisions about their area",
                note="The partners are agreeing on one question that every survey here could ask.",
            ),
        ),
        (
            ActionText(
                "Hold a welcome evening in every town, twice a year", "network", UNDER_WAY, (-10, 14), ("volunteers",)
            ),
            ActionText("Train forty volunteers who help new neighbours", "volunteers", DONE, (-20, -6), ("network",)),
            ActionText("Put lights on the paths that people avoid", "council", PLANNED, (3, 20)),
        ),
        GroupText(
            "Working group on a confident community",
            ("council", "network", "volunteers"),
            ("Places where people of every background meet.", "Paths and squares that feel safe at night."),
        ),
    ),
    "healthy": ThemeRecords(
        (
            IndicatorText(
                "Adults who are active for two and a half hours a week", UP, "%", ("49", "50.5", "53", "52", "55")
            ),
            IndicatorText(
                "People who often feel lonely",
                DOWN,
                note="The partners are looking at which survey could ask this every year.",
            ),
        ),
        (
            ActionText(
                "Mark walks of half an hour from every health centre", "health", UNDER_WAY, (-8, 10), ("council",)
            ),
            ActionText(
                "Open a lunch club in five villages",
                "volunteers",
                DELAYED,
                (-15, 5),
                ("network", "health"),
                "Two clubs are open. Rooms for the others are still being looked for.",
            ),
            ActionText("Put all local help with health on one page", "health", DONE, (-24, -12)),
        ),
        GroupText(
            "Working group on a healthy community",
            ("health", "council", "volunteers"),
            ("Movement that is part of every day.", "Company for people who are alone."),
        ),
    ),
    "skilled": ThemeRecords(
        (
            IndicatorText(
                "Adults of working age without a qualification", DOWN, "%", ("17.5", "16.8", "16", "14.9", "14.2")
            ),
            IndicatorText(
                "New businesses that still trade after three years",
                note="There are figures for larger areas. One for the borough is missing.",
            ),
        ),
        (
            ActionText("Offer evening courses in digital skills", "college", UNDER_WAY, (-12, 12), ("chamber",)),
            ActionText("Bring employers into every secondary school", "chamber", PLANNED, (2, 26), ("college",)),
            ActionText(
                "Open a shared workspace in an empty shop",
                "chamber",
                STOPPED,
                (-18, -3),
                (),
                "The building was let to somebody else. The money went into evening courses.",
            ),
        ),
        GroupText(
            "Working group on a skilled economy",
            ("college", "chamber", "council"),
            ("Courses at hours when people can come.", "Advice for those who start a business."),
        ),
    ),
    "tourism": ThemeRecords(
        (
            IndicatorText("Nights that visitors stay", UP, "thousand", ("412", "388", "395", "398")),
            IndicatorText(
                "Visitors who come without a car", note="A count at three places is being tried out this year."
            ),
        ),
        (
            ActionText("Join the coast path from end to end", "council", UNDER_WAY, (-14, 22)),
            ActionText("Collect the stories of the borough in one guide", "network", DONE, (-22, -9), ("council",)),
            ActionText("Run a bus between the sights in summer", "council", PLANNED, (6, 18), ("chamber",)),
        ),
        GroupText(
            "Working group on tourism",
            ("council", "chamber", "network"),
            ("Reasons to stay for a second night.", "Ways to get about without a car."),
        ),
    ),
    "creative": ThemeRecords(
        (
            IndicatorText(
                "People who went to an event, gallery or museum in the year", UP, "%", ("71", "64", "69", "71")
            ),
            IndicatorText(
                "People who live by creative work",
                note="Nobody counts those who work on their own account. A survey of studios is planned.",
            ),
        ),
        (
            ActionText("Lend empty rooms to people who make things", "council", UNDER_WAY, (-6, 18), ("chamber",)),
            ActionText("Hold a festival of young makers", "college", PLANNED, (4, 16), ("network",)),
            ActionText("List every room where music can be played", "network", DONE, (-16, -8)),
        ),
        GroupText(
            "Working group on a creative place",
            ("network", "college", "council"),
            ("Rooms for making and for showing.", "A first step for young people into creative work."),
        ),
    ),
    "place": ThemeRecords(
        (
            IndicatorText("Empty shops in the town centres", DOWN, "%", ("16", "17.5", "18", "18.5")),
            IndicatorText(
                "People who can reach a town centre in half an hour without a car",
                note="It can be worked out from timetables. Who does that is not agreed yet.",
            ),
        ),
        (
            ActionText("Plant two hundred street trees", "council", UNDER_WAY, (-9, 15), ("network",)),
            ActionText(
                "Make the crossings of the main streets safer",
                "council",
                DELAYED,
                (-20, -1),
                (),
                "Three of four are done. The drawings of the last one are missing.",
            ),
            ActionText("Set up a repair café", "volunteers", DONE, (-18, -10), ("network",)),
        ),
        GroupText(
            "Working group on places",
            ("council", "network", "chamber"),
            ("Town centres that people like to be in.", "Buses that run in the evening."),
        ),
    ),
}

GROUP_SUMMARY = "People and organisations who know this theme well and prepare it for the plan."
GROUP_PURPOSE = (
    "<p>The group discusses the issues of its theme for the whole borough, agrees on the figures to start from, and writes "
    "a report that suggests priorities and outcomes.</p>"
)
GROUP_TERMS = (
    "<p>Organisations and people who live or work here can join. The group decides by agreement and writes down where "
    "there was none. It sits until its report is done.</p>"
)
GROUP_BASELINE = (
    "<p>The group starts from the figures on the page of its theme. Where no measure exists, it says what should be "
    "measured.</p>"
)
GROUP_REPORT = "<p>This is an example of a report in short. A real one says more, and shows what it rests on.</p>"
MEETINGS = ((-75, "Demo Town Hall"), (-20, "Online"), (24, "Demo Town Hall"))  # days from when it is added

READ_TITLE = "Read the plan"
READ_SUMMARY = "The plan as a web page that everybody can read. A real plan is longer; this one is an example."
READ_BODY = (
    ("heading", "What the plan is"),
    (
        "paragraph",
        "<p>The plan says what the borough should be like, theme by theme, and who does what to get there. The council and "
        "its partners answer for it together.</p>",
    ),
    ("heading", "How to read it"),
    (
        "paragraph",
        "<p>Each theme has a page. It says what is wanted, shows in figures how it is going, and lists what is being done, "
        "by whom and until when. The figures are examples.</p>",
    ),
    ("heading", "How it stays true"),
    (
        "paragraph",
        "<p>Every two years a statement says how far the plan is. Before every fourth year has passed, the plan is "
        "reviewed, together with everybody who wants to say something.</p>",
    ),
)
PARTNERS_SUMMARY = "Who takes part in community planning. In this demonstration, all are listed for illustration."
