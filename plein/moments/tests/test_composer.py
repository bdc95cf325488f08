# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.moments import actions
from plein.moments.models import Attachment, Draft, Moment, MomentText, Participant, ToDo
from plein.relations.models import Relation
from plein.testing.factories import make_moment, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"kind": "note"}, "note"),
        ({"kind": "call"}, "call"),
        ({"kind": "call", "call_how": "voicemail"}, "voicemail"),
        ({"kind": "visit"}, "visit"),
        ({"kind": "visit", "visit_how": "meeting"}, "meeting"),
        ({"kind": "email", "direction": "inbound"}, "email"),
        ({"kind": "message"}, "chat"),
        ({"kind": "message", "message_how": "text"}, "text"),
        ({"kind": "other"}, "letter"),
        ({"kind": "other", "other_how": "post"}, "post"),
        ({"kind": "note", "chosen_kind": "call"}, "call"),
    ],
)
def test_every_tab_records_its_kind(
    alice: User, henk: Relation, signed_in: SignIn, sent: dict[str, str], kind: str
) -> None:
    answer = signed_in(alice).post(f"/relations/{henk.id}/moments/new", {"text": "Goed", **sent})

    assert answer.status_code == 302
    with entered(alice):
        assert Moment.objects.get().kind == kind
        assert Participant.objects.filter(relation=henk).count() == 1


def test_an_appointment_needs_a_time(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client, address = signed_in(alice), f"/relations/{henk.id}/moments/new"
    at = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    refused = client.post(address, {"kind": "appointment", "subject": "Kick-off"}, headers=HTMX)

    assert refused.status_code == 422
    assert "aria-invalid" in refused.text
    assert "Kick-off" in refused.text
    assert "<html" not in refused.text
    assert client.post(address, {"kind": "appointment", "subject": "Kick-off", "occurred_at": at}).status_code == 302
    with entered(alice):
        assert Moment.objects.get().state == "planned"


def test_a_to_do_is_its_first_line_and_the_rest_is_its_note(alice: User, henk: Relation, signed_in: SignIn) -> None:
    sent = {"kind": "todo", "text": "Bel Henk\nover de laaddeur", "due_on": "2026-12-01", "circle": "me"}
    signed_in(alice).post(f"/relations/{henk.id}/moments/new", sent)
    with entered(alice):
        todo = ToDo.objects.get()
        assert (todo.title, todo.note, str(todo.due_on)) == ("Bel Henk", "over de laaddeur", "2026-12-01")
        assert todo.own_circle_id is not None


def test_what_is_recorded_comes_back_with_an_empty_composer(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/moments/draft", {"kind": "call", "text": "Even gebeld"})
    sent = {"kind": "call", "text": "Even gebeld over de deur", "follow_up": "Bel Rik", "make_todo": "on"}
    answer = client.post(f"/relations/{henk.id}/moments/new", sent, headers=HTMX)

    assert answer.text.count("<hx-partial") == 2
    assert "Even gebeld over de deur" in answer.text
    assert "></textarea>" in answer.text
    assert "plein:toast" in answer.headers["HX-Trigger"]
    with entered(alice):
        assert not Draft.objects.exists()
        assert ToDo.objects.get().title == "Bel Rik"


def test_a_draft_is_kept_per_colleague_and_put_back(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    sent = {"kind": "visit", "text": "Half af", "location": "Zwolle", "version": "9"}
    answer = signed_in(alice).post(f"/relations/{henk.id}/moments/draft", sent)

    assert answer.status_code == 204
    mine = signed_in(alice).get(f"/relations/{henk.id}/timeline").text
    assert "Half af</textarea>" in mine
    assert 'name="kind" value="visit"' in mine
    assert "Half af" not in signed_in(bob).get(f"/relations/{henk.id}/timeline").text
    with entered(alice):
        assert "version" not in Draft.objects.get().content
    signed_in(alice).post(f"/relations/{henk.id}/moments/draft", {"kind": "visit", "text": ""})
    with entered(alice):
        assert not Draft.objects.exists()


def test_files_come_along(alice: User, henk: Relation, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("notitie.txt", b"hallo")
    signed_in(alice).post(f"/relations/{henk.id}/moments/new", {"kind": "note", "text": "Zie", "files": file})
    with entered(alice):
        assert (Attachment.objects.get().name, Attachment.objects.get().mime) == ("notitie.txt", "text/plain")


def test_a_file_too_large_keeps_what_was_written(
    alice: User, henk: Relation, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.moments.actions.files.LARGEST_FILE", 3)
    sent = {"kind": "note", "text": "Zie bijlage", "files": SimpleUploadedFile("film.mov", b"groot")}
    answer = signed_in(alice).post(f"/relations/{henk.id}/moments/new", sent, headers=HTMX)

    assert answer.status_code == 422
    assert "film.mov" in answer.text
    assert "Zie bijlage" in answer.text
    with entered(alice):
        assert not Moment.objects.exists()


def test_others_take_part_when_they_are_chosen(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        rik = make_person("Rik van Dijk")
    client = signed_in(alice)

    assert "Rik van Dijk" in client.get(f"/relations/{henk.id}/moments/people?who=rik", headers=HTMX).text
    client.post(
        f"/relations/{henk.id}/moments/new", {"kind": "visit", "text": "Loods", "with": [str(rik.id), "nonsense"]}
    )
    with entered(bob):
        assert set(Participant.objects.values_list("relation__name", flat=True)) == {"Henk van Dijk", "Rik van Dijk"}


def test_nonsense_is_refused_beside_its_field(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client, address = signed_in(alice), f"/relations/{henk.id}/moments/new"
    ahead = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")

    assert client.post(address, {"kind": "note", "text": " "}).status_code == 422
    assert client.post(address, {"kind": "call", "text": "x", "occurred_at": "gisteren"}).status_code == 422
    assert client.post(address, {"kind": "call", "text": "x", "occurred_at": ahead}).status_code == 422
    assert client.post(address, {"kind": "call", "text": "x", "circle": "team:Board"}).status_code == 422
    assert client.post(address, {"kind": "call", "text": "x", "with": str(henk.id)}).status_code == 302
    with entered(alice):
        assert Moment.objects.count() == 1


def test_bob_may_charlie_may_not_and_a_guest_neither(
    alice: User, bob: User, gina: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    sent = {"kind": "note", "text": "Goed"}
    for path in ("new", "draft"):
        address = f"/relations/{henk.id}/moments/{path}"
        assert signed_in(charlie).post(address, sent).status_code == 404
        assert signed_in(gina).post(address, sent).status_code == 403
    with entered(alice):
        assert (Moment.objects.count(), Draft.objects.count()) == (0, 0)
    assert signed_in(bob).post(f"/relations/{henk.id}/moments/new", sent).status_code == 302


def test_a_note_for_only_me_is_hidden_from_colleagues(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    signed_in(alice).post(f"/relations/{henk.id}/moments/new", {"kind": "note", "text": "Geheim", "circle": "me"})
    with entered(bob):
        assert not MomentText.objects.exists()
    with entered(alice) as actor:
        assert actions.draft_of(actor.seat_id, "nothing") == {}
        assert MomentText.objects.get().text == "Geheim"


@pytest.mark.parametrize("kind", ["note", "todo"])
def test_the_id_of_something_out_of_sight_records_nothing_and_loses_nothing(
    alice: User, bob: User, henk: Relation, signed_in: SignIn, kind: str
) -> None:
    with entered(alice):
        hidden = make_moment(henk, circle_id=only_me()).id
        hidden = make_todo(own_circle_id=only_me()).id if kind == "todo" else hidden
    sent = {"kind": kind, "text": "Mijn tekst", "moment_id": str(hidden)}

    answer = signed_in(bob).post(f"/relations/{henk.id}/moments/new", sent)

    assert answer.status_code == 422 and "Mijn tekst" in answer.text and "send it once more" in answer.text
    with entered(bob):
        assert not Moment.objects.exists() and not ToDo.objects.exists()
