"""Letters, e-mails and petitions, which answer no question: what there is of them beside a response and its words."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.ledger import Channel, Response

LETTERS = (Channel.LETTER, Channel.EMAIL, Channel.PETITION)
# A letter's words stand under a question number that no question has, so they go wherever a response's words go.
LETTER = 0
TEXT, SENDER, SUBJECT, SIGNATURES = 0, 1, 2, 3  # under these numbers of options; the last one in files alone


class Letter(models.Model):
    """Something that somebody wrote without the form. Its response was asked nothing, so it is in no question's base.

    It stays, emptied, when its response is erased: a consultation that has had one keeps the columns of its files.
    """

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="letter")
    is_organisation = models.BooleanField(_("written for an organisation"), default=False)
    signatures = models.PositiveIntegerField(
        _("signatures"), default=0, help_text="Of a petition. They are people, and a petition is one response."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    operator = models.CharField(_("recorded by"), max_length=150, help_text="The user's name, which stays.")
    at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return str(self.response_id)


class LetterFile(models.Model):
    """A file that came with a letter. It is personal data, and goes where the letter's words go."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="files")
    file = models.CharField(_("file"), max_length=60, help_text="Its name in the private storage: see attachments.py.")
    name = models.CharField(_("name"), max_length=150, help_text="As it came.")
    media_type = models.CharField(_("media type"), max_length=100, help_text="As its content says.")
    size = models.PositiveIntegerField(_("bytes"))

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
