# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with a form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.core.models import Operation
from plein.core.operations import undo
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.trust.actions import give_seat, make_user
from plein.trust.models import Role, User
from plein.trust.seats import entered
from plein.webforms.actions import FormFacts, change_form, close_form, open_form, remove_form
from plein.webforms.models import FormText, WebForm
from plein.webforms.queries import form_of as found_again
from plein.webforms.refusals import CannotForm
from plein.webforms.tests.visitor import form_of

SignIn = Callable[[User], Client]


def test_what_is_done_with_a_form_is_turned_back(alice: User) -> None:
    form = form_of(alice, origins=("https://www.Example.com/", "exämple.nl"))
    assert form.origins == ["https://www.example.com", "https://xn--exmple-cua.nl"]
    with entered(alice) as actor:
        changed = change_form(actor=actor, form=form, facts=FormFacts("Site", title_en="Ask us"), based_on=1)
        assert (changed.wording.title_en, changed.wording.number) == ("Ask us", 2)
        close_form(actor=actor, form=form)
        open_form(actor=actor, form=form)
        remove_form(actor=actor, form=form)
        assert found_again(form.id) is None
    with entered(alice):
        for verb in ("remove_form", "open_form", "close_form", "change_form"):
            undo(Operation.objects.get(verb=verb).id)
        kept = WebForm.objects.get()
        assert (kept.is_open, kept.removed_at, kept.origins) == (True, None, form.origins)
        assert FormText.objects.filter(number=1, title_en="Write us").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"title_en": ""}, "title_en"),
        ({"thanks_url": "javascript:alert(1)"}, "thanks_url"),
        ({"origins": ("https://*.example.com",)}, "origins"),
        ({"origins": ("https://a.example; script-src *",)}, "origins"),
        ({"origins": ("ftp://a.example",)}, "origins"),
        ({"own": ("nothing",)}, "own"),
        ({"asks": {"birthday": "required"}}, "asks"),
        ({"work": "fax"}, "work"),
    ],
)
def test_what_a_form_cannot_be_is_told_beside_it(alice: User, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(CannotForm) as refusal:
        form_of(alice, **wrong)
    assert refusal.value.field == field


def test_work_goes_to_a_colleague_who_sees_it(alice: User, bob: User) -> None:
    with entered(bob) as colleague:
        seat = colleague.seat_id
    with pytest.raises(CannotForm, match="would not see"):
        form_of(alice, circle="me", for_seat=seat)
    assert form_of(alice, circle="everyone", for_seat=seat).for_seat_id == seat


def test_the_pages_make_a_form_and_say_how_to_place_it(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    assert signed_in(bob).get("/settings/forms/").status_code == 403
    wish = {"name": "Contact", "title_nl": "Schrijf ons", "ask_name": "required", "ask_phone": "not"}
    wish |= {"ask_organization": "not", "ask_message": "optional", "origins": "https://www.example.com", "work": "todo"}
    assert client.post("/settings/forms/new/", wish | {"origins": "nonsense!"}).status_code == 422
    made = client.post("/settings/forms/new/", wish | {"circle": "everyone"})
    assert made.status_code == 302, made.text
    assert "The form is open" in client.get(made["Location"]).text
    with within_budget(__file__, "webforms:form"):
        page = client.get(made["Location"])
    assert "&lt;iframe src=" in page.text and "/f/" in page.text
    with within_budget(__file__, "webforms:forms"):
        assert "Contact" in client.get("/settings/forms/").text
    again = client.post(made["Location"], wish | {"title_nl": "Vraag ons", "version": "1"})
    assert again.status_code == 302 and "Version 2" in client.get(made["Location"]).text
    assert client.post(made["Location"], wish | {"name": "Other", "version": "1"}).status_code == 409


def test_the_log_tells_of_a_form_only_who_sees_it(cast: Cast, alice: User, signed_in: SignIn) -> None:
    dora = make_user(email="dora@plein.example", name="Dora", language="en")
    give_seat(workspace=cast.here, user=dora, role=Role.ADMINISTRATOR)
    form_of(alice, name="Open", circle="everyone")
    assert signed_in(dora).get("/audit/").text.count("Made a form for websites") == 1
    hidden = form_of(alice, name="Hidden", circle="me")
    with entered(alice) as actor:
        close_form(actor=actor, form=hidden)

    told = signed_in(dora).get("/audit/").text
    assert told.count("Made a form for websites") == 1 and "Closed a form for websites" not in told
    told = signed_in(alice).get("/audit/").text
    assert told.count("Made a form for websites") == 2 and "Closed a form for websites" in told
