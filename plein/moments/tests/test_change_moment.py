# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from plein.core.finding import search
from plein.core.ids import now
from plein.core.operations import EditConflict, operation, undo
from plein.moments import actions
from plein.moments.actions import IncomingFile, Part, record_moment
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, Participant
from plein.moments.queries import coming_up, moment_detail, timeline
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered


def test_an_edit_changes_envelope_subject_and_text_as_one_version(alice: User) -> None:
    with entered(alice) as actor:
        made = make_moment(make_person())
        changes = {"kind": "visit", "title": "Bezoek", "location": "Zwolle", "text": "Anders", "outcome": "Ja"}
        changed = actions.edit_moment(actor=actor, moment=made, changes=changes, based_on=1)
        detail = moment_detail(made.id)

        assert changed.version == 2
        assert detail is not None
        assert (detail.line.kind, detail.line.title, detail.line.location) == ("visit", "Bezoek", "Zwolle")
        assert (detail.said, detail.line.outcome) == ("Anders", "Ja")


def test_a_change_of_the_text_alone_counts_as_a_version(alice: User) -> None:
    with entered(alice) as actor:
        made = make_moment(make_person())
        actions.edit_moment(actor=actor, moment=made, changes={"text": "Eerste"}, based_on=1)

        with pytest.raises(EditConflict) as conflict:
            actions.edit_moment(actor=actor, moment=made, changes={"text": "Tweede"}, based_on=1)

        assert conflict.value.differing == ["text"]
        assert MomentText.objects.get().text == "Eerste"


def test_wanting_what_is_already_there_is_no_conflict(alice: User) -> None:
    with entered(alice) as actor:
        made = make_moment(make_person())
        actions.edit_moment(actor=actor, moment=made, changes={"text": "Zelfde"}, based_on=1)

        assert actions.edit_moment(actor=actor, moment=made, changes={"text": "Zelfde"}, based_on=1).version == 2


def test_everybody_moves_along_in_time_also_who_the_editor_cannot_see(alice: User, bob: User) -> None:
    with entered(alice):
        henk, hidden = make_person(), make_person("Verborgen", circle_id=only_me())
        made = make_moment(henk, hidden)
    earlier = now() - timedelta(days=40)
    with entered(bob) as actor:
        assert Participant.objects.count() == 1
        actions.edit_moment(actor=actor, moment=Moment.objects.get(), changes={"occurred_at": earlier}, based_on=1)
    with entered(alice):
        assert set(Participant.objects.values_list("occurred_at", flat=True)) == {earlier}
        assert [line.id for line in timeline(hidden.id).moments] == [made.id]


def test_a_removed_moment_is_nowhere_and_comes_back(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        made = make_moment(henk, title="Warmtepompketel")
        removal = actions.delete_moment(actor=actor, moment=made)
        assert (timeline(henk.id).moments, moment_detail(made.id)) == ([], None)
        assert search("Warmtepompketel").moments == []
        undo(removal.id)

        assert [line.title for line in timeline(henk.id).moments] == ["Warmtepompketel"]
        assert search("Warmtepompketel").moments == [made.id]


def test_a_guest_may_not_change_or_remove(alice: User, gina: User) -> None:
    with entered(alice):
        made = make_moment(make_person())
    with entered(gina) as actor:
        for act in (
            lambda: actions.edit_moment(actor=actor, moment=made, changes={"text": "x"}, based_on=1),
            lambda: actions.delete_moment(actor=actor, moment=made),
            lambda: actions.change_moment_circle(actor=actor, moment=made, circle="me"),
            lambda: actions.attach_files(actor=actor, moment=made, files=[]),
            lambda: actions.rebind_participant(actor=actor, participant=Participant.objects.get(), relation=None),
            lambda: actions.cancel_appointment(actor=actor, moment=made, based_on=1),
        ):
            with pytest.raises(PermissionDenied):
                act()

        assert Moment.objects.get().version == 1


def test_a_participant_is_rebound_without_losing_what_was_heard(alice: User) -> None:
    with entered(alice) as actor:
        henk, rik, one, other = make_person(), make_person("Rik"), make_organization(), make_organization("Rik BV")
        make_membership(henk, one)
        make_membership(rik, other)
        made = record_moment(actor=actor, kind="call", participants=[Part(henk.id, heard_name="H. van Dijk")])
        heard = Participant.objects.get(moment=made, relation=henk)
        rebound = actions.rebind_participant(actor=actor, participant=heard, relation=rik)

        assert (rebound.relation_id, rebound.heard_name) == (rik.id, "H. van Dijk")
        assert [timeline(who.id).moments != [] for who in (henk, one, rik, other)] == [False, False, True, True]


def test_a_narrower_text_takes_its_files_along(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        file = IncomingFile("a.txt", 5, io.BytesIO(b"hallo"))
        made = record_moment(actor=actor, kind="call", participants=[Part(henk.id)], text="Geheim", files=[file])
        actions.change_text_circle(actor=actor, moment=made, circle="me")
    with entered(bob):
        line = timeline(henk.id).moments[0]
        assert (line.text, line.files, line.text_id) == ("", (), None)
        assert not Attachment.objects.exists()
        assert search("Geheim").moments == []
    with entered(alice) as actor:
        actions.change_text_circle(actor=actor, moment=made, circle="moment")
    with entered(bob):
        assert timeline(henk.id).moments[0].text == "Geheim"


def test_a_narrower_subject_leaves_the_rest_to_be_seen(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        made = make_moment(make_person(), title="Overname")
        actions.change_subject_circle(actor=actor, moment=made, circle="me")
    with entered(bob):
        detail = moment_detail(made.id)
        assert detail is not None
        assert (detail.line.title, detail.said) == ("", "Goed gesprek.")
        assert not MomentSubject.objects.exists()


def test_an_appointment_becomes_the_moment_that_took_place(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        planned = actions.plan_appointment(
            actor=actor, occurred_at=now() + timedelta(hours=2), participants=[Part(henk.id)], subject="Bezoek"
        )
        assert [line.id for line in coming_up(henk.id)] == [planned.id]
        assert timeline(henk.id).moments == []
        done = actions.complete_appointment(
            actor=actor, moment=planned, based_on=1, outcome="Akkoord", follow_up="Contract sturen"
        )
        detail = moment_detail(planned.id)

        assert (done.id, done.state) == (planned.id, "done")
        assert detail is not None
        assert (detail.line.outcome, detail.line.follow_up) == ("Akkoord", "Contract sturen")
        assert coming_up(henk.id) == []


def test_a_cancelled_appointment_stays_visible_as_cancelled(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        planned = actions.plan_appointment(
            actor=actor, occurred_at=now() + timedelta(hours=2), participants=[Part(henk.id)]
        )
        actions.cancel_appointment(actor=actor, moment=planned, based_on=1)

        assert coming_up(henk.id) == []
        assert [line.state for line in timeline(henk.id).moments] == ["cancelled"]


def test_an_edited_text_forgets_where_its_old_quote_began(alice: User) -> None:
    with entered(alice) as actor:
        made = make_moment(make_person(), text="Ja.\n\nOp dinsdag schreef Henk:\n> Nee")
        with operation("test"):
            MomentText.objects.filter(moment=made).update(quote_from=5)
        assert moment_detail(made.id).said == "Ja."  # type: ignore[union-attr]
        actions.edit_moment(actor=actor, moment=made, changes={"text": "Ja en nee, dus."}, based_on=1)

        assert moment_detail(made.id).said == "Ja en nee, dus."  # type: ignore[union-attr]
