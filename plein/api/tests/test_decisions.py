# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program decides what holds of an entry elsewhere, and answers an invitation, for who has its token alone."""

from pathlib import Path

import pytest

from plein.api.tests.conftest import Caller, Calling
from plein.channels.connectors.dav.tests.fake import BOOK, FakeDav
from plein.channels.models import Connection
from plein.dav.models import Mirrored
from plein.dav.tests.test_deciding import about, connection, fake, url
from plein.dav.tests.test_elsewhere import titles, visit
from plein.moments.vocabulary import State
from plein.outbox.models import Mail, MailState
from plein.outbox.tests.conftest import box
from plein.outbox.tests.test_invitations import HENK, ME, answers, heard, mail
from plein.testing.cast import Cast
from plein.testing.mail_server import Box
from plein.trust.seats import entered

__all__ = ["box", "connection", "fake", "url"]

pytestmark = pytest.mark.django_db(transaction=True)


def undone(caller: Caller, answer: object) -> None:
    operation = answer.headers["Plein-Operation"]  # type: ignore[attr-defined]
    assert caller.send("POST", f"/operations/{operation}/undo").status_code == 200


def test_what_holds_is_said_by_the_owner_alone(
    cast: Cast, connection: Connection, calling: Calling, fake: FakeDav
) -> None:
    place, alice, bob = f"/connections/{connection.id}/elsewhere", calling(cast.alice, "all"), calling(cast.bob, "all")
    card, event = sorted(alice.read(place)["items"], key=lambda one: one["relation"] is None)
    assert card["title"] == "Anna Bos" and not card["is_gone"]
    assert card["differs"] == [{"what": "About", "ours": "Ours", "theirs": "Theirs"}]
    assert event["differs"] == [{"what": "Subject", "ours": "Our training", "theirs": "Their training"}]
    first = alice.read(place, limit=1)
    assert len(first["items"]) == 1 and len(alice.read(place, limit=1, cursor=first["next"])["items"]) == 1
    assert bob.get(place).status_code == 404
    assert bob.send("POST", f"{place}/{card['id']}/decide", json={"holds": "ours"}).status_code == 404
    assert alice.send("POST", f"{place}/{card['id']}/decide", json={"holds": "both"}).status_code == 422
    assert alice.send("POST", f"{place}/{card['id']}/leave").status_code == 409

    done = alice.send("POST", f"{place}/{card['id']}/decide", json={"holds": "theirs"})
    assert (done.status_code, about(cast.alice)) == (204, "Theirs")
    undone(alice, done)
    assert about(cast.alice) == "Ours" and len(alice.read(place)["items"]) == 2
    for one in (card, event):
        alice.write("POST", f"{place}/{one['id']}/decide", {"holds": "ours"})
    assert titles(cast.alice) == [("Our training", State.PLANNED)] and alice.read(place)["items"] == []
    assert alice.send("POST", f"{place}/{card['id']}/decide", json={"holds": "ours"}).status_code == 404

    fake.drop(f"{BOOK}anna.vcf")
    visit(cast.alice, connection)
    [gone] = alice.read(place)["items"]
    assert gone["is_gone"] and gone["differs"] == []
    assert alice.send("POST", f"{place}/{gone['id']}/decide", json={"holds": "ours"}).status_code == 409
    left = alice.send("POST", f"{place}/{gone['id']}/leave")
    assert left.status_code == 204 and alice.read(place)["items"] == []
    undone(alice, left)
    assert [one["id"] for one in alice.read(place)["items"]] == [gone["id"]]
    with entered(cast.alice):
        assert Mirrored.objects.get(id=gone["id"]).is_gone


def test_an_invitation_is_answered_and_taken_back(cast: Cast, box: Box, tmp_path: Path, calling: Calling) -> None:
    moment, alice = heard(cast.alice, tmp_path, mail("REQUEST", HENK, ME)), calling(cast.alice, "all")
    place = f"/moments/{moment.id}/answer"
    assert alice.send("POST", place, json={"answer": "maybe"}).status_code == 422
    assert calling(cast.alice).send("POST", place, json={"answer": "accepted"}).status_code == 403
    assert calling(cast.charlie, "all").send("POST", place, json={"answer": "accepted"}).status_code == 404

    done = alice.send("POST", place, json={"answer": "accepted"})
    assert done.status_code == 201
    told = done.json()
    assert (told["state"], told["to"][0][1], [one["name"] for one in told["files"]]) == (
        "waiting",
        HENK,
        ["invite.ics"],
    )
    assert answers(cast.alice)[ME] == "accepted"
    undone(alice, done)
    assert answers(cast.alice)[ME] == ""
    with entered(cast.alice):
        assert Mail.objects.get(id=told["id"]).state == MailState.DRAFT
