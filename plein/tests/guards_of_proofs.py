# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around who somebody is and what is sealed; taken away like those of guards.py."""

import io
import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from django.test import Client

from plein.api import auth
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.operate import sealed_file
from plein.testing.cast import Cast, sign_in
from plein.tests.guards import Guard, replaced
from plein.trust import passwords, proving, rates, secret_box, sessions
from plein.trust.actions import change_password, make_token
from plein.trust.forms import NewPasswordForm
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered
from plein.trust.views import personal
from plein.web import middleware

PASSWORD = "a long enough sentence"  # noqa: S105 — what a test signs in with


def by_password(user: User) -> Client:
    with no_workspace("test"):
        change_password(user=user, password=PASSWORD)
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


def after_a_week(user: User) -> None:
    with entered(user), operation("change_seat"):
        Seat.objects.filter(user=user).update(created_at=now() - timedelta(days=8))


def who_manages_and_has_no_second_step_sees_nothing(cast: Cast) -> None:
    client = by_password(cast.alice)
    after_a_week(cast.alice)
    assert client.get("/people/").status_code == 302


def their_token_opens_nothing(cast: Cast) -> None:
    after_a_week(cast.alice)
    token = make_token(user=cast.alice, workspace=cast.here, scope="all")
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def a_token_is_made_only_after_a_fresh_proof(cast: Cast) -> None:
    client = by_password(cast.bob)
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=11)).isoformat()
        session.save()
    assert "Is it you?" in client.post("/settings/tokens/", {"scope": "read", "days": "30"}).text


def a_token_does_not_prove(cast: Cast) -> None:
    token = make_token(user=cast.alice, workspace=cast.here, scope="all")
    headers = {"Authorization": f"Bearer {token}"}
    body = json.dumps({"name": "Nieuw", "seats": []})
    made = Client().post("/api/v1/teams", body, content_type="application/json", headers=headers)
    assert made.status_code == 403


def who_has_nothing_to_prove_with_is_asked_too(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.bob)
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=11)).isoformat()
        session.save()
    assert "Is it you?" in client.post("/settings/tokens/", {"scope": "read", "days": "30"}).text


def a_session_of_other_rights_has_another_key(cast: Cast) -> None:
    client = by_password(cast.bob)
    client.get("/")
    before = client.cookies["plein"].value
    with entered(cast.alice), operation("change_seat"):
        Seat.objects.filter(user=cast.bob).update(role="manager")
    client.get("/")
    assert client.cookies["plein"].value != before


def a_password_of_every_list_is_refused(cast: Cast) -> None:
    with no_workspace("test"):
        assert not NewPasswordForm({"new_password": "Password1234!"}, user=cast.bob).is_valid()


def searching_has_an_end(cast: Cast) -> None:
    with entered(cast.bob):
        for _time in range(3):
            try:
                rates.slow_down("search", cast.bob.id, most=2)
            except rates.TooOften:
                return
    raise AssertionError("nobody was slowed down")


def a_secret_opens_only_where_it_was_put(cast: Cast) -> None:
    sealed = secret_box.seal("somebody", "geheim")
    try:
        secret_box.unseal("somebody else", sealed)
    except secret_box.Unopenable:
        return
    raise AssertionError("it opened")


def a_backup_that_was_cut_off_between_pieces_is_refused(cast: Cast) -> None:
    target = io.BytesIO()
    sealing = sealed_file.SealingFile(target, secret="k" * 40)
    sealing.write(bytes(3 * sealed_file.PIECE))
    sealing.finish()
    cut = target.getvalue()[: sealed_file.HEAD + 2 * (sealed_file.PIECE + sealed_file.TAG)]
    try:
        sealed_file.OpenedFile(io.BytesIO(cut), keys=["k" * 40])
    except sealed_file.Changed:
        return
    raise AssertionError("it was read")


def _nobody_owes() -> AbstractContextManager[None]:
    return replaced(Entrance, "owes_proof", property(lambda seat: False))


def _last_or_not() -> AbstractContextManager[None]:
    return replaced(sealed_file, "_nonce", lambda number, is_last: number.to_bytes(12, "big"))


PROOF_GUARDS = [
    Guard(
        "a second step for who manages",
        lambda: replaced(middleware.SeatMiddleware, "_unproved", lambda self, request, seat: None),
        who_manages_and_has_no_second_step_sees_nothing,
    ),
    Guard("a second step for tokens", _nobody_owes, their_token_opens_nothing),
    Guard(
        "a fresh proof",
        lambda: replaced(sessions, "is_fresh", lambda request: True),
        a_token_is_made_only_after_a_fresh_proof,
    ),
    Guard(
        "a proof that no token gives",
        lambda: replaced(auth, "_seat_of", lambda token, seat: replace(seat, scope=token.scope)),
        a_token_does_not_prove,
    ),
    Guard(
        "a proof of who has none",
        lambda: replaced(personal, "ask_for_proof", lambda request: proving.ask_for_proof(request, may_be_first=True)),
        who_has_nothing_to_prove_with_is_asked_too,
    ),
    Guard(
        "a fresh key for other rights",
        lambda: replaced(sessions, "follow_rights", lambda request, role: None),
        a_session_of_other_rights_has_another_key,
    ),
    Guard(
        "passwords of every list",
        lambda: replaced(passwords, "is_known", lambda password: False),
        a_password_of_every_list_is_refused,
    ),
    Guard("how often", lambda: replaced(rates, "seconds_to_wait", lambda *given, **more: 0), searching_has_an_end),
    Guard(
        "what a secret is about",
        lambda: replaced(secret_box, "unseal", lambda about, sealed: "geheim"),
        a_secret_opens_only_where_it_was_put,
    ),
    Guard("the last piece of a backup", _last_or_not, a_backup_that_was_cut_off_between_pieces_is_refused),
]
