# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.moments.models import Attachment, Delivery, Draft, MessageReference, Moment, MomentSource, MomentText
from plein.outbox.models import Mail, MailFile
from plein.outbox.tests.conftest import ADDRESS, fresh, work
from plein.relations.actions import forbid_contact
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def wanted(**changes: object) -> dict[str, object]:
    return {"to": f"Henk van Dijk <{ADDRESS}>", "subject": "Offerte", "text": "Dag Henk", **changes}


def only_mail(user: User) -> Mail:
    with entered(user):
        return Mail.objects.get()


def test_the_mail_tab_offers_the_addresses_and_who_one_is(alice: User, henk: Relation, signed_in: SignIn) -> None:
    page = signed_in(alice).get(f"/relations/{henk.id}/mail/").text

    assert f"Henk van Dijk &lt;{ADDRESS}&gt;" in page
    assert "Alice &lt;alice@plein.example&gt;" in page
    assert f'data-fragment="/relations/{henk.id}/mail/"' in signed_in(alice).get(f"/relations/{henk.id}/").text


def test_sending_says_so_with_the_way_back_and_undo_gives_all_of_it_back(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    file = SimpleUploadedFile("offerte.txt", b"hallo")
    here = {"HX-Current-URL": f"http://testserver/relations/{henk.id}/", **HTMX}
    answer = client.post(f"/relations/{henk.id}/mail/", wanted(cc="rik@x.example", files=file), headers=here)

    assert answer.status_code == 200
    assert "Sent in 10 seconds." in answer.headers["HX-Trigger"]
    assert "on its way" in answer.text and answer.text.count("<hx-partial") == 2
    mail = only_mail(alice)
    assert client.post(f"/undo/{mail.operation_id}/", headers=HTMX).status_code == 204
    with entered(alice):
        assert not Moment.objects.exists() and not Delivery.objects.exists()
        assert Draft.objects.get().key == f"relation-{henk.id}"
    back = client.get(f"/relations/{henk.id}/mail/").text
    assert "Dag Henk</textarea>" in back and "offerte.txt" in back and "rik@x.example" in back
    assert f'value="{mail.id}"' in back
    assert 'name="kind" value="email"' in client.get(f"/relations/{henk.id}/").text
    assert work(alice, mail).state == "draft"
    assert box.kept == []
    with entered(bob):
        assert not Mail.objects.exists()


def test_what_was_taken_back_can_be_sent_after_all(alice: User, henk: Relation, box: Box, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/mail/", wanted(files=SimpleUploadedFile("a.txt", b"hallo")))
    mail = only_mail(alice)
    client.post(f"/undo/{mail.operation_id}/")
    client.post(f"/relations/{henk.id}/mail/", wanted(mail=str(mail.id), text="Toch maar"))

    assert work(alice, only_mail(alice)).state == "sent"
    assert len(box.kept) == 1 and b"Toch maar" in box.kept[0].data and b"a.txt" in box.kept[0].data
    with entered(alice):
        assert (MailFile.objects.count(), Attachment.objects.get().name, Moment.objects.count()) == (1, "a.txt", 1)


def test_what_has_left_cannot_be_taken_back_and_undoing_twice_is_refused(
    alice: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/mail/", wanted())
    mail = work(alice, only_mail(alice))
    answer = client.post(f"/undo/{mail.operation_id}/", headers=HTMX)

    assert answer.status_code == 409 and "has left" in answer.text
    with entered(alice):
        assert Moment.objects.count() == 1 and MomentText.objects.get().text == "Dag Henk"


def test_a_mail_that_is_leaving_cannot_be_removed_from_the_timeline(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/mail/", wanted())
    mail = only_mail(alice)
    client.post(f"/moments/{mail.moment_id}/delete")
    with entered(alice):
        assert Moment.objects.count() == 1
    assert "has not left yet" in client.get(f"/moments/{mail.moment_id}/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"to": ""}, "Say to whom"), ({"to": "henk"}, "henk is not an e-mail address"), ({"to": "a@x.nl, b"}, "b is not"),
     ({"text": "", "subject": ""}, "Write something first"), ({"identity": "no"}, "aria-invalid"),
     ({"circle": "team:Board"}, "aria-invalid"), ({"send_at": "gisteren"}, "aria-invalid"),
     ({"send_at": "2020-01-01T10:00"}, "That time has passed"),
     ({"to": ", ".join(f"p{n}@x.nl" for n in range(51))}, "50 at most")],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_and_kept_in_the_form(
    alice: User, henk: Relation, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = signed_in(alice).post(f"/relations/{henk.id}/mail/", wanted(**changes), headers=HTMX)

    assert answer.status_code == 422
    assert words in answer.text
    assert changes.get("subject") == "" or "Offerte" in answer.text
    with entered(alice):
        assert not Mail.objects.exists() and not Moment.objects.exists()


def test_files_survive_a_refusal(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    sent = wanted(to="nobody", files=SimpleUploadedFile("a.txt", b"hallo"))
    answer = client.post(f"/relations/{henk.id}/mail/", sent, headers=HTMX)

    mail = only_mail(alice)
    assert answer.status_code == 422
    assert "a.txt" in answer.text and f'value="{mail.id}"' in answer.text
    client.post(f"/relations/{henk.id}/mail/", wanted(mail=str(mail.id)))
    with entered(alice):
        assert Attachment.objects.get().name == "a.txt"


def test_files_too_large_for_mail_are_named_with_their_size(
    alice: User, henk: Relation, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.outbox.actions.writing.LARGEST", 1024 * 1024)
    sent = wanted(files=SimpleUploadedFile("film.mov", b"x" * (2 * 1024 * 1024)))
    answer = signed_in(alice).post(f"/relations/{henk.id}/mail/", sent, headers=HTMX)

    assert answer.status_code == 422
    assert "The files are 2.0 MB together, and most mail servers take 1 MB." in answer.text
    assert "Dag Henk" in answer.text


def test_files_of_the_relation_and_only_those_one_may_see_go_along(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    new = f"/relations/{henk.id}/moments/new"
    signed_in(alice).post(new, {"kind": "note", "text": "x", "files": SimpleUploadedFile("open.txt", b"open")})
    signed_in(alice).post(
        new, {"kind": "note", "text": "x", "circle": "me", "files": SimpleUploadedFile("geheim.txt", b"geheim")}
    )
    with entered(alice):
        ids = [str(one.id) for one in Attachment.objects.all()]
    client = signed_in(bob)

    assert "open.txt" in client.get(f"/relations/{henk.id}/mail/?ready=1").text
    assert "geheim.txt" not in client.get(f"/relations/{henk.id}/mail/?ready=1", headers=HTMX).text
    client.post(f"/relations/{henk.id}/mail/", wanted(known=ids))
    with entered(bob):
        assert [one.name for one in MailFile.objects.all()] == ["open.txt"]


def test_preview_shows_the_mail_clean_and_keeps_the_form(alice: User, henk: Relation, signed_in: SignIn) -> None:
    sent = wanted(text="**Vet** <script>x</script> [hier](https://x.nl) ![p](https://x.nl/a.png)", act="preview")
    answer = signed_in(alice).post(f"/relations/{henk.id}/mail/", sent, headers=HTMX)

    assert answer.status_code == 200
    assert "<strong>Vet</strong>" in answer.text and "<script>x" not in answer.text
    assert '<a href="https://x.nl"' in answer.text and "<img" not in answer.text
    with entered(alice):
        assert not Mail.objects.exists()


def test_what_is_sent_loads_nothing_from_anywhere(alice: User, henk: Relation, box: Box, signed_in: SignIn) -> None:
    text = '![x](https://evil.nl/p.png) <img src="https://evil.nl/p.png"> <link href=//x> [a](javascript:alert(1)) *b*'
    signed_in(alice).post(f"/relations/{henk.id}/mail/", wanted(text=text, quoted="> <style>@import 'x'</style>"))
    work(alice, only_mail(alice))
    letter = message_from_bytes(box.kept[0].data, policy=policy.default)
    body = letter.get_body(("html",))
    assert body is not None
    html = body.get_content()

    tags = re.findall(r"<[^>]*>", html)
    assert {tag.split()[0].strip("</>") for tag in tags} <= {"p", "a", "em", "br", "blockquote"}
    assert not re.search(r"javascript|src=|style=|background|url\(|on\w+=", "".join(tags))


def test_a_reply_stands_under_what_it_answers(alice: User, henk: Relation, box: Box, signed_in: SignIn) -> None:
    with entered(alice):
        other = make_person("Rik")
        make_contact_point(other, "email", "rik@vandijk.example")
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/mail/", wanted(cc="Rik <rik@vandijk.example>"))
    first = work(alice, only_mail(alice))
    page = client.get(f"/moments/{first.moment_id}/reply/?all=1").text

    assert "Re: Offerte" in page and "&gt; Dag Henk" in page and ADDRESS in page and "rik@vandijk.example" in page
    sent = wanted(subject="Re: Offerte", quoted="Op 1 mei schreef Alice:\n> Dag Henk")
    assert client.post(f"/moments/{first.moment_id}/reply/", sent).status_code == 302
    with entered(alice):
        reply = Mail.objects.exclude(id=first.id).get()
        assert reply.moment_id and first.moment_id
        assert Moment.objects.get(id=reply.moment_id).thread_id == Moment.objects.get(id=first.moment_id).thread_id
        assert MessageReference.objects.get(moment_id=reply.moment_id).external_id == first.message_id
        text = MomentText.objects.get(moment_id=reply.moment_id)
        assert text.quote_from and text.text[text.quote_from :].startswith("Op 1 mei")
    work(alice, reply)
    letter = message_from_bytes(box.kept[1].data, policy=policy.default)
    assert letter["In-Reply-To"] == letter["References"] == f"<{first.message_id}>"


def test_a_scheduled_mail_waits_can_be_moved_and_called_off(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    at = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/relations/{henk.id}/mail/", wanted(send_at=at))
    mail = only_mail(alice)

    assert (mail.state, mail.is_scheduled, mail.moment_id) == ("waiting", True, None)
    assert "Offerte" in client.get("/outbox/?show=scheduled").text
    assert "Offerte" in client.get(f"/relations/{henk.id}/mail/").text
    assert signed_in(bob).get(f"/outbox/{mail.id}/").status_code == 404
    later = timezone.localtime(now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"/outbox/{mail.id}/time/", {"send_at": later}).status_code == 302
    assert client.post(f"/outbox/{mail.id}/time/", {"send_at": "2020-01-01T10:00"}).status_code == 422
    sent = work(alice, mail)
    assert sent.state == "sent" and sent.moment_id and len(box.kept) == 1


def test_a_scheduled_mail_that_is_called_off_is_a_draft_again(
    alice: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    at = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/relations/{henk.id}/mail/", wanted(send_at=at))
    mail = only_mail(alice)
    answer = client.post(f"/outbox/{mail.id}/back/")

    assert answer["Location"] == f"/outbox/{mail.id}/edit/"
    assert "Dag Henk</textarea>" in client.get(answer["Location"]).text
    assert work(alice, mail).state == "draft" and box.kept == []
    assert client.post(f"/outbox/{mail.id}/discard/").status_code == 302
    with entered(alice):
        assert not Mail.objects.exists()


def test_who_wants_no_contact_is_not_written_to(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        forbid_contact(actor=actor, relation=henk, reason="asked us on 3 March")
    client = signed_in(bob)

    assert "Do not contact." in client.get(f"/relations/{henk.id}/mail/").text
    for box_name in ("to", "cc", "bcc"):
        sent = wanted(to="other@x.example") | {box_name: ADDRESS.upper()}
        answer = client.post(f"/relations/{henk.id}/mail/", sent, headers=HTMX)
        assert answer.status_code == 422
        assert "asked us on 3 March" in answer.text and "ask Alice" in answer.text
    with entered(bob):
        assert not Mail.objects.exists()


def test_a_draft_is_kept_while_one_writes(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    sent = {"kind": "email", "to": ADDRESS, "bcc": "geheim@x.example", "text": "Half", "subject": "S"}
    assert client.post(f"/relations/{henk.id}/mail/draft", sent).status_code == 204

    page = client.get(f"/relations/{henk.id}/mail/").text
    assert "Half</textarea>" in page and "geheim@x.example" in page
    assert "geheim@x.example" not in signed_in(bob).get(f"/relations/{henk.id}/mail/").text


def test_people_are_found_by_name_while_one_types(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert ADDRESS in client.get("/outbox/people/?to=a@x.nl, henk", headers=HTMX).text
    assert ADDRESS not in client.get("/outbox/people/?to=zzz", headers=HTMX).text


def test_bob_may_charlie_and_a_guest_may_not(
    alice: User, bob: User, gina: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    address = f"/relations/{henk.id}/mail/"
    assert signed_in(charlie).post(address, wanted()).status_code == 404
    assert signed_in(gina).post(address, wanted()).status_code == 403
    assert signed_in(gina).get(address).status_code == 403
    with entered(alice):
        assert not Mail.objects.exists()
    assert signed_in(bob).post(address, wanted()).status_code == 302
    mail = only_mail(bob)
    assert signed_in(alice).get(f"/outbox/{mail.id}/").status_code == 200
    assert signed_in(charlie).get(f"/outbox/{mail.id}/").status_code == 404
    assert signed_in(alice).post(f"/outbox/{mail.id}/now/").status_code == 409
    assert fresh(bob, mail).state == "waiting"
    with entered(bob):
        assert MomentSource.objects.get().external_id == mail.message_id
