# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that is full: a sentence, nothing half stored, and it goes on when there is room.

Per commit the system call says so; at night it is a real disk of a few megabytes.
"""

import errno
import itertools
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plein.channels.actions import resume_import
from plein.channels.models import ImportState, Upload
from plein.channels.uploads import file_of
from plein.core import blobs
from plein.moments.intake.tests.mailboxes import again, brought_in, row_counts, runner_of, started_by
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Attachment, Moment
from plein.operate.cluster import Cluster
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.testing.figures import Note
from plein.tests.trials import NIGHTLY
from plein.tests.trials.ledger import account
from plein.tests.trials.mailbox import OURS, Mailbox, make_mailbox
from plein.tests.trials.own import OwnPlein
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600 if NIGHTLY else 120)]
SignIn = Callable[[User], Client]
COUNT = 120
FULL = Path("/dev/full")


def full_from_the(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the nth time on, what is to reach the disk finds it full."""
    calls, synchronise = itertools.count(1), os.fsync

    def fsync(handle: int) -> None:
        if next(calls) >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        synchronise(handle)

    monkeypatch.setattr("plein.core.blobs.os.fsync", fsync)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_import_that_finds_the_disk_full_goes_on_when_there_is_room(
    alice: User, bob: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    store = make_mailbox(tmp_path / "post", COUNT, seed=5).path
    brought_in(bob, store, circle="me")
    whole = {table: count for table, count in row_counts(bob).items() if table.startswith(("moments", "relations"))}
    for kept in blobs_of(alice):
        kept.unlink()
    planned = started_by(alice, store, circle="me")
    with monkeypatch.context() as patch:
        full_from_the(number, patch)
        carry_out(runner_of(alice, planned, messages_at_once=20), scan_only=False)
    stopped = again(alice, planned)

    assert stopped.state == ImportState.FAILED and stopped.problem.startswith("The disk is full. Nothing is lost")
    with entered(alice) as actor:
        assert Moment.objects.count() == int(stopped.counts.get("imported", 0)) < COUNT
        assert all(blobs.exists(one.sha256) for one in Attachment.objects.filter(moment__in=Moment.objects.all()))
        resume_import(actor=actor, mail_import=stopped, in_background=False)
    runner_of(alice, planned).run()
    assert again(alice, planned).counts["imported"] == COUNT
    assert {table: row_counts(alice)[table] for table in whole} == whole


def blobs_of(user: User) -> list[Path]:
    """Every file that is kept in the workspace of a user."""
    with entered(user):
        return [path for path in blobs.folder().rglob("*") if path.is_file()]


def test_an_upload_that_finds_the_disk_full_goes_on_when_there_is_room(alice: User, signed_in: SignIn) -> None:
    client, data = signed_in(alice), os.urandom(300_000)
    begun = client.post("/import/uploads/", {"name": "in.mbox", "size": len(data)}).json()
    with entered(alice):
        target = file_of(Upload.objects.get(id=begun["id"]))
    target.symlink_to(FULL)
    whole = f"bytes 0-{len(data) - 1}/{len(data)}"
    refused = client.generic("PUT", begun["url"], data, headers={"Content-Range": whole})
    target.unlink()

    assert refused.status_code == 422 and "no room" in refused.json()["message"]
    assert client.post("/import/uploads/", {"name": "in.mbox", "size": len(data)}).json()["offset"] == 0
    assert client.generic("PUT", begun["url"], data, headers={"Content-Range": whole}).status_code == 200
    assert target.read_bytes() == data


def test_a_moment_whose_file_finds_the_disk_full_is_not_half_recorded(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(alice):
        person = make_person()
    before = blobs_of(alice)
    fields = {"kind": "note", "text": "Met tekening", "files": SimpleUploadedFile("a.bin", b"x" * 5_000)}
    with monkeypatch.context() as patch:
        full_from_the(1, patch)
        answer = signed_in(alice).post(f"/relations/{person.id}/moments/new", fields)

    assert answer.status_code == 507 and "no room left" in answer.content.decode()
    with entered(alice):
        assert Moment.objects.count() == 0 and Attachment.objects.count() == 0 and Relation.objects.count() == 1
    # A workspace of an earlier test may have had the same number, and its files.
    assert sorted(blobs_of(alice)) == sorted(before)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of its own at a place, of a size that can be changed."""
    place.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "plein", place], check=False)
    if made.returncode != 0:
        pytest.skip("NOT TRIED: a full disk needs a disk of its own, and this user may not mount one. Run it as root.")

    def resize(to: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={to}", place], check=True)

    try:
        yield resize
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def import_of(plein: OwnPlein, mailbox: Mailbox, email: str) -> int:
    """Bring it in by the command; what it ended with."""
    words = ("--as", email, "--policy", "everyone", "--ours", OURS, "--json")
    return plein.spawn("import", "mail", str(mailbox.path), *words).wait()


@pytest.mark.nightly
def test_a_command_whose_files_do_not_fit_says_so_and_goes_on(tmp_path: Path, note: Note) -> None:
    mailbox = make_mailbox(tmp_path / "post", 3_000, seed=6)
    with OwnPlein(tmp_path / "home") as plein, small_disk(plein.places.files, "160k") as resize:
        workspace = plein.add_user("alice@plein.example")
        turns = 0
        for size in ("220k", "300k", "100m"):
            code, turns = import_of(plein, mailbox, "alice@plein.example"), turns + 1
            if code == 0:
                break
            assert "The disk is full. Nothing is lost" in plein.said("command")
            found = account(plein, workspace, mailbox)
            assert not found.twice and not found.strange and found.lost
            wanted = plein.ask("SELECT sha256 FROM moments_attachment WHERE workspace_id = %s", workspace)
            assert {row[0] for row in wanted} <= found.files, "a moment stands without its file"
            resize(size)
        else:
            code, turns = import_of(plein, mailbox, "alice@plein.example"), turns + 1
        found = account(plein, workspace, mailbox)
        note(turns=turns, lost=len(found.lost), twice=len(found.twice))

        assert code == 0 and turns > 1, plein.said("command")
        assert found.is_clean, found


@pytest.mark.nightly
def test_a_database_without_room_recovers_by_itself(tmp_path: Path, note: Note) -> None:
    mailbox = make_mailbox(tmp_path / "post", 12_000, seed=7)
    home, email = tmp_path / "home", "alice@plein.example"
    with small_disk(home, "600m"), OwnPlein(home) as plein:
        workspace = plein.add_user(email)
        plein.start("web")
        visitor = plein.visitor(email)
        ballast = home / "ballast"
        free = os.statvfs(home)
        ballast.write_bytes(b"x" * (free.f_bavail * free.f_frsize - 40 * 1024 * 1024))
        assert import_of(plein, mailbox, email) == 1
        said = plein.said("command").strip().splitlines()[-1]
        answers = [visitor.post("/people/new/", name=f"Vol {number}", email="") for number in range(20)]
        statuses = {answer.status for answer in answers}
        ballast.unlink()
        began = time.monotonic()
        plein.start_database()
        plein.wait_until(lambda: visitor.get("/people/").status == 200)
        well = time.monotonic() - began
        while import_of(plein, mailbox, email) != 0:
            plein.start_database()
        found = account(plein, workspace, mailbox)
        checked = amcheck(plein.cluster)
        note(said=said, answers_meanwhile=str(statuses), well_again_after=well, lost=len(found.lost))

        assert "is full" in said or "The database went away" in said
        assert statuses <= {302, 503, 507} and all(len(answer.body) > 80 for answer in answers if answer.status > 302)
        assert found.is_clean, found
        assert checked == ""


def amcheck(cluster: Cluster) -> str:
    """What PostgreSQL's own check of every table and index finds wrong."""
    program, socket = str(cluster.programs / "pg_amcheck"), str(cluster.socket)
    command = [program, "--host", socket, "--username", "postgres", "--install-missing", "--heapallindexed", "plein"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""
