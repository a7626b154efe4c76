"""What happens when a workflow has been gone through. Wagtail loads this before any model, so it imports none."""

from typing import Any


def publish(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved. It takes no right to publish where somebody other than the sender approved.

    A workflow without a step that is in use has nobody's approval: then the sender's own rights count.
    """
    approved = workflow_state.task_states.filter(status="approved").exclude(finished_by=None)
    by_another = approved.exclude(finished_by=workflow_state.requested_by).exists()
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=by_another)
