# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.channels.models import MailServer, SunkLetter
from plein.channels.post import Letter, has_password, post, post_office
from plein.core.models import Change
from plein.testing.mail_server import mail_server
from plein.trust.models import Secret, User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
PASSWORD = "zeer-geheim"  # noqa: S105 — of nobody
PAGES = ("/settings/mail/", "/settings/mail/sink/")


def wanted(port: int = 587, **changes: object) -> dict[str, object]:
    usual = {"host": "localhost", "port": port, "security": "none", "is_inside": "on"}
    return {**usual, "sender": "plein@noorderlicht.example", **changes}


def test_only_administrators_have_the_pages(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    for page in PAGES:
        assert signed_in(alice).get(page).status_code == 200
        assert signed_in(bob).get(page).status_code == 403
        assert signed_in(gina).get(page).status_code == 403
    for path in ("/settings/mail/", "/settings/mail/try/", "/settings/mail/remove/"):
        assert signed_in(bob).post(path, wanted()).status_code == 403
    with entered(alice):
        assert not MailServer.objects.exists()


def test_a_server_is_set_its_password_is_never_shown_and_the_trial_letter_arrives(
    alice: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    with mail_server() as box:
        assert client.post("/settings/mail/", wanted(box.port)).status_code == 302
        assert client.post("/settings/mail/try/").status_code == 302

    assert box.kept[0].receivers == ["alice@plein.example"]
    with entered(alice):
        assert not SunkLetter.objects.exists()
    client.post("/settings/mail/", wanted(user_name="plein", password=PASSWORD))
    page = client.get("/settings/mail/").text
    assert "zeer-geheim" not in page
    with entered(alice):
        assert b"zeer-geheim" not in bytes(Secret.objects.get().sealed)
        assert has_password(MailServer.objects.get())
        assert not any("geheim" in str([change.before, change.after]) for change in Change.objects.all())


def test_a_password_never_goes_to_another_machine(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/mail/", wanted(user_name="plein", password=PASSWORD))

    moved = client.post("/settings/mail/", wanted(user_name="plein", host="evil.example"))
    kept = client.post("/settings/mail/", wanted(port=2525, user_name="plein"))

    assert moved.status_code == 422 and "Write the password that belongs" in moved.text
    assert kept.status_code == 302
    with entered(alice):
        office = post_office()
        assert office.server is not None
        assert (office.server.host, office.server.port, office.server.password) == ("localhost", 2525, "zeer-geheim")
        assert "zeer-geheim" not in repr(office)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"host": "a b"}, "Write the name of a machine"), ({"host": ""}, "Write the name"), ({"port": "0"}, "port"),
     ({"sender": "plein"}, "not an e-mail address"), ({"is_inside": ""}, "Without protection"),
     ({"security": "magic"}, "magic"), ({"user_name": "x"}, "Write the password")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    alice: User, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = signed_in(alice).post("/settings/mail/", {**wanted(), **changes})

    assert answer.status_code == 422
    assert words in answer.text and "aria-invalid" in answer.text
    with entered(alice):
        assert not MailServer.objects.exists()


def test_a_server_that_does_not_answer_is_told_in_words(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/mail/", wanted(port=1))

    answer = client.post("/settings/mail/try/")

    assert answer.status_code == 422
    assert "localhost does not answer at port 1." in answer.text


def test_without_a_server_letters_stay_here_for_administrators(alice: User, charlie: User, signed_in: SignIn) -> None:
    with entered(alice):
        post(Letter(("henk@vandijk.example",), "Offerte <b>", "Dag Henk"))
        post(Letter(("bob@plein.example",), "Sign in", "https://x/sign-in/geheim", is_secret=True))
    page = signed_in(alice).get("/settings/mail/sink/").text

    assert "Offerte &lt;b&gt;" in page and "Dag Henk" in page
    assert "geheim" not in page and "holds a way in" in page
    with entered(alice):
        plain, secret = SunkLetter.objects.order_by("at")
    source = signed_in(alice).get(f"/settings/mail/sink/{plain.id}/")
    assert "Subject: Offerte <b>" in source.text and source["Content-Disposition"].startswith("attachment")
    assert "geheim" not in signed_in(alice).get(f"/settings/mail/sink/{secret.id}/").text
    assert signed_in(charlie).get(f"/settings/mail/sink/{plain.id}/").status_code == 404
    assert "Offerte" not in signed_in(charlie).get("/settings/mail/sink/").text


def test_taking_the_server_away_forgets_the_password_and_can_be_undone(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/mail/", wanted(user_name="plein", password=PASSWORD))
    client.post("/settings/mail/remove/")
    with entered(alice):
        assert not MailServer.objects.exists() and not Secret.objects.exists()
        assert post_office().server is None
        operation = Change.objects.filter(table_name="channels_mail_server").latest("id").operation_id
    client.post(f"/undo/{operation}/")
    with entered(alice):
        assert MailServer.objects.get().host == "localhost"
    assert "There is no password for this server" in client.get("/settings/mail/").text


def test_a_member_does_not_turn_back_what_administrators_set(alice: User, bob: User, signed_in: SignIn) -> None:
    signed_in(alice).post("/settings/mail/", wanted())
    with entered(alice):
        operation = Change.objects.filter(table_name="channels_mail_server").latest("id").operation_id
    signed_in(bob).post(f"/undo/{operation}/")
    with entered(alice):
        assert MailServer.objects.exists()
