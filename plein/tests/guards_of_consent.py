# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around consent: how to take each away, and the short suite that must turn red without it."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.utils import ProgrammingError

from plein.channels.letters import Mailbox
from plein.consent.actions import restrict
from plein.consent.digests import digest_of
from plein.consent.models import Decision, NeverContact
from plein.consent.queries import guards, may_be_asked, may_send, purpose_called, steps
from plein.core.ids import now
from plein.core.operations import operation
from plein.outbox import composing
from plein.outbox.actions import Content, keep_mail, send_mail
from plein.outbox.actions.delivering import begin_delivery
from plein.outbox.models import Mail
from plein.outbox.refusals import CannotSend
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.tests.guards import Guard, by_owner, replaced, trigger_gone
from plein.trust.circles import only_me
from plein.trust.seats import entered

ADDRESS = "henk@vandijk.example"


def henk(cast: Cast, state: str, key: str = "personal") -> Relation:
    """Somebody with an address, who said something two days ago."""
    with entered(cast.alice) as actor:
        person = make_person()
        make_contact_point(person, "email", ADDRESS)
        make_decision(actor, person, key, state, decided_at=now() - timedelta(days=2))
    return person


def what_was_decided_cannot_be_rewritten(cast: Cast) -> None:
    henk(cast, "refused")
    with entered(cast.alice), operation("test"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE consent_decision SET state = 'given'")
        except ProgrammingError:
            return
    raise AssertionError("a decision was rewritten")


def a_decision_follows_the_person(cast: Cast) -> None:
    person = henk(cast, "refused")
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert Decision.objects.count() == 0


def a_mail_without_a_ground_does_not_go(cast: Cast) -> None:
    person = henk(cast, "refused")
    with entered(cast.alice) as actor:
        content = Content(to=(Mailbox(ADDRESS, "Henk"),), subject="Dag", text="Dag", relation_id=person.id)
        mail = keep_mail(actor=actor, content=content)
        try:
            send_mail(actor=actor, mail=mail)
        except CannotSend:
            return
    raise AssertionError("it was sent")


def a_waiting_mail_is_looked_at_again(cast: Cast) -> None:
    person = henk(cast, "given", "newsletter")
    with entered(cast.alice) as actor:
        content = Content(to=(Mailbox(ADDRESS, "Henk"),), text="Dag", relation_id=person.id, purpose="newsletter")
        mail = keep_mail(actor=actor, content=content)
        send_mail(actor=actor, mail=mail, at=now() + timedelta(hours=1))
        make_decision(actor, person, "newsletter", "withdrawn")
        Mail.objects.filter(id=mail.id).update(send_at=now() - timedelta(seconds=1))
        assert begin_delivery(actor=actor, mail_id=mail.id) is None


def an_objection_of_somebody_hidden_counts(cast: Cast) -> None:
    person = henk(cast, "refused")
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert ADDRESS in may_send([ADDRESS])


def a_yes_of_somebody_hidden_opens_nothing(cast: Cast) -> None:
    person = henk(cast, "given", "newsletter")
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert ADDRESS in may_send([ADDRESS], purpose_called("newsletter"))


def the_never_list_is_respected(cast: Cast) -> None:
    with entered(cast.alice), operation("test"):
        NeverContact.objects.create(kind="email", digest=digest_of("email", ADDRESS))
        assert ADDRESS in may_send([ADDRESS])


def nothing_of_whom_asked_so_is_used(cast: Cast) -> None:
    person = henk(cast, "given")
    with entered(cast.alice) as actor, operation("change_circle"):
        restrict(actor=actor, relation=person, reason="Asked us")
        Relation.objects.filter(id=person.id).update(circle_id=only_me())
    with entered(cast.bob):
        assert ADDRESS in may_send([ADDRESS])


def who_objects_is_not_asked(cast: Cast) -> None:
    person = henk(cast, "refused", "introductions")
    with entered(cast.alice):
        assert not may_be_asked(person)


_decided = guards._decided


def _only_seen(values: list[str], kind: str, purpose: UUID) -> list[object]:
    return [row for row in _decided(values, kind, purpose) if row.is_seen]


CONSENT_GUARDS = [
    Guard(
        "decisions that stay",
        lambda: by_owner(
            "GRANT UPDATE ON consent_decision TO plein_app",
            undone_by=(
                "REVOKE UPDATE ON consent_decision FROM plein_app",
                "GRANT UPDATE (point_value, note) ON consent_decision TO plein_app",
            ),
        ),
        what_was_decided_cannot_be_rewritten,
    ),
    Guard("decisions that follow", trigger_gone("consent_subject", "c_follow"), a_decision_follows_the_person),
    Guard(
        "the ground of a mail",
        lambda: replaced(composing, "_check_ground", lambda mail, values: None),
        a_mail_without_a_ground_does_not_go,
    ),
    Guard(
        "the ground of a mail that waited",
        lambda: replaced(composing, "_check_ground", lambda mail, values: None),
        a_waiting_mail_is_looked_at_again,
    ),
    Guard(
        "objections without circles",
        lambda: replaced(guards, "_decided", _only_seen),
        an_objection_of_somebody_hidden_counts,
    ),
    Guard(
        "a yes within circles",
        lambda: replaced(guards, "_is_seen", lambda circle, circles: True),
        a_yes_of_somebody_hidden_opens_nothing,
    ),
    Guard(
        "the never-contact list",
        lambda: replaced(guards, "never_listed", lambda points: {}),
        the_never_list_is_respected,
    ),
    Guard(
        "data that are not used",
        lambda: replaced(guards, "restricted_at", lambda values, kind: {}),
        nothing_of_whom_asked_so_is_used,
    ),
    Guard("who may be asked", lambda: replaced(steps, "NO", frozenset()), who_objects_is_not_asked),
]
