# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody we know writes from the address of another organization: an import asks, and notes nothing by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.channels.models import MailImport
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.intake.tests.mailboxes import ALICE, Mail, brought_in, mbox
from plein.moments.models import JobNews, Moment
from plein.relations.models import Membership, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
OLD, NEW = "Rik Jansen <rik@vechtdal.example>", "Rik Jansen <rik.jansen@isala.example>"
BEGUN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def rik(alice: User) -> Relation:
    """Rik buys for Vechtdal, as was noted long ago."""
    with entered(alice):
        person = make_person("Rik Jansen", sort_name="jansen rik")
        firm = make_organization("Vechtdal")
        make_contact_point(firm, "url", "https://vechtdal.example")
        make_contact_point(person, "email", "rik@vechtdal.example")
        make_membership(person, firm, "inkoper", created_at=BEGUN)
        return person


def work(user: User) -> dict[tuple[str, str], tuple[date | None, date | None]]:
    with entered(user):
        found = Membership.objects.filter(organization__is_ours=False).select_related("person", "organization")
        return {(one.person.name, one.organization.name): (one.starts_on, one.ends_on) for one in found}


def news(user: User) -> list[JobNews]:
    with entered(user):
        return list(JobNews.objects.select_related("person", "organization", "other"))


def came(user: User, path: Path, *mails: Mail, policy: str = "everyone") -> MailImport:
    return brought_in(user, mbox(path / f"{len(list(path.iterdir()))}.mbox", mails), policy)


def address(user: User, person: Relation, value: str) -> None:
    with entered(user):
        make_contact_point(person, "email", value)


def test_who_is_known_by_both_addresses_is_asked_about_and_nothing_is_noted(
    alice: User, rik: Relation, tmp_path: Path
) -> None:
    address(alice, rik, "rik.jansen@isala.example")
    came(alice, tmp_path, Mail(sender=OLD, day=1), Mail(sender=NEW, day=9), Mail(sender=NEW, text="Again", day=12))
    assert work(alice) == {("Rik Jansen", "Vechtdal"): (None, None)}
    (one,) = news(alice)
    assert (one.person_id, one.place, one.other) == (rik.id, "Isala", None)
    assert one.heard_on == date(2026, 3, 9) and one.decision == "open"
    with entered(alice):
        assert one.moment is not None and one.moment.occurred_at.date() == date(2026, 3, 9)


def test_who_has_the_same_full_name_is_asked_about_and_stays_apart(alice: User, rik: Relation, tmp_path: Path) -> None:
    came(alice, tmp_path, Mail(sender=NEW, day=9))
    assert work(alice) == {("Rik Jansen", firm): (None, None) for firm in ("Vechtdal", "Isala")}
    (one,) = news(alice)
    assert one.person_id == rik.id and one.other is not None and one.other_id != rik.id
    with entered(alice):
        assert Relation.objects.filter(name="Rik Jansen").count() == 2


def test_whoever_is_there_now_instead_has_one_history_with_the_mail_as_evidence(
    alice: User, bob: User, charlie: User, rik: Relation, signed_in: SignIn, tmp_path: Path
) -> None:
    done = came(alice, tmp_path, Mail(sender=OLD, day=1), Mail(sender=NEW, day=9))
    page, (one,) = f"/import/{done.id}/jobs/", news(alice)
    assert signed_in(charlie).get(page).status_code == 404
    assert "Working elsewhere?" in signed_in(bob).get(f"/import/{done.id}/").text
    client = signed_in(alice)
    with within_budget(__file__, "import_job_news"):
        assert "rik.jansen@isala.example" in client.get(page).text
    assert client.post(page, {"answer": "instead"}).status_code == 422
    assert client.post(page, {"answer": "perhaps", "ids": [str(one.id)]}).status_code == 422
    assert client.post(page, {"answer": "instead", "ids": [str(one.id), "no id"]}).status_code == 302

    after = {"Vechtdal": (None, date(2026, 3, 8)), "Isala": (date(2026, 3, 9), None)}
    assert work(alice) == {("Rik Jansen", firm): period for firm, period in after.items()}
    with entered(alice):
        (person,) = Relation.objects.filter(name="Rik Jansen")
        assert person.id == rik.id
        assert Membership.objects.get(organization__name="Isala").moment_id == one.moment_id
        assert Moment.objects.filter(participants__relation=rik, participants__role="from").count() == 2
    assert "heard in this contact" in client.get(f"/relations/{rik.id}/").text
    assert "No questions" in client.get(page).text

    with entered(alice):
        undo(Operation.objects.get(verb="accept_job_news").id)
        assert Relation.objects.filter(name="Rik Jansen").count() == 2
        assert Membership.objects.get(organization__name="Vechtdal").ends_on is None
    assert [one.decision for one in news(alice)] == ["open"]


def test_a_program_answers_too(alice: User, charlie: User, rik: Relation, calling: Calling, tmp_path: Path) -> None:
    address(alice, rik, "rik.jansen@isala.example")
    done = came(alice, tmp_path, Mail(sender=NEW, day=9))
    path = f"/imports/{done.id}/job-news"
    (told,) = calling(alice, "write").get(path).json()["items"]
    assert told["address"] == "rik.jansen@isala.example" and told["other"] is None
    assert calling(charlie, "write").get(path).status_code == 404
    answer = {"ids": [told["id"]], "answer": "also"}
    assert calling(alice, "write").send("POST", f"{path}/answers", json=answer).json() == {"count": 1}
    assert work(alice) == {
        ("Rik Jansen", "Vechtdal"): (None, None),
        ("Rik Jansen", "Isala"): (date(2026, 3, 9), None),
    }
    assert calling(alice, "write").get(path).json()["items"] == []


def test_what_was_answered_is_not_asked_again(alice: User, rik: Relation, signed_in: SignIn, tmp_path: Path) -> None:
    done = came(alice, tmp_path, Mail(sender=NEW, day=9))
    (one,) = news(alice)
    signed_in(alice).post(f"/import/{done.id}/jobs/", {"answer": "no", "ids": [str(one.id)]})
    before = work(alice)
    came(alice, tmp_path, Mail(sender=NEW, text="More", day=20))
    assert [one.decision for one in news(alice)] == ["ignored"] and work(alice) == before
    with entered(alice):
        undo(Operation.objects.get(verb="ignore_job_news").id)
    assert [one.decision for one in news(alice)] == ["open"]


def test_a_waiting_address_is_asked_about_once_it_is_somebody(
    alice: User, rik: Relation, signed_in: SignIn, tmp_path: Path
) -> None:
    done = came(alice, tmp_path, Mail(sender=NEW, day=9), policy="answered")
    assert news(alice) == []
    place = f"/import/{done.id}/proposals/"
    client = signed_in(alice)
    waiting = client.get(place).context["waiting"][0].id
    client.post(place, {"decision": "accept", "ids": [str(waiting)]})
    assert [one.person_id for one in news(alice)] == [rik.id]


@pytest.mark.parametrize("sender", ["Rik Jansen <rik.jansen@gmail.com>", "Rik Jansen <info@isala.example>"])
def test_nobody_is_asked_about_for_an_address_that_tells_nothing(
    alice: User, rik: Relation, tmp_path: Path, sender: str
) -> None:
    address(alice, rik, sender.partition("<")[2].strip(">"))
    came(alice, tmp_path, Mail(sender=sender, day=9))
    assert news(alice) == [] and ("Rik Jansen", "Vechtdal") in work(alice)


def test_nobody_is_asked_about_who_works_at_two_places_or_has_two_namesakes(
    alice: User, rik: Relation, tmp_path: Path
) -> None:
    with entered(alice):
        make_person("Ans Mol", sort_name="mol ans")
        other = make_person("Rik Jansen", sort_name="jansen rik")
        make_membership(other, make_organization("Elders"), created_at=BEGUN)
    came(alice, tmp_path, Mail(sender=NEW, day=9))
    assert news(alice) == []
    with entered(alice), operation("delete_relation"):
        Relation.objects.filter(id=other.id).delete()
    with entered(alice):
        make_membership(rik, make_organization("Bijbaan"), created_at=BEGUN)
    address(alice, rik, "rik@derde.example")
    came(alice, tmp_path, Mail(sender="Rik Jansen <rik@derde.example>", day=10))
    assert news(alice) == []
    assert ("Rik Jansen", "Derde") not in work(alice)


def test_older_mail_than_what_we_know_asks_nothing(alice: User, rik: Relation, tmp_path: Path) -> None:
    address(alice, rik, "rik.jansen@isala.example")
    came(alice, tmp_path, Mail(sender=NEW, day=2), Mail(sender=OLD, day=9))
    assert news(alice) == []
    with entered(alice), operation("edit_membership"):
        Membership.objects.filter(person=rik).update(starts_on=date(2026, 3, 20))
    came(alice, tmp_path, Mail(sender=NEW, text="Later", day=12))
    assert news(alice) == []


def test_a_colleague_of_ours_is_not_asked_about(alice: User, tmp_path: Path) -> None:
    with entered(alice):
        sanne = make_person("Sanne Bos", sort_name="bos sanne", is_ours=True)
        make_membership(sanne, make_organization("Wij", is_ours=True), created_at=BEGUN)
    came(alice, tmp_path, Mail(sender="Sanne Bos <sanne@elders.example>", to=ALICE, day=9))
    assert news(alice) == []


def test_bob_sees_nothing_of_what_only_alice_may_see(
    alice: User, bob: User, rik: Relation, signed_in: SignIn, tmp_path: Path
) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", [Mail(sender=NEW, day=9)]), circle="me")
    assert len(news(alice)) == 1 and news(bob) == []
    assert signed_in(bob).get(f"/import/{done.id}/jobs/").status_code == 404
