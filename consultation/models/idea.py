"""Ideas: what citizens suggest without being asked, and what becomes of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from consultation.models.theme import Theme


class Idea(models.Model):
    """One idea, written once. Added in ideas.py, changed in moderation.py.

    Whether it is shown to the public and what becomes of it are two things: an idea that names somebody may go to the
    working group and still not be shown. What was written stays; what is shown instead stands beside it.
    """

    class Moderation(models.TextChoices):
        """Whether the public sees it."""

        NEW = "new", _("Not read yet")
        SHOWN = "shown", _("Shown")
        NOT_SHOWN = "not-shown", _("Not shown")

    class Status(models.TextChoices):
        """What has become of it."""

        RECEIVED = "received", _("Received")
        WITH_GROUP = "with-group", _("With the working group")
        TAKEN = "taken", _("Taken into the plan")
        NOT_TAKEN = "not-taken", _("Not taken up")

    FINAL = (Status.TAKEN, Status.NOT_TAKEN)

    key = models.UUIDField(_("key of the form"), unique=True)
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    # Without an index of its own: idea_shown_by_theme begins with it.
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="ideas", db_index=False)
    language = models.CharField(_("language"), max_length=20)
    text = models.TextField(_("text"))
    shown_text = models.TextField(_("text as it is shown"), blank=True, help_text="Empty: as it was written.")
    moderation = models.CharField(_("shown"), max_length=10, choices=Moderation, default=Moderation.NEW)
    reason = models.TextField(_("why it is not shown"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    received_at = models.DateTimeField(_("received"), db_default=Now())

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["moderation", "-received_at", "-id"], name="idea_shown"),
            models.Index(fields=["theme", "moderation", "-received_at", "-id"], name="idea_shown_by_theme"),
        ]
        default_permissions = ()
        permissions = [
            ("moderate_ideas", "Can read and moderate ideas"),
            ("erase_ideas", "Can erase ideas"),
        ]
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")

    def __str__(self) -> str:
        return self.reference

    @property
    def public_text(self) -> str:
        """What the public reads."""
        return self.shown_text or self.text

    @property
    def excerpt(self) -> str:
        """Its first words, for a list."""
        return Truncator(" ".join(self.text.split())).chars(90)


class IdeaStep(models.Model):
    """One status of an idea, from its day on, with a note to the public in the language of the idea."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="steps")
    status = models.CharField(_("status"), max_length=10, choices=Idea.Status)
    note = models.TextField(_("note to the public"), blank=True)
    at = models.DateTimeField(_("from"), db_default=Now())

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("step of an idea")
        verbose_name_plural = _("steps of ideas")

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.status}"


class IdeaAddress(models.Model):
    """Whom to tell what becomes of an idea: apart from it, in no list and no file, deleted once it is not needed."""

    idea = models.OneToOneField(Idea, models.CASCADE, related_name="address")
    to = models.CharField(_("e-mail address"), max_length=320)
    page = models.URLField(_("address of the list"), max_length=1000)
    created_at = models.DateTimeField(_("given"), db_default=Now())

    class Meta:
        default_permissions = ()
        verbose_name = _("e-mail address for an idea")
        verbose_name_plural = _("e-mail addresses for ideas")

    def __str__(self) -> str:
        return str(self.idea_id)
