# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removing the example company leaves what people made themselves, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from plein.core.ids import now
from plein.core.isolation import current, workspace_context
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation, undo
from plein.example.actions import is_loaded, load_example, remove_example
from plein.example.staff import eyes_of_everybody
from plein.example.tests.conftest import fresh, workspace_with_owner
from plein.moments.models import Moment, MomentText, Participant, ToDo
from plein.relations.models import ContactPoint, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person, make_todo
from plein.trust.actions import change_workspace
from plein.trust.circles import circle_for
from plein.trust.models import Seat, User
from plein.trust.seats import entered

pytestmark = pytest.mark.timeout(240)
#: History and the log stay; the finder's list of words, and that of ties that changed, only grow.
KEPT = ("core_change", "core_operation", "core_search_word", "core_audit_entry", "core_audit_head", "network_feed")


def counts(user: User) -> dict[str, int]:
    """How many rows each table has, for everybody together."""
    with (
        entered(user),
        workspace_context(replace(current(), circles=eyes_of_everybody())),
        connection.cursor() as cursor,
    ):
        found = {}
        for table in [*(table.name for table in guarded_tables() if table.name not in KEPT), "trust_user"]:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            found[table] = int(cursor.fetchone()[0])
        return found


@pytest.mark.nightly
def test_removal_leaves_every_table_as_it_was(db: None) -> None:
    workspace, owner = workspace_with_owner()
    before = counts(owner)
    load_example(workspace)
    with entered(owner) as actor, operation("long_ago"):
        # The example may go after the term of an ordinary undo.
        Operation.objects.filter(verb="load_example").update(started_at=now() - timedelta(days=90))
        remove_example(actor=actor)
    assert counts(owner) == before
    assert not is_loaded(workspace) and fresh(workspace).name == "My company" and fresh(workspace).domains == []


def test_what_people_made_themselves_is_told_apart_and_stays(db: None) -> None:
    workspace, owner = workspace_with_owner()
    with entered(owner) as actor:
        change_workspace(actor=actor, name="Echt Bedrijf", country="NL", domains=[])
    workspace = fresh(workspace)
    load_example(workspace)
    assert is_loaded(fresh(workspace))
    with entered(owner) as actor:
        henk = Relation.objects.get(name="Henk van Dijk")
        sanne = Seat.objects.get(user__name="Sanne de Wit")
        with operation("edit_relation"):
            Relation.objects.filter(id=henk.id).update(headline="Veranderd")
        mine = make_person("Mijn Eigen Klant", owner=sanne, circle_id=circle_for("Verkoop"))
        todo = make_todo("Zelf bedacht", relation=henk, assignee=sanne)
        with operation("record_moment"):
            moment = Moment.objects.create(kind="call", occurred_at=now())
            text = MomentText.objects.create(moment=moment, text="Zelf gebeld.")
            point = ContactPoint.objects.get(value="henk@vandijkzwolle.example")
            heard = Participant.objects.create(
                moment=moment, role="from", relation=henk, contact_point=point, heard_name="Henk", occurred_at=now()
            )
        remove_example(actor=actor)
    with entered(owner) as actor:
        assert not Relation.objects.filter(name="Henk van Dijk").exists()
        assert Relation.objects.get(id=mine.id).owner_id is None
        assert ToDo.objects.get(id=todo.id).relation_id is None
        assert MomentText.objects.get(id=text.id).text == "Zelf gebeld."
        kept = Participant.objects.get(id=heard.id)
        assert kept.relation_id is None and kept.heard_name == "Henk"
        assert Moment.objects.count() == 1 and Seat.objects.count() == 1
        last = Operation.objects.filter(verb="undo").latest("started_at")
        with pytest.raises(CannotUndo):
            undo(last.id)
    assert fresh(workspace).name == "Echt Bedrijf"


def test_only_an_administrator_removes_the_example(cast: Cast) -> None:
    with entered(cast.bob) as actor, pytest.raises(PermissionDenied):
        remove_example(actor=actor)
