# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from plein.consent.models import Decision, NeverContact, Subject
from plein.consent.queries import never_contact
from plein.core.ids import new_id
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation, undo
from plein.erasure import ledger
from plein.erasure.actions import erase_subject, finish_erasure, subject_of
from plein.erasure.models import Erasure
from plein.erasure.refusals import Refused
from plein.erasure.tests.planting import EMAIL, FAMILY, GIVEN, SIGN, Planted, plant
from plein.moments.models import Moment, MomentSubject, MomentText, Participant
from plein.operate.dump import TABLES, Address
from plein.operate.places import PORT, places
from plein.relations.actions import merge_relations
from plein.relations.models import ContactPointLink, Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_contact_point, make_moment, make_organization, make_person
from plein.testing.figures import Judge
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


def everything(database: TestDatabase) -> str:
    """Every row of every table and every sample the planner keeps, read by who sees all; and every file's bytes."""
    address = Address(str(database.cluster.socket), PORT, database.name, "postgres")
    found = []
    with address.connect() as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            found += [f"{table} {row[0]}" for row in connection.execute(f'SELECT t::text FROM "{table}" t')]
        found += [f"pg_stats {row[0]}" for row in connection.execute("SELECT s::text FROM pg_stats s")]
    for path in places().home.rglob("*"):
        if path.is_file():
            found.append(f"{path} {path.read_bytes().decode(errors='replace')}")
    return "\n".join(found).lower()


def left_of(markers: list[str], database: TestDatabase) -> dict[str, list[str]]:
    """Which markers are still found, and where."""
    lines = everything(database).split("\n")
    return {
        marker: [line[:200] for line in lines if marker.lower() in line]
        for marker in markers
        if any(marker.lower() in line for line in lines)
    }


@pytest.fixture(autouse=True)
def a_list_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"


@pytest.fixture
def planted(cast: Cast) -> Planted:
    return plant(cast.alice)


def erase(user: User, person: UUID, *, never: bool | None = None) -> Erasure:
    """As a door does: the rows in one transaction, the files after it."""
    with entered(user) as actor:
        subject = subject_of(actor=actor, relation_id=person)
        assert subject is not None
        erasure = erase_subject(actor=actor, subject_id=subject, never_contact=never)
    with entered(user) as actor:
        return finish_erasure(actor=actor, erasure=erasure)


def test_nothing_is_left_of_fifty_markers(
    planted: Planted, alice: User, test_database: TestDatabase, judge: Judge
) -> None:
    there = left_of(planted.markers, test_database)
    assert len(planted.markers) >= 50
    assert set(there) == set(planted.markers), "not everything was planted"

    erase(alice, planted.person)

    left = left_of(planted.markers, test_database)
    judge(
        "erasure: markers left, of 50",
        goal="0 of >= 50",
        measured=f"{len(left)} of {len(planted.markers)}",
        is_good=not left,
    )
    assert left == {}
    assert SIGN not in everything(test_database)


def test_the_timelines_of_others_stay_whole_with_a_stub(planted: Planted, alice: User, bob: User) -> None:
    erase(alice, planted.person)

    with entered(bob):
        friend = Relation.objects.get(id=planted.friend)
        together = Moment.objects.get(id=planted.together)
        parts = list(Participant.objects.filter(moment=together).order_by("heard_name"))
        text = MomentText.objects.get(moment=together)
        alone = MomentSubject.objects.get(moment_id=planted.alone)
    assert friend.name == "Wim Blijver"
    assert [(part.relation_id, part.heard_name) for part in parts] == [(friend.id, ""), (None, "removed on request")]
    assert text.text.startswith("Met [removed on request] en Wim;")
    assert text.signature_from is not None
    assert text.text[text.signature_from :] == "Dag, Alice"
    assert alone.title == "removed on request"


def test_a_part_that_fewer_people_saw_than_the_moment_leaves_no_stub(cast: Cast) -> None:
    with entered(cast.alice):
        from_trust = make_person("Stille Partner", circle_id=only_me())
        moment = make_moment(from_trust, make_person("Wim"))
    erase(cast.alice, from_trust.id)

    with entered(cast.bob):
        assert [part.heard_name for part in Participant.objects.filter(moment=moment)] == [""]


def test_nothing_that_was_done_before_brings_anybody_back(planted: Planted, alice: User) -> None:
    with entered(alice):
        of_person = set(
            Operation.objects.filter(verb__in=("create_person", "edit_relation", "record_moment")).values_list(
                "id", flat=True
            )
        )
    erase(alice, planted.person)

    refused = []
    with entered(alice):
        for one in Operation.objects.order_by("-started_at", "-id"):
            try:
                with transaction.atomic():
                    undo(one.id)
            except CannotUndo as no:
                refused.append((one.verb, no.reason))
        assert not Relation.objects.filter(id=planted.person).exists()
    assert ("create_person", "erased") in refused
    assert ("edit_relation", "erased") in refused
    assert ("erase_subject", "erased") in refused
    assert of_person


def test_after_turning_everything_else_back_there_is_still_nothing(
    planted: Planted, alice: User, test_database: TestDatabase
) -> None:
    erase(alice, planted.person)

    with entered(alice):
        for one in Operation.objects.order_by("-started_at", "-id"):
            with suppress(CannotUndo), transaction.atomic():
                undo(one.id)

    assert left_of(planted.markers, test_database) == {}


def test_what_they_decided_stays_as_proof_with_a_keyed_hash(planted: Planted, alice: User) -> None:
    erasure = erase(alice, planted.person)

    with entered(alice):
        decision = Decision.objects.get()
        subject = Subject.objects.get(id=erasure.subject_id)
    assert decision.subject_id == subject.id
    assert (decision.state, decision.note) == ("refused", "")
    assert re.fullmatch(r"#[0-9a-f]{64}", decision.point_value)
    assert subject.relation_id is None


def test_who_wanted_silence_keeps_it(planted: Planted, alice: User) -> None:
    erase(alice, planted.person, never=True)

    with entered(alice):
        assert NeverContact.objects.count() == 2
        assert set(never_contact([EMAIL])) == {EMAIL}


def test_who_wanted_no_more_than_to_be_forgotten_leaves_no_hash(planted: Planted, alice: User) -> None:
    erase(alice, planted.person, never=False)

    with entered(alice):
        assert NeverContact.objects.count() == 0


def test_an_address_that_others_have_too_stays_theirs(cast: Cast) -> None:
    with entered(cast.alice):
        one, other = make_person("Jan Deler"), make_person("Ineke Deler")
        link = make_contact_point(one, "email", "samen@deler.example")
        with operation("test"):
            ContactPointLink.objects.create(contact_point_id=link.contact_point_id, relation=other)
            Relation.objects.filter(id=other.id).update(about="Schrijf naar samen@deler.example")

    erase(cast.alice, one.id)

    with entered(cast.alice):
        assert [str(kept.contact_point) for kept in ContactPointLink.objects.select_related("contact_point")] == [
            "samen@deler.example"
        ]
        assert Relation.objects.get(id=other.id).about == "Schrijf naar samen@deler.example"


def test_those_who_became_one_go_as_one(cast: Cast, test_database: TestDatabase) -> None:
    with entered(cast.alice) as actor:
        kept, gone = make_person("Henk Blijft"), make_person("Qzxformer Naam", about="qzxofformer")
        merge_relations(actor=actor, into=kept, other=gone)

    erase(cast.alice, kept.id)

    assert SIGN not in everything(test_database)


def test_somebody_in_the_bin_can_be_erased(planted: Planted, alice: User, test_database: TestDatabase) -> None:
    with entered(alice), operation("delete_relation"):
        Relation.objects.filter(id=planted.person).delete()

    erase(alice, planted.person)

    left = left_of([GIVEN, FAMILY, EMAIL, "qzxabout", "qzxinterest", "qzxtodo"], test_database)
    assert left == {}


def test_an_organization_and_a_colleague_are_not_erased(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        colleague = make_person("Bob", seat_id=Seat.objects.get(user=cast.bob).id)
        subject = subject_of(actor=actor, relation_id=colleague.id)
        assert subject is not None
        with pytest.raises(Refused, match="colleague"):
            erase_subject(actor=actor, subject_id=subject)
        assert subject_of(actor=actor, relation_id=make_organization().id) is None
    assert not ledger.path().exists()


def test_only_administrators_erase_and_the_database_says_so_too(planted: Planted, alice: User, bob: User) -> None:
    with entered(alice) as actor:
        subject = subject_of(actor=actor, relation_id=planted.person)
    with entered(bob) as actor:
        with pytest.raises(PermissionDenied):
            erase_subject(actor=actor, subject_id=subject or new_id())
        with operation("test"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT plein_erase(%s, '', '{}', '{}')", [subject])
    with entered(alice):
        assert Relation.objects.filter(id=planted.person).exists()


def test_erasing_twice_is_erasing_once(planted: Planted, alice: User) -> None:
    first = erase(alice, planted.person)

    with entered(alice) as actor:
        again = erase_subject(actor=actor, subject_id=first.subject_id)

    assert again.id == first.id
    assert len(ledger.read(ledger.path())) == 1


def test_the_list_holds_hashes_only(planted: Planted, alice: User) -> None:
    erasure = erase(alice, planted.person, never=True)

    text = ledger.path().read_text()
    assert SIGN not in text.lower()
    assert str(planted.person) not in text
    assert str(erasure.subject_id) not in text
    assert oct(ledger.path().stat().st_mode)[-3:] == "600"
