"""The demonstration's published results: of the consultation that has an outcome."""

from consultation import results
from consultation.models import Consultation
from home.demo.blocks import key

PUBLISHED = "consultation/town-centres"
NOTES = {
    "en": "Example of a note: the answers of this demonstration were made by a program, so they say nothing about anybody.\n\n"
    "A council says here how people were asked, who hardly answered, and what the figures can’t say.",
    "ga": "Sampla de nóta: clár ríomhaire a rinne freagraí an taispeántais seo, mar sin ní deir siad aon rud faoi aon duine."
    "\n\nDeir comhairle anseo conas a cuireadh ceist ar dhaoine, cé a d’fhreagair go hannamh, agus cad nach féidir leis na "
    "figiúirí a rá.",
    "pl": "Przykład uwagi: odpowiedzi w tej demonstracji stworzył program, więc nie mówią nic o nikim.\n\n"
    "Rada pisze tu, jak pytano ludzi, kto prawie nie odpowiadał i czego liczby nie mogą powiedzieć.",
}


def add() -> None:
    """Publish the first version where there is none, and it can be."""
    consultation = Consultation.objects.filter(key=key(PUBLISHED)).first()
    if consultation is None or consultation.published_results.exists() or results.why_not(consultation):
        return
    results.publish(consultation, None, NOTES, {})
