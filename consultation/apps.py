"""The app."""

from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created


class ConsultationConfig(AppConfig):
    """Questionnaires, answers and what is made of them."""

    name = "consultation"
    verbose_name = "Consultations"

    def ready(self) -> None:
        """Write to no database that forgets."""
        from consultation import durability

        checks.register(durability.check, checks.Tags.database)
        connection_created.connect(durability.refuse_careless, dispatch_uid="durability")
