# SPDX-License-Identifier: AGPL-3.0-or-later
"""Too often is told in words at every door, with how long to wait, and one person never slows another down."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.moments.actions import IncomingFile, attach_files
from plein.outbox.actions import Content, keep_mail
from plein.outbox.models import Mail
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.trust import rates
from plein.trust.actions import make_token
from plein.trust.models import RateCount, User
from plein.trust.rates import COUNTED, SEARCHES, WRONG_TOKENS, TooOften, seconds_to_wait, slow_down
from plein.trust.seats import entered

SignIn = Callable[[User], Client]


def used_up(what: str, whose: object, most: int) -> None:
    """As if somebody had done this as often as they may."""
    with no_workspace("test"):
        seconds_to_wait(uuid5(COUNTED, f"{what}\n{whose}"), most=most)
        RateCount.objects.update(count=most)


def test_searching_too_often_is_told_in_words_and_slows_nobody_else(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert client.get("/search/?q=henk").status_code == 200
    used_up("search", bob.id, SEARCHES)

    refused = client.get("/search/?q=henk")

    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= 60
    assert f"Wait {refused['Retry-After']} seconds" in refused.text
    assert client.get("/search/").status_code == 200
    assert signed_in(alice).get("/search/?q=henk").status_code == 200


@pytest.mark.parametrize("path", ["/palette/?q=henk", "/relations/suggest/?kind=person&other_name=henk"])
def test_what_is_shown_while_one_types_has_an_end_too(
    path: str, alice: User, bob: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "TYPED", 2)
    client, headers = signed_in(bob), {"HX-Request": "true"}

    answers = [client.get(path, headers=headers) for _time in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429] and int(answers[2]["Retry-After"]) > 0
    assert signed_in(alice).get(path, headers=headers).status_code == 200


def test_a_mail_too_many_waits_and_a_page_too_many_is_not_drawn(bob: User, signed_in: SignIn) -> None:
    pdf = b"%PDF-1.4\n%%EOF\n"
    with entered(bob) as actor:
        person = make_person()
        [file] = attach_files(
            actor=actor, moment=make_moment(person), files=[IncomingFile("a.pdf", len(pdf), BytesIO(pdf))]
        )
        mail = keep_mail(actor=actor, content=Content(text="Dag", relation_id=person.id))
        token = make_token(user=bob, workspace=actor.workspace_id, scope="write")
    used_up("mail", bob.id, rates.MAILS_IN_TEN)
    used_up("draw", bob.id, rates.PAGES_DRAWN)

    sent = Client().post(
        f"/api/v1/mails/{mail.id}/send",
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    drawn = signed_in(bob).get(f"/files/{file.id}/pages/1")

    assert sent.status_code == 429 and 60 < int(sent["Retry-After"]) <= 600, sent.content
    assert drawn.status_code == 429 and 0 < int(drawn["Retry-After"]) <= 60
    with entered(bob):
        assert Mail.objects.get(id=mail.id).state == "draft"


def test_a_fragment_is_refused_by_a_fragment(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    used_up("search", bob.id, SEARCHES)

    refused = client.get("/search/?q=henk", headers={"HX-Request": "true"})

    assert refused.status_code == 429 and "Retry-After" in refused and "<html" not in refused.text


def test_files_and_mails_are_counted_where_they_are_done_so_at_every_door(bob: User) -> None:
    counted = (("upload", rates.UPLOADS, 1), ("mail", rates.MAILS_IN_TEN, 10), ("draw", rates.PAGES_DRAWN, 1))
    for what, most, minutes in counted:
        used_up(what, bob.id, most)
        with entered(bob), pytest.raises(TooOften) as refused:
            slow_down(what, bob.id, most=most, minutes=minutes)
        assert 0 < refused.value.wait <= 60 * minutes


def test_a_file_too_many_is_refused_by_the_door_for_programs_too(bob: User) -> None:
    with entered(bob) as actor:
        moment = make_moment(make_person())
        token = make_token(user=bob, workspace=actor.workspace_id, scope="write")
    used_up("upload", bob.id, rates.UPLOADS)

    refused = Client().post(
        f"/api/v1/moments/{moment.id}/files",
        {"files": SimpleUploadedFile("a.txt", b"hallo")},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert refused.status_code == 429 and refused.json()["code"] == "too_many" and int(refused["Retry-After"]) > 0


def test_wrong_tokens_are_counted_for_the_address_they_come_from(cast: Cast) -> None:
    used_up("wrong token", "127.0.0.1", WRONG_TOKENS)

    refused = Client().get("/api/v1/me", headers={"Authorization": "Bearer plein_wrong"})
    other = Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/me", headers={"Authorization": "Bearer plein_wrong"})

    assert refused.status_code == 429 and other.status_code == 401


def test_requests_at_the_same_time_count_each_other(transactional_db: None) -> None:
    subject = new_id()

    def ask(_number: int) -> int:
        try:
            return seconds_to_wait(subject, most=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(ask, range(40)))

    assert sum(wait == 0 for wait in waits) == 10
