"""A consultation whose texts are coded, for the tests of whatever has to do with codes."""

import uuid
from typing import Any

from consultation import frames, ledger
from consultation.answers import Answers
from consultation.coding import Place
from consultation.models import Channel, Code, CodedQuestion, CodeFrame, Consultation, Response

NAMES = ("Buses", "Trees", "Litter")


def make_frame(consultation: Consultation, *questions: int, name: str = "What should change", **more: Any) -> CodeFrame:
    """A frame with three codes, by default of question 5, the long text."""
    frame = CodeFrame.objects.create(consultation=consultation, name=name, **more)
    for question in questions or (5,):
        CodedQuestion.objects.create(consultation=consultation, frame=frame, question=question)
    for code in NAMES:
        frames.new_code(frame, code)
    return frame


def codes_of(frame: CodeFrame) -> list[Code]:
    """Its codes in the order of their making."""
    return list(frame.codes.order_by("pk"))


def write(consultation: Consultation, text: str = "More trees", language: str = "en", **words: str) -> Response:
    """Send a response with a text, or with none; q2_4="…" writes beside the option 4 of question 2."""
    values: dict[int, Any] = {1: 2, 5: True if text else None}
    beside = {tuple(map(int, name[1:].split("_"))): said for name, said in words.items()}
    for question, option in beside:
        values[question] = [option]
    given = Answers(values, ({(5, 0): text} if text else {}) | beside)
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, language, Channel.WEB, given)


def place(response: Response, question: int = 5, option: int = 0) -> Place:
    """Where its text stands."""
    return Place(response.pk, question, option)
