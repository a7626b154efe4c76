"""What staff decide about an idea: whether it is shown, in which words, and what becomes of it.

Everything that follows, the dated step, the e-mail in the outbox and the entry in the audit log, is in the transaction
of the decision. The log says what was done, never what was written.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from consultation import letters
from consultation.models import Idea, IdeaAddress, IdeaStep, Theme

MODERATE, ERASE = "consultation.moderate_idea", "consultation.erase_idea"  # actions of the audit log

FIELDS = ("moderation", "reason", "shown_text", "language", "theme", "status")
LOGGED = ("moderation", "status")  # of which the log says what they were and are


class Meanwhile(Exception):
    """Somebody else has changed the idea since it was shown."""


@dataclass(frozen=True)
class Decision:
    """Everything that is decided about an idea, as the form holds it."""

    moderation: str
    reason: str
    shown_text: str  # empty: as it was written
    language: str
    theme: Theme | None
    status: str
    note: str  # to the public, beside the status


def present(idea: Idea) -> IdeaStep:
    """The latest step, with what the public was told about the present status. Every idea has one."""
    return idea.steps.order_by("-pk")[0]


def decide(pk: int, revision: int, decision: Decision, user: Any) -> list[str]:
    """Carry a decision out, and return the names of what it changed.

    revision: that of the idea as it was shown. A new status is a new step; another note to the same status corrects the
    latest step and is no news. Raises Meanwhile.
    """
    with transaction.atomic():
        idea = Idea.objects.select_for_update().get(pk=pk)
        if idea.revision != revision:
            raise Meanwhile
        before = {name: getattr(idea, name) for name in FIELDS}
        for name in FIELDS:
            setattr(idea, name, getattr(decision, name))
        changed = [name for name in FIELDS if getattr(idea, name) != before[name]]
        if decision.note != present(idea).note and "status" not in changed:
            changed.append("note")
        if not changed:
            return []
        idea.revision += 1
        idea.save()
        _step(idea, decision.note, is_new="status" in changed)
        said: dict[str, Any] = {name: [before[name], getattr(idea, name)] for name in LOGGED if name in changed}
        log(idea, MODERATE, user=user, data=said | {"changed": changed}, content_changed=True)
        return changed


def _step(idea: Idea, told: str, *, is_new: bool) -> None:
    if not is_new:
        IdeaStep.objects.filter(pk=present(idea).pk).update(note=told)
        return
    step = IdeaStep.objects.create(idea=idea, status=idea.status, note=told)
    address = IdeaAddress.objects.filter(idea=idea).first()
    if address is None:
        return
    letters.send_status(address, step)
    if idea.status in Idea.FINAL:
        address.delete()


def erase(pk: int, user: Any) -> None:
    """Delete an idea with its steps, the address and e-mails not sent yet; the log keeps its reference."""
    with transaction.atomic():
        idea = Idea.objects.select_for_update().get(pk=pk)
        log(idea, ERASE, user=user, deleted=True)
        idea.delete()
