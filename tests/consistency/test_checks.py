"""Django finds nothing wrong with settings, tables and addresses."""

from __future__ import annotations

from django.core.checks import run_checks


def test_the_system_checks_are_silent() -> None:
    assert run_checks() == []
