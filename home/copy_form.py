"""What is asked before consultations are copied."""

from typing import Any

from wagtail.admin.forms.pages import CopyForm


class DraftCopyForm(CopyForm):
    """Makes drafts only: a consultation that went live with the dates of the one it was copied from could be open.

    Nor can there be an alias, which would be a consultation that nobody can answer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
