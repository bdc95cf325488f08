# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.db import connection

from plein.trust import secret_box
from plein.trust.models import Secret, User
from plein.trust.seats import entered


def test_a_secret_comes_back_and_is_not_in_the_database(alice: User) -> None:
    with entered(alice):
        secret_box.put("imap:inbox", "hunter2-marker")

        assert secret_box.get("imap:inbox") == "hunter2-marker"
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM trust_secret")
            [(sealed,)] = cursor.fetchall()
        assert b"hunter2-marker" not in bytes(sealed)
        assert secret_box.get("imap:other") is None


def test_a_secret_does_not_open_under_another_name(alice: User) -> None:
    with entered(alice):
        secret_box.put("imap:a", "geheim")
        Secret.objects.filter(name="imap:a").update(name="imap:b")

        with pytest.raises(secret_box.Unopenable):
            secret_box.get("imap:b")


def test_a_secret_does_not_open_with_another_key(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(alice):
        secret_box.put("imap:a", "geheim")
        monkeypatch.setenv("PLEIN_SECRET_KEYS", "another key that is long enough to be one".replace(" ", "-"))

        with pytest.raises(secret_box.Unopenable):
            secret_box.get("imap:a")


def test_another_workspace_has_no_such_secret(alice: User, charlie: User) -> None:
    with entered(alice):
        secret_box.put("imap:a", "geheim")
    with entered(charlie):
        assert secret_box.get("imap:a") is None
