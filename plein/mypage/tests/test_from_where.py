# SPDX-License-Identifier: AGPL-3.0-or-later
"""From where we have what stands on somebody's page: by what they came to us, or who noted it."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plein.channels.base import Address
from plein.core.operations import operation
from plein.hooks.tests.caller import POINTED, RING, caller_of
from plein.imports.tests.test_contacts import bring as bring_list
from plein.imports.tests.test_contacts import written
from plein.moments.intake.tests.test_other_sources import bring, said
from plein.moments.models import Moment
from plein.mypage.tests.conftest import visitor
from plein.relations.actions import add_important_date
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered
from plein.webforms.tests.visitor import Visitor, form_of, link_in
from plein.webforms.tests.visitor import work as confirm

FROM_CARD = '<span class="meta">([^<]*), since '


def sources(user: User, name: str) -> list[str]:
    """What the page of this person says of each thing we have, in order."""
    with entered(user):
        person = Relation.objects.get(name=name)
    return re.findall(FROM_CARD, visitor(user, person).get("/my/").text)


def test_who_filled_in_a_form_reads_so(alice: User, box: Box) -> None:
    guest = Visitor(form_of(alice, asks={"name": "required", "phone": "optional"}))
    guest.fill(phone="020 123 45 67")
    confirm()
    assert "confirmed" in guest.press(link_in(box)).text

    told = sources(alice, "Ria Visser")

    assert len(told) == 3 and set(told) == {"from a form that you filled in"}


def test_who_called_reads_so(alice: User) -> None:
    caller = caller_of(alice, POINTED, circle="everyone")
    assert caller.call(RING).status_code == 202 and caller.handled() == 1
    with entered(alice):
        name = Relation.objects.exclude(is_ours=True).get(kind="person", source="mail").name

    assert set(sources(alice, name)) == {"from a phone call with you"}


def test_a_form_of_a_program_is_a_form(alice: User) -> None:
    mapping = {"email": "/email", "name": "/name", "text": "/text"}
    caller = caller_of(alice, mapping, preset="form", circle="everyone")
    sent = {"email": "ria@visser.example", "name": "Ria Visser", "text": "Hi"}
    assert caller.call(sent).status_code == 202 and caller.handled() == 1

    assert set(sources(alice, "Ria Visser")) == {"from a form that you filled in"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "post"}, "from what you wrote in public"),
        ({"kind": "chat", "is_public": False}, "from messages we exchanged"),
        (
            {"kind": "email", "is_public": False, "addresses": (Address("from", "Rik van Dijk", "rik@toot.example"),)},
            "from mail we exchanged",
        ),
    ],
)
def test_who_wrote_reads_by_what(alice: User, facts: dict[str, Any], words: str) -> None:
    bring(alice, [said("1", **facts)])

    assert set(sources(alice, "Rik van Dijk")) == {words}


def test_contact_that_the_page_does_not_tell_of_is_not_named(alice: User) -> None:
    bring(alice, [said("1")])
    with entered(alice), operation("change_circle"):
        Moment.objects.update(circle_id=only_me())

    assert set(sources(alice, "Rik van Dijk")) == {"from contact with you"}


def test_a_birthday_is_from_who_noted_it(alice: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk van Dijk", place="Utrecht")
        make_contact_point(henk, "email", "henk@vandijk.example")
        add_important_date(actor=actor, relation=henk, kind="birthday", on=date(1970, 5, 3))
    text = "Name;E-mail;Birthday\nRia Visser;ria@visser.example;1980-01-02\n"
    bring_list(alice, written(tmp_path, text))
    bring(alice, [said("1")])
    with entered(alice) as actor:
        rik = Relation.objects.get(name="Rik van Dijk")
        add_important_date(actor=actor, relation=rik, kind="birthday", on=date(1960, 1, 2))

    assert sources(alice, "Henk van Dijk")[-1] == "a colleague wrote it down"
    assert set(sources(alice, "Ria Visser")) == {"from a list we brought in"}
    assert sources(alice, "Rik van Dijk")[0] == "from what you wrote in public"
    assert sources(alice, "Rik van Dijk")[-1] == "a colleague wrote it down"


def test_a_birthday_of_a_list_about_somebody_we_knew_is_from_the_list(alice: User, tmp_path: Path) -> None:
    with entered(alice):
        make_contact_point(make_person("Ria Visser"), "email", "ria@visser.example")
    bring_list(alice, written(tmp_path, "Name;E-mail;Birthday\nRia Visser;ria@visser.example;1980-01-02\n"))

    told = sources(alice, "Ria Visser")
    assert (told[0], told[-1]) == ("a colleague wrote it down", "from a list we brought in")


def test_what_they_take_along_says_it_too(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk van Dijk")
        make_contact_point(henk, "email", "henk@vandijk.example")
        add_important_date(actor=actor, relation=henk, kind="birthday", on=date(1970, 5, 3))
    client = visitor(alice, henk)

    days = json.loads(client.get("/my/download/json/").content)["birthdays"]
    assert [(one["on"], one["source"]) for one in days] == [("1970-05-03", "hand")]
    assert "BDAY:19700503" in client.get("/my/download/vcard/").text
