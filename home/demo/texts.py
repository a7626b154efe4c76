"""The texts of the demonstration's pages."""

from dataclasses import dataclass

DEFINITION = (
    "a process led by councils in conjunction with partners and communities to develop and implement a shared vision "
    "for their area"
)
DEFINITION_SOURCE = "Community Planning Foundation Programme, Department of the Environment, Circular LG 25/2013"


@dataclass(frozen=True)
class ThemeText:
    """A theme of the demonstration plan."""

    key: str
    title: str
    summary: str
    introduction: str
    outcomes: tuple[str, ...]


THEMES = (
    ThemeText(
        "confident",
        "Confident and welcoming community",
        "People know their neighbours, feel safe, and are welcome whoever they are and wherever they come from.",
        "<p>A confident community looks after its members and is glad of new ones. The working group brings together "
        "community groups, schools, housing and policing to see what helps people to belong.</p>",
        (
            "Everybody feels welcome here.",
            "People feel safe at home and outside.",
            "Neighbours take part in decisions.",
        ),
    ),
    ThemeText(
        "healthy",
        "Healthy community",
        "People of every age live well for longer, close to the help they need.",
        "<p>Health is made at home, at work and outdoors long before anybody sees a doctor. This theme is about food, "
        "movement, company and care, and about the gap between those who have them and those who do not.</p>",
        ("People are active every day.", "Nobody is lonely for want of somewhere to go.", "Care is easy to find."),
    ),
    ThemeText(
        "skilled",
        "Skilled and enterprising economy",
        "People have the skills for good work, and businesses have reasons to start and stay here.",
        "<p>Good work close to home keeps people, shops and schools in the borough. Colleges, employers and the partners "
        "look at which skills are missing and how people can learn them.</p>",
        ("Everybody can learn a skill that leads to work.", "New businesses start here and stay."),
    ),
    ThemeText(
        "tourism",
        "Tourism economy",
        "Visitors come for the coast, the countryside and the stories, and leave something good behind.",
        "<p>Visitors bring custom to places that are dear to us. This theme asks what should draw them, how they get "
        "about, and how the people who live here gain by it.</p>",
        ("Visitors stay longer and see more.", "Tourism looks after the places it depends on."),
    ),
    ThemeText(
        "creative",
        "Creative place",
        "Music, art, crafts and ideas have room here, and everyone can take part.",
        "<p>Creative work needs rooms, audiences and a little courage. The working group counts what exists, asks what is "
        "missing, and looks at how young people can make a living from it.</p>",
        ("Everyone can make and enjoy culture close to home.", "Creative people find space to work."),
    ),
    ThemeText(
        "place",
        "Enhanced and revitalised place",
        "Town centres, villages and the land between them are cared for and easy to reach.",
        "<p>Places shape how we meet, shop, walk and rest. This theme is about town centres, housing, transport, and the "
        "parks and countryside that people share.</p>",
        ("Town centres are places to be, not only to shop.", "People can get about without a car."),
    ),
)

NEWS = (
    (
        "news/draft",
        "The draft plan is open for your views",
        "The draft of a new community plan can be read and answered by everyone until the consultation closes.",
        "<p>The draft brings together what six working groups found out and what people told us last time. It proposes "
        "outcomes for each theme. You can answer online, and paper copies can be asked for.</p>",
        ("confident", "healthy", "skilled", "tourism", "creative", "place"),
    ),
    (
        "news/town",
        "What people said about town centres",
        "The figures of the consultation on town centres are out, theme by theme.",
        "<p>They stand on the pages of the themes, rounded so that nobody can be recognised. The working group on places "
        "reads the answers next and proposes what should change.</p>",
        ("place",),
    ),
    (
        "news/groups",
        "Six working groups, one plan",
        "Each theme has a group of people and organisations who know it well.",
        "<p>A working group discusses the issues, agrees on the figures to start from, and writes a report that suggests "
        "priorities. The reports go into the plan, together with what you tell us.</p>",
        ("confident", "creative"),
    ),
)
