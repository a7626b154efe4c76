"""The equality questions: ready-made, the same in every consultation that asks them.

They follow the groups that Section 75 of the Northern Ireland Act 1998 names, so that a council can tell whether it
hears all of them. The keys are stored and never used for anything else, whatever the words become. Each question can
be skipped; to decline is an answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

DECLINED = "declined"
POLITICAL = "politics"  # asked only where a lawful basis is recorded
PREFIX = "about_"  # of inputs; those of other questions begin in another way, and what they hold is shown again


@dataclass(frozen=True, eq=False)
class Question:
    """A question with its options, both by the keys that are stored."""

    key: str
    label: Label
    options: Mapping[str, Label]

    @property
    def name(self) -> str:
        """The name of its inputs."""
        return PREFIX + self.key

    @property
    def codes(self) -> Mapping[int, str]:
        """The options' keys by their codes, as `questionnaire.codes` has those of other questions."""
        return dict(enumerate(self.options, 1))

    @property
    def boxes(self) -> list[tuple[int, Label]]:
        """The code and the label of each option, as paper shows them."""
        return [(code, self.options[key]) for code, key in self.codes.items()]

    @property
    def alone(self) -> Sequence[str]:
        """Its options but for declining."""
        return [key for key in self.options if key != DECLINED]


def _question(key: str, label: Label, **options: Label) -> Question:
    return Question(key, label, {**options, DECLINED: _("Prefer not to say")})


QUESTIONS = (
    _question(
        "age",
        _("How old are you?"),
        under18=_("Under 18"),
        from18=_("18 to 24"),
        from25=_("25 to 34"),
        from35=_("35 to 44"),
        from45=_("45 to 54"),
        from55=_("55 to 64"),
        from65=_("65 to 74"),
        from75=_("75 or over"),
    ),
    _question(
        "gender",
        _("Are you a man or a woman?"),
        woman=_("A woman"),
        man=_("A man"),
        another=_("I describe myself in another way"),
    ),
    _question(
        "trans",
        _("Are you trans, or do you have a history of being trans?"),
        yes=_("Yes"),
        no=_("No"),
    ),
    _question(
        "religion",
        _("Which religious or community background do you have?"),
        catholic=_("Catholic"),
        protestant=_("Protestant"),
        christian=_("Another Christian background"),
        another=_("Another religion"),
        none=_("None"),
    ),
    _question(
        "ethnicity",
        _("Which ethnic group do you belong to?"),
        white=_("White"),
        traveller=_("Irish Traveller"),
        roma=_("Roma"),
        asian=_("Asian"),
        black=_("Black"),
        arab=_("Arab"),
        mixed=_("Several of these, or mixed"),
        another=_("Another ethnic group"),
    ),
    _question(
        "disability",
        _("Does a disability or a lasting illness make everyday life harder for you?"),
        much=_("Yes, much harder"),
        little=_("Yes, a little harder"),
        no=_("No"),
    ),
    _question(
        "dependants",
        _("Does anybody depend on your care?"),
        children=_("Yes, one or more children"),
        adults=_("Yes, an adult who is ill, old or has a disability"),
        both=_("Yes, children and an adult"),
        no=_("No"),
    ),
    _question(
        "marriage",
        _("Are you married or in a civil partnership?"),
        single=_("No, and I never was"),
        together=_("Yes"),
        apart=_("Yes, but we live apart"),
        ended=_("Not any more: it was ended by law"),
        widowed=_("Not any more: my partner died"),
    ),
    _question(
        "orientation",
        _("Which of these describes your sexual orientation best?"),
        straight=_("Straight (heterosexual)"),
        gay=_("Gay or lesbian"),
        bisexual=_("Bisexual"),
        another=_("Another sexual orientation"),
    ),
    _question(
        POLITICAL,
        _("Which of these describes your political opinion best?"),
        nationalist=_("Nationalist"),
        unionist=_("Unionist"),
        neither=_("Neither of the two"),
    ),
)


def asked(ask: bool, political_basis: str) -> tuple[Question, ...]:
    """What a consultation asks, by its two settings."""
    if not ask:
        return ()
    return tuple(question for question in QUESTIONS if question.key != POLITICAL or political_basis.strip())


def read(questions: Sequence[Question], form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What a form says: an option by question, both by key. What was skipped or not asked is absent."""
    chosen = {question.key: next(iter(form.get(question.name, ())), "") for question in questions}
    return {question.key: chosen[question.key] for question in questions if chosen[question.key] in question.options}


@dataclass(frozen=True)
class Field:
    """A question on a page, with what was chosen, if anything."""

    question: Question
    chosen: str

    @property
    def choices(self) -> list[tuple[str, str, Label, bool]]:
        """(id, value, label, chosen) of each option."""
        name = self.question.name
        return [(f"{name}-{key}", key, label, key == self.chosen) for key, label in self.question.options.items()]


def fields(questions: Iterable[Question], said: Mapping[str, str]) -> list[Field]:
    """The questions as a page shows them."""
    return [Field(question, said.get(question.key, "")) for question in questions]
