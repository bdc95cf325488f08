# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path
from typing import Any

import pytest

from plein.channels.actions import Wishes, plan_import
from plein.channels.connectors.archives.tests.samples import ARCHIVES, LINKEDIN, zip_of
from plein.channels.models import ImportState, MailImport
from plein.core.operations import undo
from plein.moments.actions import begin_import
from plein.moments.archives.runner import ArchiveRunner, worker_for
from plein.moments.intake.lease import Superseded
from plein.moments.intake.runner import Runner
from plein.moments.intake.tests.mailboxes import again, correspondence, mbox, row_counts
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Moment, Participant, Proposal
from plein.moments.queries.agenda import person_of
from plein.relations.actions.colleagues import keep_colleague
from plein.relations.models import ContactPoint, Relation, Tie
from plein.testing.cast import Cast
from plein.trust.events import SeatGiven
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_colleague_is_a_person(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        keep_colleague(SeatGiven(actor.seat_id))


def planned_by(user: User, path: Path, source: str = "") -> MailImport:
    """An archive that was looked into."""
    with entered(user) as actor:
        planned = plan_import(actor=actor, path=path, source=source, in_background=False)
    carry_out(worker_for(user, planned.workspace_id, planned.id), scan_only=True)
    return again(user, planned)


def started_by(user: User, planned: MailImport, policy: str = "everyone", **more: Any) -> MailImport:
    wishes = Wishes(policy, tuple(more.pop("ours", planned.ours)), more.pop("circle", ""))
    with entered(user) as actor:
        return begin_import(
            actor=actor, mail_import=planned, wishes=wishes, gives=more.pop("gives", "everything"), in_background=False
        )


def brought_in(user: User, path: Path, policy: str = "everyone", source: str = "", **more: Any) -> MailImport:
    """An archive that was brought in."""
    planned = started_by(user, planned_by(user, path, source), policy, **more)
    carry_out(worker_for(user, planned.workspace_id, planned.id), scan_only=False)
    done = again(user, planned)
    assert (done.state, done.problem) == (ImportState.DONE, "")
    return done


def archive(kind: str, folder: Path) -> Path:
    return zip_of(ARCHIVES[kind], folder / f"{kind}.zip")


def test_a_look_finds_out_what_it_is_and_whose(cast: Cast, tmp_path: Path) -> None:
    planned = planned_by(cast.alice, archive("linkedin", tmp_path))

    assert (planned.source, planned.state) == ("linkedin", ImportState.PREVIEW)
    assert planned.ours == ["in/sambakker", "Sam Bakker"]
    assert (planned.preview["messages"], planned.preview["follows"], planned.preview["conversations"]) == (3, 2, 2)


def test_a_mailbox_is_still_found_to_be_mail(cast: Cast, tmp_path: Path) -> None:
    planned = planned_by(cast.alice, mbox(tmp_path / "in.mbox", correspondence()))

    assert planned.source == "mail" and planned.preview["policies"]
    assert type(worker_for(cast.alice, planned.workspace_id, planned.id)) is Runner


def test_what_is_neither_is_told_in_a_sentence(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "shopping.zip"
    zip_of({"shopping.txt": "milk\n"}, path)

    planned = planned_by(cast.alice, path, "slack")

    assert planned.state == ImportState.FAILED or planned.preview["messages"] == 0


def test_conversations_and_connections_of_linkedin_come_in_and_go_again(cast: Cast, tmp_path: Path) -> None:
    before = row_counts(cast.alice)
    done = brought_in(cast.alice, archive("linkedin", tmp_path))

    with entered(cast.alice) as actor:
        me = person_of(actor.seat_id)
        assert me is not None
        anna = Relation.objects.get(name="Anna de Vries")
        assert anna.headline == "Buyer, Fictive BV"
        points = ContactPoint.objects.filter(links__relation=anna).values_list("kind", "value")
        assert set(points) == {("email", "anna@example.org"), ("handle", "in/annadevries")}
        tie = Tie.objects.get(other=anna)
        assert (tie.one_id, tie.kind, str(tie.starts_on)) == (me.id, "connected", "2024-03-12")
        talks = Moment.objects.filter(kind="chat").order_by("occurred_at")
        assert [one.direction for one in talks] == ["outbound", "inbound", "outbound"]
        assert talks[1].thread_id == talks[2].thread_id != talks[0].thread_id
        assert Participant.objects.get(moment=talks[1], role="from").relation_id == anna.id
        assert Participant.objects.get(moment=talks[2], role="from").relation_id == me.id
    assert (done.counts["imported"], done.counts["ties"], done.counts["threads"]) == (3, 2, 2)

    assert done.operation_id is not None
    with entered(cast.alice):
        undo(done.operation_id)
    assert row_counts(cast.alice) == before


def test_the_same_archive_again_brings_nothing_new(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.alice, archive("linkedin", tmp_path))
    counted = row_counts(cast.alice)

    done = brought_in(cast.alice, archive("linkedin", tmp_path))

    assert (done.counts["imported"], done.counts["duplicates"], done.counts["ties"]) == (0, 3, 0)
    assert row_counts(cast.alice) == counted


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("twitter", 2), ("mastodon", 3), ("slack", 3), ("whatsapp", 3)]
    # The others read as these do; each is read in its own reader's tests.
    + [pytest.param(kind, number, marks=pytest.mark.nightly) for kind, number in
       (("facebook", 2), ("telegram", 2), ("signal", 2), ("discourse", 2), ("stackexchange", 3), ("instagram", 0))],
)  # fmt: skip
def test_every_kind_comes_in(kind: str, expected: int, cast: Cast, tmp_path: Path) -> None:
    done = brought_in(cast.alice, archive(kind, tmp_path))

    assert (done.counts.get("imported", 0), done.counts.get("unreadable", 0)) == (expected, 0)
    assert done.source == kind
    with entered(cast.alice):
        assert Moment.objects.filter(source="import").count() == expected


def test_who_follows_whom_on_instagram_has_a_direction(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.alice, archive("instagram", tmp_path))

    with entered(cast.alice) as actor:
        me = person_of(actor.seat_id)
        ties = Tie.objects.filter(kind="follows").select_related("one", "other")
        ends = {(one.one.name, one.other.name) for one in ties}
        assert me is not None and ends == {("anna", me.name), (me.name, "ben")}


def test_a_name_in_a_telephone_is_somebody_of_that_telephone_only(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.alice, archive("whatsapp", tmp_path), ours=["+31 6 12345678"])

    with entered(cast.alice) as actor:
        me = person_of(actor.seat_id)
        anna = Relation.objects.get(name="Anna de Vries")
        point = ContactPoint.objects.get(links__relation=anna)
        assert (point.network, point.value) == ("whatsapp", f"anna de vries@{cast.alice.email}")
        sides = {(one.direction, one.reach) for one in Moment.objects.filter(kind="chat")}
        assert sides == {("inbound", "one"), ("outbound", "one")}
        mine = Participant.objects.filter(role="from", contact_point__value="+31612345678").first()
        assert mine is not None and me is not None and mine.relation_id == me.id


def test_nobody_yet_makes_no_people_and_no_ties_to_strangers(cast: Cast, tmp_path: Path) -> None:
    with entered(cast.alice):
        before = Relation.objects.count()

    done = brought_in(cast.alice, archive("linkedin", tmp_path), policy="nobody")

    with entered(cast.alice):
        assert Relation.objects.count() == before and not Tie.objects.exists()
        assert sorted(Proposal.objects.values_list("name", flat=True)) == ["Anna de Vries", "Ben Okafor"]
    assert done.counts["proposals"] == 2


def test_what_one_keeps_to_oneself_colleagues_do_not_see(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.alice, archive("linkedin", tmp_path), circle="me")

    with entered(cast.bob):
        assert not Moment.objects.filter(source="import").exists()
        assert not Relation.objects.filter(name__in=["Anna de Vries", "Ben Okafor"]).exists()
        assert not Tie.objects.exists()


def test_a_worker_that_is_stopped_is_followed_by_one_that_goes_on(cast: Cast, tmp_path: Path) -> None:
    planned = started_by(cast.alice, planned_by(cast.alice, zip_of(LINKEDIN, tmp_path / "x.zip")))
    turns = 0
    while again(cast.alice, planned).state != ImportState.DONE:
        turns += 1
        worker = ArchiveRunner(
            cast.alice, planned.workspace_id, planned.id, messages_at_once=1, should_stop=lambda: True
        )
        try:
            worker.run()
        except Superseded:
            continue

    counts = again(cast.alice, planned).counts
    assert turns == 6
    assert (counts["messages"], counts["imported"], counts["follows"], counts["ties"]) == (3, 3, 2, 2)
