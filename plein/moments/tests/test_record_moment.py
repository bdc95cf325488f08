# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from plein.core import blobs
from plein.core.ids import now
from plein.core.operations import recent_operations, undo
from plein.moments.actions import FileTooLarge, FollowUp, IncomingFile, Part, record_moment
from plein.moments.actions.files import LARGEST_FILE
from plein.moments.actions.participants import UnknownRelation
from plein.moments.models import Attachment, Moment, MomentText, Participant, ToDo
from plein.moments.queries import timeline
from plein.moments.vocabulary import MomentKind
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.mark.parametrize("kind", MomentKind.values)
def test_every_kind_can_be_recorded_and_stands_on_the_timeline(alice: User, kind: str) -> None:
    with entered(alice) as actor:
        henk = make_person()
        made = record_moment(actor=actor, kind=kind, participants=[Part(henk.id)], subject="Offerte", text="Goed")

        assert [line.id for line in timeline(henk.id).moments] == [made.id]


def test_our_side_is_the_actor(alice: User) -> None:
    with entered(alice) as actor:
        me = make_person("Alice de Wit", seat_id=actor.seat_id)
        henk = make_person()
        made = record_moment(actor=actor, kind="email", direction="inbound", participants=[Part(henk.id, "from")])
        ours = Participant.objects.get(moment=made, relation=me)

        assert (ours.role, ours.is_ours) == ("to", True)


def test_the_organization_of_a_participant_has_the_moment_on_its_timeline(alice: User) -> None:
    with entered(alice) as actor:
        henk, company, our_own = make_person(), make_organization(), make_organization("Noorderlicht", is_ours=True)
        former = make_organization("Vroeger BV")
        make_membership(henk, company)
        make_membership(henk, our_own)
        make_membership(henk, former, ends_on=date(2020, 1, 1))
        made = record_moment(actor=actor, kind="call", participants=[Part(henk.id)])

        assert [line.id for line in timeline(company.id).moments] == [made.id]
        assert timeline(our_own.id).moments == []
        assert timeline(former.id).moments == []


def test_what_was_heard_is_kept_with_the_participant(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        made = record_moment(actor=actor, kind="call", participants=[Part(henk.id, heard_name="Hendrik")])

        assert Participant.objects.get(moment=made, relation=henk).heard_name == "Hendrik"


def test_a_follow_up_becomes_a_to_do_only_when_asked(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        record_moment(actor=actor, kind="call", participants=[Part(henk.id)], follow_up="Bel Rik")
        assert not ToDo.objects.exists()
        made = record_moment(
            actor=actor,
            kind="call",
            participants=[Part(henk.id)],
            follow_up="Bel Rik",
            means_needed="tekening",
            to_do=FollowUp(due_on=date(2026, 12, 1)),
        )
        todo = ToDo.objects.get()

        assert (todo.title, todo.means_needed, todo.due_on) == ("Bel Rik", "tekening", date(2026, 12, 1))
        assert (todo.relation_id, todo.moment_id, todo.assignee_id) == (henk.id, made.id, actor.seat_id)


def test_a_file_is_kept_once_however_often_it_comes(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        for _time in range(2):
            file = IncomingFile("../../\u202eoffer.pdf", 9, io.BytesIO(b"%PDF-1.4\n"))
            record_moment(actor=actor, kind="email", participants=[Part(henk.id)], files=[file])
        first, second = Attachment.objects.order_by("id")

        assert first.sha256 == second.sha256
        assert (first.name, first.mime) == ("offer.pdf", "application/pdf")
        assert blobs.path_of(first.sha256).read_bytes() == b"%PDF-1.4\n"


def test_a_file_that_is_too_large_is_refused_in_words(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        file = IncomingFile("film.mov", LARGEST_FILE + 1, io.BytesIO(b""))

        with pytest.raises(FileTooLarge, match=r"film\.mov"):
            record_moment(actor=actor, kind="email", participants=[Part(henk.id)], files=[file])


def test_a_stranger_cannot_be_named(alice: User, charlie: User) -> None:
    with entered(charlie):
        stranger = make_person("Vreemde")
    with entered(alice) as actor:
        with pytest.raises(UnknownRelation):
            record_moment(actor=actor, kind="call", participants=[Part(stranger.id)])

        assert not Participant.objects.exists()


def test_a_guest_records_nothing(alice: User, gina: User) -> None:
    with entered(alice):
        henk = make_person()
    with entered(gina) as actor:
        with pytest.raises(PermissionDenied):
            record_moment(actor=actor, kind="call", participants=[Part(henk.id)])

        assert not Moment.objects.exists()


def test_a_moment_for_only_me_is_nobody_elses(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        record_moment(actor=actor, kind="note", participants=[Part(henk.id)], text="Geheim", circle="me")
        assert len(timeline(henk.id).moments) == 1
    with entered(bob):
        assert timeline(henk.id).moments == []
        assert not MomentText.objects.exists()


def test_undo_takes_a_recorded_moment_away_with_all_its_parts(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        record_moment(
            actor=actor,
            kind="call",
            participants=[Part(henk.id)],
            follow_up="Bel",
            to_do=FollowUp(),
            occurred_at=now() - timedelta(days=2),
        )
        undo(recent_operations(limit=1)[0].id)

        assert not Moment.objects.exists()
        assert not Participant.objects.exists()
        assert not ToDo.objects.exists()
