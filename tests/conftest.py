"""What every test may ask for: a migrated database, a database of its own, keys."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from tests import databases

# How long an example takes says something of the machine, and nothing of canbao.
hypothesis.settings.register_profile(
    "canbao", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("canbao")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, keys: None
) -> Iterator[None]:
    """A copy of the migrated template for this process; tests marked django_db roll back in it."""
    with django_db_blocker.unblock():
        databases.make_template()
        with databases.copy_of_template(f"canbao_{databases.worker()}"):
            yield


@pytest.fixture(scope="session")
def keys(django_test_environment: None) -> None:
    """Encryption keys of this process in its own data folder."""
    from canbao.kernel import secrets

    if not secrets.names():
        secrets.make_key()


@pytest.fixture
def own_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A fresh database with real commits; yields its URL, which programs started by the test inherit."""
    with (
        django_db_blocker.unblock(),
        databases.copy_of_template(f"canbao_own_{databases.worker()}") as url,
    ):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("CANBAO_DATA", str(settings.CANBAO_DATA))
        yield url
