# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit log as a file: who takes much of it along proves first who they are, and a file that is cut says so."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.core.audit import audit, audit_look
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import PROVEN_AT_MOST, change_password, make_token
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
FILES = ("/audit/file", "/audit/looked-at")
GOOD = "a long enough sentence"
PERIOD = {"since": "2020-01-01T00:00:00Z"}


@pytest.fixture
def seen(cast: Cast) -> None:
    """Five people whom Alice alone sees, and whom she saw."""
    with entered(cast.alice):
        for number in range(5):
            audit_look("relation", [make_person(f"Zilverspar {number}", circle_id=only_me())])
            audit("change_password", kind="user", number=number)


def long_ago(client: Client) -> Client:
    """The same client, whose user proved longer ago than ten minutes who they are."""
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=11)).isoformat()
        session.save()
    return client


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def taken(user: User) -> int:
    with entered(user):
        return int(AuditEntry.objects.filter(event="export_log").count())


@pytest.mark.parametrize("address", FILES)
def test_who_takes_much_along_proves_first_who_they_are(
    address: str, cast: Cast, seen: None, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_workspace("test"):
        change_password(user=cast.alice, password=GOOD)
    client = long_ago(signed_in(cast.alice))
    assert "Zilverspar" in client.get("/audit/looked-at").text and taken(cast.alice) == 1

    monkeypatch.setattr("plein.web.audit_files.REMEMBERED_ABOVE", 3)
    asked = client.get(f"{address}?format=json")
    assert "proof_password" in asked.text and "Zilverspar" not in asked.text and "Content-Disposition" not in asked
    wrong = client.post(f"{address}?format=json", {"proof_password": "not this one"})
    assert wrong.status_code == 422 and "Content-Disposition" not in wrong and taken(cast.alice) == 1

    sent = client.post(f"{address}?format=json", {"proof_password": GOOD})
    assert sent.status_code == 200 and len(sent.json()["lines"]) > 3 and taken(cast.alice) == 2
    assert client.get(address).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("address", FILES)
def test_a_file_that_is_cut_says_so_and_so_does_the_page(
    address: str, cast: Cast, seen: None, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.alice)
    assert client.get(address, {"format": "json"}).json()["is_whole"] is True
    assert "Not whole" not in client.get(address).text and "A file holds the newest" not in client.get("/audit/").text

    for place in ("plein.web.audit.MOST", "plein.web.audit_files.MOST"):
        monkeypatch.setattr(place, 4)
    monkeypatch.setattr("plein.web.audit.PAGE", 2)
    told = client.get(address, {"format": "json"}).json()
    assert told["is_whole"] is False and len(told["lines"]) == 4
    [first, *rest] = rows_of(client.get(address).text)
    assert "newest 4 lines" in first["at"] and len(rest) == 4 and all("Not whole" not in row["at"] for row in rest)
    assert "There are more than 4 lines" in client.get("/audit/").text


def test_a_program_needs_a_token_for_what_asks_for_a_proof(
    cast: Cast, seen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*, is_proven: bool) -> Client:
        secret = make_token(
            user=cast.alice, workspace=cast.here, scope="admin", lifetime=PROVEN_AT_MOST, is_proven=is_proven
        )
        return Client(headers={"Authorization": f"Bearer {secret}"})

    plain, proven = asked(is_proven=False), asked(is_proven=True)
    assert len(plain.get("/api/v1/audit/looked-at", PERIOD).json()["items"]) == 5
    monkeypatch.setattr("plein.api.audit.REMEMBERED_ABOVE", 4)
    refused = plain.get("/api/v1/audit/looked-at", PERIOD)
    assert refused.status_code == 403 and refused.json()["code"] == "proof_missing"
    assert json.dumps(refused.json()).count("Zilverspar") == 0 and taken(cast.alice) == 1
    looks = proven.get("/api/v1/audit/looked-at", PERIOD).json()
    # The five looks of hers, and those that the first answer was.
    assert len(looks["items"]) == 10 and looks["is_whole"] is True
