# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from itertools import product

import pytest
from django.test import Client

from plein.metadata.actions import add_field, add_group, set_values
from plein.outbox.fields import FIELD, KNOWN, UnknownField, check_names, fill, without
from plein.outbox.models import Mail, Template
from plein.relations.models import Relation
from plein.relations.values import RelationValues
from plein.testing.factories import make_membership, make_organization
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
#: What the engines of the world take for code: 18 ways to say it times 6 things to say, without three that are fields.
FENCES = (
    "{{%s}}", "{{{%s}}}", "{{=%s}}", "{%% %s %%}", "{%% print(%s) %%}", "${%s}", "$(%s)", "#{%s}", "*{%s}", "@(%s)",
    "<%%= %s %%>", "<%% %s %%>", "[[${%s}]]", "[%% %s %%]", "{%s}", "{{-%s-}}", "{{%s|safe}}", "~{%s}",
)  # fmt: skip
WORDS = (
    "7*7", "''.__class__.__mro__[1].__subclasses__()", "config.items()", "request.application", "T(java.lang.Runtime)",
    "settings.SECRET_KEY",
)  # fmt: skip
PROBES = [fence % words for fence, words in product(FENCES, WORDS)]


def wanted(**changes: object) -> dict[str, object]:
    return {"kind": "template", "name": "Offerte", "subject": "Voor {{organization.name}}", "circle": "everyone",
            "text": "Dag {{person.given_name}},", **changes}  # fmt: skip


def test_there_are_enough_probes() -> None:
    assert len(set(PROBES)) >= 106


@pytest.mark.parametrize("probe", PROBES)
def test_code_comes_back_as_text(probe: str) -> None:
    filled = fill(probe, lambda name: "49", {})

    assert filled.text == probe
    assert "49" not in filled.text


def test_a_value_that_looks_like_a_field_is_text() -> None:
    values = {"person.name": "{{me.name}} {{7*7}}", "me.name": "Alice"}
    assert fill("{{person.name}} {{ Me.Name }}", values.__getitem__, {}).text == "{{me.name}} {{7*7}} Alice"


@pytest.mark.parametrize("name", KNOWN)
def test_every_field_is_found_in_a_text(name: str) -> None:
    assert FIELD.findall("x{{" + name + "}}y") == [name]
    assert fill("{{" + name + "}}", lambda _name: "", {}).missing[0].words


@pytest.mark.parametrize(
    ("text", "near"),
    [("{{person.givenname}}", "{{person.given_name}}"), ("{{given_name}}", "{{me.given_name}}"),
     ("{{organisation.name}}", "{{organization.name}}"), ("{{person.c.hobyb}}", "{{person.c.hobby}}"),
     ("{{settings.SECRET_KEY}}", "{{")],
)  # fmt: skip
def test_an_unknown_field_is_refused_with_the_nearest_known(text: str, near: str) -> None:
    with pytest.raises(UnknownField) as refusal:
        check_names(f"Dag {text}", {"person.c.hobby": "Hobby"})
    assert text.lower() in str(refusal.value) and near in str(refusal.value)


def test_leaving_out_leaves_no_hole() -> None:
    assert without("Dag {{person.given_name}}, alles goed?", ["person.given_name"]) == "Dag, alles goed?"


def test_a_template_with_an_unknown_field_is_not_saved_and_not_lost(bob: User, signed_in: SignIn) -> None:
    answer = signed_in(bob).post("/settings/templates/", wanted(text="Dag {{person.voornaam}}"))

    assert answer.status_code == 422
    assert "There is no field {{person.voornaam}}. Did you mean" in answer.text
    assert "Dag {{person.voornaam}}</textarea>" in answer.text
    with entered(bob):
        assert not Template.objects.exists()


def test_a_template_begins_a_mail_and_says_what_is_missing(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/templates/", wanted())
    with entered(alice):
        template = Template.objects.get()
    sent = {"to": "Henk van Dijk <henk@vandijk.example>", "template": str(template.id), "act": "template"}
    page = client.post(f"/relations/{henk.id}/mail/", sent, headers=HTMX)

    assert page.status_code == 200
    assert "Dag Henk,</textarea>" in page.text
    assert "<code>{{organization.name}}</code>" in page.text and "Note where the person works." in page.text
    unfilled = sent | {"subject": "Voor {{organization.name}}", "text": "Dag", "act": "send"}
    refused = client.post(f"/relations/{henk.id}/mail/", unfilled, headers=HTMX)
    assert refused.status_code == 422 and "Note where the person works." in refused.text
    with entered(alice):
        assert not Mail.objects.exists()
    client.post(f"/relations/{henk.id}/mail/", unfilled | {"leave_out": "1"})
    with entered(alice):
        assert Mail.objects.get().subject == "Voor"


def test_fields_are_those_of_whom_one_writes_to(alice: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        make_membership(henk, make_organization(), role="directeur")
    names = ("person.given_name", "person.family_name", "person.role", "organization.name", "me.given_name", "7*7")
    text = "|".join("{{" + name + "}}" for name in names)
    sent = {"to": "Henk van Dijk <henk@vandijk.example>", "subject": "x", "text": text}
    signed_in(alice).post(f"/relations/{henk.id}/mail/", sent)
    with entered(alice):
        assert Mail.objects.get().text == "Henk|van Dijk|directeur|Van Dijk Installatietechniek|Alice|{{7*7}}"


def test_the_companys_own_fields_are_fields_too(alice: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        group = add_group(actor=actor, name_nl="Vrij", name_en="Free time")
        details = {"label_nl": "Hobby", "label_en": "Hobby", "kinds": ["person"]}
        add_field(actor=actor, group=group, type="text", key="hobby", details=details)
        set_values(actor=actor, record=henk, values_model=RelationValues, values={"hobby": "schaatsen"})
    client = signed_in(alice)

    assert "{{person.c.hobby}}" in client.get("/settings/templates/").text
    assert client.post("/settings/templates/", wanted(text="{{person.c.hobyb}}")).status_code == 422
    sent = {"to": "Henk <henk@vandijk.example>", "subject": "x", "text": "Nog {{person.c.hobby}}?"}
    client.post(f"/relations/{henk.id}/mail/", sent)
    with entered(alice):
        assert Mail.objects.get().text == "Nog schaatsen?"


def test_a_snippet_comes_for_its_short_name(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    refused = client.post("/settings/templates/", wanted(kind="snippet", shortcut="met spatie"))
    sent = wanted(kind="snippet", shortcut=";groet", text="Groet aan {{person.given_name}}")
    client.post("/settings/templates/", sent)

    assert refused.status_code == 422 and "short name of small letters" in refused.text
    assert client.get("/outbox/snippet/", {"name": "groet", "relation": str(henk.id)}).text == "Groet aan Henk"
    assert client.get("/outbox/snippet/", {"name": "onbekend"}).status_code == 404


def test_templates_are_for_their_circle(alice: User, bob: User, charlie: User, signed_in: SignIn) -> None:
    signed_in(bob).post("/settings/templates/", wanted(name="Van Bob", circle="me"))
    signed_in(bob).post("/settings/templates/", wanted(name="Van Sales", circle="team:Sales"))
    with entered(bob):
        private = Template.objects.get(name="Van Bob")

    assert "Van Bob" in signed_in(bob).get("/settings/templates/").text
    for user in (alice, charlie):
        page = signed_in(user).get("/settings/templates/").text
        assert "Van Bob" not in page and "Van Sales" not in page
        assert signed_in(user).get(f"/settings/templates/{private.id}/").status_code == 404
        assert signed_in(user).post(f"/settings/templates/{private.id}/remove/").status_code == 404


def test_two_who_change_one_template_both_keep_their_words(alice: User, bob: User, signed_in: SignIn) -> None:
    signed_in(alice).post("/settings/templates/", wanted())
    with entered(alice):
        template = Template.objects.get()
    address = f"/settings/templates/{template.id}/"
    assert signed_in(bob).post(address, wanted(text="Van Bob", version=template.version)).status_code == 302
    answer = signed_in(alice).post(address, wanted(text="Van Alice", version=template.version))

    assert answer.status_code == 409
    assert "Van Bob" in answer.text and "Van Alice</textarea>" in answer.text
    signed_in(alice).post(f"{address}remove/")
    with entered(alice):
        assert not Template.objects.exists()
