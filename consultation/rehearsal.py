"""What publishing a page would ask, without publishing it: for previews, and for those who try a form out."""

import uuid
from dataclasses import replace

from django.db import transaction

from consultation import instrument
from consultation.compile import compile_leading
from consultation.questionnaire import Questionnaire, assemble
from consultation.source import Source


def questionnaire(source: Source) -> Questionnaire:
    """The form that a source would become, numbered as if for the first time. Nothing of it is kept.

    It is published for a moment, as a consultation of its own in a transaction that is taken back: so a rehearsal can't
    differ from the real thing, whatever publishing comes to do.
    """
    with transaction.atomic():
        consultation = compile_leading(replace(source, key=uuid.uuid4()))
        words = instrument.words(consultation, source.language)
        made = assemble(consultation.published.structure, words, language=source.language)
        transaction.set_rollback(True)
    return made
