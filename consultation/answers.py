"""Answers as plain values: read from a form, kept in a draft, written to the ledger, counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from consultation import kinds, routing
from consultation.kinds import Given, Refused, Value
from consultation.questionnaire import Question, Questionnaire

WordsKey = tuple[int, int]  # question number, option number (0: the question's own text)


@dataclass(frozen=True)
class Answers:
    """Values by question number, and the words that go with them.

    A question that was shown and left blank has the value None; one that was never shown has no entry.
    """

    values: Mapping[int, Value] = field(default_factory=dict)
    words: Mapping[WordsKey, str] = field(default_factory=dict)

    def replacing(self, questions: Iterable[Question], newer: "Answers") -> "Answers":
        """These answers, with everything said about the given questions replaced by the newer."""
        numbers = {question.number for question in questions}
        return Answers(
            {k: v for k, v in self.values.items() if k not in numbers} | dict(newer.values),
            {k: v for k, v in self.words.items() if k[0] not in numbers} | dict(newer.words),
        )

    def asked_by(self, questionnaire: Questionnaire) -> "Answers":
        """What goes into the ledger: every question that these answers reach, None where it was left blank."""
        reached = routing.reached(questionnaire, self.values)
        values = {q.number: self.values.get(q.number) for q in reached.questions}
        return Answers(values, {k: text for k, text in self.words.items() if values.get(k[0]) is not None})


def encode(answers: Answers) -> dict[str, Any]:
    """Give the answers the form a draft keeps them in: JSON with string keys."""
    return {
        "values": {str(number): value for number, value in answers.values.items()},
        "words": {f"{question}.{option}": text for (question, option), text in answers.words.items()},
    }


def part(answers: Answers, questions: Iterable[Question]) -> Answers:
    """What is said about these questions alone."""
    numbers = {question.number for question in questions}
    return Answers(
        {number: value for number, value in answers.values.items() if number in numbers},
        {key: text for key, text in answers.words.items() if key[0] in numbers},
    )


def decode(stored: Mapping[str, Any]) -> Answers:
    """Undo `encode`."""
    return Answers(
        {int(number): value for number, value in stored.get("values", {}).items()},
        {_words_key(key): text for key, text in stored.get("words", {}).items()},
    )


def _words_key(key: str) -> WordsKey:
    question, option = key.split(".")
    return int(question), int(option)


@dataclass(frozen=True)
class Reading:
    """What a form gave: the answers accepted, and by question number why the others were not."""

    answers: Answers
    errors: dict[int, str]
    about: dict[int, str] = field(default_factory=dict)  # of an error, the input that it is about
    removed: bool = False  # unstorable characters were taken out of some text

    def place(self, number: int) -> str:
        """The id of the input at which an error is put right."""
        return input_id(number, self.about.get(number, ""))


def input_id(number: int, text: str = "") -> str:
    """The id of a question's first input, or that of another one, or of a text beside its options."""
    return f"q{number}-{text}" if text else f"q{number}"


def read(questions: Sequence[Question], form: Mapping[str, Sequence[str]], *, complete: bool = True) -> Reading:
    """Read the answers to some questions from a form's fields, each a list of strings.

    A refused answer is left out of the answers; the form itself still holds what was typed. Where they need not be
    complete, a required answer may be missing; it has no entry, as if it had not been asked yet.
    """
    values: dict[int, Value] = {}
    words: dict[WordsKey, str] = {}
    errors: dict[int, str] = {}
    about: dict[int, str] = {}
    removed = False
    for question in questions:
        try:
            accepted = kinds.KINDS[question.kind].accept(question, _given(question, form, complete))
        except Refused as refusal:
            said = {"question": question.wording, "message": refusal}
            errors[question.number] = _("“%(question)s”: %(message)s") % said
            about |= {question.number: refusal.about} if refusal.about else {}
            continue
        if question.required and accepted.value is None:
            if complete:
                errors[question.number] = missing(question)
            continue
        values[question.number] = accepted.value
        words |= {(question.number, option): text for option, text in accepted.words.items()}
        removed = removed or accepted.removed
    return Reading(Answers(values, words), errors, about, removed)


def _given(question: Question, form: Mapping[str, Sequence[str]], complete: bool) -> Given:
    def typed(text: str) -> str:
        return next(iter(form.get(f"{question.name}_{text}", ())), "")

    chosen = form.get(question.name, [])
    roles = {option.role for option in question.options if str(option.number) in chosen}
    asked = [text for text in kinds.KINDS[question.kind].texts if not roles or roles.intersection(text.roles)]
    return Given(chosen, typed("other"), {text.name: typed(text.name) for text in asked}, complete)


def as_form(question: Question, answers: Answers) -> dict[str, Sequence[str]]:
    """The fields of a form that an answer would have come from; none where there is no answer."""
    value = answers.values.get(question.number)
    words = {option: text for (number, option), text in answers.words.items() if number == question.number}
    if value is None:
        return {}
    if value is True:
        return {question.name: [words.get(0, "")]}
    kind = kinds.KINDS[question.kind]
    texts = {f"{question.name}_{text.name}": [words.pop(text.number, "")] for text in kind.texts}
    other = next((text for option, text in words.items() if option), "")
    return {question.name: kind.inputs(value), f"{question.name}_other": [other], **texts}


def look_again(questionnaire: Questionnaire, answers: Answers) -> Reading:
    """Read a draft's answers as if they had just been given: options may be gone, and bounds have moved, since then.

    What the questionnaire no longer accepts, or misses, is among the errors; only what they reach is looked at.
    """
    asked = list(routing.reached(questionnaire, answers.values).questions)
    form: dict[str, Sequence[str]] = {}
    for question in asked:
        form |= as_form(question, answers)
    return read(asked, form)


def missing(question: Question) -> str:
    """Say what to do about a required question left blank."""
    if kinds.KINDS[question.kind].takes_options:
        return _("Choose an answer to “%(question)s”.") % {"question": question.wording}
    return _("Enter an answer to “%(question)s”.") % {"question": question.wording}
