"""What people said in a consultation, and what is done about it or why it is not: as written, and as shown."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from consultation import basis
from consultation.basis import Asked, Basis, Pinned
from consultation.models import Consultation
from consultation.questionnaire import Text
from home.models.action import Action
from home.models.partner import Partner
from home.models.record import PlanRecord
from home.question_choice import QuestionChoiceBlock

R = TypeVar("R", bound=PlanRecord)
S = TypeVar("S")


class RecordChooserBlock(SnippetChooserBlock):
    """A record of the plan, the same one in every language: the words are looked up, so there are none to translate."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        """Nothing."""
        return []

    def restore_translated_segments(self, value: Any, segments: Any) -> Any:
        """As it was."""
        return value


class StatementBlock(blocks.StructBlock):
    """Something that people said, and what came of it."""

    said = blocks.TextBlock(
        label=_("What people said"),
        default="",
        help_text=_("In one or two sentences. Write nothing by which somebody could be recognised."),
    )
    question = QuestionChoiceBlock(
        label=_("Which result it rests on"),
        required=False,
        help_text=_("Its wording is shown, and how many people answered it, as the public figures have it."),
    )
    done = blocks.TextBlock(label=_("What is done about it"), required=False, default="")
    actions = blocks.ListBlock(
        RecordChooserBlock("home.Action", label=_("Action")),
        label=_("Actions of the plan"),
        default=[],
        help_text=_("Shown with how far they are today."),
    )
    owner = RecordChooserBlock(
        "home.Partner", label=_("Who answers for it"), required=False, help_text=_("A partner of the plan.")
    )
    why_not = blocks.TextBlock(
        label=_("Not taken up, and why"),
        required=False,
        default="",
        help_text=_("In place of what is done about it."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse to publish a statement that is answered by nothing, or in two ways; a draft may be."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors: dict[str, ValidationError] = {}
        done, why_not = (cleaned[name].strip() for name in ("done", "why_not"))
        if not done and not why_not:
            errors["done"] = ValidationError(_("Say what is done about it, or below why it is not taken up."))
        if why_not and (done or list(cleaned["actions"])):
            errors["why_not"] = ValidationError(
                _("It is either done or not taken up: empty this, or what is done about it and the actions.")
            )
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "comment"
        label = _("Statement")
        label_format = "{said}"


@dataclass(frozen=True)
class Written:
    """A statement as its editor stored it; records by primary key."""

    said: str
    question: str
    done: str
    why_not: str
    actions: tuple[int, ...]
    owner: int | None


@dataclass(frozen=True)
class ShownAction:
    """An action with the words of a language, and how far it is by the record in the site's own."""

    key: uuid.UUID  # the translation key
    title: Text
    theme: int  # its primary key
    status: str
    status_label: str
    on: dt.date


@dataclass(frozen=True)
class Statement:
    """A statement as it is shown."""

    said: Text
    done: Text
    why_not: Text
    basis: Basis | None
    actions: tuple[ShownAction, ...]
    owner: Text | None

    def belongs_to(self, theme: int) -> bool:
        """Whether its question or an action of it does."""
        return theme in {self.basis.theme if self.basis else None, *(action.theme for action in self.actions)}


class Stated(Protocol):
    """A page with statements."""

    statements: Any


Told = tuple[Consultation, Stated, str]  # a consultation, a page that tells what came of it, and the page's language


def written(page: Stated) -> tuple[Written, ...]:
    """The statements of a page as stored, without asking the database for what they name."""
    return tuple(_written(list(page.statements.raw_data)))


def _written(raw: Iterable[Any]) -> Iterator[Written]:
    for stored in raw:
        value = stored.get("value") if isinstance(stored, dict) else None
        if isinstance(value, dict):
            actions = value.get("actions")
            yield Written(
                said=_text(value.get("said")),
                question=_text(value.get("question")),
                done=_text(value.get("done")),
                why_not=_text(value.get("why_not")),
                actions=tuple(filter(None, map(_chosen, actions if isinstance(actions, list) else ()))),
                owner=_chosen(value.get("owner")),
            )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _chosen(value: Any) -> int | None:
    """The primary key in a chooser, also within a list's item."""
    found = value.get("value") if isinstance(value, dict) else value
    return found if isinstance(found, int) else None


def shown(pages: Sequence[Told], language: str, pinned: Pinned) -> list[tuple[Statement, ...]]:
    """The statements of each page, with what they rest on and name, for a reader's language.

    Four queries, however many pages. A record that is not live in the site's own language is left out.
    """
    found = [(consultation, written(page), spoken) for consultation, page, spoken in pages]
    every = [(consultation, one) for consultation, ones, _spoken in found for one in ones]
    asked: set[Asked] = {(consultation, one.question) for consultation, one in every if one.question}
    bases = basis.questions(asked, language, pinned)
    actions = _records(Action, {pk for _consultation, one in every for pk in one.actions}, language, _action)
    owners = _records(Partner, {one.owner for _consultation, one in every if one.owner}, language, _owner)
    return [
        tuple(
            Statement(
                Text(one.said, spoken),
                Text(one.done, spoken),
                Text(one.why_not, spoken),
                bases.get((consultation.pk, one.question)),
                tuple(actions[pk] for pk in dict.fromkeys(one.actions) if pk in actions),
                owners.get(one.owner) if one.owner else None,
            )
            for one in ones
        )
        for consultation, ones, spoken in found
    ]


def _action(record: Action, translated: Action) -> ShownAction:
    title = Text(translated.title, translated.locale.language_code)
    label = str(Action.Status(record.status).label)
    return ShownAction(record.translation_key, title, record.theme_id, record.status, label, record.status_on)


def _owner(record: Partner, translated: Partner) -> Text:
    return Text(translated.name, translated.locale.language_code)


def _records(model: type[R], chosen: set[int], language: str, show: Callable[[R, R], S]) -> dict[int, S]:
    """What is shown of each chosen record, by the primary key that was chosen, in whatever language. One query."""
    if not chosen:
        return {}
    keys = model.objects.filter(pk__in=chosen).values("translation_key")
    rows = model.objects.filter(Q(pk__in=chosen) | Q(translation_key__in=keys)).select_related("locale")
    by_language: Mapping[tuple[uuid.UUID, str], R] = {
        (row.translation_key, row.locale.language_code): row for row in rows if row.live
    }
    found = {}
    for row in rows:
        record = by_language.get((row.translation_key, settings.LANGUAGE_CODE))
        if row.pk in chosen and record is not None:
            found[row.pk] = show(record, by_language.get((row.translation_key, language), record))
    return found
