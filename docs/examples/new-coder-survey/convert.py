#!/usr/bin/env python3
"""Turn the raw export of the 2016 New Coder Survey into a package: convert.py SURVEY.csv FOLDER

Nothing is corrected but blanks around what was written. Needs Python alone.
"""

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path

THEMES = "Confident and welcoming community|Healthy community|Skilled and enterprising economy|Tourism economy"
THEMES = f"{THEMES}|Creative place|Enhanced and revitalised place".split("|")
COMPANIES = ["work for a multinational corporation", "work for a startup", "work for a medium-sized company"]
ROLES = "Full-Stack Web Developer|Back-End Web Developer|Front-End Web Developer|Mobile Developer|DevOps / SysAdmin"
ROLES += "|Data Scientist / Data Engineer|Quality Assurance Engineer|User Experience Designer|Product Manager"
WHEN = "I'm already applying|Within the next 6 months|Within 7 to 12 months|more than 12 months from now"
CHOICES = {  # options of the single choices by the number of their column; the others are yes or no
    2: [*COMPANIES, "freelance", "start your own business"],
    3: ROLES.split("|"),
    5: [*WHEN.split("|"), "I haven't decided"],
    7: ["in an office with other developers", "from home", "no preference"],
}
EVENTS = "Which types of in-person coding events have you attended?"
RESOURCES = "Which learning resources have you found helpful?"
PODCASTS = "Which coding-related podcasts have you found helpful?"
# By section: number, kind, columns, column of the words beside "other", theme, label where the header has none.
SECTIONS = {
    "Work": [(1, "single", [1], 0, 2, ""), (2, "single", [2], 0, 2, "")],
    "Work for a company": [(3, "single", [3], 4, 4, ""), (4, "single", [5], 0, 2, ""), (5, "number", [6], 0, 2, "")]
    + [(6, "single", [7], 0, 1, ""), (7, "single", [8], 0, 3, "")],
    "Learning": [(8, "multiple", range(9, 18), 18, 0, EVENTS), (9, "multiple", range(19, 30), 30, 4, RESOURCES)]
    + [(10, "multiple", range(31, 36), 36, 4, PODCASTS), (11, "number", [37], 0, 1, "")]
    + [(12, "number", [38], 0, 1, "")],
    "Bootcamps": [(13, "single", [39], 0, 5, "")],
    "Your bootcamp": [(14, "short_text", [40], 0, 5, ""), (15, "single", [41], 0, 5, "")],
    "After your bootcamp": [(16, "number", [42], 0, 5, ""), (17, "single", [43], 0, 2, "")],
    "Your job": [(18, "number", [44], 0, 2, "")],
    "Looking back": [(19, "single", [45], 0, 0, ""), (20, "single", [46], 0, 0, "")],
    "Money": [(21, "number", [47], 0, 3, "")],
}
# Who is asked a section: the column of the question that decides, its key, and the answers that lead there.
ROUTES = {"Work for a company": (2, "q2", COMPANIES), "Your bootcamp": (39, "q13", ["1"])}
ROUTES |= {
    "After your bootcamp": (41, "q15", ["1"]),
    "Your job": (43, "q17", ["1"]),
    "Looking back": (39, "q13", ["1"]),
}
QUESTIONS = [question for section in SECTIONS.values() for question in section]
ID, SUBMITTED = 0, 49


def slug(label: str) -> str:
    """The key of an option, made from its label."""
    return re.sub(r"[^a-z0-9]+", "-", label.strip().lower()).strip("-")[:40]


def options(kind: str, columns: list, other: int, header: list[str]) -> list[dict]:
    """The options of a choice, with their keys."""
    if kind == "single" and columns[0] not in CHOICES:
        return [{"key": "0", "label": {"en": "No"}}, {"key": "1", "label": {"en": "Yes"}}]
    labels = [header[c].strip() for c in columns] if kind == "multiple" else CHOICES[columns[0]]
    found = [{"key": slug(t), "label": {"en": t}, "role": "exclusive" if t == "None" else ""} for t in labels]
    return found + ([{"key": "other", "label": {"en": "Other"}, "role": "other"}] if other else [])


def item(question: tuple, header: list[str]) -> dict:
    """One question of questionnaire.json."""
    number, kind, columns, other, theme, label = question
    made = {"key": f"q{number}", "kind": kind, "label": {"en": label or header[columns[0]].strip()}}
    made |= {"theme": THEMES[theme]}
    made |= {"decimals": True} if kind == "number" else {}
    return made | ({"options": options(kind, columns, other, header)} if kind in ("single", "multiple") else {})


def routed(number: int, row: list[str]) -> bool:
    """Whether the survey's routing leads to the question."""
    title = next(title for title, questions in SECTIONS.items() if number in [question[0] for question in questions])
    return title not in ROUTES or row[ROUTES[title][0]].strip() in ROUTES[title][2]


def section(title: str, header: list[str]) -> dict:
    """One section of questionnaire.json."""
    made = {"title": {"en": title}, "items": [item(question, header) for question in SECTIONS[title]]}
    if title not in ROUTES:
        return made
    _column, question, answers = ROUTES[title]
    return made | {"show_if": {"question": question, "any": [slug(answer) for answer in answers]}}


def guard(text: str) -> str:
    """An apostrophe before what a spreadsheet would run, before an apostrophe, and before our own code."""
    return "'" + text if text[:1] in tuple("'=+-@|%") or text == "(skipped)" else text


def cells(question: tuple, row: list[str], breaches: Counter) -> list[str]:
    """The cells of one question in responses.csv."""
    number, kind, columns, other, *_rest = question
    given = [row[column].strip() for column in columns]
    # A cell of blanks alone ticks "other": whoever answered chose it and wrote nothing.
    beside = bool(other and row[other])
    words = [guard(row[other].strip())] if other else []
    width = len(columns) + bool(other) if kind == "multiple" else 1
    if not (any(given) or beside):
        return ["(skipped)" if routed(number, row) else ""] * width + words
    breaches[f"q{number}"] += not routed(number, row)
    if kind == "multiple":
        return ["1" if cell else "0" for cell in given] + ["01"[beside]] * bool(other) + words
    if kind != "single":
        return [guard(given[0])]
    return [(slug(given[0]) or "other") if number in (2, 3, 4, 6) else given[0], *words]


def columns_of(made: dict) -> list[str]:
    """The names of a question's columns in responses.csv."""
    keys = [f"{made['key']}.{option['key']}" for option in made.get("options", [])]
    beside = [f"{key}.text" for key in keys if key.endswith(".other")]
    return [*(keys if made["kind"] == "multiple" else [made["key"]]), *beside]


def main(survey: Path, folder: Path) -> None:
    """Write the package, and say which questions were answered off their route."""
    with survey.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    sections = [section(title, header) for title in SECTIONS]
    whole = {"format": "connected-package/1", "name": "new-coder-survey-2016", "language": "en"}
    whole |= {"title": {"en": "The 2016 New Coder Survey"}, "sections": sections}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questionnaire.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    names = [name for question in QUESTIONS for name in columns_of(item(question, header))]
    breaches: Counter = Counter()
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "received_at", *names])
        for row in rows:
            answers = [cell for question in QUESTIONS for cell in cells(question, row, breaches)]
            writer.writerow([row[ID], row[SUBMITTED].replace(" ", "T") + "+00:00", *answers])
    print(f"{len(rows)} responses; answered off their route: {dict(+breaches)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
