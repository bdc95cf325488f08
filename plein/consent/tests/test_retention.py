# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta

import pytest

from plein.channels.models import SunkLetter
from plein.consent.models import RetentionRule
from plein.consent.queries import purposes
from plein.consent.queries.purposes import promised_months
from plein.consent.queries.retention import asked_for, rules
from plein.consent.tests.conftest import SignIn
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.models import Attachment, Moment, MomentText, ToDo
from plein.moments.tasks import ask_administrators
from plein.relations.models import Relation
from plein.testing.factories import make_moment, make_person, make_purpose
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

LONG_AGO = timedelta(days=3000)


@pytest.fixture
def old(alice: User) -> Relation:
    """Somebody we spoke long ago, and lately somebody else; one talk is Bob's alone to see."""
    with entered(alice):
        silent, near = make_person("Oud Contact"), make_person("Nabij")
        with operation("test"):
            Relation.objects.update(created_at=now() - LONG_AGO)
        make_moment(silent, title="Lang geleden", occurred_at=now() - LONG_AGO)
        make_moment(near, title="Net nog")
        return silent


def older(user: User) -> dict[str, int | None]:
    with entered(user):
        return {one.keeping.key: one.count for one in asked_for()}


def test_everything_is_kept_until_somebody_says_otherwise(alice: User, old: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        assert len(rules()) > 8 and not any(one.is_on for one in rules())
    page = signed_in(alice).get("/settings/retention/?asked=1").text
    assert "Nothing is deleted by itself" in page and "Nothing waits for your word." in page


def test_a_rule_shows_what_it_would_come_to_and_asks(alice: User, old: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    before = client.get("/settings/retention/moment-call/").text
    assert "1 of what you may see." in before and "Lang geleden" in before and "Delete these" not in before

    assert client.post("/settings/retention/moment-call/", {"months": "60", "is_on": "on"}).status_code == 302

    assert older(alice) == {"moment-call": 1}
    assert "Lang geleden" in client.get("/settings/retention/?asked=1").text
    with entered(alice):
        assert Moment.objects.count() == 2


def test_the_word_of_an_administrator_deletes_and_undo_brings_it_back(
    alice: User, old: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    path = "/settings/retention/moment-call/"
    refused = client.post(f"{path}delete/", {"expected": "1"})
    assert refused.status_code == 422 and "Switch this rule on first." in refused.text
    client.post(path, {"months": "60", "is_on": "on"})
    late = client.post(f"{path}delete/", {"expected": "0"})
    assert late.status_code == 422 and "more by now" in late.text

    assert client.post(f"{path}delete/", {"expected": "1"}).status_code == 302
    with entered(alice):
        assert [one.occurred_at > now() - timedelta(days=1) for one in Moment.objects.all()] == [True]
    with entered(alice):
        done = Operation.objects.get(verb="delete_moments")
    client.post(f"/undo/{done.id}/")
    with entered(alice):
        assert Moment.objects.count() == 2


def test_it_can_be_put_off(alice: User, old: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/retention/moment-call/", {"months": "60", "is_on": "on"})
    assert client.post("/settings/retention/moment-call/put-off/").status_code == 302
    assert older(alice) == {}
    assert "put off" in client.get("/settings/retention/").text


def test_people_we_lost_touch_with_and_only_those(alice: User, old: Relation, signed_in: SignIn) -> None:
    with entered(alice), operation("test"):
        Relation.objects.filter(id=old.id).update(place="")
    page = signed_in(alice).get("/settings/retention/person/").text

    assert "Nothing is that old." in page or "Oud Contact" in page
    assert "Nabij" not in page


def test_files_go_and_what_was_said_stays(alice: User, old: Relation, signed_in: SignIn) -> None:
    with entered(alice), operation("test"):
        moment = Moment.objects.get(occurred_at__lt=now() - timedelta(days=1000))
        text = MomentText.objects.get(moment=moment)
        about = {"name": "offerte.pdf", "mime": "text/plain", "size": 1, "sha256": "0" * 64}
        Attachment.objects.create(moment=moment, text=text, **about)
    client = signed_in(alice)
    client.post("/settings/retention/file/", {"months": "60", "is_on": "on"})
    assert "offerte.pdf" in client.get("/settings/retention/file/").text
    client.post("/settings/retention/file/delete/", {"expected": "1"})
    with entered(alice):
        assert Attachment.objects.count() == 0 and MomentText.objects.filter(moment=moment).exists()
        done = Operation.objects.get(verb="delete_due")
    client.post(f"/undo/{done.id}/")
    with entered(alice):
        assert Attachment.objects.get().name == "offerte.pdf"


def test_letters_that_never_left_do_not_come_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        SunkLetter.objects.create(at=now() - LONG_AGO, sender="a@b.nl", receivers="c@d.nl", subject="Oud")
    client = signed_in(alice)
    client.post("/settings/retention/sunk/", {"months": "6", "is_on": "on"})
    assert "These do not come back." in client.get("/settings/retention/sunk/").text
    client.post("/settings/retention/sunk/delete/", {"expected": "1"})
    with entered(alice):
        assert not SunkLetter.objects.exists()


def test_an_administrator_deletes_only_what_they_see(alice: User, bob: User, old: Relation, signed_in: SignIn) -> None:
    with entered(bob):
        make_moment(old, title="Van Bob", occurred_at=now() - LONG_AGO, circle_id=only_me())
    client = signed_in(alice)
    page = client.get("/settings/retention/moment-call/").text
    assert "1 of what you may see." in page and "Van Bob" not in page
    client.post("/settings/retention/moment-call/", {"months": "60", "is_on": "on"})
    client.post("/settings/retention/moment-call/delete/", {"expected": "5"})
    with entered(bob):
        assert Moment.objects.filter(occurred_at__lt=now() - timedelta(days=1000)).count() == 1


def test_who_may(bob: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    for user in (bob, gina):
        for path in ("", "person/", "person/delete/", "person/put-off/"):
            assert signed_in(user).post(f"/settings/retention/{path}").status_code in (403, 405)
        assert signed_in(user).get("/settings/retention/person/").status_code == 403
    assert signed_in(charlie).get("/settings/retention/nothing/").status_code == 404
    wrong = signed_in(charlie).post("/settings/retention/person/", {"months": "0"})
    assert wrong.status_code == 422
    with entered(charlie):
        assert not RetentionRule.objects.exists()


def test_administrators_are_asked_by_a_to_do_once_a_month(
    alice: User, bob: User, old: Relation, signed_in: SignIn
) -> None:
    ask_administrators(0)
    with entered(alice):
        assert not ToDo.objects.exists()
    signed_in(alice).post("/settings/retention/moment-call/", {"months": "60", "is_on": "on"})
    for _time in range(2):
        ask_administrators(0)

    with entered(alice) as actor:
        asked = ToDo.objects.get()
        assert asked.assignee_id == actor.seat_id and "phone call: 1" in asked.note.lower()
        assert Moment.objects.count() == 2
    with entered(bob):
        assert not ToDo.objects.exists()


def test_what_people_read_on_their_page_is_what_the_rule_goes_by(alice: User, old: Relation, signed_in: SignIn) -> None:
    client, path = signed_in(alice), "/settings/retention/person/"
    with entered(alice) as actor:
        longest = max(one.keep_months or 0 for one in purposes())
        make_purpose(actor, "Cards", keep_months=longest + 6)
        assert promised_months() == longest + 6
    page = client.get(path).text
    assert f'value="{longest + 6}"' in page and "does not see to that yet" in page

    assert client.post(path, {"months": str(longest), "is_on": "on"}).status_code == 302

    page = client.get(path).text
    assert "does not see to that yet" not in page and f"{longest + 6} months at most" in page
