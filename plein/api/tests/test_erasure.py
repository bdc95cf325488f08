# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing somebody, and telling them what is kept, through the REST door."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from plein.api.tests.conftest import Calling
from plein.consent.actions import subject_for
from plein.core.operations import operation
from plein.moments.models import Moment, MomentText, Participant
from plein.relations.models import ImportantDate, Interest, Relation
from plein.testing.cast import Cast
from plein.testing.factories import (
    make_contact_point,
    make_decision,
    make_membership,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.models import User
from plein.trust.seats import entered

INTERNAL = "qzxinternal"
THEIRS = "qzxother"


@pytest.fixture(autouse=True)
def a_list_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"


def known(user: User) -> tuple[UUID, UUID]:
    """Somebody of whom much is known: facts, and what colleagues wrote of them; the person and their subject."""
    with entered(user) as actor:
        person = make_person("Henk van Dijk", given_name="Henk", family_name="Dijk", infix="van", place="Utrecht")
        with operation("test"):
            Relation.objects.filter(id=person.id).update(
                headline=f"{INTERNAL} lastig",
                about=f"{INTERNAL} betaalt laat",
                do_not_contact_reason=f"{INTERNAL} boos",
            )
            ImportantDate.objects.create(relation=person, kind="birthday", on="1970-05-03", note=f"{INTERNAL} taart")
            Interest.objects.create(relation=person, text="Zeilen")
        make_contact_point(person, "email", "henk@vandijk.example", label="work")
        make_membership(person, make_organization("Van Dijk BV"))
        make_todo(f"{INTERNAL} aanmanen", relation=person)
        make_moment(person, title=f"{INTERNAL} gesprek", text=f"{INTERNAL} geen krediet")
        other = make_person(f"Piet {THEIRS}")
        mail = make_moment(person, other, kind="email", title="Uw offerte", text="Dag Henk, hierbij.")
        secret = make_moment(person, kind="email", title="Intern", text=f"{INTERNAL} doorgestuurd")
        with operation("test"):
            Participant.objects.filter(moment=mail).update(role="to")
            Participant.objects.filter(moment=secret).update(role="mentioned")
        make_decision(actor, person, "newsletter", "given", note=f"{INTERNAL} aarzelde")
        subject = subject_for(actor=actor, relation=person)
    return person.id, subject.id


def test_what_is_told_holds_the_facts_and_nothing_internal(cast: Cast, calling: Calling) -> None:
    _person, subject = known(cast.alice)
    caller = calling(cast.alice, "all")

    told = caller.read(f"/subjects/{subject}/export")

    text = json.dumps(told)
    assert INTERNAL not in text and THEIRS not in text
    assert told["person"]["name"] == "Henk van Dijk"
    assert [point["value"] for point in told["contact_points"]] == ["henk@vandijk.example"]
    assert told["works_at"][0]["organization"] == "Van Dijk BV"
    assert told["interests"][0]["text"] == "Zeilen"
    assert [one.get("text") for one in told["contact"] if "text" in one] == ["Dag Henk, hierbij."]
    assert len(told["contact"]) == 3
    assert [one["state"] for one in told["decisions"]] == ["given"]


def test_a_card_is_told_that_address_books_read(cast: Cast, calling: Calling) -> None:
    _person, subject = known(cast.alice)

    answer = calling(cast.alice, "all").send("GET", f"/subjects/{subject}/export", {"format": "vcard"})

    card = answer.content.decode()
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n") and card.endswith("END:VCARD\r\n")
    assert "EMAIL:henk@vandijk.example\r\n" in card
    assert "BDAY:19700503\r\n" in card
    assert INTERNAL not in card


def test_nobody_elsewhere_is_told_or_erases(cast: Cast, calling: Calling) -> None:
    person, subject = known(cast.alice)
    stranger = calling(cast.charlie, "all")

    for method, path in (("GET", "export"), ("GET", "erase"), ("POST", "erase")):
        answer = stranger.send(method, f"/subjects/{subject}/{path}", json={} if method == "POST" else None)
        assert answer.status_code == 404

    assert calling(cast.bob, "all").send("POST", f"/subjects/{subject}/erase", json={}).status_code == 403
    with entered(cast.alice):
        assert Relation.objects.filter(id=person).exists()


def test_a_program_looks_and_erases(cast: Cast, calling: Calling) -> None:
    person, subject = known(cast.alice)
    caller = calling(cast.alice, "all")

    weight = caller.read(f"/subjects/{subject}/erase")
    done = caller.write("POST", f"/subjects/{subject}/erase", {"never_contact": True})
    again = caller.write("POST", f"/subjects/{subject}/erase", {})

    assert (weight["contact_points"], weight["moments_emptied"], weight["moments_shared"]) == (1, 2, 1)
    assert done["subject"] == again["subject"] == str(subject)
    assert done["erased_at"] == again["erased_at"]
    with entered(cast.alice):
        assert not Relation.objects.filter(id=person).exists()
        assert Moment.objects.count() == 3
        assert not MomentText.objects.filter(text__contains=INTERNAL).exists()
    assert caller.read(f"/subjects/{subject}/export")["person"] is None
