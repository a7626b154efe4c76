"""One answer from a file, taken as a form would or kept as it is; and whether the answers before lead to it."""

from collections.abc import Collection, Iterator, Mapping

from consultation import routing
from consultation.kinds import KINDS, Accepted, Given, Refused, Value
from consultation.kinds import SKIPPED as LEFT_BLANK
from consultation.package import historic as old
from consultation.package.historic import NOT_IN_VERSION, OFF_ROUTE, PASSED_OVER
from consultation.package.numbering import with_all_options
from consultation.questionnaire import Question, Questionnaire

SKIPPED_GIVEN = Given(())


def accept(ever: Question, asked: Question | None, given: Given, *, historic: bool) -> tuple[Accepted, list[str]]:
    """The answer, and the rules that it breaks, of which there are none unless old answers are kept. Raises Refused.

    ever: the question with every option ever offered; asked: as the version asks it, None where it does not.
    """
    broken = [] if asked else [NOT_IN_VERSION]
    if broken and not historic:
        raise Refused(f"{NOT_IN_VERSION}.")
    if given is SKIPPED_GIVEN:
        return LEFT_BLANK, broken
    question = asked or ever
    try:
        return KINDS[question.kind].accept(question, given), broken
    except Refused:
        if not historic:
            raise
    accepted, rules = old.keep(with_all_options(question, ever), given)
    return accepted, [*broken, *rules]


def off_route(
    questionnaire: Questionnaire, values: Mapping[int, Value], steered: Collection[int]
) -> Iterator[tuple[int, str]]:
    """The questions asked of somebody whom routing does not lead there, and the reverse, each with the rule.

    steered: those that are looked at. Of a question for everybody, the file alone says whether it was asked.
    """
    if not steered:
        return
    reached = {question.number for question in routing.reached(questionnaire, values).questions}
    for number in steered:
        if (number in values) != (number in reached):
            yield number, OFF_ROUTE if number in values else PASSED_OVER
