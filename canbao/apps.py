"""The one Django app."""

from django.apps import AppConfig


class Canbao(AppConfig):
    """canbao: enrolment of residents' social insurance."""

    name = "canbao"
    verbose_name = "canbao"

    def ready(self) -> None:
        """Take up the refusals of every room."""
        from canbao.kernel import refusals  # noqa: PLC0415 - gettext wants the apps loaded

        refusals.gather()
