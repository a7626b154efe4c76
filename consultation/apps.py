"""The app."""

from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """Questionnaires, answers and what is made of them."""

    name = "consultation"
    verbose_name = "Consultations"
