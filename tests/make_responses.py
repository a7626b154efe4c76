"""Invent responses to a package's questionnaire, the same for the same seed: python -m tests.make_responses PATH SEED N

They follow the routing and keep every rule of their question, with gaps, and words that files have to carry unharmed.
"""

import csv
import datetime as dt
import os
import random
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

SKIPPED = "(skipped)"
BEGUN = dt.datetime(2026, 2, 2, 8, tzinfo=dt.UTC)
SAID = [
    "More benches, please.", "=1+1", "Níos mó crann 🌳", "Lights,\nand “paths”", "'tis fine as it is", "(skipped)",
    "@the old mill", "  two spaces", "Więcej drzew", "-5 buses", "سلام",
]  # fmt: skip


def blueprint(folder: Path):
    """The package's questionnaire."""
    from consultation.package.findings import Findings
    from consultation.package.reading import Reader
    from consultation.package.values import parse

    findings = Findings()
    found = Reader(findings).blueprint(
        parse((folder / "questionnaire.json").read_bytes(), "questionnaire.json", findings)
    )
    assert not findings.problems, findings.problems
    return found


class Person:
    """Somebody who answers what they are asked."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.lean = chance.random()  # towards first or last options

    def answer(self, question, required: bool) -> tuple[list[str], str]:
        """The numbers of options chosen in order, or what was typed; and the words beside "other". Nothing: skipped."""
        if not required and self.chance.random() < 0.12:
            return [], ""
        return getattr(self, f"_{question.kind}")(question)

    def _single(self, question):
        options = question.options
        weights = [1 + 3 * (1 - abs(place / len(options) - self.lean)) ** 3 for place in range(len(options))]
        chosen = self.chance.choices(options, weights)[0]
        return [str(chosen.number)], self._beside([chosen])

    _scale = _matrix = _single

    def _multiple(self, question):
        alone = [option for option in question.options if option.role in ("exclusive", "declined")]
        if alone and self.chance.random() < 0.15:
            return [str(self.chance.choice(alone).number)], ""
        others = [option for option in question.options if option not in alone]
        most = min(question.limit or len(others), len(others))
        chosen = sorted(self.chance.sample(others, self.chance.randint(1, most)), key=lambda option: option.number)
        return [str(option.number) for option in chosen], self._beside(chosen)

    def _beside(self, chosen):
        is_other = any(option.role == "other" for option in chosen)
        return self.chance.choice(SAID).strip() if is_other and self.chance.random() < 0.8 else ""

    def _ranking(self, question):
        places = self.chance.randint(1, question.limit)
        return [str(option.number) for option in self.chance.sample(question.options, places)], ""

    def _number(self, question):
        low, high = question.minimum or 0, question.maximum or 90
        found = self.chance.triangular(low, high, low + (high - low) / 6)
        return [f"{found:.2f}".rstrip("0").rstrip(".") if question.decimals else str(int(found))], ""

    def _date(self, question):
        days = self.chance.randrange(365)
        return [(dt.date(2025, 1, 1) + dt.timedelta(days)).isoformat()], ""

    def _short_text(self, question):
        return [self.chance.choice(SAID).replace("\n", " ")], ""

    def _long_text(self, question):
        return [self.chance.choice(SAID)], ""


def given(plan, person) -> dict[str, tuple[list[str], str]]:
    """What one person answers by the question's key, section by section as far as the answers lead."""
    from consultation import routing

    numbers = {question.number: key for key, question in plan.numbered().items()}
    required = {item.key for item in plan.questions if item.required}
    values, answered = {}, {}
    questionnaire = plan.numbered_sections()
    for section in questionnaire.sections:
        reached = routing.reached(questionnaire, values).section(section.number)
        for question in reached.questions if reached else ():
            key = numbers[question.number]
            chosen, words = answered[key] = person.answer(question, key in required)
            if question.options:
                values[question.number] = [int(number) for number in chosen]
    return answered


def cells(question, answer) -> Iterator[tuple[str, str]]:
    """(column, cell) of one question of the file; no answer: not asked."""
    from consultation.columns import guard

    chosen, words = answer or ([], "")
    blank = SKIPPED if answer else ""
    keys = {str(number): option.key for number, option in enumerate(question.options, 1)}
    if question.kind in ("multiple", "ranking"):
        for number, key in keys.items():
            place = str(chosen.index(number) + 1) if number in chosen else "0"
            yield (
                f"{question.key}.{key}",
                (place if question.kind == "ranking" else "01"[number in chosen]) if chosen else blank,
            )
    else:
        yield question.key, guard(keys.get(chosen[0], chosen[0])) if chosen else blank
    for option in question.options:
        if option.role == "other":
            yield f"{question.key}.{option.key}.text", guard(words) if chosen else blank


def responses(folder: Path, seed: int, people: int) -> str:
    """The file."""
    plan, chance = blueprint(folder), random.Random(seed)
    languages = [*plan.languages, plan.language, plan.language]
    rows = []
    for n in range(1, people + 1):
        received = BEGUN + dt.timedelta(minutes=7 * n)
        fixed = {
            "id": str(n),
            "received_at": received.isoformat(),
            "language": chance.choice(languages),
            "channel": chance.choices(["web", "paper", "event"], [8, 2, 1])[0],
        }
        answers = given(plan, Person(chance))
        rows.append(fixed | {c: cell for q in plan.questions for c, cell in cells(q, answers.get(q.key))})
    file = StringIO()
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
    django.setup()
    place = Path(sys.argv[1])
    (place / "responses.csv").write_text(responses(place, int(sys.argv[2]), int(sys.argv[3])), "utf-8", newline="")
