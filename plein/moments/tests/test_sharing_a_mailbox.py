# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues get of a mailbox: nothing, the envelope, the subject or everything, at once or later."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from plein.channels.actions import Wishes
from plein.channels.models import MailImport
from plein.core.models import Operation
from plein.core.operations import undo
from plein.moments.actions import begin_import
from plein.moments.intake.tests.mailboxes import OURS, again, correspondence, mbox, planned_by, runner_of
from plein.moments.models import Gives, MailShare, Moment, MomentSubject, MomentText, Participant
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.trust.actions import change_default_audience
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
#: A few changes each time; all of them at night.
SAMPLE = [("everything", "nothing"), ("nothing", "envelope"), ("envelope", "everything"), ("subject", "subject")]
LEVELS = {"nothing": (0, 0, 0), "envelope": (8, 0, 0), "subject": (8, 8, 0), "everything": (8, 8, 8)}

CHANGES = [(one, other) for one in LEVELS for other in LEVELS] if os.environ.get("PLEIN_NIGHTLY") else SAMPLE


def brought(user: User, path: Path, gives: str, circle: str = "everyone") -> MailImport:
    """A mailbox of eight mails that is in."""
    planned = planned_by(user, mbox(path / "in.mbox", correspondence()))
    with entered(user) as actor:
        wishes = Wishes("everyone", (OURS,), circle)
        begin_import(actor=actor, mail_import=planned, wishes=wishes, gives=gives, in_background=False)
    runner_of(user, planned).run()
    return again(user, planned)


def seen_by(user: User) -> tuple[int, int, int]:
    """How many envelopes, subjects and texts somebody sees."""
    with entered(user):
        return Moment.objects.count(), MomentSubject.objects.count(), MomentText.objects.count()


@pytest.mark.parametrize("gives", LEVELS)
def test_colleagues_get_what_was_chosen_from_the_first_second(
    gives: str, alice: User, bob: User, tmp_path: Path
) -> None:
    planned = brought(alice, tmp_path, gives)

    assert planned.state == "done"
    assert seen_by(alice) == (8, 8, 8)
    assert seen_by(bob) == LEVELS[gives]
    with entered(bob):
        assert Relation.objects.exists() is (gives != "nothing")
        assert Participant.objects.exists() is (gives != "nothing")
        assert not MailShare.objects.exists()


def test_where_nobody_says_for_whom_it_is_for_whom_one_always_adds(alice: User, bob: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        change_default_audience(actor=actor, audience="me")
    brought(alice, tmp_path, "everything", circle="")

    assert seen_by(alice) == (8, 8, 8) and seen_by(bob) == (0, 0, 0)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_another_choice_moves_what_is_in_and_undo_brings_it_back(
    before: str, after: str, alice: User, bob: User, tmp_path: Path, signed_in: SignIn
) -> None:
    planned = brought(alice, tmp_path, before)
    address, client = f"/import/{planned.id}/sharing/", signed_in(alice)
    told = client.get(address, {"gives": after, "circle": "everyone"}).text
    changed = [abs(one - other) for one, other in zip(LEVELS[before], LEVELS[after], strict=True)]
    assert f"<dt>Contact moments</dt><dd>{changed[0]}</dd>" in told
    assert seen_by(bob) == LEVELS[before]

    assert client.post(address, {"gives": after, "circle": "everyone"}).status_code == 302
    assert seen_by(bob) == LEVELS[after] and seen_by(alice) == (8, 8, 8)
    with entered(bob):
        assert Relation.objects.filter(name__contains="Rik").exists() is (after != "nothing")
    if before != after:
        with entered(alice):
            undo(Operation.objects.filter(verb="share_mail").latest("started_at").id)
        assert seen_by(bob) == LEVELS[before]


def test_an_exception_holds_for_the_mail_with_one_relation(
    alice: User, bob: User, tmp_path: Path, signed_in: SignIn
) -> None:
    planned = brought(alice, tmp_path, "everything")
    with entered(alice):
        rik = Relation.objects.get(name__contains="Rik")
    client, address = signed_in(alice), f"/import/{planned.id}/sharing/"
    assert "Rik" in client.get(address, {"who": "rik"}).text
    chosen = {"gives": "everything", "circle": "everyone", "relation": str(rik.id), "level": "envelope"}
    assert "<dt>Texts with their files</dt><dd>1</dd>" in client.get(address, chosen).text
    client.post(address, chosen)

    assert seen_by(bob) == (8, 7, 7)
    client.post(address, chosen | {"level": ""})
    assert seen_by(bob) == (8, 8, 8)


def test_what_was_moved_by_hand_stays_where_it_was_put(
    alice: User, bob: User, tmp_path: Path, signed_in: SignIn
) -> None:
    planned, client = brought(alice, tmp_path, "everything"), signed_in(alice)
    with entered(alice):
        text = MomentText.objects.order_by("id")[0]
    client.post(f"/who-sees/texts/{text.id}/", {"audience": "team:x"})
    client.post(f"/who-sees/moments/{text.moment_id}/", {"audience": "me"})
    client.post(f"/import/{planned.id}/sharing/", {"gives": "envelope", "circle": "everyone"})
    client.post(f"/import/{planned.id}/sharing/", {"gives": "everything", "circle": "everyone"})

    assert seen_by(bob) == (7, 7, 7)


def test_the_same_mail_in_two_mailboxes_hides_it_from_nobody_who_has_it(alice: User, bob: User, tmp_path: Path) -> None:
    brought(alice, tmp_path / "one", "envelope")
    brought(bob, tmp_path / "two", "everything")

    with entered(bob):
        assert MomentText.objects.count() == 8


def test_only_its_owner_chooses(
    alice: User, bob: User, gina: User, charlie: User, tmp_path: Path, signed_in: SignIn
) -> None:
    planned = brought(alice, tmp_path, "envelope")
    address = f"/import/{planned.id}/sharing/"
    for user, status in ((bob, 404), (charlie, 404), (gina, 403)):
        client = signed_in(user)
        assert client.get(address).status_code == status
        assert client.post(address, {"gives": "everything", "circle": "everyone"}).status_code == status
    assert seen_by(bob) == LEVELS["envelope"]
    refused = signed_in(alice).post(address, {"gives": "all", "circle": "team:none"})
    assert refused.status_code == 422


def test_the_form_before_an_import_asks_it(alice: User, bob: User, tmp_path: Path, signed_in: SignIn) -> None:
    planned, client = planned_by(alice, mbox(tmp_path / "in.mbox", correspondence())), signed_in(alice)
    assert "that there was contact" in client.get(f"/import/{planned.id}/").text
    sent = {"policy": "everyone", "ours": OURS, "circle": "everyone", "gives": "subject"}
    assert client.post(f"/import/{planned.id}/start", sent).status_code == 302
    runner_of(alice, planned).run()

    assert seen_by(bob) == LEVELS["subject"]
    assert str(Gives.SUBJECT.label) in client.get(f"/import/{planned.id}/sharing/").text


def test_it_asks_few_questions_of_the_database(alice: User, tmp_path: Path, signed_in: SignIn) -> None:
    planned, client = brought(alice, tmp_path, "envelope"), signed_in(alice)
    client.get("/settings/")
    with within_budget(__file__, "sharing a mailbox"):
        client.get(f"/import/{planned.id}/sharing/")
