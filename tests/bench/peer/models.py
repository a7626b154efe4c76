"""A form page with fields, as the guide of wagtail.contrib.forms has it."""

from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField


class FormField(AbstractFormField):
    """A field of the form."""

    page = ParentalKey("FormPage", related_name="form_fields")


class FormPage(AbstractForm):
    """A page that is a form."""

    template = "peer/form_page.html"
    landing_page_template = "peer/form_page_landing.html"
