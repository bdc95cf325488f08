# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plein.core.operations import operation
from plein.moments.actions import IncomingFile, Part, record_moment
from plein.moments.models import Attachment, Moment, MomentSource, MomentText, Participant
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.fixture
def moment(alice: User, henk: Relation) -> Moment:
    """A mail with everything a mail may have."""
    with entered(alice) as actor:
        files = [
            IncomingFile("offerte.pdf", 9, io.BytesIO(b"%PDF-1.4\n")),
            IncomingFile("tekening.svg", 30, io.BytesIO(b"<svg onload='alert(1)'></svg>")),
            IncomingFile("notitie.txt", 5, io.BytesIO(b"hallo")),
        ]
        made = record_moment(
            actor=actor, kind="email", participants=[Part(henk.id)], subject="Offerte", text="Ja.\n> Nee?", files=files
        )
        with operation("test"):
            MomentText.objects.update(html="<p>Ja.</p><img src=https://elsewhere.example/x.png>", quote_from=4)
            MomentSource.objects.create(moment=made, external_id="<1@x.example>", mailbox="alice", folder="Inbox")
        return made


def test_it_shows_who_what_files_and_copies(bob: User, moment: Moment, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.get(f"/moments/{moment.id}/")
    with within_budget(__file__, "moment"):
        text = client.get(f"/moments/{moment.id}/").text

    for words in (
        "Offerte",
        "Henk van Dijk",
        "offerte.pdf",
        "&lt;1@x.example&gt;",
        "Everyone here sees this",
        "sandbox=",
    ):
        assert words in text


def test_a_hidden_participant_is_absent_from_the_page(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        made = make_moment(make_person(), make_person("Verborgen Vos", circle_id=only_me()))

    assert "Verborgen" in signed_in(alice).get(f"/moments/{made.id}/").text
    assert "Verborgen" not in signed_in(bob).get(f"/moments/{made.id}/").text


def test_strangers_find_nothing_at_any_address_and_change_nothing(
    alice: User, charlie: User, moment: Moment, signed_in: SignIn
) -> None:
    client = signed_in(charlie)
    with entered(alice):
        part, file = Participant.objects.order_by("id")[0], Attachment.objects.order_by("id")[0]
    read = ("", "html", "edit", f"participants/{part.id}")
    written = ("edit", "delete", "complete", "cancel", "circle", "attach", "follow-up", f"participants/{part.id}")

    assert {client.get(f"/moments/{moment.id}/{path}").status_code for path in read} == {404}
    assert {client.post(f"/moments/{moment.id}/{path}").status_code for path in written} == {404}
    assert {client.get(f"/files/{file.id}/{path}").status_code for path in ("", "inline", "preview")} == {404}
    with entered(alice):
        assert Moment.objects.get().version == 1


def test_guests_look_and_do_not_touch(alice: User, gina: User, moment: Moment, signed_in: SignIn) -> None:
    client = signed_in(gina)
    page = client.get(f"/moments/{moment.id}/")
    written = ("edit", "delete", "complete", "cancel", "attach", "follow-up")

    assert page.status_code == 200
    assert "/delete" not in page.text
    assert {client.post(f"/moments/{moment.id}/{path}").status_code for path in written} == {403}
    with entered(alice):
        assert Moment.objects.get().version == 1


def test_looking_never_writes(alice: User, henk: Relation, moment: Moment, signed_in: SignIn) -> None:
    with entered(alice):
        file = Attachment.objects.order_by("id")[0]
    client = signed_in(alice)
    paths = (
        f"/moments/{moment.id}/",
        f"/moments/{moment.id}/html",
        f"/moments/{moment.id}/edit",
        f"/relations/{henk.id}/timeline",
        f"/relations/{henk.id}/moments/new",
        f"/relations/{henk.id}/moments/people?who=henk",
        f"/files/{file.id}/preview",
        "/todos/",
    )
    client.get("/todos/")
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
        words = {query["sql"].split()[0] for query in captured}
        assert not words & {"INSERT", "UPDATE", "DELETE"}, path


def test_a_file_is_downloaded_and_never_run(bob: User, moment: Moment, signed_in: SignIn) -> None:
    client = signed_in(bob)
    with entered(bob):
        pdf, drawing, note = Attachment.objects.order_by("id")
    answer = client.get(f"/files/{drawing.id}/")
    shown = client.get(f"/files/{pdf.id}/inline")

    assert [b"".join(one)[:4] for one in (answer, shown)] == [b"<svg", b"%PDF"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{drawing.id}/inline").status_code == 404
    assert shown.headers["Content-Type"] == "application/pdf"
    assert client.get(f"/files/{note.id}/inline").status_code == 404
    assert "hallo" in client.get(f"/files/{note.id}/preview").text
    assert b"".join(client.get(f"/files/{note.id}/")) == b"hallo"


def test_a_file_hidden_with_its_text_cannot_be_had(alice: User, bob: User, moment: Moment, signed_in: SignIn) -> None:
    with entered(alice):
        file = Attachment.objects.order_by("id")[0]
        text = MomentText.objects.get(moment=moment)
    assert signed_in(alice).post(f"/who-sees/texts/{text.id}/", {"audience": "me"}).status_code == 302
    for path in ("", "inline", "preview"):
        assert signed_in(bob).get(f"/files/{file.id}/{path}").status_code == 404
    assert "Offerte" in signed_in(bob).get(f"/moments/{moment.id}/").text
    assert signed_in(bob).get(f"/moments/{moment.id}/html").status_code == 404


def test_the_mail_as_sent_has_a_policy_of_its_own(bob: User, moment: Moment, signed_in: SignIn) -> None:
    answer = signed_in(bob).get(f"/moments/{moment.id}/html")
    policy = answer.headers["Content-Security-Policy"]

    assert "elsewhere.example" not in answer.text
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    assert "style-src 'sha256-" in policy and "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_editing_saves_refuses_and_shows_a_conflict(alice: User, moment: Moment, signed_in: SignIn) -> None:
    client, address = signed_in(alice), f"/moments/{moment.id}/edit"
    values = {
        "version": "1",
        "title": "Nieuw",
        "kind": "email",
        "direction": "outbound",
        "occurred_at": "2026-01-05T10:00",
        "text": "Anders",
    }
    assert client.post(address, values | {"occurred_at": ""}).status_code == 422
    assert client.post(address, values | {"ends_at": "2025-01-01T00:00"}).status_code == 422
    assert client.post(address, values).status_code == 302
    conflict = client.post(address, values | {"title": "Toch niet"})
    assert conflict.status_code == 409
    assert "Nieuw" in conflict.text
    assert "Toch niet" in conflict.text
    assert 'name="version" value="2"' in conflict.text


def test_removing_goes_back_to_the_relation(alice: User, henk: Relation, moment: Moment, signed_in: SignIn) -> None:
    answer = signed_in(alice).post(f"/moments/{moment.id}/delete")

    assert str(henk.id) in answer.headers["Location"]
    with entered(alice):
        assert not Moment.objects.exists()


def test_another_circle_than_ones_own_is_not_there(alice: User, moment: Moment, signed_in: SignIn) -> None:
    assert signed_in(alice).post(f"/who-sees/moments/{moment.id}/", {"audience": "team:Board"}).status_code == 422
    with entered(alice):
        assert Moment.objects.get().version == 1


def test_attaching_more_needs_a_file(alice: User, moment: Moment, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert client.post(f"/moments/{moment.id}/attach").status_code == 422
    file = SimpleUploadedFile("x.html", b"<html><script>alert(1)</script>")
    assert client.post(f"/moments/{moment.id}/attach", {"files": file}).status_code == 302
    with entered(alice):
        assert Attachment.objects.get(name="x.html").mime == "text/html"


def test_a_participant_is_said_to_be_somebody_else(
    alice: User, moment: Moment, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        rik, part = make_person("Rik van Dijk"), Participant.objects.get(relation=henk)
    client, address = signed_in(alice), f"/moments/{moment.id}/participants/{part.id}"

    assert "Rik van Dijk" in client.get(f"{address}?who=rik").text
    assert client.post(address, {"relation": "nonsense"}).status_code == 404
    assert client.post(address, {"relation": str(rik.id)}).status_code == 302
    with entered(alice):
        assert Participant.objects.get(id=part.id).relation_id == rik.id
