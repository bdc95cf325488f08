# SPDX-License-Identifier: AGPL-3.0-or-later
"""One door by which anything moves to another circle: what it changes is shown first, and it can be turned back."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.models import Change, Operation
from plein.core.operations import operation, undo
from plein.metadata.actions import set_values
from plein.moments.actions import IncomingFile, Plan, attach_files, plan_appointment
from plein.moments.actions import Part as Taking
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, MomentValues, Participant, ToDo
from plein.relations.actions import add_interest, add_tie
from plein.relations.models import Interest, Relation, RelationValues, Tie
from plein.testing.budgets import within_budget
from plein.testing.factories import make_field, make_moment, make_organization, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered
from plein.web.placed_kinds import PLACED

type SignIn = Callable[[User], Client]


@pytest.fixture
def things(alice: User) -> dict[str, UUID]:
    """One of each kind that can be moved."""
    with entered(alice) as actor:
        henk, firm = make_person(), make_organization()
        tie = add_tie(actor=actor, one=henk, other=firm, kind="knows", note="van school")
        make_field("text", key="segment", kinds=["person", "moment"])
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"segment": "goud"})
        moment = make_moment(henk)
        set_values(actor=actor, values_model=MomentValues, record=moment, values={"segment": "zilver"})
        [file] = attach_files(actor=actor, moment=moment, files=[IncomingFile("a.txt", 3, BytesIO(b"abc"))])
        return {
            "relations": henk.id,
            "ties": tie.id,
            "values": RelationValues.objects.get().id,
            "moments": moment.id,
            "subjects": MomentSubject.objects.get().id,
            "texts": MomentText.objects.get().id,
            "files": file.id,
            "values-of-moments": MomentValues.objects.get().id,
            "todos": make_todo(relation=henk).id,
        }


def at(key: str, record: UUID) -> str:
    return f"/who-sees/{key}/{record}/"


KINDS = ("relations", "ties", "values", "moments", "subjects", "texts", "files", "values-of-moments", "todos")


def test_there_is_no_kind_that_these_tests_do_not_know() -> None:
    assert tuple(sorted(kind.key for kind in PLACED if kind.move is not None)) == tuple(sorted(KINDS))


def test_every_kind_moves_out_of_sight_and_back(
    things: dict[str, UUID], alice: User, bob: User, charlie: User, gina: User, signed_in: SignIn
) -> None:
    clients = {user: signed_in(user) for user in (alice, bob, charlie, gina)}
    for key in KINDS:
        address = at(key, things[key])
        assert clients[charlie].get(address).status_code == 404, key
        assert clients[charlie].post(address, {"audience": "me"}).status_code == 404, key
        assert clients[gina].get(address).status_code == 200, key
        assert clients[gina].post(address, {"audience": "me"}).status_code == 403, key
        page = clients[bob].get(address)
        assert page.status_code == 200 and "everyone here" in page.text, key

        preview = clients[alice].get(address, {"audience": "me"})
        assert "No longer see it:" in preview.text and "Bob, Gina" in preview.text, key
        assert clients[bob].get(address).status_code == 200, key

        assert clients[alice].post(address, {"audience": "me"}).status_code == 302, key
        assert clients[bob].get(address).status_code == 404, key
        assert "chose this" in clients[alice].get(address).text, key
        with entered(alice):
            undo(Operation.objects.latest("started_at").id)
        assert clients[bob].get(address).status_code == 200, key


def test_looking_at_what_a_move_would_do_writes_nothing(
    things: dict[str, UUID], alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(alice):
        before = Operation.objects.count(), Change.objects.count()
        named = {"audience": "people", "audience-people": [str(Seat.objects.get(user=bob).id)]}
    for key in KINDS:
        assert "Gina" in signed_in(alice).get(at(key, things[key]), named).text
    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count()) == before


def test_a_preview_counts_what_moves_along_as_far_as_the_reader_sees_it(
    things: dict[str, UUID], alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk = Relation.objects.get(id=things["relations"])
        add_tie(actor=_actor(alice), one=henk, other=make_person("Verborgen Vos", circle_id=only_me()), kind="friend")
    for reader, ties in ((alice, 2), (bob, 1)):
        page = signed_in(reader).get(at("relations", henk.id), {"audience": "me"}).text
        assert f"<dt>Ties</dt><dd>{ties} " in page
        assert ("Verborgen Vos" in page) is (reader is alice)


def _actor(user: User) -> Any:
    with entered(user) as actor:
        return actor


def test_contact_moments_with_nobody_else_go_along_when_that_is_wanted(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk, rik = make_person(), make_person("Rik Blom")
        alone, both = make_moment(henk, title="Overname"), make_moment(henk, rik, title="Koffie")
        own = make_moment(henk, title="Alleen van mij", circle_id=only_me())
        with operation("record_moment"):
            firm = make_organization()
            Participant.objects.create(moment=alone, role="for", relation=firm, occurred_at=alone.occurred_at)
    client = signed_in(alice)
    page = client.get(at("relations", henk.id), {"audience": "me"}).text
    assert "Contact moments with nobody else (1)" in page and "Overname" in page

    client.post(at("relations", henk.id), {"audience": "me", "also": ["moments"]})
    with entered(bob):
        assert list(Moment.objects.values_list("id", flat=True)) == [both.id]
        assert not MomentText.objects.filter(moment=alone).exists()
        assert Participant.objects.filter(moment=both).count() == 1
    client.post(at("relations", henk.id), {"audience": "everyone", "also": ["moments"]})
    with entered(bob):
        assert set(Moment.objects.values_list("id", flat=True)) == {both.id, alone.id, own.id}


def test_a_series_of_appointments_goes_along_with_one_of_them(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk = make_person()
        first = plan_appointment(
            actor=actor,
            kind="meeting",
            occurred_at=now() + timedelta(days=1),
            participants=[Taking(henk.id)],
            subject="Stuurgroep",
            plan=Plan(None, "FREQ=WEEKLY"),
        )
        assert Moment.objects.count() > 3
    signed_in(alice).post(at("moments", first.id), {"audience": "me", "also": ["series"]})
    with entered(bob):
        assert not Moment.objects.exists()
        assert not MomentSubject.objects.exists()


def test_whoever_was_first_is_told_and_nothing_is_lost(
    things: dict[str, UUID], alice: User, bob: User, signed_in: SignIn
) -> None:
    address = at("relations", things["relations"])
    seen = signed_in(bob).get(address, {"audience": "everyone"}).text
    mark = seen.partition('name="mark" value="')[2].partition('"')[0]
    with entered(alice):
        named = {"audience": "people", "audience-people": [str(Seat.objects.get(user=bob).id)]}
    signed_in(alice).post(address, named)

    late = signed_in(bob).post(address, {"audience": "everyone", "mark": mark})
    assert late.status_code == 409
    assert "Somebody changed who sees this in the meantime" in late.text
    assert "See it from now on:" in late.text and "Gina" in late.text
    with entered(alice):
        assert Operation.objects.filter(verb="change_circle").count() == 1


def test_a_part_is_never_wider_than_what_it_belongs_to(
    things: dict[str, UUID], alice: User, bob: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.post(at("relations", things["relations"]), {"audience": "me"})
    page = client.get(at("todos", things["todos"]), {"audience": "everyone"}).text
    assert "Nobody loses sight of it and nobody gains it." in page
    client.post(at("todos", things["todos"]), {"audience": "everyone"})
    with entered(bob):
        assert not ToDo.objects.exists()
        assert not Tie.objects.exists()


def test_history_of_parts_that_are_gone_goes_along(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk, firm = make_person(), make_organization()
        add_interest(actor=actor, relation=henk, text="zilverspar")
        add_tie(actor=actor, one=firm, other=henk, kind="knows", note="zilverspar")
        make_todo("zilverspar", relation=henk)
        with operation("remove_interest"):
            Interest.objects.all().delete()
        with operation("remove_tie"):
            Tie.objects.all().delete()
        with operation("delete_todo"):
            ToDo.objects.all().delete()
    assert "zilverspar" in signed_in(bob).get("/bin/").text
    signed_in(alice).post(at("relations", henk.id), {"audience": "me"})

    with entered(bob):
        assert not Change.objects.filter(before__icontains="zilverspar").exists()
    assert "zilverspar" not in signed_in(bob).get("/bin/").text
    assert "zilverspar" in signed_in(alice).get("/bin/").text


def test_a_file_may_be_for_fewer_than_its_text(
    things: dict[str, UUID], alice: User, bob: User, signed_in: SignIn
) -> None:
    signed_in(alice).post(at("files", things["files"]), {"audience": "me"})

    assert signed_in(bob).get(f"/files/{things['files']}/").status_code == 404
    with entered(bob):
        assert MomentText.objects.count() == 1 and not Attachment.objects.exists()


def test_what_only_follows_is_no_change_of_its_own(alice: User, bob: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk, firm = make_person(), make_organization()
        tie = add_tie(actor=actor, one=firm, other=henk, kind="knows", note="van school")
        added = Operation.objects.get(verb="add_tie")
    with entered(gina):
        seat = str(Seat.objects.get(user=alice).id)
    signed_in(bob).post(at("relations", henk.id), {"audience": "people", "audience-people": [seat]})
    with entered(bob):
        moved = Operation.objects.get(verb="change_circle")
        assert set(Change.objects.filter(operation_id=moved.id).values_list("row_id", flat=True)) == {henk.id}
    page = signed_in(alice).get(at("ties", tie.id)).text
    assert "named by Bob" in page and "Last changed by Bob" in page
    with entered(alice):
        assert undo(added.id).left_alone == 0
        assert not Tie.objects.exists()
    with entered(bob):
        undo(moved.id)
    with entered(gina):
        assert Relation.objects.filter(id=henk.id).exists()


def test_it_asks_few_questions_of_the_database(things: dict[str, UUID], alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/settings/")
    for key in ("relations", "moments", "todos"):
        with within_budget(__file__, f"who sees {key}"):
            assert client.get(at(key, things[key])).status_code == 200
        with within_budget(__file__, f"what moving {key} would do"):
            assert client.get(at(key, things[key]), {"audience": "me"}).status_code == 200
