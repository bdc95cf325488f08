# SPDX-License-Identifier: AGPL-3.0-or-later
"""What visitors, machines and other websites get at the door: a sentence, the same for everybody, and nothing half."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plein.consent.actions import change_purpose
from plein.consent.forms import PurposeForm, initial_of
from plein.consent.queries import purpose_called
from plein.core.ids import now
from plein.metadata.models import Field
from plein.moments.models import Moment, MomentText
from plein.relations.models import Relation, RelationValues
from plein.testing.factories import make_contact_point, make_field, make_person
from plein.testing.figures import Judge
from plein.testing.mail_server import Box
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered
from plein.webforms.actions import close_form
from plein.webforms.counting import FROM_ONE_PLACE
from plein.webforms.middleware import LARGEST_BODY
from plein.webforms.models import Submission
from plein.webforms.tasks import clear_over
from plein.webforms.tests.visitor import EMAIL, FORM, Visitor, encoded, form_of, link_in, work

#: So many submissions that are not right are tried per commit.
MALFORMED = 150
#: What machines send: pieces of which a submission is put together.
PIECES: tuple[Any, ...] = (
    "", " ", "x" * 6000, "\x00", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", "<script>alert(1)</script>",
    "a@b", "@", "ria@visser.example\nBcc: x@y.example", "ria@" + "x" * 400 + ".example", "' OR 1=1 --", "{{7*7}}",
    "%00", "\u202e\u2028", "-1", "9" * 400, ["a", "b"], "\r\n\r\nHELO", "../../etc/passwd", "ria@visser.example ",
)  # fmt: skip
NAMES = (
    "email",
    "name",
    "phone",
    "message",
    "organization",
    "stamp",
    "c.choices",
    "yes.x",
    "website",
    "",
    "\x00",
    "lang",
)


@pytest.fixture(autouse=True)
def with_mail(box: Box) -> None:
    """A form is open only where there is a mail server."""


def kept(user: User) -> int:
    with entered(user):
        return Submission.objects.count()


def test_malformed_submissions_get_a_sentence_and_leave_nothing(alice: User, judge: Judge) -> None:
    with entered(alice):
        make_field("choices", choices=["Gold"], kinds=["person"])
    asks = {"name": "required", "phone": "optional", "message": "required"}
    visitor = Visitor(form_of(alice, asks=asks, own=("choices",)))
    chance = random.Random(7)  # noqa: S311
    good = {"name": "Ria", "message": "Hoi", "email": EMAIL}
    stamp = visitor.older(visitor.stamp(visitor.client.get(visitor.path).text), 30)
    wrong: list[tuple[int, dict[str, Any]]] = []
    for number in range(MALFORMED):
        sent = good | {"stamp": stamp} | {chance.choice(NAMES): chance.choice(PIECES) for _time in range(3)}
        broken = {**sent, chance.choice(("email", "message", "name")): chance.choice(("", " ", "\x00", "y" * 9000))}
        place = f"10.0.0.{number}"
        answer = visitor.client.post(visitor.path, encoded(broken), content_type=FORM, REMOTE_ADDR=place)
        is_told = answer.status_code == 422 and 'class="error"' in answer.text
        is_told |= answer.status_code in (400, 413) and "Nothing was kept" in answer.text
        # A field that nobody sees was filled in: it looks as if it was taken.
        if not is_told and not (answer.status_code == 302 and broken.get("website")):
            wrong.append((answer.status_code, broken))

    count = len(wrong) + kept(alice)
    judge("forms: malformed, kept or without a sentence", goal=f"0 of {MALFORMED}", measured=count, is_good=count == 0)
    assert wrong == [] and kept(alice) == 0


def test_what_is_not_sent_as_a_form_sends_it_is_refused(alice: User) -> None:
    visitor = Visitor(form_of(alice))
    client, path = visitor.client, visitor.path
    assert client.post(path, "x=" + "y" * LARGEST_BODY, content_type=FORM).status_code == 413
    endless = client.post(path, "x=y", content_type=FORM, headers={"Transfer-Encoding": "chunked"})
    assert endless.status_code == 413
    assert client.post(path, {"email": EMAIL}).status_code == 415
    assert client.post(path, "{}", content_type="application/json").status_code == 415
    assert client.post(path, encoded({f"f{n}": "" for n in range(5001)}), content_type=FORM).status_code == 400
    crossing = client.post(path, "email=x", content_type=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossing.status_code == 403 and "not sent from the form" in crossing.text
    assert client.put(path).status_code == client.delete(path).status_code == 405
    for nowhere in ("/f/", "/f/nothing/", f"{path}more/", f"{path}confirm/x/more/", "/f/%00/"):
        answer = client.get(nowhere)
        assert answer.status_code == 404 and not answer.cookies, nowhere
    assert client.get(f"{path}confirm/nothing/").status_code == 410


def test_machines_are_kept_out_and_the_quick_may_send_again(alice: User) -> None:
    visitor = Visitor(form_of(alice))
    assert visitor.fill(website="https://spam.example").status_code == 302
    assert "very quick" in visitor.fill(age=0.5).text
    assert "stood open for long" in visitor.client.post(visitor.path, "stamp=mine", content_type=FORM).text
    assert (
        "Look it over" in visitor.fill(stamp=Visitor(form_of(alice)).stamp(visitor.client.get(visitor.path).text)).text
    )
    assert kept(alice) == 0
    assert visitor.fill().status_code == 302 and kept(alice) == 1

    answers = [visitor.fill() for _time in range(FROM_ONE_PLACE)]
    assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) > 0
    assert "Ria Visser" in answers[-1].text, "nothing typed is lost"


def test_words_that_changed_are_read_before_a_yes_counts(alice: User, box: Box) -> None:
    with entered(alice):
        purpose = purpose_called("newsletter")
    assert purpose is not None
    visitor = Visitor(form_of(alice, purposes=(purpose.id,)))
    stamp = visitor.older(visitor.stamp(visitor.client.get(visitor.path).text), 30)
    with entered(alice) as actor:
        present = purpose_called("newsletter")
        assert present is not None
        form = PurposeForm(initial_of(present) | {"what_en": "Something else."})
        assert form.is_valid()
        change_purpose(actor=actor, purpose=present, facts=form.facts(), based_on=present.version)

    answer = visitor.fill({f"yes.{purpose.id}": "on"}, stamp=stamp)
    assert answer.status_code == 422 and "changed meanwhile" in answer.text and "Something else." in answer.text
    assert kept(alice) == 0


def test_a_form_stands_in_frames_of_the_websites_it_names_and_asks_no_cookie(alice: User, box: Box) -> None:
    alone, framed = Visitor(form_of(alice)), Visitor(form_of(alice, origins=("https://www.example.com",)))
    seen = alone.client.get(alone.path)
    assert "frame-ancestors 'none'" in seen["Content-Security-Policy"] and seen["X-Frame-Options"] == "DENY"
    seen = framed.client.get(framed.path)
    assert "frame-ancestors https://www.example.com;" in seen["Content-Security-Policy"]
    assert "script-src 'self'" in seen["Content-Security-Policy"] and "X-Frame-Options" not in seen.headers
    framed.fill()
    work()
    asked = framed.client.get(link_in(box))
    assert "frame-ancestors 'none'" in asked["Content-Security-Policy"] and asked["X-Frame-Options"] == "DENY"
    assert not framed.client.cookies and seen["X-Robots-Tag"] == "noindex"


def test_thanks_may_be_a_page_elsewhere(alice: User, box: Box) -> None:
    visitor = Visitor(form_of(alice, thanks_url="https://www.example.com/thanks?x=1"))
    visitor.fill()
    work()
    link = link_in(box)
    assert "form-action 'self' https://www.example.com;" in visitor.client.get(link)["Content-Security-Policy"]
    assert visitor.press(link)["Location"] == "https://www.example.com/thanks?x=1"


def test_whether_somebody_is_known_changes_no_answer_and_no_statement(alice: User, bob: User, box: Box) -> None:
    visitor, seen = Visitor(form_of(alice)), []
    with entered(bob):
        make_contact_point(make_person("Hidden", circle_id=only_me()), "email", "hidden@visser.example")
        make_contact_point(make_person("Known"), "email", "known@visser.example")
    for address in ("hidden@visser.example", "known@visser.example", "nobody@visser.example"):
        with CaptureQueriesContext(connection) as captured:
            page = visitor.fill(email=address)
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]
        seen.append((page.status_code, page["Location"], statements))
    assert seen[0] == seen[1] == seen[2]
    work()

    assert len(box.kept) == 3
    pages = [re.sub(r"\w+@visser", "x@visser", visitor.press(link_in(box, number)).text) for number in range(3)]
    assert len(set(pages)) == 1
    with entered(alice):
        assert Relation.objects.filter(name="Ria Visser").count() == 2, "whom she may not see is somebody new to her"
        assert not Relation.objects.filter(name="Hidden").exists()


def test_a_form_ends_with_its_time_its_caretaker_and_its_mail_server(alice: User, bob: User, box: Box) -> None:
    visitor = Visitor(form_of(alice))
    visitor.fill()
    work()
    with entered(alice):
        Submission.objects.update(expires_at=now() - timedelta(minutes=1))
    assert visitor.client.get(link_in(box)).status_code == 410 and visitor.press(link_in(box)).status_code == 410
    clear_over(0)
    assert kept(alice) == 0
    with entered(alice) as actor:
        assert not Moment.objects.exists()
        close_form(actor=actor, form=visitor.form)
    assert visitor.client.get(visitor.path).status_code == 410
    assert visitor.client.post(visitor.path, "x=1", content_type=FORM).status_code == 410


def test_own_fields_are_asked_and_fill_what_is_empty(alice: User, box: Box) -> None:
    with entered(alice):
        field: Field = make_field("choices", choices=["Gold", "Silver"], kinds=["person"])
    visitor = Visitor(form_of(alice, own=("choices",)))
    assert "Gold" in visitor.client.get(visitor.path).text
    visitor.fill({"c.choices": "gold"})
    work()
    looked = visitor.client.get(link_in(box))
    assert "Gold" in looked.text
    visitor.press(link_in(box))
    with entered(alice):
        assert RelationValues.objects.get().values == {str(field.id): ["gold"]}
        assert "Gold" in MomentText.objects.get().text


def test_a_visitor_reads_their_own_language(alice: User) -> None:
    visitor = Visitor(form_of(alice, title_nl="Schrijf ons"))
    client = Client()
    assert "Schrijf ons" in client.get(visitor.path, headers={"Accept-Language": "nl"}).text
    assert "Write us" in client.get(visitor.path, headers={"Accept-Language": "fr"}).text
    assert "Write us" in client.get(visitor.path, {"lang": "en"}, headers={"Accept-Language": "nl"}).text
