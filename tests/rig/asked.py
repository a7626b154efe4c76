"""What the rig's citizens are asked: four kinds of question in one section."""

from tests.factories import make_consultation_page, raw_block, raw_question


def one_section() -> str:
    """Publish it, and return where it is answered."""
    questions = [
        raw_question("single", "How do you mostly travel?", options=["On foot", "By bus"], required=True),
        raw_question("multiple", "What would help?", options=["Wider paths", "More buses", "Lighting"]),
        raw_question("number", "How old are you?", minimum=0, maximum=120),
        raw_question("long_text", "What should change?"),
    ]
    section = raw_block("section", {"title": "Getting about", "introduction": "", "questions": questions}, "one")
    return f"/answer/{make_consultation_page(questionnaire=[section]).consultation.pk}/en/"
