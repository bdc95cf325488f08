# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from plein.core.ids import now
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Change, Operation
from plein.core.operations import (
    CannotUndo,
    Chosen,
    EditConflict,
    changes_about,
    conflicts_of,
    operation,
    outlook,
    preview_undo,
    recent_operations,
    recycle_bin,
    save_edit,
    undo,
)
from plein.moments.models import Moment, Participant
from plein.relations.models import Membership, Relation
from plein.testing.factories import make_contact_point, make_membership, make_moment, make_organization, make_person
from plein.trust.actions import make_team
from plein.trust.circles import circle_of_team, only_me
from plein.trust.models import User
from plein.trust.seats import entered

UNCOMPARED = {
    "core_audit_entry",
    "core_audit_head",
    "core_change",
    "core_operation",
    "core_search_word",
    "network_feed",
}
#: Columns of derived rows that differ when they are derived anew.
ANEW = {
    "core_search_token": ("id",),
    "identity_key": ("id",),
    "network_half": ("id",),
    "network_contact": ("id", "is_worn", "first_at", "last_at"),
}


def snapshot() -> dict[str, list[str]]:
    """All visible rows of all recorded tables; versions and search words aside."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in guarded_tables():
            if table.name in UNCOMPARED:
                continue
            drop = " ".join(f"- '{column}'" for column in ("version", "updated_at", *ANEW.get(table.name, ())))
            cursor.execute(f"SELECT (to_jsonb(t) {drop})::text FROM {table.name} t ORDER BY 1")
            found[table.name] = [row[0] for row in cursor.fetchall()]
    return found


def test_undo_of_a_creation_removes_it(alice: User) -> None:
    with entered(alice):
        before = snapshot()
        with operation("create") as op:
            person = make_person()
            make_contact_point(person, "email", "henk@vandijk.example")
        undo(op.id)

        assert snapshot() == before


def test_undo_of_an_edit_restores_only_what_it_changed(alice: User) -> None:
    with entered(alice):
        person = make_person(place="Zwolle")
        with operation("edit") as op:
            save_edit(person, {"name": "Rik"}, based_on=1)
        with operation("edit"):
            save_edit(Relation.objects.get(id=person.id), {"place": "Ommen"}, based_on=2)
        undo(op.id)

        restored = Relation.objects.get(id=person.id)
        assert (restored.name, restored.place) == ("Henk van Dijk", "Ommen")


def test_undo_of_a_delete_brings_back_all_that_went_along(alice: User) -> None:
    with entered(alice):
        person, organization = make_person(), make_organization()
        make_membership(person, organization)
        make_contact_point(person, "phone", "+31612345678")
        make_moment(person)
        before = snapshot()
        with operation("delete") as op:
            Relation.objects.filter(id=person.id).delete()
        assert Membership.objects.count() == 0
        assert Participant.objects.filter(relation__isnull=True).count() == 1
        undo(op.id)

        assert snapshot() == before


def test_undo_by_somebody_who_sees_less_still_brings_everything_back(alice: User, bob: User) -> None:
    with entered(alice):
        organization = make_organization()
        make_membership(make_person(circle_id=only_me()), organization)
        before = snapshot()
    with entered(bob):
        with operation("delete") as op:
            Relation.objects.filter(id=organization.id).delete()
        undo(op.id)
        assert Membership.objects.count() == 0

    with entered(alice):
        assert snapshot() == before


def test_undo_of_a_bulk_edit_leaves_a_later_edit_alone(alice: User) -> None:
    with entered(alice):
        people = [make_person(f"Persoon {number}", place="Zwolle") for number in range(5)]
        with operation("bulk_edit") as op:
            Relation.objects.filter(kind="person").update(place="Kampen")
        with operation("edit"):
            save_edit(Relation.objects.get(id=people[0].id), {"place": "Ommen"}, based_on=2)
        conflicts = preview_undo(op.id)
        result = undo(op.id)

        assert [change.row_id for change in conflicts] == [people[0].id]
        assert (result.turned_back, result.left_alone) == (4, 1)
        assert Relation.objects.get(id=people[0].id).place == "Ommen"
        assert Relation.objects.filter(place="Zwolle").count() == 4


def test_a_created_record_that_was_used_since_stays(alice: User) -> None:
    with entered(alice):
        with operation("import") as op:
            used, unused = make_person("Used"), make_person("Unused")
            make_contact_point(used, "email", "used@x.example")
        make_moment(used)
        undo(op.id)

        assert list(Relation.objects.all()) == [used]
        assert used.links.count() == 1
        assert not Relation.objects.filter(id=unused.id).exists()


def test_an_undo_can_be_undone(alice: User) -> None:
    with entered(alice):
        with operation("create") as op:
            person = make_person()
            make_moment(person)
        after = snapshot()
        first = undo(op.id)
        assert Moment.objects.count() == 0
        undo(first.operation.id)

        assert snapshot() == after


def test_an_operation_is_undone_once_and_not_after_thirty_days(alice: User, charlie: User) -> None:
    with entered(alice):
        with operation("create") as op:
            make_person()
        with operation("create") as old:
            make_person()
        Operation.objects.filter(id=old.id).update(started_at=now() - timedelta(days=31))
        undo(op.id)

        for unfit, reason in ((op.id, "undone"), (old.id, "expired"), (UUID(int=7), "unknown")):
            with pytest.raises(CannotUndo) as caught:
                undo(unfit)
            assert caught.value.reason == reason
    with entered(charlie), pytest.raises(CannotUndo):
        undo(old.id)


def test_an_edit_based_on_an_old_version_is_refused_with_both_values(alice: User) -> None:
    with entered(alice):
        person = make_person(place="Zwolle")
        with operation("edit"):
            save_edit(person, {"place": "Ommen"}, based_on=1)
        with pytest.raises(EditConflict) as caught, operation("edit"):
            save_edit(person, {"place": "Kampen"}, based_on=1)

        assert caught.value.differing == ["place"]
        assert (caught.value.current.place, caught.value.wanted["place"]) == ("Ommen", "Kampen")  # type: ignore[attr-defined]
        assert Relation.objects.get(id=person.id).place == "Ommen"


def test_history_keeps_before_and_after_and_hides_what_is_hidden(alice: User, bob: User) -> None:
    with entered(alice):
        person = make_person(place="Zwolle")
        with operation("edit"):
            save_edit(person, {"place": "Ommen"}, based_on=1)
        [edit, made] = changes_about(person.id)
        assert (edit.kind, edit.before, edit.after) == ("U", {"place": "Zwolle"}, {"place": "Ommen"})
        assert made.kind == "I"
        with operation("hide"):
            Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(bob):
        assert changes_about(person.id) == []
        assert all(op.verb not in ("edit", "hide", "create_person") for op in recent_operations())


def test_the_recycle_bin_shows_what_is_gone_until_it_is_back(alice: User) -> None:
    with entered(alice):
        person = make_person()
        with operation("delete") as op:
            Relation.objects.filter(id=person.id).delete()
        [gone] = recycle_bin({"relations_relation": "name"})
        assert (gone.name, gone.operation_id) == ("Henk van Dijk", op.id)
        undo(op.id)

        assert recycle_bin({"relations_relation": "name"}) == []


def test_a_write_outside_an_operation_is_refused(alice: User) -> None:
    with entered(alice), pytest.raises(Exception, match="needs an operation"):
        Relation.objects.create(kind="person", name="X", sort_name="x")


def test_history_holds_a_change_for_every_row(alice: User) -> None:
    with entered(alice):
        with operation("create") as op:
            make_moment(make_person(), make_organization())
        tables = list(Change.objects.filter(operation_id=op.id).values_list("table_name", flat=True))

    assert sorted(tables) == sorted(
        ["moments_moment", "moments_subject", "moments_text"] + ["moments_participant"] * 2 + ["relations_relation"] * 2
    )


def test_a_record_that_stays_keeps_all_its_parts(alice: User) -> None:
    with entered(alice):
        with operation("import") as op:
            person = make_person("Henk")
            moment = make_moment(person)
        with operation("edit"):
            save_edit(Moment.objects.get(id=moment.id), {"kind": "visit"}, based_on=1)
        undo(op.id)

        assert Moment.objects.get(id=moment.id).kind == "visit"
        assert moment.texts.count() == 1 and moment.subjects.count() == 1
        assert [participant.relation_id for participant in moment.participants.all()] == [person.id]


def test_a_team_that_guards_something_stays(alice: User) -> None:
    with entered(alice) as actor:
        team = make_team(actor=actor, name="Service", seats=[actor.seat_id])
        making = Operation.objects.filter(verb="make_team").latest("started_at")
        make_person("Henk", circle_id=circle_of_team(team))
        undo(making.id)

        assert Relation.objects.filter(name="Henk").exists()


def test_an_undo_counts_only_what_its_reader_may_see(alice: User, bob: User) -> None:
    with entered(alice):
        organization = make_organization()
        make_membership(make_person(circle_id=only_me()), organization)
    with entered(bob):
        with operation("delete") as op:
            Relation.objects.filter(id=organization.id).delete()
        result = undo(op.id)

        assert (result.turned_back, result.left_alone) == (1, 0)


def test_what_would_point_at_something_that_is_gone_is_left_alone_or_comes_back_without_it(alice: User) -> None:
    with entered(alice):
        person, other = make_person("Henk"), make_person("Jan")
        moment = make_moment(person)
        with operation("rebind_participant") as moved:
            Participant.objects.filter(moment=moment).update(relation=other)
        with operation("delete") as removed:
            Moment.objects.filter(id=moment.id).delete()
        with operation("delete"):
            Relation.objects.all().delete()

        back = undo(removed.id)
        assert back.left_alone == 0
        assert Participant.objects.get(moment=moment).relation_id is None
        assert undo(moved.id).left_alone == 1


def test_what_was_edited_since_is_turned_back_only_when_it_was_looked_at(alice: User) -> None:
    with entered(alice):
        person = make_person(place="Zwolle")
        with operation("edit") as op:
            save_edit(person, {"place": "Ommen"}, based_on=1)
        with operation("edit"):
            save_edit(Relation.objects.get(id=person.id), {"place": "Kampen"}, based_on=2)
        [conflict] = conflicts_of(op.id)
        assert (conflict.before["place"], conflict.made["place"]) == ("Zwolle", "Ommen")
        assert conflict.present is not None and conflict.present["place"] == "Kampen"
        assert [(one.done, one.is_left, one.count) for one in outlook(op.id)] == [("U", True, 1)]
        seen = Chosen(person.id, conflict.last_change)
        with operation("edit"):
            save_edit(Relation.objects.get(id=person.id), {"place": "Hattem"}, based_on=3)

        first = undo(op.id, anyway=[seen])
        assert first.left_alone == 1 and Relation.objects.get(id=person.id).place == "Hattem"
        Operation.objects.filter(id=op.id).update(undone_by=None)
        [again] = conflicts_of(op.id)
        undo(op.id, anyway=[Chosen(person.id, again.last_change)])
        assert Relation.objects.get(id=person.id).place == "Zwolle"
        assert changes_about(person.id)[0].before == {"place": "Hattem"}
