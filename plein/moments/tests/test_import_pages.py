# SPDX-License-Identifier: AGPL-3.0-or-later
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, override_settings

from plein.api.tests.conftest import Calling, calling
from plein.channels.connectors.archives.tests.samples import ARCHIVES, zip_of
from plein.channels.models import ImportProblem, ImportState, MailImport
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import undo
from plein.moments.archives.runner import worker_for
from plein.moments.intake.lease import AtWork
from plein.moments.intake.tests.mailboxes import Mail, again, brought_in, correspondence, mbox, planned_by, runner_of
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Moment, Participant, Proposal
from plein.moments.tasks import undo_import
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """The jobs that wait, taken away."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        found = [(name, json.loads(args) if isinstance(args, str) else args) for name, args in cursor.fetchall()]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
        return found


#: What is looked at once all is in.
AFTERWARDS = {"moments.recognise_moments", "moments.recognise_since", "moments.recognise_all", "documents.read_files"}


def work(user: User) -> list[str]:
    """Do what a worker would."""
    done = []
    for name, arguments in jobs():
        if name in AFTERWARDS:
            continue
        done.append(name)
        if name == "moments.undo_import":
            undo_import(**arguments)
            continue
        with entered(user):
            planned = MailImport.objects.get(id=arguments["import_id"])
        with contextlib.suppress(AtWork):
            carry_out(runner_of(user, planned), scan_only=name == "moments.scan_mail")
    return done


def work_through(user: User) -> list[str]:
    """Do what a worker would, of whatever kind the import is."""
    done = []
    for name, arguments in jobs():
        if name not in AFTERWARDS:
            done.append(name)
            with entered(user):
                planned = MailImport.objects.get(id=arguments["import_id"])
            worker = worker_for(user, planned.workspace_id, planned.id)
            carry_out(worker, scan_only=name == "moments.scan_mail")
    return done


def send(client: Client, data: bytes, name: str = "in.mbox", piece: int = 700) -> str:
    """Send a file in pieces; returns where it goes on."""
    begun = client.post("/import/uploads/", {"name": name, "size": len(data), "files": 1}).json()
    offset, location = begun["offset"], ""
    while offset < len(data):
        part = data[offset : offset + piece]
        answer = put(client, begun["url"], part, offset, len(data)).json()
        offset, location = answer["offset"], answer.get("location", "")
    return str(location)


def put(client: Client, url: str, part: bytes, offset: int, total: int) -> Any:
    """Send one piece."""
    place = f"bytes {offset}-{offset + len(part) - 1}/{total}"
    return client.put(url, part, content_type="application/octet-stream", headers={"Content-Range": place})


def test_a_mailbox_is_sent_previewed_brought_in_and_undone(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in(alice)
    assert "Nothing brought in yet" in client.get("/import/").content.decode()
    place = send(client, mbox(tmp_path / "in.mbox", correspondence()).read_bytes())
    assert 'hx-trigger="every 1s"' in client.get(place).content.decode()
    assert work(alice) == ["moments.scan_mail"]
    preview = client.get(place).content.decode()
    assert "This is in it" in preview and "plein.example" in preview and "every 1s" not in preview
    assert (
        client.post(f"{place}start", {"policy": "answered", "ours": "plein.example", "circle": ""}).status_code == 302
    )
    assert "every 1s" in client.get(place, headers={"HX-Request": "true"}).content.decode()
    assert work(alice) == ["moments.import_mail"]
    done = client.get(place).content.decode()
    assert "It is all in" in done and "Addresses that wait" in done
    with entered(alice):
        assert Moment.objects.count() == 8
    client.post(f"{place}undo")
    assert "every 1s" in client.get(place).content.decode()
    assert work(alice) == ["moments.undo_import"]
    assert "has gone again" in client.get(place).content.decode()
    with entered(alice):
        assert Moment.objects.count() == Relation.objects.count() == 0
    assert "in.mbox" in client.get("/import/").content.decode()


def test_a_broken_off_file_goes_on_where_it_stopped(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    client, data = signed_in(alice), mbox(tmp_path / "in.mbox", correspondence()).read_bytes()
    begun = client.post("/import/uploads/", {"name": "in.mbox", "size": len(data)}).json()
    assert put(client, begun["url"], data[:100], 0, len(data)).json() == {"offset": 100}
    wrong = put(client, begun["url"], data[50:150], 50, len(data))
    assert wrong.status_code == 409 and wrong.json() == {"offset": 100}
    resumed = client.post("/import/uploads/", {"name": "in.mbox", "size": len(data)}).json()
    assert resumed == {**begun, "offset": 100}
    assert send(client, data).startswith("/import/")


def test_a_file_that_is_not_wanted_any_more_is_forgotten(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    begun = client.post("/import/uploads/", {"name": "in.mbox", "size": 10}).json()
    assert client.delete(begun["url"]).status_code == 204
    assert put(client, begun["url"], b"0123456789", 0, 10).status_code == 404


@override_settings(PLEIN_UPLOAD_LIMIT=1000)
@pytest.mark.parametrize(
    ("name", "size"), [("a.mbox", "1001"), ("a.mbox", "0"), ("a.mbox", "many"), ("a.mbox", "²"), ("", "10")]
)
def test_a_file_that_cannot_be_taken_gets_a_sentence(alice: User, signed_in: SignIn, name: str, size: str) -> None:
    answer = signed_in(alice).post("/import/uploads/", {"name": name, "size": size})
    assert answer.status_code == 422 and answer.json()["message"].endswith(".")


def test_counting_again_with_another_side(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    planned = planned_by(alice, mbox(tmp_path / "in.mbox", correspondence()))
    address = f"/import/{planned.id}/choices"
    answer = signed_in(alice).post(
        address, {"policy": "answered", "ours": "dijk.example.org"}, headers={"HX-Request": "1"}
    )
    assert answer.status_code == 200 and "address waits" in answer.content.decode()
    wrong = signed_in(alice).post(address, {"policy": "answered", "ours": "no domain!"}, headers={"HX-Request": "1"})
    assert wrong.status_code == 422


def test_starting_without_a_choice_says_so(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    planned = planned_by(alice, mbox(tmp_path / "in.mbox", correspondence()))
    answer = signed_in(alice).post(f"/import/{planned.id}/start", {"policy": "all of them", "ours": "no domain!"})
    assert answer.status_code == 422 and again(alice, planned).state == ImportState.PREVIEW


def test_an_administrator_names_a_place_on_the_server(
    alice: User, bob: User, signed_in: SignIn, tmp_path: Path
) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence())
    assert signed_in(alice).post("/import/", {"path": str(store)}).status_code == 302
    assert signed_in(alice).post("/import/", {"path": "/nowhere/at/all"}).status_code == 422
    assert signed_in(bob).post("/import/", {"path": str(store)}).status_code == 403


def test_pausing_going_on_and_cancelling(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    client, planned = signed_in(alice), planned_by(alice, mbox(tmp_path / "in.mbox", correspondence()))
    place = f"/import/{planned.id}/"
    client.post(f"{place}start", {"policy": "everyone", "ours": "plein.example"})
    client.post(f"{place}pause")
    assert "Paused" in client.get(place).content.decode()
    client.post(f"{place}resume")
    work(alice)
    assert again(alice, planned).state == ImportState.DONE
    client.post(f"{place}cancel", {"keep": "1"})
    assert again(alice, planned).state == ImportState.DONE
    other = planned_by(alice, mbox(tmp_path / "other.mbox", [Mail(text="another")]))
    client.post(f"/import/{other.id}/cancel", {"keep": "1"})
    assert "Cancelled" in client.get(f"/import/{other.id}/").content.decode()


def test_a_waiting_address_becomes_a_person_with_all_it_wrote(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    client, done = signed_in(alice), brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), policy="answered")
    place = f"/import/{done.id}/proposals/"
    assert "Rik van Dijk" in client.get(place).content.decode()
    with entered(alice):
        waiting = Proposal.objects.get()
    client.post(place, {"decision": "accept", "ids": [str(waiting.id)]})
    with entered(alice):
        rik = Relation.objects.get(name="Rik van Dijk")
        assert Participant.objects.filter(relation=rik, role="from").count() == 1
        assert Participant.objects.filter(role="for", moment__participants__relation=rik).exists()
    assert "Nobody waits" in client.get(place).content.decode()
    with entered(alice):
        undo(Operation.objects.get(verb="accept_proposals").id)
        assert not Relation.objects.filter(name="Rik van Dijk").exists()
    assert "Rik van Dijk" in client.get(place).content.decode()


def test_an_ignored_address_does_not_wait_again(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), policy="answered")
    with entered(alice):
        waiting = Proposal.objects.get()
    place = f"/import/{done.id}/proposals/"
    signed_in(alice).post(place, {"decision": "ignore", "ids": [str(waiting.id), "no id"]})
    brought_in(alice, mbox(tmp_path / "more.mbox", correspondence()), policy="answered")
    with entered(alice):
        assert list(Proposal.objects.values_list("decision", flat=True)) == ["ignored"]


def test_unreadable_messages_can_be_taken_out(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    mbox(folder / "good.mbox", [Mail()])
    (folder / "odd.eml").write_bytes(b"\x00\x01\x02 not a mail at all \xff" * 100)
    done = brought_in(alice, folder)
    client = signed_in(alice)
    with entered(alice):
        found = list(ImportProblem.objects.all())
    listed = client.get(f"/import/{done.id}/problems/").content.decode()
    for problem in found:
        assert problem.folder in listed
        answer = client.get(f"/import/{done.id}/problems/{problem.id}/")
        assert answer.status_code == (200 if problem.sha256 else 404)
        if problem.sha256:
            assert answer["Content-Disposition"].startswith("attachment")


def test_pages_of_imports_ask_the_database_little(alice: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), policy="answered")
    client, place = signed_in(alice), f"/import/{done.id}/"
    addresses = {
        "import_list": "/import/",
        "import_page": place,
        "import_problems": f"{place}problems/",
        "import_proposals": f"{place}proposals/",
    }
    for name, address in addresses.items():
        with within_budget(__file__, name):
            assert client.get(address).status_code == 200


def pages(planned: MailImport) -> list[tuple[str, str]]:
    """Every address of an import, with its method."""
    place = f"/import/{planned.id}/"
    return [
        ("get", place), ("get", f"{place}problems/"), ("get", f"{place}proposals/"), ("post", f"{place}proposals/"),
        ("get", f"{place}problems/{uuid4()}/"),
        *(("post", place + act) for act in ("start", "choices", "pause", "resume", "cancel", "undo")),
    ]  # fmt: skip


def test_a_stranger_finds_no_import(alice: User, charlie: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    client = signed_in(charlie)
    for method, address in pages(done):
        assert getattr(client, method)(address).status_code == 404, address


def test_a_colleague_finds_no_import_of_alice_alone(alice: User, bob: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()), circle="me")
    client = signed_in(bob)
    assert "in.mbox" not in client.get("/import/").content.decode()
    for method, address in pages(done):
        assert getattr(client, method)(address).status_code == 404, address


def test_a_guest_may_not_bring_in_anything(alice: User, gina: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    client = signed_in(gina)
    for method, address in [*pages(done), ("get", "/import/"), ("post", "/import/"), ("post", "/import/uploads/")]:
        if address.endswith("uploads/"):
            assert client.post(address, {"name": "a", "size": 1}).status_code == 403
        else:
            assert getattr(client, method)(address).status_code == 403, address


def test_a_colleague_may_not_stop_an_import_of_alice(alice: User, bob: User, signed_in: SignIn, tmp_path: Path) -> None:
    done = brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    for act in ("pause", "resume", "cancel", "undo"):
        assert signed_in(bob).post(f"/import/{done.id}/{act}").status_code == 403
    assert again(alice, done).state == ImportState.DONE


def test_only_who_brought_it_hears_how_much_was_known_already(
    alice: User, bob: User, signed_in: SignIn, calling: Calling, tmp_path: Path
) -> None:
    brought_in(alice, mbox(tmp_path / "in.mbox", correspondence()))
    again = brought_in(alice, mbox(tmp_path / "again.mbox", correspondence()))

    own, heard = (calling(one, "write").read(f"/imports/{again.id}") for one in (alice, bob))
    assert own["counts"]["duplicates"] == heard["counts"]["messages"] > 0
    assert "duplicates" not in heard["counts"] and "policies" not in heard["preview"]
    page, seen = (signed_in(one).get(f"/import/{again.id}/").content.decode() for one in (alice, bob))
    assert "<dt>Copies</dt>" in page and "<dt>Copies</dt>" not in seen and "It is all in" in seen


def test_the_archive_of_a_network_is_sent_previewed_and_brought_in(
    alice: User, signed_in: SignIn, tmp_path: Path
) -> None:
    client = signed_in(alice)
    place = send(client, zip_of(ARCHIVES["linkedin"], tmp_path / "in.zip").read_bytes(), "linkedin.zip")
    assert work_through(alice) == ["moments.scan_mail"]
    preview = client.get(place).content.decode()
    assert "This is an archive of LinkedIn, of Sam Bakker." in preview and "What you are called in it" in preview
    assert "Count again" not in preview and '<option value="me" selected' in preview

    wishes = {"policy": "everyone", "ours": "Sam Bakker\nin/sambakker", "circle": "me", "gives": "everything"}
    assert client.post(f"{place}start", wishes).status_code == 302
    assert work_through(alice) == ["moments.import_mail"]

    assert "It is all in" in client.get(place).content.decode()
    with entered(alice):
        assert Moment.objects.filter(kind="chat").count() == 3
        assert Operation.objects.filter(verb="import_archive").count() == 1


def test_a_program_sends_the_archive_of_a_network_and_only_its_owner_reads_it(
    alice: User, bob: User, calling: Calling, tmp_path: Path
) -> None:
    caller = calling(alice, "write")
    data = zip_of(ARCHIVES["linkedin"], tmp_path / "in.zip").read_bytes()
    upload = caller.write("POST", "/imports/uploads", {"name": "linkedin.zip", "size": len(data)})
    place = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"}
    path, kind = f"/imports/uploads/{upload['id']}", "application/octet-stream"
    sent = caller.send("PUT", path, body=data, content_type=kind, headers=place).json()
    work_through(alice)
    planned = caller.read(f"/imports/{sent['import_id']}")
    assert (planned["state"], planned["source"]) == ("preview", "linkedin")
    wishes = {"policy": "everyone", "ours": ["Sam Bakker", "in/sambakker"]}
    caller.write("POST", f"/imports/{planned['id']}/start", wishes)
    work_through(alice)

    with entered(alice):
        assert Moment.objects.filter(kind="chat").count() == 3
    with entered(bob):
        assert not Moment.objects.filter(kind="chat").exists()


@pytest.mark.parametrize(
    "kinds",
    [
        {"whatsapp": 3, "stackexchange": 3},
        # The others come in as these do.
        pytest.param(
            {"linkedin": 3, "twitter": 2, "mastodon": 3, "telegram": 2, "slack": 3, "discourse": 2, "facebook": 2,
             "instagram": 0, "signal": 2},
            marks=pytest.mark.nightly,
        ),
    ],
)  # fmt: skip
def test_a_program_brings_in_the_archive_of_every_network(
    kinds: dict[str, int], alice: User, calling: Calling, tmp_path: Path
) -> None:
    manages = calling(alice, "all")
    for network, many in kinds.items():
        place = zip_of(ARCHIVES[network], tmp_path / f"{network}.zip")
        planned = manages.write("POST", "/imports", {"path": str(place), "kind": network})
        work_through(alice)
        looked = manages.read(f"/imports/{planned['id']}")
        assert (looked["state"], looked["source"], looked["problem"]) == ("preview", network, "")
        manages.write("POST", f"/imports/{planned['id']}/start", {"policy": "everyone", "ours": ["Sam Bakker"]})
        work_through(alice)

        done = manages.read(f"/imports/{planned['id']}")
        assert (done["state"], done["counts"].get("imported", 0), done["counts"].get("unreadable", 0)) == (
            "done", many, 0,
        )  # fmt: skip
    wrong = manages.send("POST", "/imports", json={"path": str(tmp_path), "kind": "hyves"})
    assert wrong.status_code == 422 and "kind" in wrong.content.decode()
