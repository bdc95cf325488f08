# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of moving and looking: how to take each away, and the short suite that must turn red without it."""

from contextlib import AbstractContextManager

from django.db import connections
from django.test import Client

from plein.channels.letters import Mailbox
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry, Change
from plein.core.operations import operation
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.outbox.queries import seen
from plein.relations.actions import merge_relations
from plein.relations.models import Interest, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust import looking
from plein.trust.circles import only_me
from plein.trust.models import Seat
from plein.trust.seats import entered
from plein.web import middleware
from plein.web.middleware import SeatMiddleware

MARKER = "zilverspar"


def looking_as_bob(cast: Cast) -> Client:
    """Alice, who looks through the eyes of Bob."""
    client = Client(raise_request_exception=False)
    with no_workspace("test"):
        client.force_login(cast.alice)
        session = client.session
        session["proved_at"] = now().isoformat()
        session.save()
    with entered(cast.alice):
        seat = Seat.objects.get(user=cast.bob).id
    client.post(f"/settings/users/{seat}/look/")
    return client


def what_is_gone_follows_what_it_was_part_of(cast: Cast) -> None:
    with entered(cast.alice):
        person = make_person()
        with operation("add_interest"):
            Interest.objects.create(relation=person, text=MARKER)
        with operation("remove_interest"):
            Interest.objects.filter(relation=person).delete()
        with operation("change_circle"):
            Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert not Change.objects.filter(before__icontains=MARKER).exists()


def history_that_forgets_what_is_gone() -> AbstractContextManager[None]:
    """The history trigger as it would be if it moved only what is still there."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('plein_history_relations_relation'::regproc)")
        [whole] = cursor.fetchone() or [""]
    start = whole.index("UPDATE core_change h", whole.index("UPDATE core_change h") + 1)
    end = whole.index("END LOOP", start)
    return by_owner(whole[:start] + whole[end:], undone_by=(whole,))


def who_was_merged_is_hidden_with_the_one(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        left, right = make_person("Rik"), make_person(MARKER)
        merge_relations(actor=actor, into=left, other=right)
        with operation("change_circle"):
            Relation.objects.filter(id=left.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert not Change.objects.filter(before__icontains=MARKER).exists()


def history_that_forgets_who_was_merged() -> AbstractContextManager[None]:
    """The history trigger as it would be if it knew nothing of rows that became one."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('plein_history_relations_relation'::regproc)")
        [whole] = cursor.fetchone() or [""]
    named = whole.index("relations_former f")
    start, end = whole.rindex("UPDATE core_change h", 0, named), whole.index(";", named) + 1
    return by_owner(whole[:start] + whole[end:], undone_by=(whole,))


def nothing_is_written_while_one_looks(cast: Cast) -> None:
    client = looking_as_bob(cast)
    with replaced(middleware, "SAFE_METHODS", ("GET", "HEAD", "POST")):
        answer = client.post("/people/new/", {"name": MARKER, "audience": "everyone"})
    assert answer.status_code == 403
    with entered(cast.bob):
        assert not Relation.objects.filter(name=MARKER).exists()


def how_a_colleague_gets_in_is_theirs(cast: Cast) -> None:
    assert looking_as_bob(cast).get("/settings/security/").status_code == 403


def what_is_opened_through_other_eyes_is_logged(cast: Cast) -> None:
    with entered(cast.bob):
        person = make_person(MARKER)
    assert MARKER in looking_as_bob(cast).get(f"/relations/{person.id}/").text
    with entered(cast.alice):
        assert AuditEntry.objects.filter(event="read", records__contains=[person.id]).exists()


def a_mail_names_nobody_whom_its_moment_hides(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        person = make_person()
        point = make_contact_point(person, "email", f"{MARKER}@vandijk.example").contact_point
        letter = Content(to=(Mailbox(point.value, ""),), subject="Offerte", text="Dag", relation_id=person.id)
        mail = keep_mail(actor=actor, content=letter)
    with entered(cast.alice) as actor:
        send_mail(actor=actor, mail=mail)
        with operation("change_circle"):
            Relation.objects.filter(id=person.id).update(circle_id=only_me())
    client = Client()
    with no_workspace("test"):
        client.force_login(cast.bob)
    told = client.get(f"/outbox/{mail.id}/").text
    assert "Offerte" in told and MARKER not in told


CIRCLE_GUARDS = [
    Guard(
        "looking, in the log",
        lambda: replaced(looking, "audit_glimpses", lambda opened, look: None),
        what_is_opened_through_other_eyes_is_logged,
    ),
    Guard(
        "receivers of a mail",
        lambda: replaced(seen, "_is_among", lambda box, addresses: True),
        a_mail_names_nobody_whom_its_moment_hides,
    ),
    Guard("history of what is gone", history_that_forgets_what_is_gone, what_is_gone_follows_what_it_was_part_of),
    Guard("history of who was merged", history_that_forgets_who_was_merged, who_was_merged_is_hidden_with_the_one),
    Guard(
        "looking, in the database",
        lambda: replaced(looking, "READ_ONLY", "SELECT 1"),
        nothing_is_written_while_one_looks,
    ),
    Guard(
        "looking, at the door",
        lambda: replaced(SeatMiddleware, "_looked_at", lambda self, request: None),
        how_a_colleague_gets_in_is_theirs,
    ),
]
