"""manage.py import_package"""

import sys
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone
from tqdm import tqdm
from wagtail.models import Page

from consultation.fold import fold
from consultation.kinds import AREA, THEME_CHOICE
from consultation.models import Consultation
from consultation.package import importing, options, themes
from consultation.package.blocks import Blocks
from consultation.package.findings import Findings, Unusable
from consultation.package.importing import Checked, Choices
from home.draft_consultation import NoPlace, images_of, make_draft, place_for

SHOWN = 20  # kept breaches listed on the screen


class Command(BaseCommand):
    """Import a package: a questionnaire and the responses to it."""

    help = "Import a questionnaire with its responses as a draft consultation. See docs/packages.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how strictly."""
        parser.add_argument("path", type=Path, help="a folder or .zip with questionnaire.json and responses.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and store nothing")
        parser.add_argument(
            "--historic", action="store_true", help="keep and list answers that break a rule of their question"
        )
        parser.add_argument("--create-themes", action="store_true", help="make the themes that there are not")
        parser.add_argument("--create-areas", action="store_true", help="make the areas that there are not, as ended")
        parser.add_argument(
            "--drop", action="append", default=[], metavar="COLUMN", help="leave a column out; can be given again"
        )

    def handle(self, *args: Any, path: Path, dry_run: bool, **given: Any) -> None:
        """Check everything, then store everything, or say what stands against it."""
        choices = Choices(
            historic=given["historic"],
            create_themes=given["create_themes"],
            create_areas=given["create_areas"],
            drop=tuple(given["drop"]),
        )
        try:
            with _bar("checking") as bar:
                checked = importing.check(path, choices, bar.update)
            self._report(checked)
            place = place_for(checked.blueprint.language)
            if dry_run:
                self.stdout.write("Nothing was stored: this was a dry run.")
                return
            consultation = self._store(checked, place)
        except Unusable as unusable:
            raise CommandError(_listing(unusable.findings)) from None
        except NoPlace as error:
            raise CommandError(f"{error} Nothing was stored.") from None
        except IntegrityError as error:
            raise CommandError(
                f"Something was stored at the same time; run it again. Nothing was stored. {error}"
            ) from error
        folded = fold(consultation)
        self.stdout.write(f"Stored as consultation {consultation.pk}, a draft page: {folded:,} responses counted.")

    def _store(self, checked: Checked, place: Page) -> Consultation:
        with transaction.atomic(), _bar("storing", checked.responses) as bar:
            made = themes.make(checked.themes, checked.blueprint.own_themes)
            records = options.make(checked.records, checked.blueprint, timezone.localdate(checked.closes_at))
            with images_of(checked) as images:
                blocks = Blocks(uuid.uuid4(), checked.blueprint, made, records, images, checked.record)
                page = make_draft(place, blocks, checked)
                return importing.store(page.source(), blocks, checked, bar.update)

    def _report(self, checked: Checked) -> None:
        blueprint, findings = checked.blueprint, checked.findings
        questions = len(list(blueprint.questions))
        new = [name for name, key in checked.themes.items() if not key]
        self.stdout.write(
            f"{blueprint.text(blueprint.title)}: {questions} questions, worded in {_list(blueprint.languages)}"
        )
        self.stdout.write(
            f"{checked.responses:,} responses, received {checked.opens_at:%Y-%m-%d} to {checked.closes_at:%Y-%m-%d}"
        )
        for name, counter in (("language", checked.languages), ("channel", checked.channels)):
            self.stdout.write(f"by {name}: " + _list(f"{value} {n:,}" for value, n in counter.most_common()))
        new += [name for name in options.missing(checked.records, blueprint, THEME_CHOICE.name) if name not in new]
        areas = options.missing(checked.records, blueprint, AREA.name)
        for what, names in (("themes", new), ("areas", areas)):
            if names:
                self.stdout.write(f"new {what}: {_list(names)}")
        for rule, n in findings.breach_counts.most_common():
            self.stdout.write(f"kept though it breaks a rule ({rule}): {n:,}")
        for breach in findings.breaches[:SHOWN]:
            self.stdout.write(f"  {breach}")
        if (more := findings.breach_counts.total() - SHOWN) > 0:
            self.stdout.write(f"  and {more:,} more")


def _bar(what: str, total: int | None = None) -> "tqdm[Any]":
    return tqdm(desc=what, total=total, unit=" responses", disable=not sys.stderr.isatty())


def _list(values: Any) -> str:
    return ", ".join(values)


def _listing(findings: Findings) -> str:
    lines = [str(problem) for problem in findings.problems]
    if (more := findings.problem_count - len(lines)) > 0:
        lines.append(f"and {more:,} more")
    count = "1 problem was" if findings.problem_count == 1 else f"{findings.problem_count:,} problems were"
    return "\n".join([*lines, f"{count} found. Nothing was stored."])
