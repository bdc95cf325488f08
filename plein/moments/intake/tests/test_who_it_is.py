# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever mail brings in is looked for among those we know: who surely is somebody is bound, of who may be is asked,
and what was said not to be them stays so.
"""

from pathlib import Path

from plein.core.models import Operation
from plein.core.operations import undo
from plein.identity.actions import keep_apart
from plein.identity.models import Pair
from plein.identity.profiles import Profile
from plein.moments.intake.tests.mailboxes import Mail, brought_in, mbox
from plein.moments.models import Participant
from plein.relations.models import ContactPointLink, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

OLD, NEW = "willem.zwartkruis@thuis.nl", "willem.zwartkruis@zaagwerk.nl"


def zwartkruis(user: User, name: str = "Willem Zwartkruis", *, is_hidden: bool = False, address: str = OLD) -> Relation:
    """Somebody with a rare name, who works where the mail comes from."""
    with entered(user):
        place = {"circle_id": only_me()} if is_hidden else {}
        person = make_person(name, **place)
        make_contact_point(person, "email", address)
        work = Relation.objects.filter(name="Zaagwerk").first() or make_organization("Zaagwerk")
        make_contact_point(work, "url", "https://zaagwerk.nl")
        make_membership(person, work)
        return person


def letter(user: User, tmp_path: Path, sender: str = "Willem Zwartkruis", address: str = NEW) -> Relation | None:
    """A mail of theirs is brought in: whom it is believed to be of."""
    mail = Mail(sender=f"{sender} <{address}>", id=address)
    brought_in(user, mbox(tmp_path / f"{address}.mbox", [mail]))
    with entered(user):
        one = Participant.objects.select_related("relation").get(role="from", contact_point__value=address)
        return one.relation


def test_whoever_is_surely_somebody_we_know_is_that_person(alice: User, tmp_path: Path) -> None:
    known = zwartkruis(alice)

    assert letter(alice, tmp_path) == known
    with entered(alice):
        link = ContactPointLink.objects.get(contact_point__value=NEW)
        assert link.reasons == ["recognised"] and not Pair.objects.exists()


def test_whoever_is_probably_somebody_is_a_person_about_whom_is_asked(alice: User, tmp_path: Path) -> None:
    known = zwartkruis(alice, "Wim Zwartkruis", address="wz@thuis.nl")
    zwartkruis(alice, "Wilma Zwartkruis", address="wilma@thuis.nl")

    made = letter(alice, tmp_path, "W. Zwartkruis", "info.w@zaagwerk.nl")
    with entered(alice):
        [pair] = Pair.objects.all()
        assert made is not None and made.id in (pair.one_id, pair.other_id) and pair.bits > 0
        assert made != known and made.name == "W. Zwartkruis"
        assert "name" in [field for field, _level, _bits in pair.levels]


def test_what_was_said_not_to_be_them_is_not_them_in_any_import(alice: User, tmp_path: Path) -> None:
    known = zwartkruis(alice)
    with entered(alice) as actor:
        keep_apart(actor=actor, relation=known, profile=Profile(emails=(NEW,)))

    made = letter(alice, tmp_path)
    assert made is not None and made != known
    with entered(alice):
        assert not Pair.objects.exists()


def test_a_name_alone_and_a_hidden_person_bind_nothing(cast: Cast, tmp_path: Path) -> None:
    zwartkruis(cast.bob, is_hidden=True)
    mine = zwartkruis(cast.alice, "Geertje Zwartkruis", is_hidden=True, address="gz@thuis.nl")
    made = letter(cast.alice, tmp_path)
    other = letter(cast.alice, tmp_path, "Geertje Zwartkruis", "gz@elders.nl")

    with entered(cast.alice):
        assert made is not None and other is not None and mine not in (made, other)
        assert not Pair.objects.exists()


def test_turning_the_import_back_takes_the_questions_along(alice: User, tmp_path: Path) -> None:
    zwartkruis(alice, "Wim Zwartkruis", address="wz@thuis.nl")
    zwartkruis(alice, "Wilma Zwartkruis", address="wilma@thuis.nl")
    letter(alice, tmp_path, "W. Zwartkruis", "info.w@zaagwerk.nl")
    with entered(alice):
        assert Pair.objects.exists()
        undo(Operation.objects.filter(verb="import_mail").latest("started_at").id)
        assert not Pair.objects.exists()
