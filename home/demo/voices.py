"""What people write in the demonstration's responses: put together from parts, so that few are alike.

Nobody wrote these. Some are what real files have in them: an emoji, a cell that a spreadsheet would take for a formula, an
e-mail address that has to be taken out before anything is published. Irish and Polish were not checked by a native reader.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Voices:
    """What is written as an answer to a question: in English a wish with a reason or without, now and then an odd one."""

    wishes: Sequence[str]
    reasons: Sequence[str] = ("",)
    irish: Sequence[str] = ()
    polish: Sequence[str] = ()
    odd: Sequence[str] = ()

    def say(self, language: str, rng: random.Random) -> str:
        """One answer in a language, or in English where there is none in it."""
        own = {"ga": self.irish, "pl": self.polish}.get(language)
        if own:
            return rng.choice(own)
        if self.odd and rng.random() < 0.1:
            return rng.choice(self.odd)
        return rng.choice(self.wishes) + rng.choice(self.reasons)


LONG = Voices(
    (
        "More buses in the evening",
        "Somewhere warm to sit that does not cost anything",
        "A path along the river from one town to the next",
        "Houses that young families can afford",
        "Empty shops turned into something people use",
        "More for teenagers to do",
        "Clean beaches and parks",
        "Good jobs close to home",
        "A bench every few hundred steps",
        "Doctors that you can get to see",
    ),
    (
        ".",
        ".",
        ", so that nobody has to leave.",
        ", please. We have asked for years.",
        " – it would bring people together.",
        ", and not only in the biggest town.",
        ", for those who do not drive as well.",
        ". Other places manage it.",
    ),
    (
        "Níos mó spásanna glasa agus níos lú tráchta i lár an bhaile.",
        "Ba mhaith liom an Ghaeilge a chloisteáil sna siopaí agus ar na busanna.",
        "Busanna go déanach, le gur féidir le daoine óga teacht abhaile.",
        "Áit a mbeidh fáilte roimh gach duine.",
        "Tithe a bhfuil daoine óga in ann íoc astu.",
    ),
    (
        "Chciałbym, żeby było więcej zajęć dla dzieci po szkole.",
        "Lepsze połączenia autobusowe wieczorem i w weekendy.",
        "Miejsce, w którym każdy czuje się jak u siebie.",
        "Więcej ścieżek rowerowych, bezpiecznych także dla dzieci.",
        "Kursy językowe po pracy, blisko domu.",
    ),
    (
        "More music! 🎶 There used to be a session every Friday.",
        "=SUM(parks; benches) – that is all I ask for",
        "Write to me at somebody@example.org and I will show you the place I mean.",
        "- keep the library open on Saturdays\n- fix the clock\n- that is all",
        "NO MORE SURVEYS. Do something!",
    ),
)
SHORT = Voices(
    (
        "Schools and the health service",
        "The council and the bus company",
        "Everyone",
        "Sports clubs and youth groups",
        "The colleges and employers",
        "-",
    ),
    irish=("Scoileanna agus grúpaí Gaeilge", "An chomhairle agus an tseirbhís sláinte"),
    polish=("Szkoły i biblioteki", "Urząd i przewoźnicy"),
)
STOPS = Voices(("The one at the church", "Main Street", "By the school", "None within a mile", "Opposite the library"))
BESIDE = Voices(
    (
        "Somebody to go with",
        "Less traffic",
        "A swimming pool",
        "More time",
        "Better weather",
        "A place to leave the pram",
    ),
    irish=("Níos mó ama",),
    polish=("Więcej czasu",),
)

ORGANISATIONS = Voices(
    (
        "Demo Chamber of Commerce",
        "Demo Residents’ Association",
        "Demo Sports Club",
        "Demo Youth Group",
        "Demo Community Choir",
    ),
)
ROLES = Voices(("Secretary", "Chairperson", "Volunteer", "Member of the committee"))

# By the name of the question's block, where neither LONG nor SHORT will do.
OF_QUESTION = {"about/stop": STOPS}
