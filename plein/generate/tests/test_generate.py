# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generated workspaces: whole, the same for the same seed, findable, and as well guarded as any other."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from plein.core.finding import search
from plein.core.isolation import default_circle_id, no_workspace
from plein.core.isolation.protection import is_in_force
from plein.generate.synthetic import Generated, generate
from plein.generate.workload import NotAWorkload, load
from plein.metadata.queries import catalog, condition
from plein.moments.models import Moment, MomentText, Participant, ToDo
from plein.moments.queries import timeline
from plein.relations.models import ContactPoint, Membership, Organization, Person, Relation, RelationValues
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ORGANIZATIONS = """idx,name,email,phone,city,industry
0,Barano GmbH 0,info@org0.example.com,+15550000000,Berlin,Software
1,Belbach Ltd 1,info@org1.example.com,+15550000001,Lyon,Retail
"""
CONTACTS = """idx,first_name,last_name,email,phone,city,org_idx,title
0,Ada,Barano,ada.barano.0@example.com,+49300000000,Berlin,0,Buyer
1,Emma,Quennell,emma.quennell.1@example.com,+49300000001,Lyon,1,CTO
2,Ívan,"O'Neil, Jr",ivan.2@example.com,+49300000002,Porto,0,Manager
"""
ACTIVITIES = """idx,contact_idx,org_idx,kind,direction,at,subject,body
0,0,0,call,inbound,2026-11-01T09:00:00+00:00,Call 0: follow up,proposal pricing question
1,0,0,email,outbound,2026-10-31T20:00:00+00:00,Email 1: offer,revised renewal terms
2,1,1,meeting,inbound,2026-10-30T08:00:00+00:00,Meeting 2: delivery,"agreed, next week"
"""


def fill(owner: User, *, people: int = 100, moments: int = 400, seed: int = 1) -> Generated:
    with entered(owner) as actor:
        circle = default_circle_id()
    return generate(
        workspace=actor.workspace_id, circle=circle, seat=actor.seat_id, people=people, moments=moments, seed=seed,
        say=lambda text: None,
    )  # fmt: skip


def bring_in(owner: User, folder: Path) -> Generated:
    with entered(owner) as actor:
        circle = default_circle_id()
    return load(workspace=actor.workspace_id, circle=circle, folder=folder, say=lambda text: None)


@pytest.fixture
def workload(tmp_path: Path) -> Path:
    for name, rows in (("organisations", ORGANIZATIONS), ("contacts", CONTACTS), ("activities", ACTIVITIES)):
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def picture(owner: User) -> str:
    """A digest of everything that was made, ids included."""
    digest = hashlib.sha256()
    with entered(owner) as actor:
        for model in (Relation, Membership, ContactPoint, Moment, MomentText, Participant, ToDo):
            for row in model.objects.order_by("id").values_list():
                # Workspaces and circles are numbered by the database, and everybody has a seat of their own.
                made = [one for one in row if not isinstance(one, int) and one != actor.seat_id]
                digest.update(repr(made).encode())
    return digest.hexdigest()


def test_it_makes_what_was_asked_for(alice: User) -> None:
    made = fill(alice)

    assert (made.people, made.organizations, made.moments) == (100, 20, 400)
    with entered(alice):
        assert (Person.objects.count(), Organization.objects.count(), Moment.objects.count()) == (100, 20, 400)
        assert Moment.objects.filter(state="planned").count() == 4
        first = Person.objects.order_by("id").first()
        assert first is not None
        assert Participant.objects.filter(relation=first).count() == 200
        assert len(timeline(first.id).moments) == 30


def test_the_same_seed_makes_the_same(cast: Cast) -> None:
    fill(cast.alice)
    fill(cast.charlie)

    assert picture(cast.alice) == picture(cast.charlie)


@pytest.mark.nightly
def test_another_seed_makes_something_else(cast: Cast) -> None:
    fill(cast.alice)
    fill(cast.charlie, seed=2)

    assert picture(cast.alice) != picture(cast.charlie)


@pytest.mark.nightly
def test_a_seed_can_be_used_once(alice: User) -> None:
    fill(alice)
    before = picture(alice)

    with pytest.raises(IntegrityError):
        fill(alice)

    assert picture(alice) == before


def test_the_protection_is_in_force_afterwards(alice: User, cast: Cast) -> None:
    fill(alice)

    with no_workspace("test"):
        assert is_in_force(connections["default"])
    with no_workspace("test"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relrowsecurity AND NOT relforcerowsecurity"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchone() == (0,)


def test_strangers_see_nothing_of_it(alice: User, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    fill(alice)
    with entered(alice):
        person = Person.objects.order_by("id").first()

    assert person is not None
    with entered(cast.charlie):
        assert Relation.objects.count() == 0
        assert search(person.family_name).relations == []
    assert signed_in(cast.charlie).get(f"/relations/{person.id}/").status_code == 404


def test_what_was_made_can_be_found(alice: User) -> None:
    fill(alice)

    with entered(alice):
        person = Person.objects.order_by("id").first()
        assert person is not None
        phone = ContactPoint.objects.filter(links__relation=person, kind="phone").get()
        assert person.id in search(person.family_name).relations
        assert person.id in search(phone.value[-6:]).relations
        assert len(search("offerte").moments) > 0


@pytest.mark.nightly
def test_indexes_are_all_back(alice: User) -> None:
    def indexes() -> set[str]:
        with no_workspace("test"), connections["owner"].cursor() as cursor:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
            return {str(row[0]) for row in cursor.fetchall()}

    before = indexes()

    fill(alice)

    assert indexes() == before


def test_a_workload_is_loaded_whole(alice: User, workload: Path) -> None:
    made = bring_in(alice, workload)

    assert (made.people, made.organizations, made.moments) == (3, 2, 3)
    with entered(alice):
        ada = Person.objects.get(name="Ada Barano")
        assert [one.title for one in timeline(ada.id).moments] == ["Call 0: follow up", "Email 1: offer"]
        assert Membership.objects.get(person=ada).organization.name == "Barano GmbH 0"
        assert sorted(ContactPoint.objects.filter(links__relation=ada).values_list("display", flat=True)) == [
            "+49300000000",
            "ada.barano.0@example.com",
        ]
        assert Person.objects.get(given_name="Ívan").sort_name == "o'neil, jr ivan"
        found = search("Quennell").relations
        assert [Relation.objects.get(id=one).name for one in found] == ["Emma Quennell"]
        assert len(search("renewal").moments) == 1


def test_a_folder_without_the_files_is_refused_and_nothing_is_made(alice: User, workload: Path) -> None:
    (workload / "activities.csv").unlink()

    with pytest.raises(NotAWorkload, match=r"activities\.csv"):
        bring_in(alice, workload)

    with entered(alice):
        assert Relation.objects.count() == 0


def test_a_broken_file_leaves_everything_as_it_was(alice: User, workload: Path) -> None:
    (workload / "contacts.csv").write_text(CONTACTS + "4,too,few\n", encoding="utf-8")

    with pytest.raises(Exception, match="missing data"):
        bring_in(alice, workload)

    with entered(alice):
        assert Relation.objects.count() == 0
    with no_workspace("test"):
        assert is_in_force(connections["default"])


def test_generated_people_have_own_fields_that_can_be_asked_for(alice: User) -> None:
    fill(alice)

    with entered(alice):
        known = catalog()
        asked = [known.by_key(key) for key in ("segment", "turnover", "customer_since")]
        questions = [("is", ["gold"]), ("min", ["100"]), ("after", ["2020-01-01"])]
        for field, (operator, values) in zip(asked, questions, strict=True):
            assert field is not None and field.is_indexed
            assert Person.objects.filter(condition(field, operator, values, RelationValues)).count() > 5
        assert RelationValues.objects.count() == 100
        assert search("beurs").relations
