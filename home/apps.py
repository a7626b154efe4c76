"""The app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The pages of the site."""

    name = "home"
    verbose_name = "Pages"

    def ready(self) -> None:
        """Connect what follows from publishing and deleting pages."""
        from home import forgetting, signals

        signals.connect()
        forgetting.connect()
