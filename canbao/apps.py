"""The one Django app."""

import gc

from django.apps import AppConfig


class Canbao(AppConfig):
    """canbao: enrolment of residents' social insurance."""

    name = "canbao"
    verbose_name = "canbao"

    def ready(self) -> None:
        """Take up the refusals of every room."""
        from canbao.kernel import refusals  # noqa: PLC0415 - gettext wants the apps loaded

        refusals.gather()
        # An act on 500 cases makes 100,000 short-lived objects; walking all modules each time costs a tenth.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
