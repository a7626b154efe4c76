"""The steps between a draft and its publication: a second person, and a look at the other languages."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState, WorkflowState

from home.behind import Behind, behind

APPROVE, REJECT = "approve", "reject"


# What Wagtail notes of a draft in its revisions, beside what somebody wrote.
NOTED = {"latest_revision", "latest_revision_created_at", "live_revision", "last_published_at", "draft_title"}
NOTED |= {"has_unpublished_changes", "locked", "locked_at", "locked_by", "first_published_at", "live", "url_path"}


def content(revision: Revision) -> dict[str, Any]:
    """What a revision says."""
    return {name: value for name, value in revision.content.items() if name not in NOTED}


class SentLock(WorkflowLock):
    """Nobody changes what they sent for approval while somebody else reads it."""

    def get_message(self, user: Any) -> str:
        """Say who can approve, and what the others can do."""
        if self.task.was_sent_by(self.object, user):
            return _(
                "You sent this for approval, so somebody else reads and approves it. To change something, choose "
                "“Cancel workflow” first, and send it again afterwards."
            )
        if self.task.was_changed_by(self.object, user):
            return _(
                "The latest changes are yours, so you cannot approve them. Choose “Request changes”: then whoever sent "
                "this reads your changes and sends it again, and you can approve."
            )
        message: str | None = super().get_message(user)
        return message or ""

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        """The same in the side panel, in short."""
        if self.task.was_sent_by(self.object, user):
            return _("Somebody else reads and approves what you sent")
        description: str = super().get_description(user, can_lock)
        return description


class SecondPersonTask(AbstractGroupApprovalTask):
    """Members of its groups approve, but nobody what they sent themselves, nor what they changed last."""

    lock_class = SentLock

    class Meta:
        abstract = True

    @staticmethod
    def was_sent_by(record: Any, user: Any) -> bool:
        """Whether this person asked for the approval."""
        state = record.current_workflow_state
        return state is not None and state.requested_by_id == user.pk

    @staticmethod
    def was_changed_by(record: Any, user: Any) -> bool:
        """Whether what would be published is as this person left it. Saving it unchanged changes nothing."""
        revisions = record.revisions.order_by("-created_at", "-pk").iterator(chunk_size=5)
        latest: Any = next(revisions, None)
        for earlier in revisions:
            if latest.user_id != user.pk or content(earlier) != content(latest):
                break
            latest = earlier
        return latest is not None and latest.user_id == user.pk

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """What is read does not change under the reader."""
        return self.was_sent_by(obj, user) or super().locked_for_user(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """What this person can do with this draft."""
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        if self.was_sent_by(obj, user):
            return []
        return [action for action in actions if action[0] != APPROVE or not self.was_changed_by(obj, user)]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Carry it out. A reader who changes a draft and approves in one go has only changed it: see wagtail_hooks."""
        record = task_state.workflow_state.content_object
        if self.was_sent_by(record, user) or (action_name == APPROVE and self.was_changed_by(record, user)):
            return None
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        """What waits for this person."""
        states: QuerySet[TaskState] = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.filter(
            Q(workflow_state__requested_by=None) | ~Q(workflow_state__requested_by=user),
            Q(revision__user=None) | ~Q(revision__user=user),
        )


class SecondPerson(SecondPersonTask):
    """Somebody else reads what is about to be published."""

    class Meta:
        verbose_name = gettext_lazy("second person")
        verbose_name_plural = gettext_lazy("second persons")

    @classmethod
    def get_description(cls) -> str:
        """For those who build workflows."""
        return _("Somebody of the chosen groups approves, but never what they sent or changed themselves")


class Translations(SecondPersonTask):
    """Somebody else looks at the other languages. Skipped where none is behind."""

    class Meta:
        verbose_name = gettext_lazy("look at the translations")
        verbose_name_plural = gettext_lazy("looks at the translations")

    @classmethod
    def get_description(cls) -> str:
        """For those who build workflows."""
        return _("Shows which languages are behind, to somebody other than the sender; skipped where none is")

    @staticmethod
    def languages(task_state: TaskState) -> list[Behind]:
        """Which languages are behind what would be published."""
        return behind(task_state.workflow_state.content_object.get_latest_revision_as_object())

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Begin, unless there is nothing to look at."""
        record = workflow_state.content_object
        if behind(record.get_latest_revision_as_object()):
            return super().start(workflow_state, user=user)
        return TaskState.objects.create(
            workflow_state=workflow_state,
            revision=record.get_latest_revision(),
            task=self,
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )

    def get_template_for_action(self, action: str) -> str:
        """With the languages above the comment."""
        return "approval/translations.html"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """The languages are shown before anybody approves, so there is no approving without."""
        actions = [action for action in super().get_actions(obj, user) if action[0] != APPROVE or action[2]]
        return [
            (name, _("Check languages, approve") if name == APPROVE else said, asks) for name, said, asks in actions
        ]
