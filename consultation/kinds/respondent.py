"""Who answers: somebody for themselves, or for an organisation, whose name is asked, and the role of who writes for it.

Organisations are counted apart from people, and one is named in public only where it chose so. So the choice is the
consent, and name and role are words of their own: whatever everybody may see can leave them out.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.kinds.answer import Accepted, Given, Kind, Refused, Shape, TextBeside, Value, Words
from consultation.kinds.choice import ORDINARY, accept_one, count_one, slots
from consultation.kinds.choice import spoken as say_option
from consultation.kinds.words import read_words
from consultation.questionnaire import Question, Text
from consultation.text import SHORT

# The options by id. Those of organisations have a role of the same name.
MYSELF, NAMED, UNNAMED = "myself", "named", "unnamed"
ORGANISATIONS = (NAMED, UNNAMED)

NAME = TextBeside("name", 1001, gettext_lazy("Name of the organisation"), ORGANISATIONS, True, "organization")
ROLE = TextBeside(
    "role", 1002, gettext_lazy("Your role in the organisation"), ORGANISATIONS, False, "organization-title"
)


def _accept(question: Question, given: Given) -> Accepted:
    """Words about an organisation stand beside one. Its name may only be missing while the form is not complete."""
    number = accept_one(question, Given(given.chosen)).value
    words, removed = _words(given)
    if not any(option.number == number and option.role in ORGANISATIONS for option in question.options):
        if words:
            raise Refused(
                _("choose that you answer for an organisation, since you wrote about one, or clear what you wrote.")
            )
        return Accepted(number, {}, removed)
    if NAME.number not in words and given.complete:
        raise Refused(_("enter the name of the organisation."), NAME.name)
    return Accepted(number, words, removed)


def _words(given: Given) -> tuple[dict[int, str], bool]:
    found: dict[int, str] = {}
    any_removed = False
    for text in (NAME, ROLE):
        try:
            kept, removed = read_words(given.texts.get(text.name, ""), SHORT)
        except Refused as refusal:
            raise Refused(str(refusal), text.name) from None
        found |= {text.number: kept} if kept.strip() else {}
        any_removed = any_removed or removed
    return found, any_removed


def _spoken(question: Question, value: Value, words: Words) -> Iterator[Text]:
    yield from say_option(question, value, {})
    for text in (NAME, ROLE):
        if text.number in words:
            said = {"label": text.label, "words": words[text.number]}
            yield Text(_("%(label)s: %(words)s") % said)


RESPONDENT = Kind(
    "respondent",
    Shape.OPTION,
    _accept,
    count_one,
    slots=slots,
    spoken=_spoken,
    roles=(ORDINARY, *ORGANISATIONS),
    steers=True,
    fixed={MYSELF: ORDINARY, NAMED: NAMED, UNNAMED: UNNAMED},
    texts=(NAME, ROLE),
    once=True,
    apart=True,
)
