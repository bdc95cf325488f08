# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

from plein.channels.models import ImportState
from plein.core.operations import undo
from plein.moments.intake.tests.mailboxes import (
    ALICE,
    HENK,
    OURS,
    RIK,
    Mail,
    brought_in,
    correspondence,
    mbox,
    row_counts,
)
from plein.moments.models import Moment, MomentSource, Participant, Proposal
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.trust.models import User
from plein.trust.seats import entered


def test_mail_becomes_moments_people_and_organizations(alice: User, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    assert done.state == ImportState.DONE
    assert done.counts["imported"] == 8 and done.counts["duplicates"] == 0
    with entered(alice):
        people = {p.name for p in Relation.objects.filter(kind="person")}
        assert people == {"Alice", "Henk van Dijk", "Rik van Dijk"}
        organizations = {o.name: o.is_ours for o in Relation.objects.filter(kind="organization")}
        assert organizations == {"Example": False, "Plein": True}
        henk = Relation.objects.get(name="Henk van Dijk")
        assert henk.family_name == "Dijk" and henk.infix == "van" and not henk.is_ours
        assert Membership.objects.get(person=henk).organization.name == "Example"
        assert Moment.objects.filter(direction="inbound", kind="email").count() == 5
        assert Moment.objects.filter(direction="outbound").count() == 3


def test_a_conversation_is_one_thread(alice: User, tmp_path: Path) -> None:
    brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    with entered(alice):
        threads = list(Moment.objects.filter(subjects__title__endswith="The offer").values_list("thread_id", flat=True))
        assert len(threads) == 6 and len(set(threads)) == 1


def test_bringing_in_twice_is_bringing_in_once(alice: User, tmp_path: Path) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence())
    brought_in(alice, store)
    before = row_counts(alice)
    second = brought_in(alice, store)
    assert second.counts["imported"] == 0 and second.counts["duplicates"] == 8
    assert second.counts["people"] == second.counts["organizations"] == 0
    assert row_counts(alice) == before


def test_the_same_mail_in_several_folders_and_mailboxes_is_one_moment(alice: User, tmp_path: Path) -> None:
    mail = Mail(id="one@x")
    mbox(tmp_path / "a" / "inbox.mbox", [mail])
    mbox(tmp_path / "a" / "archive.mbox", [mail, Mail(id="two@x", cc="Sanne <sanne@plein.example>")])
    brought_in(alice, tmp_path / "a")
    brought_in(alice, mbox(tmp_path / "other.mbox", [mail]))
    with entered(alice):
        assert Moment.objects.count() == 1
        sources = MomentSource.objects.values_list("external_id", flat=True)
        assert sorted(sources) == ["one@x", "one@x", "one@x", "two@x"]
        named = Participant.objects.filter(role="cc").values_list("heard_name", flat=True)
        assert list(named) == ["Sanne"]


def test_undo_leaves_everything_as_it_was(alice: User, tmp_path: Path) -> None:
    brought_in(alice, mbox(tmp_path / "old.mbox", [Mail(day=1)]))
    before = row_counts(alice)
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    with entered(alice):
        assert done.operation_id is not None
        result = undo(done.operation_id)
    assert result.left_alone == 0
    assert row_counts(alice) == before


def test_after_an_undo_it_can_come_in_again(alice: User, tmp_path: Path) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence())
    first = brought_in(alice, store)
    full = row_counts(alice)
    with entered(alice):
        assert first.operation_id is not None
        undo(first.operation_id)
    second = brought_in(alice, store)
    assert second.counts["imported"] == 8
    assert row_counts(alice) == full


def test_only_people_we_wrote_to_become_persons_and_others_wait(alice: User, tmp_path: Path) -> None:
    brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), policy="answered")
    with entered(alice):
        assert {p.name for p in Relation.objects.filter(kind="person")} == {"Alice", "Henk van Dijk"}
        waiting = Proposal.objects.select_related("contact_point").get()
        assert (waiting.name, waiting.contact_point.value, waiting.wrote) == (
            "Rik van Dijk",
            "rik@mail.dijk.example.org",
            1,
        )


def test_nobody_becomes_a_person_when_the_user_wants_nobody(alice: User, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), policy="nobody")
    assert done.counts["imported"] == 8
    with entered(alice):
        assert not Relation.objects.exists()
        assert Participant.objects.filter(relation__isnull=True).exists()


def test_what_alice_brings_in_for_herself_bob_does_not_see(alice: User, bob: User, tmp_path: Path) -> None:
    empty = row_counts(bob)
    brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), circle="me")
    assert row_counts(bob) == empty
    with entered(alice):
        assert Moment.objects.count() == 8


def test_bob_gets_his_own_copy_of_mail_that_he_may_not_see_at_alice(alice: User, bob: User, tmp_path: Path) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence())
    brought_in(alice, store, circle="me")
    done = brought_in(bob, store)
    assert done.counts["imported"] == 8 and done.counts["people"] == 3
    with entered(bob):
        assert Moment.objects.count() == 8


def test_addresses_with_one_name_in_the_list_of_roles_are_one_person(alice: User, tmp_path: Path) -> None:
    roles = tmp_path / "roles.csv"
    roles.write_text(
        "email,name,title\nhenk@dijk.example.org,Henk van Dijk,Director\nh.v.dijk@dijk.example.org,Henk van Dijk,NA\n"
    )
    mails = [Mail(), Mail(sender="h.v.dijk@dijk.example.org", text="From my phone", day=2)]
    brought_in(alice, mbox(tmp_path / "in.mbox", mails), roles=roles)
    with entered(alice):
        henk = Relation.objects.get(name="Henk van Dijk")
        assert ContactPointLink.objects.filter(relation=henk).count() == 2
        assert Membership.objects.get(person=henk).role == "Director"


def test_a_free_address_says_nothing_about_an_employer(alice: User, tmp_path: Path) -> None:
    brought_in(alice, mbox(tmp_path / "in.mbox", [Mail(sender="Piet Puk <piet@gmail.com>")]))
    with entered(alice):
        piet = Relation.objects.get(name="Piet Puk")
        assert not Membership.objects.filter(person=piet).exists()
        assert set(Relation.objects.filter(kind="organization").values_list("name", flat=True)) == {"Plein"}


def test_a_message_without_a_date_takes_the_one_before_it_and_says_so(alice: User, tmp_path: Path) -> None:
    mails = [Mail(day=3, id="dated@x"), Mail(day=0, text="When was this?", id="undated@x")]
    done = brought_in(alice, mbox(tmp_path / "in.mbox", mails))
    assert done.counts["imported"] == 2 and done.counts["undated"] == 1
    with entered(alice):
        assert {moment.occurred_at.date().isoformat() for moment in Moment.objects.all()} == {"2026-03-03"}
        assert "no usable date" in MomentSource.objects.get(external_id="undated@x").note


def test_the_desk_of_an_organization_is_no_person(alice: User, tmp_path: Path) -> None:
    brought_in(alice, mbox(tmp_path / "in.mbox", [Mail(sender="Info <info@dijk.example.org>")]))
    with entered(alice):
        assert set(Relation.objects.filter(kind="person").values_list("name", flat=True)) == {"Alice"}
        part = Participant.objects.get(role="from")
        assert part.relation is not None and part.relation.kind == "organization"


def test_mail_to_many_is_meant_for_many(alice: User, tmp_path: Path) -> None:
    crowd = ", ".join(f"p{number}@crowd.example.net" for number in range(2000))
    done = brought_in(alice, mbox(tmp_path / "in.mbox", [Mail(sender=ALICE, to=crowd)]), policy="answered")
    assert done.counts["people"] == 2001
    with entered(alice):
        assert Moment.objects.get().reach == "many"


def test_our_side_is_ours(alice: User, tmp_path: Path) -> None:
    brought_in(
        alice, mbox(tmp_path / "in.mbox", [Mail(sender=ALICE, to=f"Bob <bob@sub.{OURS}>"), Mail(sender=RIK, to=HENK)])
    )
    with entered(alice):
        assert set(Moment.objects.values_list("direction", flat=True)) == {"internal", "inbound"}
        assert Relation.objects.get(name="Bob").is_ours
