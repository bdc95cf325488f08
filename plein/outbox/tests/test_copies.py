# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in the folder of sent mail finds what Plein sent, and makes nothing twice."""

from pathlib import Path

from plein.channels.actions import Wishes, plan_import, start_import
from plein.channels.models import MailImport
from plein.moments.intake.runner import Runner
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Moment, MomentSource, Participant
from plein.outbox.tests.conftest import send, work, write
from plein.relations.models import Relation
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered


def bring_in(user: User, folder: Path, letters: list[bytes]) -> None:
    store = folder / "Sent"
    store.mkdir(exist_ok=True)
    for place, letter in enumerate(letters):
        (store / f"{place}.eml").write_bytes(letter)
    with entered(user) as actor:
        planned, here = plan_import(actor=actor, path=store, in_background=False), actor.workspace_id
    carry_out(Runner(user, here, planned.id), scan_only=True)
    with entered(user) as actor:
        wishes = Wishes(policy="nobody", ours=("plein.example",), circle="everyone")
        start_import(actor=actor, mail_import=MailImport.objects.get(id=planned.id), wishes=wishes, in_background=False)
    carry_out(Runner(user, here, planned.id), scan_only=False)


def test_the_copy_in_sent_mail_is_the_moment_that_is_there(
    alice: User, henk: Relation, box: Box, tmp_path: Path
) -> None:
    mail = write(alice, henk)
    send(alice, mail)
    sent = work(alice, mail)
    letter = box.kept[0].data
    changed = letter.replace(b"Zie.", b"Zie.\r\n\r\nDeze mail is gescand.")
    forged = letter.replace(b"From: Alice <alice@plein.example>", b"From: Spy <spy@evil.example>")
    assert changed != letter and forged != letter

    bring_in(alice, tmp_path, [letter, changed, forged])

    with entered(alice):
        moments = Moment.objects.filter(kind="email")
        assert moments.count() == 2
        assert MomentSource.objects.filter(moment_id=sent.moment_id).count() > 1  # type: ignore[misc]
        assert Participant.objects.filter(moment_id=sent.moment_id, role="to").count() == 1  # type: ignore[misc]
